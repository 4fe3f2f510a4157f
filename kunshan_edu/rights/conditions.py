"""The conditions that rows of the matrix set beside their cells: each is named, said in words, and pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kunshan_edu.core.denials import _
from kunshan_edu.rights.facts import STEP_ROLE, Facts, Holding
from kunshan_edu.rights.matrix.words import Role
from kunshan_edu.rights.route import in_turn


@dataclass(frozen=True)
class Condition:
    """What must hold besides role, reach and state. said: what the matrix says of it; refused: why not."""

    said: str
    refused: str
    holds: Callable[[Facts, Holding], bool]


def _involved(facts: Facts, holding: Holding) -> set[int | None]:
    """Who acts here: the actor, and whose right it is when it is held by delegation."""
    return {facts.actor, holding.giver} - {None}


def _own_step(facts: Facts, holding: Holding) -> bool:
    return facts.step is not None and STEP_ROLE[facts.step.role] == holding.role


def _not_own(facts: Facts, holding: Holding) -> bool:
    return not _involved(facts, holding) & {facts.owner, facts.beneficiary}


def _once(facts: Facts, holding: Holding) -> bool:
    return not _involved(facts, holding) & facts.approvers


CONDITIONS: dict[str, Condition] = {
    "another": Condition(
        _("与登记人不是同一人"),
        _("登记人不能审定自己登记的事项，请由另一人审定。"),
        lambda facts, _held: facts.maker != facts.actor,
    ),
    "maker": Condition(
        _("限提出人"),
        _("只有提出人可以撤回。"),
        lambda facts, _held: facts.maker == facts.actor,
    ),
    "not_self": Condition(
        _("不是本人的事项"),
        _("不能办理本人的事项，请由另一人办理。"),
        lambda facts, _held: facts.owner != facts.actor,
    ),
    "own_post": Condition(
        _("限本人的任职"),
        _("只能委托本人任职的审批权限。"),
        lambda facts, held: facts.owner == facts.actor and held.post == facts.post,
    ),
    "in_office": Condition(
        _("尚未结束"),
        _("该任职已经结束。"),
        lambda facts, _held: not facts.over,
    ),
    "under_way": Condition(
        _("尚未期满"),
        _("该轮岗已经结束。"),
        lambda facts, _held: not facts.over,
    ),
    "ending": Condition(
        _("已登记免职、尚未审定"),
        _("没有待审定的免职登记。"),
        lambda facts, _held: facts.ending,
    ),
    "vacant": Condition(
        _("限总校长空缺时"),
        _("该集团有总校长，由总校长审定。"),
        lambda facts, _held: facts.vacant,
    ),
    "recorder": Condition(
        _("限本人提出的"),
        _("只有提出人和市教育局看得到。"),
        lambda facts, _held: facts.maker == facts.actor,
    ),
    "own_view": Condition(
        _("限本人可见的内容"),
        _("只能导出本人可见的内容。"),
        lambda facts, _held: facts.owner == facts.actor,
    ),
    "own": Condition(
        _("限申请人本人"),
        _("只有申请人本人可以办理。"),
        lambda facts, _held: facts.owner == facts.actor,
    ),
    # What a member school made is the school's (3.3.a): a post of the group writes only the group office's own.
    "office": Condition(
        _("限集团本级的"),
        _("学校的申请由学校起草、提交，集团只办理集团本级的。"),
        lambda facts, _held: facts.anywhere or facts.origin == "group",
    ),
    # Who heads one line of the group sees that line in every member, and no other (4.1.j).
    "line": Condition(
        _("限本条线的"),
        _("您负责的是集团的另一条线，只能查看、办理本条线的申请。"),
        lambda facts, held: not held.line or held.line == facts.line,
    ),
    "not_own": Condition(
        _("不是申请人或受益人"),
        _("申请人和受益人不能办理本申请的审批。"),
        _not_own,
    ),
    # Who works for the bureau and holds a post in a group does not judge that group.
    "apart": Condition(
        _("市教育局的审批人不在该集团任职"),
        _("您在该集团或其成员学校任职，不能代表市教育局复核、核定该集团的申请。"),
        lambda facts, held: held.role not in (Role.FIN, Role.BL) or facts.actor not in facts.serving,
    ),
    "once": Condition(
        _("未同意过本版本"),
        _("同一人对同一版本只能同意一次。"),
        _once,
    ),
    "open_step": Condition(
        _("限本环节"),
        _("当前环节不由该角色办理。"),
        _own_step,
    ),
    "in_turn": Condition(
        _("前面的环节已办理"),
        _("前面的环节尚未办理。"),
        lambda facts, _held: in_turn(facts),
    ),
    "measures": Condition(
        _("使用办法施行中"),
        _("使用办法今天未施行，不能审批。"),
        lambda facts, _held: facts.measures_in_force,
    ),
    "minutes": Condition(
        _("达到集体决策起点金额的，先有会议纪要"),
        _("达到集体决策起点金额，请先登记会议纪要。"),
        lambda facts, _held: facts.has_minutes or not facts.collective,
    ),
    "collective": Condition(
        _("达到集体决策起点金额，且尚无纪要"),
        _("未达到集体决策起点金额，或会议纪要已经登记。"),
        lambda facts, _held: facts.collective and not facts.has_minutes,
    ),
    "open_year": Condition(
        _("年度经费已下达、未冻结"),
        _("年度经费尚未下达或已冻结。"),
        lambda facts, _held: facts.year_open,
    ),
    "unapproved": Condition(
        _("尚无人同意"),
        _("已有审批人同意，不能撤回。"),
        lambda facts, _held: facts.state != "pending" or facts.approvals == 0,
    ),
    "unnumbered": Condition(
        _("从未提交过"),
        _("提交过的申请保留编号，不能删除。"),
        lambda facts, _held: not facts.numbered,
    ),
    "unpaid": Condition(
        _("尚未支付"),
        _("已经支付，不能作废。"),
        lambda facts, _held: facts.payments == 0,
    ),
    "deciding_level": Condition(
        _("限终审的一级"),
        _("作废由终审的一级办理。"),
        _own_step,
    ),
    "uninvolved": Condition(
        _("不是申请人或本申请的审批人"),
        _("申请人和审批人不能登记同一申请的支付。"),
        lambda facts, _held: facts.actor != facts.owner and facts.actor not in facts.approvers,
    ),
    "submitted": Condition(
        _("已提交，或本人的"),
        _("草稿只有申请人本人可以查看。"),
        lambda facts, _held: facts.state != "draft" or facts.owner == facts.actor,
    ),
}
