"""使用办法的表单: new Measures, a limit with its steps, the last day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from finance.choices import Act, Origin, Role
from finance.models import ExpenseCategory
from finance.models.measures import ESCALATE_AFTER, REMIND_AFTER
from kunshan_edu.core.forms import AmountField, DayField, PlainForm

DECIDING = (Role.EXECUTIVE_PRINCIPAL, Role.GROUP_PRESIDENT, Role.BUREAU_LEADER)
BEFORE = (
    (Role.EXECUTIVE_PRINCIPAL, Act.CONSENT),
    (Role.GROUP_FINANCE, Act.CHECK),
    (Role.GROUP_PRESIDENT, Act.CONSENT),
    (Role.DISTRICT, Act.REVIEW),
    (Role.BUREAU_FINANCE, Act.REVIEW),
)
AFTER = ((Role.EXECUTIVE_PRINCIPAL, Act.CONFIRM),)
STEPS = {f"{role.value}-{act.value}": (role, act) for role, act in (*BEFORE, *AFTER)}


class MeasuresForm(PlainForm):
    """拟订使用办法."""

    title = forms.CharField(label=_("名称"), max_length=80)
    document = forms.CharField(label=_("文号"), max_length=60)
    valid_from = DayField(label=_("施行日期"))
    collective_threshold = AmountField(
        label=_("集体决策起点金额（元）"), help_text=_("达到该金额的申请须先登记会议纪要再终审。")
    )
    split_window_days = forms.IntegerField(
        label=_("拆分合并计算天数"),
        min_value=0,
        max_value=366,
        initial=30,
        help_text=_("同校、同类别、同收款人在这些天内的申请合并计算限额。"),
    )
    remind_after_days = forms.IntegerField(
        label=_("催办前等待的工作日"),
        required=False,
        min_value=1,
        max_value=60,
        initial=REMIND_AFTER,
        help_text=_("一个环节等待满这么多工作日，提醒可以办理的人。不填为 2 个工作日。"),
    )
    escalate_after_days = forms.IntegerField(
        label=_("提级提醒前等待的工作日"),
        required=False,
        min_value=1,
        max_value=60,
        initial=ESCALATE_AFTER,
        help_text=_("等待满这么多工作日，同时提醒上一级；逾期不等于同意。不填为 5 个工作日。"),
    )
    is_example = forms.BooleanField(label=_("示例办法，金额不代表正式规定"), required=False)

    def clean(self) -> dict[str, Any]:
        """Days that were left out are the usual ones; a reminder comes before the superior is told."""
        cleaned = self.cleaned_data
        cleaned["remind_after_days"] = cleaned.get("remind_after_days") or REMIND_AFTER
        cleaned["escalate_after_days"] = cleaned.get("escalate_after_days") or ESCALATE_AFTER
        if cleaned["remind_after_days"] > cleaned["escalate_after_days"]:
            self.add_error("escalate_after_days", ValidationError(_("提级提醒不能早于催办，请增加天数。")))
        return cleaned


class LimitForm(PlainForm):
    """增加审批限额: a range of amounts, who decides, and the steps around the decision in their fixed order."""

    origin = forms.TypedChoiceField(label=_("申请来源"), choices=Origin.choices, coerce=int)
    category = forms.ModelChoiceField(
        ExpenseCategory.objects.all(), label=_("经费类别"), required=False, empty_label=_("所有类别")
    )
    role = forms.ChoiceField(label=_("终审人"), choices=[(r.value, r.label) for r in DECIDING])
    above = AmountField(label=_("大于（元）"), zero=True, help_text=_("从 0 起填 0。"))
    up_to = AmountField(label=_("不超过（元）"), required=False, help_text=_("不填表示不设上限。"))
    steps = forms.MultipleChoiceField(
        label=_("其他环节"),
        required=False,
        choices=[(key, format_lazy("{}{}", r.label, a.label)) for key, (r, a) in STEPS.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("按列出的顺序办理；入账确认在终审之后，其余在终审之前。"),
    )

    def clean(self) -> dict[str, Any]:
        """steps → the ordered (role, act) pairs, the deciding one among them."""
        cleaned = self.cleaned_data
        role = cleaned.get("role")
        chosen = [pair for key, pair in STEPS.items() if key in cleaned.get("steps", ())]
        if role and (role, Act.CONSENT) in chosen:
            self.add_error("steps", ValidationError(_("终审人已经办理终审，不必再设同意环节。")))
        before = [pair for pair in chosen if pair in BEFORE]
        after = [pair for pair in chosen if pair in AFTER]
        cleaned["steps"] = [*before, (Role(role), Act.APPROVE), *after] if role else []
        return cleaned


class EndForm(PlainForm):
    """废止使用办法: people type the last day; the row holds the first day after it."""

    valid_to = DayField(label=_("最后施行日"), help_text=_("这一天仍按本办法办理，次日起不再适用。"))

    def clean_valid_to(self) -> dt.date:
        return self.cleaned_data["valid_to"] + dt.timedelta(days=1)
