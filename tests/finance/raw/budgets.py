"""Raw writes to categories, funds, budget lines and their moves, Measures and limits."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from finance.actions import budget, measures
from finance.actions.cases import current_version
from finance.models import (
    ApprovalLimit,
    BudgetLine,
    BudgetMove,
    ExpenseCategory,
    GroupFund,
    LimitStep,
    Measures,
)
from kunshan_edu.core import clock
from kunshan_edu.core.changes import acting
from tests.finance.raw import Refuses
from tests.finance.requests import ask, budget_line
from tests.world import prepare_measures

refuses = Refuses()
D = Decimal
TODAY = clock.today()
TOMORROW = TODAY + dt.timedelta(days=1)


@refuses("other_category_cites_an_article")
def category_without_article(world):
    return lambda: ExpenseCategory.objects.create(code="gifts", name="礼品")


@refuses("finance_expensecategory_code_key")
def category_of_a_known_code(world):
    return lambda: ExpenseCategory.objects.create(code="office", name="办公", article="第 9 条")


@refuses("finance_expensecategory_name_key")
def category_of_a_known_name(world):
    return lambda: ExpenseCategory.objects.create(code="other", name="办公费", article="第 9 条")


@refuses("statutory_category_stays")
def rename_a_statutory_category(world):
    return lambda: ExpenseCategory.objects.filter(code="office").update(name="杂费")


@refuses("statutory_category_stays")
def delete_a_statutory_category(world):
    return lambda: ExpenseCategory.objects.filter(code="office")._raw_delete("default")


@refuses("statutory_category_stays")
def make_a_statutory_category_an_ordinary_one(world):
    return lambda: ExpenseCategory.objects.filter(code="office").update(is_statutory=False, article="第 9 条")


@refuses("one_fund_per_group_and_year")
def second_fund_of_a_year(world):
    return lambda: GroupFund.objects.create(group=world.group, fiscal_year=world.fund.fiscal_year)


@refuses("fund_is_allocated_by_a_document")
def allocate_without_a_document(world):
    fund = budget.open_fund(world.group, fiscal_year=2099, by=world.finance_1)
    return lambda: GroupFund.objects.filter(pk=fund.pk).update(state="allocated")


def new_line(world, **other):
    """A budget line of a new fund, not yet written."""
    fund = budget.open_fund(world.group, fiscal_year=2099, by=world.finance_1)
    facts = {"fund": fund, "school": world.school_a, "level": "city", "category": world.categories["office"]}
    return BudgetLine(**{**facts, **other})


@refuses("one_line_per_school_level_and_category")
def same_line_twice(world):
    new = new_line(world, fund=world.fund)
    return lambda: new.save(force_insert=True)


@refuses("line_follows_the_affiliation")
def line_of_the_wrong_level(world):
    new = new_line(world, level="district", district=world.district)
    return lambda: new.save(force_insert=True)


@refuses("line_is_of_a_member_school")
def line_of_a_school_outside(world):
    new = new_line(world, school=world.school_d)
    return lambda: new.save(force_insert=True)


@refuses("totals_change_through_moves")
def line_born_with_money(world):
    new = new_line(world, approved=D("1.00"))
    return lambda: new.save(force_insert=True)


@refuses("totals_change_through_moves")
def write_a_total(world):
    return lambda: BudgetLine.objects.filter(school=world.school_a).update(approved=D("999999.00"))


@refuses("totals_change_through_moves")
def move_a_line_to_another_school(world):
    return lambda: BudgetLine.objects.filter(school=world.school_a).update(school=world.school_b)


def move(world, kind, **facts):
    return lambda: BudgetMove.objects.create(line=budget_line(world), kind=kind, **facts)


@refuses("move_changes_what_its_kind_says")
def grant_that_takes(world):
    return move(world, "grant", approved_delta=D("-1.00"), document="文号")


@refuses("move_changes_what_its_kind_says")
def cut_that_spends(world):
    return move(world, "cut", approved_delta=D("-1.00"), spent_delta=D("1.00"), document="文号")


@refuses("move_names_its_document_or_request")
def grant_without_a_document(world):
    return move(world, "grant", approved_delta=D("1.00"))


@refuses("move_names_its_document_or_request")
def reserve_for_nobody(world):
    return move(world, "reserve", reserved_delta=D("1.00"))


@refuses("spending_names_its_payment")
def spend_without_a_payment(world):
    version = current_version(ask(world, "clerk_a", "100.00"))
    return move(world, "spend", reserved_delta=D("-1.00"), spent_delta=D("1.00"), version=version)


@refuses("version_reserves_a_line_once")
def reserve_twice(world):
    version = current_version(ask(world, "clerk_a", "100.00"))
    return move(world, "reserve", reserved_delta=D("1.00"), version=version)


@refuses("reserve_is_released_by_its_own_request")
def release_what_another_reserved(world):
    mine, _others = (current_version(ask(world, "clerk_a", "100.00", payee=x)) for x in ("甲", "乙"))
    return move(world, "release", reserved_delta=D("-100.01"), version=mine)


@refuses("budget_not_overspent")
def reserve_more_than_there_is(world):
    version = current_version(ask(world, "clerk_a", "100.00", category="office"))
    return move(world, "reserve", reserved_delta=D("200000.01"), version=version)


@refuses("budget_not_overspent")
def cut_below_what_is_reserved(world):
    ask(world, "clerk_a", "100.00")
    return move(world, "cut", approved_delta=D("-199900.01"), document="文号")


def new_measures(world, **other):
    facts = {"document": "昆教财〔2026〕9号", "valid_from": TOMORROW}
    return prepare_measures(world.finance_1, **{**facts, **other})


def republished(world, new):
    """The raw publishing of Measures, after those of the world have ended."""
    measures.end(world.measures, valid_to=TOMORROW, by=world.leader)
    rows = Measures.objects.filter(pk=new.pk)
    return lambda **other: rows.update(**{"state": "published", "published_by": world.leader, **other})


@refuses("finance_measures_document_key")
def document_of_other_measures(world):
    return lambda: new_measures(world, document=world.measures.document)


@refuses("one_measures_in_force_at_a_time")
def two_measures_at_once(world):
    rows = Measures.objects.filter(pk=new_measures(world).pk)
    return lambda: rows.update(state="published", published_by=world.leader)


@refuses("measures_end_after_they_begin")
def measures_that_end_first(world):
    rows = Measures.objects.filter(pk=new_measures(world).pk)
    return lambda: rows.update(valid_to=TODAY)


@refuses("measures_are_published_by_a_second_person")
def published_by_their_preparer(world):
    publish = republished(world, new_measures(world))
    return lambda: publish(published_by=world.finance_1)


@refuses("measures_are_published_by_a_second_person")
def published_by_nobody(world):
    publish = republished(world, new_measures(world))
    return lambda: publish(published_by=None)


@refuses("published_measures_stay")
def rewrite_published_measures(world):
    rows = Measures.objects.filter(pk=world.measures.pk)
    return lambda: rows.update(collective_threshold=D("1.00"))


@refuses("published_measures_stay")
def give_published_measures_more_patience(world):
    return lambda: Measures.objects.filter(pk=world.measures.pk).update(escalate_after_days=30)


@refuses("reminder_comes_before_escalation")
def superiors_told_before_a_reminder(world):
    rows = Measures.objects.filter(pk=new_measures(world).pk)
    return lambda: rows.update(remind_after_days=6, escalate_after_days=5)


@refuses("reminder_comes_before_escalation")
def reminder_at_once(world):
    rows = Measures.objects.filter(pk=new_measures(world).pk)
    return lambda: rows.update(remind_after_days=0)


@refuses("published_measures_stay")
def delete_published_measures(world):
    return lambda: Measures.objects.filter(pk=world.measures.pk)._raw_delete("default")


@refuses("limits_tile_all_amounts")
def publish_limits_with_a_gap(world):
    new = new_measures(world)
    low = new.limits.get(origin=1, above=0)
    with acting("finance.test", world.finance_1):
        low.steps.all().delete()
        low.delete()
    return republished(world, new)


@refuses("limits_tile_all_amounts")
def publish_limits_that_end(world):
    new = new_measures(world)
    with acting("finance.test", world.finance_1):
        new.limits.filter(up_to=None).update(up_to=D("999999.00"))
    return republished(world, new)


@refuses("limit_lacks_its_decision")
def publish_a_limit_of_a_category_without_a_decision(world):
    new = new_measures(world)
    facts = {"origin": 1, "role": "executive_principal", "above": D(0), "up_to": D(10)}
    measures.add_limit(
        new,
        **facts,
        category=world.categories["office"],
        steps=[("group_president", "approve")],
        by=world.finance_1,
    )
    return republished(world, new)


def new_limit(world, of, **other):
    facts = {"measures": of, "origin": 1, "role": "bureau_leader", "above": D(0), "up_to": D(10)}
    category = world.categories["office"]
    return lambda: ApprovalLimit.objects.create(**{**facts, "category": category, **other})


@refuses("limits_are_added_to_drafts_only")
def limit_of_published_measures(world):
    return new_limit(world, world.measures)


@refuses("limits_are_added_to_drafts_only")
def raise_a_limit_of_published_measures(world):
    return lambda: world.measures.limits.filter(up_to=None).update(above=D("60000.00"))


@refuses("limits_are_added_to_drafts_only")
def delete_a_step_of_published_measures(world):
    return lambda: LimitStep.objects.filter(limit__measures=world.measures).first().delete()


@refuses("limits_are_added_to_drafts_only")
def add_a_step_to_published_measures(world):
    limit = world.measures.limits.first()
    return lambda: LimitStep.objects.create(limit=limit, seq=99, role="district", act="review")


@refuses("approval_limits_do_not_overlap")
def overlapping_limits(world):
    return new_limit(world, new_measures(world), category=None, up_to=D("0.01"))


@refuses("approval_limit_is_a_range")
def limit_upside_down(world):
    return new_limit(world, new_measures(world), above=D(10))


@refuses("limits_are_set_for_deciding_roles")
def limit_of_group_finance(world):
    return new_limit(world, new_measures(world), role="group_finance")


def step_of_a_new_limit(world, **facts):
    limit = new_limit(world, new_measures(world))
    return lambda: [
        LimitStep.objects.create(limit=made, **step) for made in [limit()] for step in facts["steps"]
    ]


@refuses("limit_steps_are_in_order")
def two_steps_of_one_number(world):
    step = {"seq": 1, "role": "district", "act": "review"}
    return step_of_a_new_limit(world, steps=[step, {**step, "role": "group_finance"}])


@refuses("limit_has_one_deciding_step")
def two_deciding_steps(world):
    step = {"seq": 1, "role": "bureau_leader", "act": "approve"}
    return step_of_a_new_limit(world, steps=[step, {**step, "seq": 2}])


@refuses("fund_year_goes_one_way")
def allocate_a_frozen_fund_again(world):
    with acting("finance.test", None):
        GroupFund.objects.filter(pk=world.fund.pk).update(state="frozen")
    return lambda: GroupFund.objects.filter(pk=world.fund.pk).update(state="allocated")


@refuses("fund_year_goes_one_way")
def close_a_fund_that_was_not_frozen(world):
    return lambda: GroupFund.objects.filter(pk=world.fund.pk).update(state="closed")


@refuses("fund_year_goes_one_way")
def open_a_fund_as_allocated(world):
    return lambda: GroupFund.objects.create(
        group=world.preparing, fiscal_year=2030, state="allocated", document="文"
    )


@refuses("fund_year_goes_one_way")
def draw_a_number_twice(world):
    return lambda: GroupFund.objects.filter(pk=world.fund.pk).update(last_number=7)


@refuses("fund_year_goes_one_way")
def give_a_fund_to_another_group(world):
    return lambda: GroupFund.objects.filter(pk=world.fund.pk).update(group=world.preparing)
