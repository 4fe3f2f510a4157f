"""How groups and schools are set up: who records and ends what, what the database holds to, what each page shows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection

from groups.choices import Authority
from groups.models import Membership
from kunshan_edu.core import access, clock
from kunshan_edu.core.changes import acting
from kunshan_edu.core.denials import FORBIDDEN, INVALID, Denied
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import AuditEvent
from personnel import actions as personnel
from personnel import verbs
from personnel.actions import organisation as actions
from personnel.choices import Confirmation, Post
from personnel.models import (
    Appointment,
    Deviation,
    PostQuota,
)
from personnel.rules import organisation as rules
from personnel.rules import tenure as pair_rules
from personnel.rules.organisation import SetupCase
from personnel.rules.tenure import PairCase
from tests.personnel import setup
from tests.personnel.rows import LATER, kept, person, post, principal
from tests.world import SINCE, appoint, fresh

TODAY = clock.today()
A_DAY = dt.timedelta(days=1)


# 规则

RECORD = {
    rules.cannot_record_party: "not_the_party_section",
    rules.cannot_record_unit: "not_the_organiser",
    rules.cannot_hang: "not_the_plaque_holder",
    rules.cannot_set_quota: "not_a_quota_setter",
    rules.cannot_set_rules: "not_a_rule_setter",
    rules.cannot_deviate: "not_a_deviation_recorder",
}
END = {
    rules.cannot_end_party: "not_the_party_section",
    rules.cannot_end_unit: "not_the_organiser",
    rules.cannot_take_down: "not_the_plaque_holder",
    rules.cannot_end_quota: "not_a_quota_setter",
    rules.cannot_end_rules: "not_a_rule_setter",
}


@pytest.mark.parametrize("rule", RECORD)
def test_who_records_what(rule):
    denial = rule(SetupCase())
    assert (denial.code, denial.status) == (RECORD[rule], FORBIDDEN)
    assert denial.clause
    assert rule(SetupCase(may_record=True)) is None


@pytest.mark.parametrize("rule", END)
def test_what_is_recorded_is_ended_once_and_not_before_it_began(rule):
    mine = SetupCase(may_record=True, valid_from=SINCE)
    assert rule(SetupCase(ended=True)).code == END[rule]
    assert rule(SetupCase(may_record=True, ended=True)).code == "already_ended"
    assert rule(mine) is None
    assert rule(mine, SINCE) is None
    early = rule(mine, SINCE - A_DAY)
    assert (early.code, early.field, early.status) == ("ends_before_it_begins", "valid_to", INVALID)


@pytest.mark.parametrize(
    ("case", "decide", "end"),
    [
        (PairCase(), "not_a_confirmer", "not_an_appointer"),
        (PairCase(may_record=True), "not_a_confirmer", "not_confirmed"),
        (PairCase(may_confirm=True), None, "not_an_appointer"),
        (PairCase(may_confirm=True, is_recorder=True), "recorded_by_yourself", "not_an_appointer"),
        (PairCase(may_record=True, may_confirm=True, state="confirmed"), "decided_already", None),
        (PairCase(may_record=True, state="confirmed", ended=True), "not_a_confirmer", "already_ended"),
        (PairCase(may_record=True, may_confirm=True, state="refused"), "decided_already", "not_confirmed"),
    ],
)
def test_a_deviation_is_decided_by_another_and_ended_when_confirmed(case, decide, end):
    for rule, code in ((pair_rules.cannot_decide_pair, decide), (pair_rules.cannot_end_pair, end)):
        denial = rule(case)
        assert (denial and denial.code) == code


# 办理

MAKE = {
    "party": (setup.party, "personnel.record_party", Clause.C4_1_C, "personnel"),
    "unit": (setup.unit, "personnel.record_unit", Clause.C4_1_I, "president"),
    "plaque": (setup.plaque, "personnel.hang_plaque", Clause.C4_1_Q, "principal_a"),
    "quota": (setup.quota, "personnel.set_quota", Clause.C4_1_H, "personnel"),
    "rule_set": (setup.rule_set, "personnel.set_rules", Clause.C4_1_D, "personnel"),
}
END_OF = {
    "party": (actions.end_party, "personnel.end_party", {"document": setup.DOCUMENT}),
    "unit": (actions.end_unit, "personnel.end_unit", {"document": setup.DOCUMENT}),
    "plaque": (actions.take_down, "personnel.take_down_plaque", {}),
    "quota": (actions.end_quota, "personnel.end_quota", {"document": setup.DOCUMENT}),
    "rule_set": (actions.end_rules, "personnel.end_rules", {"document": setup.DOCUMENT}),
}
EVERYBODY = (
    "president",
    "principal_a",
    "principal_b",
    "vice_a",
    "leader",
    "personnel",
    "basic",
    "deputy",
    "teacher",
)
RECORDERS = {
    "party": {"personnel"},
    "unit": {"president"},
    "plaque": {"principal_a", "vice_a"},
    "quota": {"personnel", "leader"},
    "rule_set": {"personnel"},
}


def last_event(row: Any) -> AuditEvent:
    return AuditEvent.objects.of(row).latest("pk")


@pytest.mark.django_db
@pytest.mark.parametrize("noun", MAKE)
def test_a_row_is_recorded_and_ended_under_its_verb_and_clause(world, noun):
    make, verb, clause, who = MAKE[noun]
    row = make(world)
    event = last_event(row)
    assert (event.verb, event.clause_id, event.actor) == (verb, clause.id, world.users[who])
    assert row.is_in_force
    end, end_verb, extra = END_OF[noun]
    row = end(row, valid_to=TODAY, **extra, by=fresh(world.users[who]))
    event = last_event(row)
    assert (event.verb, event.actor, row.is_in_force) == (end_verb, world.users[who], False)
    assert event.difference["valid_to"] == [None, TODAY.isoformat()]
    assert event.reason == extra.get("document", "")
    with pytest.raises(Denied) as caught:
        end(row, valid_to=TODAY + A_DAY, **extra, by=fresh(world.users[who]))
    assert caught.value.denial.code == "already_ended"


@pytest.mark.django_db
@pytest.mark.parametrize("noun", MAKE)
def test_only_whose_it_is_may_record_and_end(world, noun):
    make, end = MAKE[noun][0], END_OF[noun]
    row = make(world)
    for who in EVERYBODY:
        offers = {
            offer.verb.name: offer.denial
            for offer in getattr(verbs, NOUNS[noun].upper()).offers(row, fresh(world.users[who]))
        }
        assert (offers["end"] is None) is (who in RECORDERS[noun]), who
        if who not in RECORDERS[noun]:
            for deed in (lambda who=who: make(world, by=who), lambda who=who: end[0](
                row, valid_to=TODAY, **end[2], by=fresh(world.users[who])
            )):  # fmt: skip
                with pytest.raises(Denied) as caught:
                    deed()
                assert caught.value.denial.status == FORBIDDEN, who


NOUNS = {
    "party": "party_organisation",
    "unit": "org_unit",
    "plaque": "plaque",
    "quota": "post_quota",
    "rule_set": "rule_set",
}


@pytest.mark.django_db
def test_a_president_sets_up_units_of_the_own_group_and_its_members_only(world):
    setup.unit(world, school=world.school_b, name="教导处")
    for where in ({"group": world.other_group}, {"school": world.school_e}, {"school": world.school_d}):
        with pytest.raises(Denied) as caught:
            actions.record_unit(
                name="越界处",
                line="office",
                document=setup.DOCUMENT,
                valid_from=SINCE,
                by=fresh(world.president),
                **where,
            )
        assert caught.value.denial.code == "not_the_organiser"
    setup.unit(world, by="other_president", group=world.other_group)


@pytest.mark.django_db
def test_a_school_that_left_is_no_longer_organised_by_the_group(world):
    row = setup.unit(world, school=world.school_b, name="教导处")
    with acting("groups.test", world.admin):
        Membership.objects.filter(school=world.school_b).update(valid_to=TODAY)
    with pytest.raises(Denied) as caught:
        actions.end_unit(row, valid_to=TODAY, document=setup.DOCUMENT, by=fresh(world.president))
    assert caught.value.denial.code == "not_the_organiser"


@pytest.mark.django_db
def test_a_deviation_takes_two_people(world):
    row = setup.deviation(world, confirmed=False)
    assert (row.state, row.recorded_by) == (Confirmation.PROPOSED, world.users["personnel"])
    assert not Deviation.objects.in_force().exists()
    for who, code in (("personnel", "not_a_confirmer"), ("president", "not_a_confirmer")):
        with pytest.raises(Denied) as caught:
            actions.confirm_deviation(row, by=fresh(world.users[who]))
        assert caught.value.denial.code == code
    row = actions.confirm_deviation(row, by=fresh(world.leader))
    assert (row.state, row.confirmed_by, last_event(row).verb) == (
        "confirmed",
        world.leader,
        "personnel.confirm_deviation",
    )
    assert list(Deviation.objects.in_force()) == [row]
    row = actions.end_deviation(row, valid_to=TODAY, by=fresh(world.personnel))
    assert last_event(row).verb == "personnel.end_deviation"
    assert not Deviation.objects.in_force().exists()


@pytest.mark.django_db
def test_a_deviation_that_is_refused_counts_for_nothing(world):
    row = actions.refuse_deviation(
        setup.deviation(world, confirmed=False), reason="不符合规定", by=fresh(world.leader)
    )
    assert (row.state, row.confirmed_by, last_event(row).reason) == ("refused", None, "不符合规定")
    assert not Deviation.objects.in_force().exists()
    with pytest.raises(Denied) as caught:
        actions.confirm_deviation(row, by=fresh(world.leader))
    assert caught.value.denial.code == "decided_already"


# 数据库容许的，与它拒绝的相邻

ALLOWED = {
    "two schools have their branches at once": lambda w: (
        setup.party(w, school=w.school_a),
        setup.party(w, school=w.school_b),
        setup.party(w),
        setup.party(w, group=w.other_group, name="中共邻园教育集团总支部委员会", kind="general_branch"),
    ),
    "two schools and two groups have their quotas at once": lambda w: (
        setup.quota(w),
        setup.quota(w, school=w.school_b),
        setup.quota(w, level=2),
        setup.quota(w, group=w.group, level=3),
        setup.quota(w, group=w.other_group, level=3),
        setup.quota(w, group=w.group, level=4),
    ),
    "a quota follows another on the day that it ends": lambda w: (
        actions.end_quota(setup.quota(w), valid_to=TODAY, document=setup.DOCUMENT, by=fresh(w.personnel)),
        setup.quota(w, posts=1, valid_from=TODAY),
    ),
    "one name in two schools": lambda w: (
        setup.unit(w, school=w.school_a, name="教导处"),
        setup.unit(w, school=w.school_b, name="教导处"),
    ),
    "a unit of the name of one that was dissolved": lambda w: (
        actions.end_unit(setup.unit(w), valid_to=TODAY, document=setup.DOCUMENT, by=fresh(w.president)),
        setup.unit(w, valid_from=TODAY),
    ),
    "two plaques, of two kinds": lambda w: (setup.plaque(w), setup.plaque(w, kind=2)),
    "a new plaque after the old one": lambda w: (
        actions.take_down(setup.plaque(w), valid_to=TODAY, by=fresh(w.principal_a)),
        setup.plaque(w, valid_from=TODAY),
    ),
    "a vice principal within the quota": lambda w: (
        setup.quota(w, posts=2),
        appoint(w, "teacher", Post.VICE_PRINCIPAL, w.school_a),
    ),
    "one vice principal follows another on the same day": lambda w: (
        setup.quota(w, posts=1),
        kept(w, post(w, "teacher", Post.VICE_PRINCIPAL, w.school_b)),
        setup.quota(w, school=w.school_b, posts=1),
    ),
    "a quota that was full before it began": lambda w: setup.quota(
        w, posts=0, valid_from=LATER, valid_to=LATER
    ),
    "one above the quota by a confirmed deviation from 4.1.o": lambda w: (
        setup.quota(w, posts=1),
        setup.deviation(w, school=w.school_a),
        appoint(w, "teacher", Post.VICE_PRINCIPAL, w.school_a),
    ),
    "one above the quota of a group by a deviation from 4.1.h": lambda w: (
        setup.quota(w, group=w.group, level=3, posts=1),
        setup.deviation(w, clause_id="4.1.h"),
        appoint(w, "teacher", Post.GROUP_OFFICE, w.group),
    ),
    "a president is principal by a confirmed deviation from 4.1.k": lambda w: (
        setup.deviation(w, clause_id="4.1.k"),
        kept(w, principal(w, "president", w.school_d)),
    ),
    "a president is principal for the days of the deviation": lambda w: (
        setup.deviation(w, clause_id="4.1.k", valid_from=SINCE, valid_to=TODAY),
        kept(w, principal(w, "president", w.school_d, valid_to=TODAY)),
    ),
    "a deviation that is no longer used ends": lambda w: actions.end_deviation(
        setup.deviation(w, school=w.school_a), valid_to=TODAY, by=fresh(w.personnel)
    ),
    "a secretary of one's own under the rules of 2022": lambda w: (
        setup.rule_set(w),
        appoint(w, "teacher", Post.GROUP_SECRETARY, w.group),
    ),
    "the rules of 2019 may be recorded too": lambda w: setup.rule_set(w, kind="guideline_2019"),
    "a plaque of a school of old is only taken down": lambda w: actions.take_down(
        setup.plaque(w), valid_to=SINCE, by=fresh(w.principal_a)
    ),
}


def checked() -> None:
    """Ask the deferred rules now, as the end of the transaction would."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.django_db
@pytest.mark.parametrize("case", ALLOWED)
def test_what_is_right_goes_through(world, case):
    ALLOWED[case](world)
    checked()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "most"),
    [
        ([(0, 10), (10, 20), (20, 30)], 1),  # one after another
        ([(0, 11), (10, 20), (20, 30)], 2),  # a day of two
        ([(0, 30), (5, 6), (6, 8)], 2),
        ([(0, 30), (5, 9), (8, 12)], 3),  # on one day only
        ([(0, None), (3, None), (5, None)], 3),
    ],
)
def test_a_quota_holds_on_every_day(world, days, most):
    """Used ≤ quota: the most at once on any day of its days, not the sum of all."""
    for who, (first, after) in zip(("teacher", "clerk_a", "clerk_b"), days, strict=True):
        valid_to = TODAY + after * A_DAY if after is not None else None
        kept(
            world,
            post(
                world,
                who,
                Post.VICE_PRINCIPAL,
                world.school_b,
                valid_from=TODAY + first * A_DAY,
                valid_to=valid_to,
            ),
        )
    with pytest.raises(Denied) as caught:
        setup.quota(world, school=world.school_b, posts=most - 1)
    assert caught.value.denial.code == "quota_is_not_exceeded"
    setup.quota(world, school=world.school_b, posts=most)


def proposed(world: Any, title: Post, container: Any) -> Appointment:
    return personnel.appoint(
        person(world, "teacher"),
        post=title,
        container=container,
        method="assigned",
        document=setup.DOCUMENT,
        valid_from=TODAY,
        by=fresh(world.personnel),
    )


@pytest.mark.django_db
def test_an_appointment_above_the_quota_is_refused_with_the_clause_and_the_figures(world):
    setup.quota(world, posts=1)
    with pytest.raises(Denied) as caught:
        proposed(world, Post.VICE_PRINCIPAL, world.school_a)
    assert (caught.value.denial.code, caught.value.denial.clause) == ("quota_is_not_exceeded", Clause.C4_1_O)
    assert "核定 1 名" in str(caught.value.denial)


@pytest.mark.django_db
def test_a_quota_that_was_set_meanwhile_refuses_the_confirmation(world):
    row = proposed(world, Post.VICE_PRINCIPAL, world.school_a)
    setup.quota(world, posts=1)
    with pytest.raises(Denied) as caught:
        personnel.confirm(row, by=fresh(world.leader))
    assert caught.value.denial.code == "quota_is_not_exceeded"
    row.refresh_from_db()
    assert row.state == "proposed", "nothing is kept of what was refused"


@pytest.mark.django_db
def test_used_is_counted_on_the_day_asked(world):
    setup.quota(world, posts=3)
    kept(world, post(world, "teacher", Post.VICE_PRINCIPAL, world.school_a, valid_from=TODAY + A_DAY))
    used = [PostQuota.objects.with_used(day).get().used for day in (TODAY, TODAY + A_DAY)]
    assert used == [1, 2]


# 4.1.d：书记


@pytest.mark.django_db
def test_the_secretary_is_the_president_unless_the_rules_of_2022_are_recorded(world):
    with pytest.raises(Denied) as caught:
        proposed(world, Post.GROUP_SECRETARY, world.group)
    assert caught.value.denial.code == "secretary_is_separate_by_rule_set"
    rules_2022 = setup.rule_set(world)
    row = personnel.confirm(proposed(world, Post.GROUP_SECRETARY, world.group), by=fresh(world.leader))
    assert row.is_in_force
    assert access.has(fresh(world.teacher), Authority.VIEW_GROUP_FINANCE, world.group)
    with pytest.raises(Denied) as caught:
        actions.end_rules(rules_2022, valid_to=TODAY, document=setup.DOCUMENT, by=fresh(world.personnel))
    assert caught.value.denial.code == "secretary_is_separate_by_rule_set"
