"""Rights: every way of asking gives the same answer, dates count and rank does not."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from guardian.models import GroupObjectPermission, UserObjectPermission

from groups.choices import Authority
from groups.models import Bureau, District, EducationGroup, School
from kunshan_edu.core import access, clock, reasons
from kunshan_edu.core.changes import acting
from kunshan_edu.core.models import User
from kunshan_edu.core.templatetags.kg import say
from personnel.choices import Post
from tests.world import SINCE, appoint, end

pytestmark = pytest.mark.django_db
A_DAY = dt.timedelta(days=1)
NOW = dt.date(2026, 11, 23)
CONTAINERS = (Bureau, District, EducationGroup, School)
QUESTIONS = [(model, codename) for model in CONTAINERS for codename, _label in model._meta.permissions]


def cells(model, codename):
    """(user, container) → the answers of the five ways of asking, for everybody and every container."""
    rows, users = list(model.objects.all()), list(User.objects.all())
    held_by = {row.pk: set(access.holders(codename, row)) for row in rows}
    for user in users:
        objects = set(access.objects_for(user, codename, model))
        rights = access.rights_of(user, fresh=True)
        for row in rows:
            yield (
                user,
                row,
                {
                    "has": access.has(user, codename, row),
                    "objects_for": row in objects,
                    "holders": user in held_by[row.pk],
                    "rights_of": rights.may(codename, row),
                    "capacity": rights.capacity(codename, row) is not None,
                },
            )


@pytest.mark.parametrize(("model", "codename"), QUESTIONS, ids=lambda x: getattr(x, "__name__", x))
def test_every_way_of_asking_gives_the_same_answer(world, model, codename):
    """For every person and every container of the world; somebody may, and somebody may not."""
    if codename == Authority.VIEW_TOTALS:  # the world has no vice mayor
        appoint(world, "teacher", Post.VICE_MAYOR, world.bureau)
    found = set()
    for user, row, answers in cells(model, codename):
        assert len(set(answers.values())) == 1, (user.username, codename, str(row), answers)
        found.add(answers["has"])
    assert found == {True, False}


def explained(user, model, codename, row):
    label = f"{model._meta.app_label}.{codename}"
    return (
        access.explain(user, codename, row).allowed,
        user.has_perm(label, row),
        codename in access.InForceBackend().get_all_permissions(user, row),
        codename in user.get_all_permissions(row),
    )


@pytest.mark.parametrize(
    "who", ["president", "principal_a", "finance_1", "district_officer", "teacher", "admin"]
)
def test_django_and_the_explanation_agree_with_it(world, who):
    user = world.users[who]
    for model, codename in QUESTIONS:
        for row in model.objects.all()[:6]:
            assert set(explained(user, model, codename, row)) == {access.has(user, codename, row)}, codename


def test_every_authority_is_a_permission_of_exactly_one_container():
    assert sorted(codename for _model, codename in QUESTIONS) == sorted(Authority.values)
    assert access.containers() == sorted(CONTAINERS, key=lambda m: m._meta.label_lower)


# Dates


def held(world, day):
    """The answers of every way of asking on one day."""
    user, right, school = world.teacher, Authority.RECORD_PAYMENT, world.school_a
    with clock.at(day):
        user._rights = None
        return {
            access.has(user, right, school),
            access.has(user, right, school, day),
            user.has_perm(f"groups.{right}", school),
            access.rights_of(user).may(right, school),
            access.objects_for(user, right, School).exists(),
            user in access.holders(right, school),
            access.explain(user, right, school).allowed,
            in_the_database(user, right, school),
        }


def in_the_database(user, right, school):
    with acting("groups.test", None), connection.cursor() as cursor:
        cursor.execute("SELECT holds(%s, %s, 'school', %s)", [user.pk, right.value, school.pk])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("days", "answer"),
    [
        ((-1, None), True),
        ((0, None), True),
        ((1, None), False),
        ((-9, 0), False),
        ((-9, 1), True),
        ((0, 1), True),
    ],
    ids=["since yesterday", "since today", "from tomorrow", "ended yesterday", "ends tonight", "today only"],
)
def test_an_appointment_holds_from_its_first_day_to_the_day_before_its_end(world, days, answer):
    first, end = (NOW + n * A_DAY if n is not None else None for n in days)
    appoint(world, "teacher", Post.CASHIER, world.school_a, valid_from=first, valid_to=end)
    assert held(world, NOW) == {answer}


def test_a_right_begins_and_ends_at_midnight_in_shanghai(world):
    """No job has to run: the rows carry their dates."""
    appoint(world, "teacher", Post.CASHIER, world.school_a, valid_from=NOW, valid_to=NOW + A_DAY)
    midnight = dt.datetime.combine(NOW, dt.time(0), tzinfo=clock.SHANGHAI)
    second = dt.timedelta(seconds=1)
    answers = [
        held(world, at) for at in (midnight - second, midnight, midnight + A_DAY - second, midnight + A_DAY)
    ]
    assert answers == [{False}, {True}, {True}, {False}]


def held_at(world, moment):
    with clock.at(moment):
        return access.has(world.teacher, Authority.RECORD_PAYMENT, world.school_a)


def test_utc_is_still_the_day_before(world):
    appoint(world, "teacher", Post.CASHIER, world.school_a, valid_from=NOW)
    eve = dt.datetime.combine(NOW - A_DAY, dt.time(15, 59, 59), tzinfo=dt.UTC)
    assert not held_at(world, eve)
    assert held_at(world, eve + dt.timedelta(seconds=1))


# Rank and accounts


def test_a_superuser_holds_no_right_by_rank(world):
    admin = world.admin
    assert admin.is_superuser
    for model, codename in QUESTIONS:
        for row in model.objects.all()[:3]:
            assert set(explained(admin, model, codename, row)) == {False}, codename
            assert not access.has(admin, codename, row)
    assert access.rights_of(admin).rows == ()
    assert admin.has_perm("core.view_user")  # Django's own tables are another matter


def test_an_account_that_is_closed_holds_nothing(world):
    User.objects.filter(pk=world.president.pk).update(is_active=False)
    president = User.objects.get(pk=world.president.pk)
    for _user, _row, answers in (
        cell for cell in cells(EducationGroup, "approve_as_president") if cell[0] == president
    ):
        assert set(answers.values()) == {False}
    assert not access.explain(president, "approve_as_president", world.group).allowed
    assert not president.has_perm("groups.approve_as_president", world.group)
    assert not in_the_database_of_group(president, world.group)


def in_the_database_of_group(user, group):
    with acting("groups.test", None), connection.cursor() as cursor:
        cursor.execute("SELECT holds(%s, 'approve_as_president', 'group', %s)", [user.pk, group.pk])
        return cursor.fetchone()[0]


def test_nobody_at_all_holds_nothing(world):
    stranger = AnonymousUser()
    assert access.rights_of(stranger).rows == ()
    assert not access.has(stranger, "approve_as_president", world.group)
    assert not access.has(None, "approve_as_president", world.group)
    assert access.standing(world.president, "approve_as_president", None) is None
    assert not access.rights_of(world.president).may("approve_as_president", None)


def test_a_right_that_a_container_does_not_declare_is_a_mistake_not_a_no(world):
    with pytest.raises(LookupError, match="approve_as_president"):
        access.has(world.president, "approve_as_president", world.school_a)
    assert not world.president.has_perm("groups.approve_as_president", world.school_a)
    assert not world.president.has_perm("groups.approve_as_president", world.president)
    assert not world.president.has_perm("groups.approve_as_president")


def test_guardians_own_tables_stay_empty_and_no_group_of_accounts_confers_anything(world):
    assert not UserObjectPermission.objects.exists()
    assert not GroupObjectPermission.objects.exists()
    assert not User.objects.filter(user_permissions__isnull=False).exists()
    assert not User.objects.filter(groups__isnull=False).exists()


def test_every_row_of_a_right_names_an_appointment(world):
    models = [m for m in apps.get_models() if issubclass(m, access.Grant)]
    appointments = dict(apps.get_model("personnel", "Appointment").objects.values_list("pk", "document"))
    assert len(models) == 4
    for model in models:
        for source, document, capacity in model.objects.values_list("source_id", "document", "capacity"):
            assert appointments[source] == document
            assert capacity


# What is kept, and what is told


def test_rights_are_read_once_and_again_on_another_day_or_when_asked(world, django_assert_num_queries):
    user = world.principal_a
    with django_assert_num_queries(1):
        access.rights_of(user)
        access.rights_of(user)
    with django_assert_num_queries(1):
        access.rights_of(user, fresh=True)
    with django_assert_num_queries(1), clock.at(SINCE - A_DAY):
        assert not access.rights_of(user).may(Authority.APPROVE_AS_PRINCIPAL, world.school_a)
    access.forget_rights(user)
    with django_assert_num_queries(1):
        assert access.rights_of(user).may(Authority.APPROVE_AS_PRINCIPAL, world.school_a)


def test_what_ends_in_the_middle_of_a_request_no_longer_counts_for_the_next_action(world):
    user = world.principal_a
    assert access.rights_of(user).may(Authority.APPROVE_AS_PRINCIPAL, world.school_a)
    end(world, "principal_a", clock.today())
    with acting("finance.approve", user):
        assert not access.rights_of(user).may(Authority.APPROVE_AS_PRINCIPAL, world.school_a)


# Why, why not, and who could


def codes(told):
    return [reason.code for reason in told.reasons]


def said(told):
    return [say(reason) for reason in told.reasons]


def test_the_explanation_leads_from_the_right_to_appointment_document_and_clause(world):
    told = access.explain(world.president, Authority.APPROVE_AS_PRESIDENT, world.group)
    (grant,) = told.grants
    assert told.allowed
    assert told.permission_label == "以总校长身份审批"
    assert (grant.capacity, grant.document, grant.clause.id) == ("总校长", "昆教人〔2024〕1号", "4.2.l")
    assert grant.source_id == world.posts["president"].pk
    assert (codes(told), said(told)) == (["held"], ["以总校长身份持有，自2024年1月1日起。"])


def test_who_may_not_is_told_who_may_and_in_what_capacity(world):
    told = access.explain(world.clerk_a, Authority.APPROVE_AS_PRINCIPAL, world.school_a)
    assert not told.allowed
    assert told.grants == ()
    assert told.holders == (world.principal_a,)
    assert [(row.user, row.capacity) for row in told.holding] == [(world.principal_a, "执行校长")]
    assert (codes(told), said(told)) == (["never"], ["没有任何任职或委托在这里给予这项权限。"])
    vacant = access.explain(world.clerk_a, Authority.APPROVE_AS_PRINCIPAL, world.school_d)
    assert vacant.holders == vacant.holding == ()


def test_an_ended_right_says_its_last_day_and_the_past_is_still_answered(world):
    end(world, "principal_a", NOW)
    ask = (world.principal_a, Authority.APPROVE_AS_PRINCIPAL, world.school_a)
    assert said(access.explain(*ask, NOW)) == ["曾以执行校长身份持有，至2026年11月22日止。"]
    before = access.explain(*ask, NOW - A_DAY)
    assert (before.allowed, before.day) == (True, NOW - A_DAY)
    assert said(before) == ["以执行校长身份持有，自2024年1月1日至2026年11月22日。"]
    earlier = access.explain(*ask, SINCE - A_DAY)
    assert said(earlier) == ["将以执行校长身份持有，自2024年1月1日起。"]
    assert earlier.holders == ()


def test_a_future_right_says_its_first_day_and_is_answered_for_that_day(world):
    appoint(world, "teacher", Post.CASHIER, world.school_a, valid_from=NOW + A_DAY)
    ask = (world.teacher, Authority.RECORD_PAYMENT, world.school_a)
    assert codes(access.explain(*ask, NOW)) == ["begins"]
    told = access.explain(*ask, NOW + A_DAY)
    assert (told.allowed, world.teacher in told.holders) == (True, True)


def test_a_right_on_another_object_says_on_which(world):
    told = access.explain(world.principal_a, Authority.APPROVE_AS_PRINCIPAL, world.school_b)
    (reason,) = told.reasons
    assert (reason.code, reason.places) == ("elsewhere", (world.school_a,))
    assert say(reason) == "以执行校长身份持有，但只限于示例A小。"
    assert reason.grant.source_id == world.posts["principal_a"].pk


def test_many_other_objects_are_counted_and_some_named(world):
    told = access.explain(world.president, Authority.VIEW_SCHOOL_FINANCE, world.school_e)
    (reason,) = told.reasons
    assert set(reason.places) == {world.school_a, world.school_b, world.school_c}
    many = reasons.why_not(world.president, six(world), world.school_e, NOW)
    assert say(next(many)) == "以总校长身份持有，但只限于示例A小、示例A小、示例A小、示例A小、示例A小等 6 处。"


def six(world):
    row = access.explain(world.president, Authority.VIEW_SCHOOL_FINANCE, world.school_a).grants[0]
    row.content_object  # noqa: B018 - read while the row is whole
    for _ in range(6):
        copy = SimpleNamespace(**{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields})
        copy.content_object = row.content_object
        yield copy


def test_the_nearest_facts_come_first(world):
    """What ended here before what begins here, before what is held elsewhere."""
    row = appoint(world, "teacher", Post.CASHIER, world.school_a, valid_to=NOW - A_DAY)
    appoint(world, "teacher", Post.CASHIER, world.school_a, valid_from=NOW + A_DAY)
    appoint(world, "teacher", Post.CASHIER, world.school_b)
    told = access.explain(world.teacher, Authority.RECORD_PAYMENT, world.school_a, NOW)
    assert codes(told) == ["ended", "begins", "elsewhere"]
    assert told.reasons[0].grant.source_id == row.pk


def test_a_closed_account_is_the_first_reason(world):
    User.objects.filter(pk=world.president.pk).update(is_active=False)
    president = User.objects.get(pk=world.president.pk)
    told = access.explain(president, Authority.APPROVE_AS_PRESIDENT, world.group)
    assert (told.allowed, codes(told), told.holders) == (False, ["disabled"], ())
    assert len(told.grants) == 1  # the appointment is there all the same


def test_rank_is_no_reason_for_a_right(world):
    told = access.explain(world.admin, Authority.APPROVE_AS_PRESIDENT, world.group)
    assert (told.allowed, codes(told)) == (False, ["never", "rank"])
    assert not access.explain(AnonymousUser(), Authority.APPROVE_AS_PRESIDENT, world.group).allowed


@pytest.mark.parametrize("day", [SINCE - A_DAY, SINCE, NOW, NOW + 400 * A_DAY])
def test_the_explanation_never_says_other_than_the_rule(world, day):
    """For everybody, on every kind of container: yes with a chain, no with a reason, and who could is who may."""
    for model, right in (
        (EducationGroup, "approve_as_president"),
        (School, "approve_as_principal"),
        (Bureau, "manage_register"),
    ):
        for row in model.objects.all():
            for user in User.objects.all():
                told = access.explain(user, right, row, day)
                assert told.allowed == access.has(user, right, row, day)
                assert bool(told.grants) == told.allowed
                assert told.reasons
            assert set(told.holders) == set(access.holders(right, row, day))


def test_every_row_of_a_person_is_found_on_every_container(world):
    rows = access.rows_of(world.president, world.leader)
    models = {type(row.content_object) for row in rows}
    assert models == {Bureau, EducationGroup, School}
    in_force = {(r.permission.codename, r.content_object_id) for r in rows if r.user_id == world.leader.pk}
    assert in_force == {(r.permission, r.object_id) for r in access.rights_of(world.leader).rows}
