"""What people type about the special fund: amounts, days, drafts with their rows, limits, payments."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from finance.choices import Act, Role
from finance.forms import (
    AllocationForm,
    AmountField,
    DraftForm,
    EndForm,
    LimitForm,
    MinutesForm,
    OpinionForm,
    OptionalOpinionForm,
    PaymentForm,
    options_for,
    rows_in,
    typed_in,
)
from finance.forms.draft import FEWEST_ROWS, MOST_ROWS
from kunshan_edu.core import clock
from kunshan_edu.core.forms import DayField
from personnel.choices import Post
from tests.finance.requests import granted, line, make
from tests.world import appoint

pytestmark = pytest.mark.django_db

WRONG_AMOUNTS = {
    "0": "金额必须大于 0",
    "-5": "金额必须大于 0",
    "NaN": "看不懂这个金额",
    "1e3": "科学计数法",
    "0.005": "最多精确到分",
    "12,00": "千位逗号",
    "9999999999999": "不能超过",
    "": "请填写",
}


@pytest.mark.parametrize(("typed", "sentence"), [(k, v) for k, v in WRONG_AMOUNTS.items() if k])
def test_each_wrong_amount_has_its_own_sentence(typed, sentence):
    with pytest.raises(ValidationError) as refused:
        AmountField().clean(typed)
    assert sentence in refused.value.messages[0]


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("1,200.00", "1200.00"), ("１２００", "1200.00"), ("1.2万", "12000.00"), (" ¥38,600 ", "38600.00")],
)
def test_amounts_as_people_type_them(typed, amount):
    assert AmountField().clean(typed) == Decimal(amount)


def test_a_readable_amount_is_echoed_normalised_and_an_unreadable_one_as_typed():
    field = AmountField()
    assert field.bound_data("１２００", None) == "1,200.00"
    assert field.bound_data("1e3", None) == "1e3"
    assert field.prepare_value(Decimal("5.00")) == "5.00"


@pytest.mark.parametrize("typed", ["0", "0.00", "０"])
def test_zero_is_an_amount_where_a_range_begins(typed):
    assert AmountField(zero=True).clean(typed) == Decimal("0.00")


@pytest.mark.parametrize("typed", ["-0", "-1", "0.001", "零"])
def test_zero_does_not_let_anything_else_in(typed):
    with pytest.raises(ValidationError):
        AmountField(zero=True).clean(typed)


def test_a_past_day_is_today_at_the_latest():
    field, today = DayField(past=True), clock.today()
    assert field.clean(today.isoformat()) == today
    with pytest.raises(ValidationError, match="不能晚于今天"):
        field.clean((today + dt.timedelta(days=1)).isoformat())
    with pytest.raises(ValidationError, match="2026-11-23"):
        field.clean("23rd")


def test_opinions():
    assert OptionalOpinionForm({"opinion": ""}).is_valid()
    form = OpinionForm({"opinion": "   "})
    assert not form.is_valid()
    assert form.errors["opinion"] == ["请填写意见。"]


def draft_data(source, rows, **fields):
    """A POST of the draft form: rows of (description, school, category, amount)."""
    data = QueryDict(mutable=True)
    known = {
        "source": source,
        "title": "联合教研",
        "purpose": "六校联合教研",
        "used_on": "2026-12-03",
        "payee": "示例书店",
        "beneficiary": "",
    }
    data.update({**known, **fields})
    for n, (description, school, category, amount) in enumerate(rows):
        cells = {"description": description, "school": school, "category": category, "amount": amount}
        data.update({f"lines-{n}-{name}": str(cell) for name, cell in cells.items()})
    return data


def read(world, who, rows, source=None, **fields):
    """The draft form as `who` sends it."""
    options = options_for(world.users[who])
    source = source or next(iter(options.sources))
    return DraftForm(draft_data(source, rows, **fields), options=options, rows=len(rows))


def test_cleaned_data_are_what_the_action_takes(world):
    school, category = world.school_a, world.categories["research"]
    form = read(world, "clerk_a", [("讲座", school.pk, category.pk, "1,200.00"), ("", school.pk, "", "")])
    assert form.is_valid(), form.error_list()
    cleaned = form.cleaned_data
    assert set(cleaned) == {
        "fund", "school", "title", "purpose", "used_on", "payee", "beneficiary", "lines",
    }  # fmt: skip
    assert (cleaned["fund"], cleaned["school"], cleaned["beneficiary"]) == (world.fund, school, None)
    assert cleaned["lines"] == [
        {"school": school, "category": category, "description": "讲座", "amount": Decimal("1200.00")}
    ]


def test_one_may_draft_only_where_ones_post_lets_one(world):
    assert [str(s.school) for s in options_for(world.clerk_a).sources.values()] == [str(world.school_a)]
    assert set(options_for(world.clerk_a).schools) == {world.school_a.pk}
    assert [s.school for s in options_for(world.office).sources.values()] == [None]
    assert set(options_for(world.office).schools) == {
        world.school_a.pk, world.school_b.pk, world.school_c.pk,
    }  # fmt: skip
    assert not options_for(world.parent).sources


def test_a_source_of_another_school_is_refused(world):
    other = next(iter(options_for(world.clerk_b).sources))
    form = read(world, "clerk_a", [("讲座", world.school_a.pk, 1, "10")], source=other)
    assert not form.is_valid()
    assert "source" in form.errors


def test_a_sister_school_cannot_be_made_to_bear_it(world):
    category = world.categories["research"].pk
    form = read(world, "clerk_a", [("讲座", world.school_b.pk, category, "10")])
    assert not form.is_valid()
    assert "school" in form.lines[0].errors


def test_the_group_office_cannot_charge_a_school_without_a_line(world):
    category = world.categories["research"].pk
    form = read(world, "office", [("讲座", world.school_e.pk, category, "10")])
    assert not form.is_valid()
    assert "school" in form.lines[0].errors


@pytest.mark.parametrize(("amount", "sentence"), WRONG_AMOUNTS.items())
def test_a_wrong_amount_in_a_row_is_told_with_its_row(world, amount, sentence):
    school, category = world.school_a.pk, world.categories["research"].pk
    form = read(
        world, "clerk_a", [("好的一行", school, category, "5"), ("坏的一行", school, category, amount)]
    )
    assert not form.is_valid()
    [(target, told)] = form.error_list()
    assert target == "id_lines-1-amount"
    assert told.startswith("第 2 行：")
    assert sentence in told


def test_a_half_filled_row_is_not_taken_for_a_blank_one(world):
    school = world.school_a.pk
    form = read(world, "clerk_a", [("", school, world.categories["research"].pk, "")])
    assert not form.is_valid()
    assert {target for target, _ in form.error_list()} == {"id_lines-0-description", "id_lines-0-amount"}


def test_a_draft_may_still_be_without_rows(world):
    form = read(world, "clerk_a", [("", world.school_a.pk, "", "")])
    assert form.is_valid()
    assert form.cleaned_data["lines"] == []


def test_rows_are_kept_within_bounds(world):
    options = options_for(world.clerk_a)
    assert len(DraftForm(options=options).lines) == FEWEST_ROWS
    assert len(DraftForm(options=options, rows=999).lines) == MOST_ROWS
    row = make(world, "clerk_a", "5.00", lines=[line(world, "school_a", "5.00")] * 4)
    assert len(DraftForm(options=options_for(world.clerk_a, row), row=row).lines) == 5


def test_an_existing_draft_fills_the_form(world):
    row = make(world, "clerk_a", "4860.00", beneficiary=world.head_a)
    form = DraftForm(options=options_for(world.clerk_a, row), row=row)
    assert "source" not in form.fields
    assert form["title"].value() == row.title
    assert form["beneficiary"].value() == world.head_a.pk
    assert form.lines[0]["amount"].value() == "4,860.00"
    assert form.lines[0]["school"].value() == world.school_a.pk


def test_what_was_typed_comes_back_without_the_dropped_row():
    data = draft_data("1-1", [("甲", 1, 2, "1e3"), ("乙", 1, 2, "5")])
    assert rows_in(data) == 2
    typed = typed_in(data, 2, drop=0)
    assert typed["fields"]["title"] == "联合教研"
    assert [row["description"] for row in typed["lines"]] == ["乙"]


def test_a_sketch_is_read_from_what_is_there_so_far(world):
    school, category = world.school_a.pk, world.categories["research"].pk
    rows = [("", school, category, "１２００"), ("坏", school, category, "1e3")]
    sketch, lines = read(world, "clerk_a", rows, title="", purpose="").sketch(world.clerk_a)
    assert (sketch.school, sketch.fund, sketch.pk) == (world.school_a, world.fund, None)
    assert [x.amount for x in lines] == [Decimal("1200.00")]
    nothing, none = read(world, "clerk_a", rows, source="0-0").sketch(world.clerk_a)
    assert (nothing, none) == (None, [])


def test_a_limits_steps_stand_around_the_deciding_one_in_their_order():
    form = LimitForm(
        {
            "origin": "1",
            "role": "bureau_leader",
            "above": "0",
            "up_to": "",
            "steps": ["executive_principal-confirm", "district-review", "executive_principal-consent"],
        }
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data["steps"] == [
        (Role.EXECUTIVE_PRINCIPAL, Act.CONSENT),
        (Role.DISTRICT, Act.REVIEW),
        (Role.BUREAU_LEADER, Act.APPROVE),
        (Role.EXECUTIVE_PRINCIPAL, Act.CONFIRM),
    ]
    assert (form.cleaned_data["origin"], form.cleaned_data["above"]) == (1, Decimal("0.00"))
    assert form.cleaned_data["up_to"] is None


def test_who_decides_does_not_consent_as_well():
    data = {"origin": "1", "role": "group_president", "above": "0", "steps": ["group_president-consent"]}
    form = LimitForm(data)
    assert not form.is_valid()
    assert "steps" in form.errors


def test_people_type_the_last_day_and_the_row_holds_the_day_after():
    form = EndForm({"valid_to": "2026-12-31"})
    assert form.is_valid()
    assert form.cleaned_data == {"valid_to": dt.date(2027, 1, 1)}
    assert not EndForm({"valid_to": "31/12"}).is_valid()


def test_minutes_need_every_figure():
    form = MinutesForm({"body": "校长办公会", "due": "0", "present": "x"})
    assert set(form.errors) == {"number", "held_on", "due", "present", "conclusion"}


def test_allocation_offers_only_the_groups_schools(world):
    form = AllocationForm.for_row(world.fund, world.users["finance_1"])
    assert set(form.fields["school"].queryset) == {world.school_a, world.school_b, world.school_c}


def test_the_payment_form_of_one_school_asks_no_school_and_proposes_the_amount(world):
    row = granted(world, "clerk_a", "4860.00")
    form = PaymentForm.for_row(row, world.cashier_a)
    assert "school" not in form.fields
    assert form["amount"].value() == "4,860.00"


def test_a_cashier_of_several_bearing_schools_chooses_one(world):
    appoint(world, "cashier_a", Post.CASHIER, world.school_b)
    lines = [line(world, "school_a", "1000.00"), line(world, "school_b", "1000.00")]
    row = granted(world, "office", "0", school=None, lines=lines)
    form = PaymentForm.for_row(row, world.cashier_a)
    assert set(form.fields["school"].queryset) == {world.school_a, world.school_b}
    assert form.fields["school"].required
