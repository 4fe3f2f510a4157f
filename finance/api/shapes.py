"""A fund request as the API tells it: its lines, the steps of its chain and why, decisions, minutes, payments."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from finance.actions import chain
from finance.choices import Act, Origin, RequestState, Role, StepReason, StepState, Verdict
from finance.models import FundRequest, RequestStep
from groups.choices import Line
from groups.models import Bureau, District, EducationGroup, School
from kunshan_edu.core.api.shapes import Choice, Offers, Ref, Yuan

KIND = {School: "school", EducationGroup: "group", District: "district", Bureau: "bureau"}


class Seen(serializers.Serializer):
    """What the decider has seen; a decision binds to all three."""

    version = serializers.IntegerField(min_value=1, help_text=_("所看到的版本"))
    digest = serializers.CharField(max_length=64, help_text=_("所看到的内容摘要"))
    amount = Yuan(help_text=_("所看到的金额（元）"))


class FundShape(serializers.Serializer):
    """The fund that a request is drawn on."""

    id = serializers.IntegerField()
    group = Ref()
    fiscal_year = serializers.IntegerField()


class FundRequestRow(serializers.Serializer):
    """A fund request in a list."""

    id = serializers.IntegerField()
    number = serializers.CharField(allow_null=True)
    title = serializers.CharField()
    state = Choice(RequestState)
    state_label = serializers.CharField(source="get_state_display")
    amount = Yuan()
    version = serializers.IntegerField(source="current", help_text=_("当前版本，未提交过为 0"))
    origin = Choice(Origin)
    fund = FundShape()
    school = Ref(allow_null=True, help_text=_("申请学校；集团办公室的申请为 null"))
    line = Choice(Line, allow_blank=True, help_text=_("集团部门的申请属于其条线"))
    requester = Ref()
    payee = serializers.CharField()
    used_on = serializers.DateField()
    created_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)


class LineShape(serializers.Serializer):
    """A line: which school bears how much of which category."""

    school = Ref()
    category = Ref()
    description = serializers.CharField()
    amount = Yuan()


class ContainerShape(serializers.Serializer):
    """The school, group, district or bureau whose right a step asks for."""

    kind = serializers.CharField()
    id = serializers.IntegerField()
    name = serializers.CharField()


class StepShape(serializers.Serializer):
    """A step of the chain: who decides, why the step is there, and who may take it now."""

    role = Choice(Role)
    role_label = serializers.CharField(source="get_role_display")
    act = Choice(Act)
    act_label = serializers.CharField(source="get_act_display")
    container = serializers.SerializerMethodField()
    state = Choice(StepState)
    state_label = serializers.CharField(source="get_state_display")
    reason = Choice(StepReason)
    why = serializers.SerializerMethodField(help_text=_("为什么有这一步"))
    people = serializers.SerializerMethodField(help_text=_("现在可以办理的人；未轮到或已办理的为空"))
    opened_at = serializers.DateTimeField(allow_null=True, help_text=_("待办起始时间；未轮到的为 null"))
    waited_days = serializers.IntegerField(
        allow_null=True, help_text=_("已等待的工作日；未轮到或已办理的为 null")
    )
    overdue = serializers.BooleanField(help_text=_("是否逾期待办；逾期不等于同意"))

    def get_container(self, step: RequestStep) -> ContainerShape:
        place = step.container
        return {"kind": KIND[type(place)], "id": place.pk, "name": str(place)}

    def get_why(self, step: RequestStep) -> str:
        params = {k: gettext(v) if v and isinstance(v, str) else v for k, v in step.why_params.items()}
        return gettext(step.why) % params if params else gettext(step.why)

    def get_people(self, step: RequestStep) -> list[str]:
        return [user.name for user in chain.eligible(step)] if step.state == StepState.OPEN else []


class DecisionShape(serializers.Serializer):
    """What one person decided, in what capacity."""

    actor = Ref()
    capacity = serializers.CharField()
    delegated = serializers.BooleanField(source="is_delegated", help_text=_("是否受托代为办理"))
    verdict = Choice(Verdict)
    verdict_label = serializers.CharField(source="get_verdict_display")
    opinion = serializers.CharField()
    amount = Yuan()
    digest = serializers.CharField()
    at = serializers.DateTimeField()


class MinutesShape(serializers.Serializer):
    """The minutes of a collective decision."""

    body = serializers.CharField()
    number = serializers.CharField()
    held_on = serializers.DateField()
    due = serializers.IntegerField()
    present = serializers.IntegerField()
    conclusion = serializers.CharField()


class PaymentShape(serializers.Serializer):
    """What a bearing school paid."""

    school = Ref()
    amount = Yuan()
    voucher_no = serializers.CharField()
    paid_on = serializers.DateField()
    paid_by = Ref()


class FundRequestDetail(FundRequestRow):
    """A fund request with everything that a decision is taken on."""

    purpose = serializers.CharField()
    beneficiary = Ref(allow_null=True)
    digest = serializers.SerializerMethodField(help_text=_("当前版本的内容摘要，未提交过为空"))
    needs_minutes = serializers.SerializerMethodField(help_text=_("是否须集体决策"))
    measures = serializers.SerializerMethodField(help_text=_("所依据的使用办法文号"))
    lines = LineShape(many=True, source="lines_now")
    steps = StepShape(many=True, source="steps_now")
    decisions = DecisionShape(many=True, source="decisions_now")
    minutes = MinutesShape(many=True, source="minutes_now")
    payments = PaymentShape(many=True, source="payments_now")
    offers = Offers()

    def get_digest(self, row: FundRequest) -> str:
        return self._version(row, "digest", "")

    def get_needs_minutes(self, row: FundRequest) -> bool:
        return self._version(row, "needs_minutes", False)

    def get_measures(self, row: FundRequest) -> str:
        return str(self._version(row, "measures", None) or "")

    def _version(self, row: Any, name: str, otherwise: Any) -> Any:
        return getattr(row.version_now, name) if row.version_now else otherwise
