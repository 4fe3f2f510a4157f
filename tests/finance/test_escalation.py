"""催办: waiting steps are brought to mind by working days, to the superior too; nothing is ever approved by it."""

from __future__ import annotations

import datetime as dt

import pytest

from finance.actions import chain, deciding, escalating, measures
from finance.actions.cases import current_version, open_steps
from finance.models import Decision, EscalationNotice, FundRequest, Measures, RequestStep
from finance.rules import escalation as rules
from finance.tasks import escalate, lift_vacant_steps
from groups.choices import Authority
from kunshan_edu.core import access, clock
from kunshan_edu.core.access import permission_id
from kunshan_edu.core.changes import BUSY, acting
from kunshan_edu.core.denials import Denied
from kunshan_edu.core.models import AuditEvent, Notification
from kunshan_edu.core.workdays import Calendar, calendar
from tests.api_client import Api, errors, rows
from tests.finance.pages import get, send, text, url
from tests.finance.requests import ask, route, told
from tests.world import end, prepare_measures

# 国庆节 2026: off from 1 to 7 October; Saturday the 10th is worked for it.
TUESDAY = dt.date(2026, 9, 29)
COUNTS = {
    "2026-09-29": 0,
    "2026-09-30": 1,
    "2026-10-01": 1,
    "2026-10-07": 1,
    "2026-10-08": 2,
    "2026-10-09": 3,
    "2026-10-10": 4,
    "2026-10-11": 4,
    "2026-10-12": 5,
}
day = dt.date.fromisoformat


# 规则


@pytest.mark.parametrize(
    ("waited", "level"), [(0, ""), (1, ""), (2, "remind"), (4, "remind"), (5, "escalate"), (99, "escalate")]
)
def test_what_a_wait_calls_for(waited, level):
    assert rules.level(waited, 2, 5) == level
    assert rules.due(waited, 2, 5, frozenset()) == level
    assert rules.due(waited, 2, 5, frozenset({"escalate"})) == ""
    assert rules.due(waited, 2, 5, frozenset({"remind"})) == ("escalate" if level == "escalate" else "")


def test_reminder_and_escalation_on_one_day_are_the_escalation():
    assert rules.level(3, 3, 3) == "escalate"


@pytest.mark.parametrize(
    ("role", "superior"),
    [
        ("executive_principal", "group_president"),
        ("group_finance", "bureau_finance"),
        ("group_president", "bureau_leader"),
        ("district", "bureau_finance"),
        ("bureau_finance", "bureau_leader"),
        ("bureau_leader", ""),
    ],
)
def test_who_is_above_whom(role, superior):
    assert rules.superior_of(role) == superior


# 工作日


@pytest.mark.django_db
@pytest.mark.parametrize(("today", "count"), COUNTS.items())
def test_working_days_over_national_day(today, count):
    opened = dt.datetime.combine(TUESDAY, dt.time(23, 59), tzinfo=clock.SHANGHAI)
    with clock.at(day(today)):
        assert escalating.waited_days(opened.astimezone(dt.UTC), calendar()) == count


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_line_in_time_and_the_count_of_days_agree(count):
    """Whatever day it is, what was opened before the line has waited that long, and what came after has not."""
    days = calendar()
    for offset in range(40):
        with clock.at(day("2026-09-14") + dt.timedelta(days=offset)):
            line = escalating.waiting_since_before(days, count)
            assert escalating.waited_days(line - dt.timedelta(seconds=1), days) >= count
            assert escalating.waited_days(line, days) < count


def test_a_year_without_an_arrangement_has_its_weekends():
    plain = Calendar(frozenset(), frozenset())
    with clock.at(day("2031-05-12")):  # a Monday
        assert escalating.waiting_since_before(plain, 1).date() == day("2031-05-12")
        assert escalating.waiting_since_before(plain, 2).date() == day("2031-05-09")


# 催办与提级提醒


def asked(world, amount="4000.00", on=TUESDAY, **draft):
    with clock.at(on):
        return ask(world, "clerk_a", amount, **draft)


def run(on):
    with clock.at(on):
        return escalate()


def since(row, count):
    return told(row)[count:]


@pytest.mark.django_db
def test_notices_come_once_on_their_days_and_decide_nothing(world):
    row = asked(world)
    given = {today: run(day(today)) for today in COUNTS}
    assert {today: n for today, n in given.items() if n} == {"2026-10-08": 1, "2026-10-12": 1}
    assert since(row, 1) == [
        ("principal_a", "示例事项（4,000.00 元）已等待您办理 2 个工作日，请及时办理。"),
        ("principal_a", "示例事项（4,000.00 元）已等待您办理 5 个工作日，已提醒上一级。"),
        ("president", "示例事项（4,000.00 元）在示例A小执行校长处已等待 5 个工作日，请督促办理。"),
    ]
    found = EscalationNotice.objects.values_list("kind", "waited_days", "told")
    assert list(found) == [("remind", 2, 1), ("escalate", 5, 2)]
    events = AuditEvent.objects.filter(model="finance.escalationnotice")
    assert [(e.verb, e.clause_id, e.actor) for e in events.order_by("pk")] == [
        ("finance.remind", "4.2.l", None),
        ("finance.escalate", "4.2.l", None),
    ]


@pytest.mark.django_db
def test_run_again_the_same_day_nobody_is_told_twice(world):
    asked(world)
    assert [run(day("2026-10-12")) for _time in range(3)] == [1, 0, 0]
    before = Notification.objects.count()
    assert run(day("2026-10-30")) == 0
    assert Notification.objects.count() == before


@pytest.mark.django_db
def test_after_days_without_a_worker_only_the_escalation_is_given(world):
    asked(world)
    assert run(day("2026-10-13")) == 1
    assert list(EscalationNotice.objects.values_list("kind", flat=True)) == ["escalate"]


@pytest.mark.django_db
def test_nothing_approves_by_time_out(world):
    """A hundred days of every task of the worker: nobody has decided, nothing has moved."""
    requests = [
        asked(world, payee="甲"),
        asked(world, "30000.00", payee="乙"),
        asked(world, "60000.00", payee="丙"),
    ]
    before = list(RequestStep.objects.order_by("pk").values())
    for offset in range(100):
        with clock.at(TUESDAY + dt.timedelta(days=offset)):
            escalate()
            lift_vacant_steps()
    assert {row.state for row in FundRequest.objects.filter(pk__in=[r.pk for r in requests])} == {"pending"}
    assert list(RequestStep.objects.order_by("pk").values()) == before
    assert not Decision.objects.exists()
    assert EscalationNotice.objects.count() == 6


@pytest.mark.django_db
def test_the_next_step_begins_its_own_wait(world):
    row = asked(world, "30000.00")
    run(day("2026-10-08"))
    with clock.at(day("2026-10-09")):
        row = deciding.approve(row, by=world.principal_a)
        [step] = open_steps(current_version(row))
        assert (step.role, step.opened_at) == ("group_finance", clock.now())
    assert run(day("2026-10-10")) == 0
    assert run(day("2026-10-12")) == 1
    assert since(row, 3)[-1][0] == "group_finance"


@pytest.mark.django_db
def test_a_step_decided_in_the_meantime_is_not_escalated(world):
    row = asked(world)
    with clock.at(day("2026-10-12")):
        days = calendar()
        [late] = escalating.late_steps(days)
        deciding.approve(row, by=world.principal_a)
        assert escalating.notify(late, days) is None
        assert escalating.notify(late, days) is None
    assert not EscalationNotice.objects.exists()


@pytest.mark.django_db
def test_one_that_is_being_decided_does_not_keep_the_others_waiting(world, monkeypatch):
    busy, other = asked(world, payee="甲"), asked(world, payee="乙")

    def lock(row):
        if row.pk == busy.pk:
            raise Denied(BUSY)
        return row

    monkeypatch.setattr(escalating, "locked", lock)
    assert run(day("2026-10-12")) == 1
    assert EscalationNotice.objects.get().step.version.fund_request == other


@pytest.mark.django_db
def test_a_vacant_step_is_lifted_and_who_then_has_it_is_told(world):
    row = asked(world)
    with clock.at(day("2026-10-12")):
        end(world, "principal_a", clock.today())
        days = calendar()
        [late] = escalating.late_steps(days)
        with acting("tests.vacate", None):  # nor is the superior's post filled
            access.grant_model(world.group).objects.filter(user=world.president).delete()
        assert escalating.notify(late, days) is None
        lift_vacant_steps()
        assert escalate() == 1
    assert route(row) == ["bureau_leader:approve"]
    assert since(row, 2) == [("leader", "示例事项（4,000.00 元）已等待您办理 5 个工作日，已提醒上一级。")]


@pytest.mark.django_db
def test_each_step_tells_the_post_above_it(world):
    row = asked(world, "60000.00")
    found = {
        step.role: [user.username for user in escalating.superiors(step)]
        for step in current_version(row).steps.all()
    }
    assert found == {
        "executive_principal": ["president"],
        "group_finance": ["finance_1", "finance_2"],
        "group_president": ["leader"],
        "bureau_finance": ["leader"],
        "bureau_leader": [],
    }


@pytest.mark.django_db
def test_a_request_waits_as_its_own_measures_say(world):
    """New Measures with less patience change nothing for what was submitted under the old ones."""
    old = asked(world, payee="甲")
    new = prepare_measures(world.finance_1, document="昆教财〔2026〕9号", valid_from=TUESDAY)
    with acting("tests.patience", None):
        Measures.objects.filter(pk=new.pk).update(remind_after_days=1, escalate_after_days=1)
    with clock.at(TUESDAY):
        measures.end(world.measures, valid_to=TUESDAY, by=world.leader)
        measures.publish(new, by=world.leader)
    asked(world, payee="乙")
    assert run(day("2026-09-30")) == 1
    assert EscalationNotice.objects.get().step.version.measures_id == new.pk
    with clock.at(day("2026-09-30")):
        [late] = escalating.overdue()
    assert late.version.fund_request_id != old.pk


# 页面


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("today", "chip"),
    [
        ("2026-09-29", None),
        ("2026-09-30", ("na", "已等待 1 个工作日", "clock")),
        ("2026-10-08", ("go", "已等待 2 个工作日", "clock")),
        ("2026-10-12", ("bad", "已等待 5 个工作日", "clock")),
    ],
)
def test_pages_say_how_long_a_step_has_waited(world, today, chip):
    row = asked(world)
    with clock.at(day(today)):
        listed = get(world, "clerk_a", "fund_request_list")
        page = get(world, "clerk_a", "fund_request_detail", row.pk)
    assert [each.wait for each in listed.context["page"]] == [chip]
    assert page.context["wait"] == chip
    [now] = [entry for entry in page.context["entries"] if entry["tone"] == "now"]
    for found in (text(listed), text(page), now["note"]):
        assert ("个工作日" in found) == bool(chip)
    if chip:
        assert now["note"] == f"示例A小，{chip[1]}"


@pytest.mark.django_db
def test_the_inbox_on_the_home_page_says_so_too(world, client):
    asked(world)
    client.force_login(world.principal_a)
    with clock.at(day("2026-10-12")):
        assert '<span class="st bad">' in text(client.get("/"))


@pytest.mark.django_db
def test_overdue_requests_are_listed_to_those_who_see_them(world):
    late, other = asked(world, payee="甲"), asked(world, payee="乙", on=day("2026-10-08"))
    with clock.at(day("2026-10-12")):
        for who, seen in (("president", [late]), ("clerk_a", [late]), ("clerk_b", [])):
            page = get(world, who, "fund_request_list", data={"who": "overdue"})
            assert list(page.context["page"]) == seen, who
            [tab] = [tab for tab in page.context["tabs"] if tab["who"] == "overdue"]
            assert (tab["n"], str(tab["label"])) == (len(seen), "逾期待办")
        assert rows(Api(world.clerk_a).get("fund-requests/?overdue=true"))[0]["id"] == late.pk
        assert {row["id"] for row in rows(Api(world.clerk_a).get("fund-requests/?overdue=false"))} == {
            late.pk,
            other.pk,
        }
        deciding.approve(late, by=world.principal_a)
        assert not escalating.overdue().exists()


@pytest.mark.django_db
def test_the_api_says_how_long_a_step_has_waited(world):
    row = asked(world, "30000.00")
    with clock.at(day("2026-10-12")):
        steps = Api(world.clerk_a).get(f"fund-requests/{row.pk}/").json()["steps"]
    assert [(s["waited_days"], s["overdue"]) for s in steps] == [(5, True), (None, False), (None, False)]
    assert [bool(s["opened_at"]) for s in steps] == [True, False, False]


def may_reassign(world, who):
    with acting("tests.reassign", None):
        access.grant_model(world.bureau).objects.get_or_create(
            user=world.users[who],
            permission_id=permission_id(type(world.bureau), Authority.REASSIGN_APPROVALS),
            content_object=world.bureau,
            source_id=world.posts["leader"].pk,
            valid_from=TUESDAY,
        )


@pytest.mark.django_db
def test_who_reassigns_is_led_from_an_overdue_step_to_the_delegation(world):
    row = asked(world)
    may_reassign(world, "leader")
    with clock.at(day("2026-10-10")):
        assert get(world, "leader", "fund_request_detail", row.pk).context["late"] == []
    with clock.at(day("2026-10-12")):
        page = get(world, "leader", "fund_request_detail", row.pk)
        [late] = page.context["late"]
        appointment = world.posts["principal_a"].pk
        query = f"appointment={appointment}&role=executive_principal&container={world.school_a.pk}"
        assert (late["name"], late["posts"]) == ("执行校长审批", [(world.principal_a.name, query)])
        assert query.replace("&", "&amp;") in text(page)
        for who in ("president", "finance_1", "principal_a"):
            assert get(world, who, "fund_request_detail", row.pk).context["late"] == [], who


@pytest.mark.django_db
def test_nobody_is_asked_to_reassign_from_themselves(world):
    row = asked(world, beneficiary=world.president)
    may_reassign(world, "leader")
    with clock.at(TUESDAY):
        for who in ("principal_a", "finance_1"):
            row = deciding.approve(row, by=world.users[who])
    assert chain.eligible(open_steps(current_version(row))[0]).get() == world.leader
    with clock.at(day("2026-10-12")):
        [late] = get(world, "leader", "fund_request_detail", row.pk).context["late"]
    assert late["posts"] == []


# 使用办法


MEASURES = {
    "title": "使用办法",
    "document": "昆教财〔2027〕9号",
    "valid_from": "2027-01-01",
    "collective_threshold": "5万",
    "split_window_days": "30",
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ({}, (2, 5)),
        ({"remind_after_days": "3"}, (3, 5)),
        ({"remind_after_days": "4", "escalate_after_days": "4"}, (4, 4)),
    ],
)
def test_the_measures_say_how_long_a_step_may_wait(world, typed, stored):
    send(world, "finance_1", url("measures_new"), {**MEASURES, **typed})
    row = Measures.objects.get(document=MEASURES["document"])
    assert (row.remind_after_days, row.escalate_after_days) == stored
    page = text(get(world, "finance_1", "measures_detail", row.pk))
    assert f"等待满 {stored[0]} 个工作日提醒办理人，满 {stored[1]} 个工作日同时提醒上一级" in page
    told_by_api = Api(world.finance_1).get(f"measures/{row.pk}/").json()
    assert (told_by_api["remind_after_days"], told_by_api["escalate_after_days"]) == stored


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"remind_after_days": "6"}, "escalate_after_days"),
        ({"remind_after_days": "3", "escalate_after_days": "2"}, "escalate_after_days"),
        ({"remind_after_days": "0"}, "remind_after_days"),
        ({"escalate_after_days": "61"}, "escalate_after_days"),
    ],
)
def test_wrong_days_are_told_beside_their_field(world, typed, field):
    answer = send(world, "finance_1", url("measures_new"), {**MEASURES, **typed})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    body = {**MEASURES, "is_example": False, **{name: int(value) for name, value in typed.items()}}
    assert set(errors(Api(world.finance_1).post("measures/", body))) == {field}
    assert not Measures.objects.filter(document=MEASURES["document"]).exists()
