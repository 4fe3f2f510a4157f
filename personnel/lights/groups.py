"""How a group stands to the clauses 3.2.b and 4.1: its posts, party organisation, units, rotations, seven rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.urls import reverse

from groups.choices import ACTIVE_STATUSES, PolicySlot
from groups.models import EducationGroup, GroupPolicy
from kunshan_edu.core.denials import _
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.lights import Light, Tone
from personnel.actions.rotation import shares_by_group
from personnel.choices import Post, RuleSetKind
from personnel.lights.evidence import Found, begun, form_about, form_of_post, holders, vacant_since
from personnel.models import GroupRuleSet, OrgUnit, PartyOrganisation
from personnel.rules import rotation as rules

SEVEN = len(PolicySlot)


def _working(rows: Any, clause: Clause) -> tuple[list[EducationGroup], list[tuple[int, Light]]]:
    """The groups to which the clause applies, and a grey light for each of the others."""
    groups = list(rows)
    grey = _("集团处于%(status)s，暂不适用。")
    others = [
        (g.pk, Light(clause, Tone.GREY, grey, {"status": g.get_status_display()}))
        for g in groups
        if g.status not in ACTIVE_STATUSES
    ]
    return [g for g in groups if g.status in ACTIVE_STATUSES], others


def seat(clause: Clause, post: Post, vacant: Tone) -> Callable[[Any, dt.date], Found]:
    """At least one holder of a group's post; a vacancy with its days."""

    def look(rows: Any, on: dt.date) -> Found:
        groups, others = _working(rows, clause)
        yield from others
        held, ended = holders(post, "group", rows, on), vacant_since(post, "group", rows, on)
        for group in groups:
            holder = held.get(group.pk)
            if holder:
                words: dict[str, Any] = {"post": str(post.label), "name": str(holder.holder)}
                text = _("%(post)s：%(name)s。")
                yield (
                    group.pk,
                    Light(clause, Tone.GREEN, text, words, holder.valid_from, holder.get_absolute_url()),
                )
                continue
            since = ended.get(group.pk, group.founded_on)
            text = _("%(post)s空缺 %(days)s 天。")
            words = {"post": str(post.label), "days": (on - since).days}
            yield (
                group.pk,
                Light(clause, vacant, text, words, since, form_of_post(post, group.pk), _("办理任职")),
            )

    return look


def secretaryship(rows: Any, on: dt.date) -> Found:
    """4.1.d: the president's row carries the secretaryship, unless a rule-set separates them."""
    clause = Clause.C4_1_D
    groups, others = _working(rows, clause)
    yield from others
    held = holders(Post.GROUP_PRESIDENT, "group", rows, on)
    secretaries = holders(Post.GROUP_SECRETARY, "group", rows, on)
    separated = GroupRuleSet.objects.in_force(on).filter(kind=RuleSetKind.SEPARATED_2022, group__in=rows)
    apart = {r.group_id: r for r in separated}
    for group in groups:
        president, rule = held.get(group.pk), apart.get(group.pk)
        if rule:
            secretary = secretaries.get(group.pk)
            text = _("按%(document)s书记、校长分设，书记：%(name)s。")
            words = {"document": rule.document, "name": str(secretary.holder) if secretary else "—"}
            tone = Tone.EXPLAINED if secretary else Tone.AMBER
            yield group.pk, Light(clause, tone, text, words, rule.valid_from, rule.get_absolute_url())
        elif president is None:
            text = _("总校长空缺，没有书记。")
            yield (
                group.pk,
                Light(
                    clause,
                    Tone.RED,
                    text,
                    url=form_of_post(Post.GROUP_PRESIDENT, group.pk),
                    action=_("办理任职"),
                ),
            )
        elif not begun(president.secretary_on, on):
            text = _("总校长尚未登记兼任书记日期。")
            yield (
                group.pk,
                Light(
                    clause,
                    Tone.AMBER,
                    text,
                    {},
                    president.valid_from,
                    president.get_absolute_url(),
                    _("登记日期"),
                ),
            )
        else:
            text = _("总校长%(name)s兼任书记。")
            words = {"name": str(president.holder)}
            yield (
                group.pk,
                Light(clause, Tone.GREEN, text, words, president.secretary_on, president.get_absolute_url()),
            )


def party_organisation(rows: Any, on: dt.date) -> Found:
    """4.1.c: a committee or general branch."""
    clause = Clause.C4_1_C
    groups, others = _working(rows, clause)
    yield from others
    found = {p.group_id: p for p in PartyOrganisation.objects.in_force(on).filter(group__in=rows)}
    for group in groups:
        party = found.get(group.pk)
        if party:
            words = {"name": party.name, "document": party.document}
            text = _("%(name)s（%(document)s）。")
            yield group.pk, Light(clause, Tone.GREEN, text, words, party.valid_from, party.get_absolute_url())
        else:
            text, url = (
                _("尚未成立集团党委或党总支部。"),
                form_about("personnel:party_organisation_new", group=group.pk),
            )
            yield group.pk, Light(clause, Tone.RED, text, {}, group.founded_on, url, _("登记党组织"))


def office(rows: Any, on: dt.date) -> Found:
    """4.1.i, 4.1.j: a management body of the group itself, and the lines that it coordinates."""
    clause = Clause.C4_1_I
    groups, others = _working(rows, clause)
    yield from others
    lines: dict[int, list[str]] = {}
    for unit in OrgUnit.objects.in_force(on).filter(group__in=rows):
        lines.setdefault(unit.group_id or 0, []).append(str(unit.get_line_display()))
    for group in groups:
        mine = lines.get(group.pk)
        if mine:
            text = _("集团管理机构 %(count)s 个，条线：%(lines)s。")
            words = {"count": len(mine), "lines": tuple(dict.fromkeys(mine))}
            url = form_about("personnel:org_unit_list", group=group.pk)
            yield group.pk, Light(clause, Tone.GREEN, text, words, url=url)
        else:
            text, url = (
                _("尚未成立独立于成员学校的管理机构。"),
                form_about("personnel:org_unit_new", group=group.pk),
            )
            yield group.pk, Light(clause, Tone.RED, text, {}, group.founded_on, url, _("设置机构"))


def policies(rows: Any, on: dt.date) -> Found:
    """4.1.u: the seven unified personnel rules."""
    clause = Clause.C4_1_U
    groups, others = _working(rows, clause)
    yield from others
    filled: dict[int, set[int]] = {}
    for group_id, slot in (
        GroupPolicy.objects.in_force(on).filter(group__in=rows).values_list("group", "slot")
    ):
        filled.setdefault(group_id, set()).add(slot)
    for group in groups:
        mine = filled.get(group.pk, set())
        missing = [slot for slot in PolicySlot if slot.value not in mine]
        words = {"count": len(mine), "all": SEVEN, "missing": [str(slot.label) for slot in missing]}
        if missing:
            text = _("七项人事制度施行 %(count)s 项，缺：%(missing)s。")
            tone = Tone.AMBER if mine else Tone.RED
            url = form_about("groups:policy_new", group=group.pk, slot=missing[0].value)
            yield group.pk, Light(clause, tone, text, words, url=url, action=_("审定制度"))
        else:
            url = form_about("groups:policy_list", group=group.pk)
            yield group.pk, Light(clause, Tone.GREEN, _("七项人事制度全部施行。"), words, url=url)


def rotation(rows: Any, on: dt.date) -> Found:
    """3.2.b: how many teachers rotate in the school year, and how many backbone teachers are among them."""
    clause = Clause.C3_2_B
    groups, others = _working(rows, clause)
    yield from others
    found = shares_by_group(groups, rules.school_year(on), on)
    for group in groups:
        yield group.pk, _shares_light(clause, group, found[group.pk], rules.school_year(on))


def _shares_light(clause: Clause, group: EducationGroup, shares: rules.Shares, year: int) -> Light:
    """Amber below the shares that are asked: nobody is refused by them."""
    if not shares.teachers:
        text, url = _("成员学校尚未登记教职工，不能计算轮岗比例。"), reverse("personnel:staff_new")
        return Light(clause, Tone.AMBER, text, url=url, action=_("登记教职工"))
    words = {
        "first": year,
        "last": year + 1,
        "rotated": shares.rotated,
        "of_teachers": _percent(shares.of_teachers),
        "backbone": shares.backbone,
        "of_backbone": _percent(shares.of_backbone),
        "asked": f"{rules.TEACHERS_SHARE}%",
        "backbone_asked": f"{rules.BACKBONE_SHARE}%",
    }
    text = _(
        "%(first)s—%(last)s 学年轮岗 %(rotated)s 人，占教师 %(of_teachers)s（应达 %(asked)s）；"
        "其中骨干 %(backbone)s 人，占轮岗教师 %(of_backbone)s（应达 %(backbone_asked)s）。"
    )
    if not shares.rotated or shares.missing_teachers or shares.missing_backbone:
        url = reverse("personnel:rotation_new")
        return Light(clause, Tone.AMBER, text, words, url=url, action=_("提出轮岗"))
    url = form_about("personnel:rotation_list", group=group.pk)
    return Light(clause, Tone.GREEN, text, words, url=url)


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.1f}%"
