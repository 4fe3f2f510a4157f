"""The demonstration: loaded once and whole, the same every time, with every state, every role, every worked request."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections import Counter
from decimal import Decimal
from random import Random

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.db import connections
from django.db.models import F, Max, Q, Sum

from finance.choices import MeasuresState, RequestState
from finance.models import BudgetLine, BudgetMove, FundRequest, GroupFund, Measures, RequestStep
from groups.choices import Authority, GroupStatus
from groups.models import District, EducationGroup, GroupPolicy, Membership, School, SchoolAffiliation
from kunshan_edu import demo
from kunshan_edu.core import access, clock, codes
from kunshan_edu.core.lights import lit
from kunshan_edu.core.models import AuditEvent, Notification, User
from kunshan_edu.core.proofs import every_proof
from kunshan_edu.core.workdays import workdays_between
from kunshan_edu.demo import everyday, money
from kunshan_edu.demo.city import TODAY, City
from kunshan_edu.demo.places import LEAGUES, OTHERS
from kunshan_edu.demo.posts import NEW_PRESIDENT, VACANT_SINCE
from personnel import grants, models
from personnel.actions import rotation
from personnel.choices import Appraised, Post, QuotaLevel, RotationState, Title
from personnel.models import Appointment, Person, Rotation, Selection, Staff
from tests import conftest

# Names of real schools of Kunshan (public, 2016): none of ours may contain one of them.
REAL = re.compile(
    "吴淞江|青阳港|兵希|城北|第二|淀山湖中|费俊龙|葛江|花桥中|锦溪中|娄江|陆家中|鹿峰|蓬朗|石牌|石浦|亭林|新镇|秀峰|玉山|张浦中|正仪"
    "|周市中|周庄中|昆山中学|开发区高级|陆家高级|第一|文峰|震川|美陆|花溪|包桥|开发区实验|中华园|世茂|晨曦|蝶湖湾|巴城中心|柏庐|高科园"
    "|大市|南港|培本|千灯炎武|千灯中心|玉峰|朝阳|司徒街|同心|西塘|新城域|振华|裕元|张浦第二|周巷|华城美地|永平"
)


@pytest.fixture(scope="module", autouse=True)
def city(_world, django_db_blocker):
    """The demonstration, loaded by its command into a database of this module."""
    name = f"{conftest.DATABASE}_demo"
    with django_db_blocker.unblock():
        connections.close_all()
        conftest.copy_database(conftest.template_database(), name)
        conftest.use_database(name)
        said = io.StringIO()
        call_command("demo", stdout=said)
        with clock.at(TODAY):
            yield said.getvalue()
        connections.close_all()
        conftest.use_database(conftest.DATABASE)
    conftest.execute(f"DROP DATABASE {name} WITH (FORCE)")


# Loading


def test_a_second_run_says_so_and_changes_nothing(city):
    before = AuditEvent.objects.aggregate(last=Max("id"))
    said = io.StringIO()
    call_command("demo", stdout=said)
    assert "演示数据已载入" in city
    assert "已有数据" in said.getvalue()
    assert "演示数据已载入" not in said.getvalue()
    assert AuditEvent.objects.aggregate(last=Max("id")) == before


def test_where_demo_is_off_nothing_is_loaded(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO"):
        call_command("demo")


def test_a_load_that_breaks_off_leaves_nothing(monkeypatch):
    """In a database of its own: the calendar stops in the middle, and the next load is whole again."""
    name = f"{conftest.DATABASE}_broken"
    conftest.copy_database(conftest.template_database(), name)
    loaded = connections["default"].settings_dict["NAME"]
    connections.close_all()
    conftest.use_database(name)

    def stop(*_):
        raise KeyboardInterrupt

    try:
        monkeypatch.setattr("kunshan_edu.demo.money.plan_budgets", stop)
        with pytest.raises(KeyboardInterrupt):
            demo.load()
        assert not Appointment.objects.exists()
        assert not User.objects.exists()
        assert not AuditEvent.objects.exists()
    finally:
        connections.close_all()
        conftest.use_database(loaded)
        conftest.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_the_same_stories_are_planned_every_time(monkeypatch):
    """Nothing is drawn from the clock or the process: two plans name the same requests at the same moments."""

    def plan():
        monkeypatch.setattr(everyday, "told", lambda _city, story: iter([story]))
        city = demo_city()
        everyday.plan_everyday(city)
        return [(when, act()) for when, _n, act in sorted(city.calendar.planned, key=lambda p: p[:2])]

    first, second = plan(), plan()
    assert [(w, s.title, s.payee, s.lines, s.fate) for w, s in first] == [
        (w, s.title, s.payee, s.lines, s.fate) for w, s in second
    ]
    assert len(first) > 400


def demo_city():
    city = City(None, Random(132))  # noqa: S311
    city.users = {u.username: u for u in User.objects.all()}
    money.fill_purse(city)
    return city


# The register


def test_the_register_has_the_size_and_kinds_of_the_design():
    assert District.objects.count() == 12
    assert Counter(EducationGroup.objects.values_list("status", flat=True)) == {
        GroupStatus.EXTENDED: 1,
        GroupStatus.RUNNING: 3,
        GroupStatus.PILOT: 1,
        GroupStatus.PREPARING: 1,
    }
    members = Membership.objects.in_force().count()
    assert (members, School.objects.count() - members) == (24, 16)
    stages = School.objects.filter(memberships__isnull=False).values_list("stage", flat=True)
    assert {"primary", "junior", "nine_year", "senior"} <= set(stages)


def test_no_school_bears_the_name_of_a_real_one():
    names = [place.name for league in LEAGUES for place in league.schools] + [p.name for p in OTHERS]
    assert len(names) == len(set(names)) == 40
    assert not [name for name in names if REAL.search(name)]


def test_codes_and_documents_have_their_official_shape():
    for school in School.objects.all():
        assert codes.credit_code_ok(school.credit_code)
        assert codes.school_identifier_ok(school.identifier)
        assert codes.school_identifier_warning(school.identifier) is None
    documents = {
        *Appointment.objects.exclude(
            method="assigned", bureau__isnull=False, document="系统安装"
        ).values_list("document", flat=True),
        *Membership.objects.values_list("join_document", flat=True),
        *SchoolAffiliation.objects.values_list("document", flat=True),
        *Measures.objects.values_list("document", flat=True),
        *GroupFund.objects.exclude(document="").values_list("document", flat=True),
    }
    words = (
        "StaffRecord Rotation PartyOrganisation OrgUnit PostQuota GroupRuleSet Deviation Selection TermExtension "
        "IncentiveTerm Appraisal Merit"
    )
    for model in (GroupPolicy, *(getattr(models, word) for word in words.split())):
        documents |= {*model.objects.exclude(document="").values_list("document", flat=True)}
    assert [d for d in documents if not codes.document_no_ok(d)] == []
    assert len(documents) > 200


def test_two_groups_mix_affiliations():
    mixed = 0
    for group in EducationGroup.objects.all():
        schools = Membership.objects.in_force().filter(group=group).values("school")
        kept = SchoolAffiliation.objects.in_force().filter(school__in=schools)
        mixed += kept.values("level").distinct().count() == 2
    assert mixed >= 2


def test_active_groups_have_presidents_and_the_preparing_one_has_none():
    now = Appointment.objects.in_force()
    for group in EducationGroup.objects.all():
        president = now.filter(group=group, post=Post.GROUP_PRESIDENT)
        assert president.exists() == (group.status != GroupStatus.PREPARING), group


def test_one_president_is_new_this_year_and_one_school_waits_for_a_principal():
    new = Appointment.objects.in_force().get(post=Post.GROUP_PRESIDENT, valid_from=NEW_PRESIDENT)
    old = Appointment.objects.get(post=Post.GROUP_PRESIDENT, group=new.group, valid_to=NEW_PRESIDENT)
    assert old.end_document
    assert new.method == "competitive"
    principals = Appointment.objects.in_force().filter(post=Post.EXECUTIVE_PRINCIPAL).values("school")
    vacant = School.objects.filter(memberships__isnull=False).exclude(pk__in=principals)
    assert [s.name for s in vacant] == ["昆山市张浦镇天权小学"]
    last = Appointment.objects.live().get(post=Post.EXECUTIVE_PRINCIPAL, school=vacant[0])
    assert last.valid_to == VACANT_SINCE


def test_every_post_is_held_and_no_two_people_have_one_name():
    people = Person.objects.all()
    assert 125 <= people.filter(user__isnull=False).count() <= 160
    assert people.values("name").distinct().count() == people.count()
    assert set(Post.values) == set(Appointment.objects.in_force().values_list("post", flat=True))


def test_every_right_follows_from_an_appointment():
    assert grants.drift() == (0, 0)


@pytest.mark.parametrize("proof", list(every_proof()), ids=lambda proof: proof.name)
def test_every_invariant_holds(proof):
    assert proof.check() == []


# Personnel


def test_twelve_hundred_staff_with_numbers_that_are_nobodys():
    staff = list(Staff.objects.employed().select_related("person"))
    assert 1150 <= len(staff) <= 1300
    assert len({s.school_id for s in staff}) == 40
    numbers = [s.person.identity_number for s in staff]
    assert all(codes.identity_number_ok(n) and re.fullmatch("320583[0-9]{6}0100[1-8].", n) for n in numbers)
    assert all(re.fullmatch("1390000[0-9]{4}", s.person.phone) for s in staff)
    backbone = sum(s.backbone_level != "none" for s in staff)
    senior = sum(s.title in ("senior", "full_senior") for s in staff)
    assert 0.1 < backbone / len(staff) < 0.3
    assert 0.1 < senior / len(staff) < 0.4
    assert set(Title.values) == {s.title for s in staff}
    leavers = Staff.objects.exclude(pk__in=[s.pk for s in staff])
    assert leavers.count() == 5


def test_ninety_rotations_in_every_state_and_thirteen_return_next_summer():
    rows = Rotation.objects.all()
    states = Counter(rows.values_list("state", flat=True))
    assert rows.count() == 90
    assert set(states) == set(RotationState.values)
    now = rows.in_force()
    assert now.filter(valid_to__range=("2027-07-01", "2027-09-01")).count() == 13
    assert now.filter(group__isnull=True).count() == 1
    assert rows.filter(state=RotationState.FILED, valid_to__lte=TODAY).count() > 30
    assert set(rows.values_list("outcome", flat=True)) == {"", "renewed", "stopped"}
    for name in ("president", "personnel"):
        assert rows.waiting_for(User.objects.get(username=name)).exists(), name
    shares = rotation.shares_of(EducationGroup.objects.get(code="TS"), 2026, TODAY)
    assert (shares.missing_teachers, shares.missing_backbone) == (0, 0)


def test_presidents_are_found_by_competition():
    found = Selection.objects.get(appointment__group__code="WS")
    assert found.candidates.count() == 3
    row = found.appointment
    assert row.person == found.candidates.first().person
    assert workdays_between(row.notice_from - dt.timedelta(days=1), row.notice_to) >= 5
    assert row.recorded_by != row.confirmed_by
    under_way = Selection.objects.get(appointment__group__code="QQ").appointment
    assert (under_way.state, under_way.notice_from < TODAY < under_way.notice_to) == ("notice", True)


def test_something_waits_for_each_who_decides_on_posts():
    states = Appointment.objects.exclude(state__in=["active", "extended"]).values_list("state", "post")
    assert set(states) == {
        ("nominated", "vice_principal"),
        ("proposed", "executive_principal"),
        ("proposed", "department_head"),
        ("notice", "group_president"),
    }
    for model in (models.TermExtension, models.IncentiveTerm, models.Deviation):
        assert set(model.objects.values_list("state", flat=True)) == {"proposed", "confirmed"}, model
    assert Appointment.objects.get(person__user__username="president").state == "extended"


def test_of_three_delegations_one_is_in_force():
    past, now, coming = models.Delegation.objects.order_by("valid_from")
    assert past.valid_to <= TODAY < coming.valid_from
    assert now.is_in_force
    assert (now.appointment.person.user.username, now.delegate.user.username) == ("principal", "vice")
    school = now.appointment.school
    assert access.has(now.delegate.user, Authority.APPROVE_AS_PRINCIPAL, school)


def test_the_unified_rules_act_on_people():
    assert Counter(models.Appraisal.objects.values_list("year", flat=True)).keys() == {2024, 2025}
    assert set(models.Appraisal.objects.values_list("post", flat=True)) == set(Appraised.values)
    assert Counter(models.TrainingEvent.objects.values_list("is_cancelled", flat=True)) == {False: 6, True: 1}
    assert models.TrainingAttendance.objects.count() > 80
    assert set(models.AttendanceSummary.objects.values_list("month", flat=True)) == {
        dt.date(2026, 9, 1),
        dt.date(2026, 10, 1),
    }
    assert models.Merit.objects.count() == 8
    full = models.PostQuota.objects.with_used().filter(school__short_name="天枢小学", used=F("posts"))
    assert [q.level for q in full] == [QuotaLevel.VICE_PRINCIPAL]


# Clause by clause, and the groups by their code: the pattern that the lights show.
GROUP_LIGHTS = {
    "3.2.b": {"QQ": "grey", **dict.fromkeys(("WS", "YH", "BC", "YG"), "amber")},
    "4.1.a": {"QQ": "grey"},
    "4.1.c": {"BC": "red", "QQ": "grey"},
    "4.1.d": {"WS": "amber", "YH": "explained", "QQ": "grey"},
    "4.1.f": {"YG": "explained", "QQ": "grey"},
    "4.1.i": {"YG": "red", "QQ": "grey"},
    "4.1.u": {"WS": "amber", "BC": "amber", "YG": "red", "QQ": "grey"},
}
SCHOOL_LIGHTS = {
    "4.1.k": {"天权小学": "red"},
    "4.1.l": {"天权小学": "red", "长庚中学": "amber"},
    "4.1.m": {"天权小学": "amber", "紫微高中": "amber"},
    "4.1.q": {"长庚中学": "amber", "辰角中学": "amber"},
}


@pytest.mark.parametrize("clause", [*GROUP_LIGHTS, *SCHOOL_LIGHTS])
def test_the_lights_of_a_clause_are_as_they_were_written_down(clause):
    rows, name, expected = EducationGroup.objects.all(), "code", GROUP_LIGHTS.get(clause)
    if expected is None:
        working = Membership.objects.in_force().exclude(group__status=GroupStatus.PREPARING)
        rows = School.objects.filter(pk__in=working.values("school"))
        name, expected = "short_name", SCHOOL_LIGHTS[clause]
    found = lit(rows, TODAY)
    tones = {getattr(row, name): next(x.tone for x in found[row.pk] if x.clause.id == clause) for row in rows}
    assert {who: tone for who, tone in tones.items() if tone != "green"} == expected


# Accounts


def test_every_account_that_is_shown_signs_in_with_the_password_shown():
    shown = demo.accounts()
    assert len({a.username for a in shown}) == len(shown) == 19
    users = {u.username: u for u in User.objects.filter(username__in=[a.username for a in shown])}
    assert set(users) == {a.username for a in shown}
    assert {u.password for u in users.values()} == {users["clerk"].password}
    assert check_password(demo.PASSWORD, users["clerk"].password)
    assert authenticate(username="president", password=demo.PASSWORD) == users["president"]
    assert [a.username for a in shown if a.is_admin] == ["admin"]
    assert [u.username for u in users.values() if u.is_superuser or u.is_staff] == ["admin"]


def test_an_account_holds_the_post_that_its_label_names():
    for account in demo.accounts():
        if not account.is_admin:
            post, place = str(account.label).split(" · ")
            held = Appointment.objects.in_force().filter(person__user__username=account.username)
            assert [(a.get_post_display(), str(a.container).removeprefix("昆山")) for a in held] == [
                (post, place)
            ]


# Money


def test_two_versions_of_the_measures_and_a_draft():
    rows = Measures.objects.order_by("valid_from")
    assert [m.state for m in rows] == [MeasuresState.PUBLISHED, MeasuresState.PUBLISHED, MeasuresState.DRAFT]
    assert all(m.is_example for m in rows)
    old, now, _draft = rows
    assert old.valid_to == now.valid_from
    assert old.published_by != old.prepared_by
    assert now.published_by != now.prepared_by
    assert now.collective_threshold == Decimal("50000.00")
    assert set(now.limits.values_list("origin", "role", "above", "up_to")) == {
        (1, "executive_principal", Decimal(0), Decimal(10000)),
        (1, "group_president", Decimal(10000), Decimal(50000)),
        (1, "bureau_leader", Decimal(50000), None),
        (2, "group_president", Decimal(0), Decimal(50000)),
        (2, "bureau_leader", Decimal(50000), None),
    }


def test_three_years_of_budgets_of_300_000_to_a_million_yuan():
    funds = GroupFund.objects.exclude(state="draft").annotate(total=Sum("lines__approved"))
    assert Counter(f.fiscal_year for f in funds) == {2024: 5, 2025: 5, 2026: 5}
    assert all(300_000 <= f.total <= 1_070_000 for f in funds), [(str(f), f.total) for f in funds]
    assert {(f.fiscal_year, f.state) for f in funds} == {
        (2024, "frozen"),
        (2025, "frozen"),
        (2026, "allocated"),
    }
    kinds = set(BudgetMove.objects.values_list("kind", flat=True))
    assert kinds == {"grant", "cut", "reserve", "release", "spend"}


def test_totals_of_lines_are_the_sums_of_their_moves():
    lines = BudgetLine.objects.annotate(
        a=Sum("moves__approved_delta"), r=Sum("moves__reserved_delta"), s=Sum("moves__spent_delta")
    )
    assert not lines.exclude(a=F("approved"), r=F("reserved"), s=F("spent")).exists()
    used = lines.aggregate(spent=Sum("spent"), approved=Sum("approved"))
    assert used["spent"] > used["approved"] * Decimal("0.4")


# Requests


def test_about_four_hundred_and_fifty_requests_in_every_state():
    rows = FundRequest.objects.all()
    states = Counter(rows.values_list("state", flat=True))
    assert 430 <= rows.count() <= 470
    assert set(states) == set(RequestState.values)
    assert Counter(rows.values_list("fund__fiscal_year", flat=True)).keys() == {2024, 2025, 2026}
    assert states[RequestState.PAID] > rows.count() / 2


def test_steps_of_every_role_wait_for_somebody():
    waiting = RequestStep.objects.open()
    assert set(waiting.values_list("role", flat=True)) == {
        *("executive_principal", "group_finance", "group_president"),
        *("district", "bureau_finance", "bureau_leader"),
    }
    for name in ("principal", "president", "gfinance", "district", "finance1", "leader"):
        assert RequestStep.objects.waiting_for(User.objects.get(username=name)).exists(), name
    assert FundRequest.objects.payable_by(User.objects.get(username="cashier")).exists()
    assert FundRequest.objects.returned_to(User.objects.get(username="clerk")).exists()


def test_what_is_pending_is_recent_and_last_years_requests_are_at_an_end():
    pending = FundRequest.objects.filter(state=RequestState.PENDING)
    assert all((TODAY - r.submitted_at.date()).days <= 21 for r in pending)
    open_states = (RequestState.PENDING, RequestState.APPROVED, RequestState.PAYING)
    assert not FundRequest.objects.filter(fund__fiscal_year__lt=2026, state__in=open_states).exists()


def test_a_vacant_post_lifts_its_step_to_the_bureau():
    lifted = RequestStep.objects.filter(reason="vacant")
    assert lifted.exists()
    assert all(step.bureau_id for step in lifted)


BEFORE, ABOVE = (
    "executive_principal:consent group_finance:check",
    "bureau_finance:review bureau_leader:approve",
)
ROUTES = {
    "教研用书": "executive_principal:approve",
    "班主任培训场地资料": "executive_principal:approve",
    "班主任培训场地资料（第二期）": f"{BEFORE} group_president:approve",
    "集团教学工作会议（三类）": f"{BEFORE} group_president:approve",
    "专家讲课": "group_president:approve executive_principal:confirm",
    "集团教科研联合活动": "group_president:approve executive_principal:confirm",
    "集团教学节": f"group_president:consent {ABOVE} executive_principal:confirm",
    "学科教科研基地建设": f"{BEFORE} group_president:consent district:review {ABOVE}",
    "赴上海观摩差旅": "group_president:approve",
}


@pytest.mark.parametrize("title", ROUTES)
def test_a_worked_request_takes_its_route(title):
    row = FundRequest.objects.get(title=title, fund__fiscal_year=2026, fund__group__code="TS")
    steps = row.versions.get(number=row.current).steps.order_by("seq", "id")
    assert " ".join(f"{s.role}:{s.act}" for s in steps) == ROUTES[title]


def test_large_worked_requests_need_and_have_minutes():
    minutes = {"集团教科研联合活动": True, "集团教学节": False, "学科教科研基地建设": False}
    for title, recorded in minutes.items():
        row = FundRequest.objects.get(title=title)
        assert row.versions.get().needs_minutes, title
        assert row.minutes.exists() == recorded, title


def test_the_third_of_a_split_purchase_climbs_to_the_president():
    rows = FundRequest.objects.filter(title="习题册印制", amount=4000).order_by("submitted_at")
    roles = [r.versions.get().steps.get(act="approve").role for r in rows]
    assert roles == ["executive_principal", "executive_principal", "group_president"]
    assert [r.versions.get().band_amount for r in rows] == [4000, 8000, 12000]


def test_what_serves_the_president_is_decided_by_the_bureau():
    row = FundRequest.objects.get(title="总校长高级研修班")
    steps = row.versions.get().steps.order_by("seq", "id")
    assert row.beneficiary.username == "president"
    assert [s.role for s in steps if s.act != "confirm"][-2:] == ["bureau_finance", "bureau_leader"]
    assert "group_president" not in {s.role for s in steps}


def test_everything_happened_in_office_hours_in_the_order_of_time():
    """The trail reads like a diary: no event stands before an earlier one, none after the last day."""
    moments = list(AuditEvent.objects.order_by("id").values_list("at", flat=True))
    assert moments == sorted(moments)
    local = [m.astimezone(clock.SHANGHAI) for m in moments]
    assert max(local).date() <= TODAY
    asked = FundRequest.objects.values_list("created_at", "submitted_at")
    shown = [m.astimezone(clock.SHANGHAI) for pair in asked for m in pair if m]
    assert [when for when in shown if when.weekday() >= 5 or not 8 <= when.hour < 18] == []


def test_words_are_filled_in_and_old_notices_are_read():
    assert not FundRequest.objects.filter(Q(title__contains="{") | Q(purpose__contains="{")).exists()
    old = Notification.objects.filter(at__date__lt="2026-11-16")
    assert not old.filter(read_at__isnull=True).exists()
    assert Notification.objects.filter(read_at__isnull=True).exists()
