"""The pages of personnel: people, appointments in two steps, inclusive last days, the rights that follow at once."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from groups.choices import Authority
from kunshan_edu.core import access, clock, jobs
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import AuditEvent, Job, User
from personnel.choices import SCOPE_OF, Post
from personnel.grants import RIGHTS
from personnel.models import Appointment, Person
from tests.world import PASSWORD, SINCE, end

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
DOCUMENT = "昆教人〔2026〕9号"
A_DAY = dt.timedelta(days=1)


@pytest.fixture
def enter(world: Any, client: Client) -> Any:
    """Sign in as somebody of the world."""

    def _enter(who: str) -> Client:
        client.force_login(world.users[who], backend=BACKEND)
        return client

    return _enter


def send(client: Client, address: str, **typed: Any) -> Any:
    return client.post(address, {"idem": str(uuid.uuid4()), **typed})


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def person(world: Any, who: str) -> Person:
    return Person.objects.get(user=world.users[who])


def end_address(row: Appointment) -> str:
    return reverse("personnel:appointment_verb", args=[row.pk, "end"])


NEW = "/appointments/new/"


# Reading


@pytest.mark.parametrize("who", ["president", "clerk_a", "personnel", "leader", "teacher", "parent", "admin"])
def test_whoever_signs_in_reads_who_holds_what(
    world: Any, enter: Any, django_assert_max_num_queries: Any, who: str
) -> None:
    client = enter(who)
    post = world.posts["president"]
    for address in (
        reverse("personnel:person_list"),
        reverse("personnel:appointment_list"),
        post.get_absolute_url(),
        post.person.get_absolute_url(),
    ):
        client.get(address)
        with django_assert_max_num_queries(14):
            assert client.get(address).status_code == 200, address


def test_strangers_are_sent_to_sign_in(world: Any, client: Client) -> None:
    for name in ("person_list", "person_new", "appointment_list", "appointment_new"):
        answer = client.get(reverse(f"personnel:{name}"))
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in/")


def test_an_appointment_shows_the_rights_it_confers_with_their_clauses(world: Any, enter: Any) -> None:
    answer = enter("teacher").get(world.posts["president"].get_absolute_url())
    held = {(label, str(grant.content_object), grant.clause_id) for label, grant in answer.context["held"]}
    conferred = RIGHTS[Post.GROUP_PRESIDENT]
    places = {False: ["示例集团"], True: [f"示例{key}小" for key in "ABC"]}
    assert held == {
        (each.authority.label, place, each.clause.id)
        for each in conferred
        for place in places[each.on_members]
    }
    assert Clause.C4_2_L.cite() in text(answer)


def test_an_ended_appointment_confers_nothing(world: Any, enter: Any) -> None:
    row = end(world, "president", clock.today() + A_DAY)
    with clock.at(clock.today() + A_DAY):
        answer = enter("teacher").get(row.get_absolute_url())
    assert answer.context["held"] == []
    assert "不在任职期间内" in text(answer)


def test_a_person_s_page_tells_every_post(world: Any, enter: Any) -> None:
    shown = text(enter("teacher").get(person(world, "principal_a").get_absolute_url()))
    assert "示例A小 执行校长" in shown  # on the ribbon
    assert '<td class="nowrap" data-label="任职单位">示例A小</td>' in shown
    assert "没有任职就没有任何办理权限" in text(
        enter("teacher").get(person(world, "teacher").get_absolute_url())
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"post": "group_president"}, {"president", "other_president"}),
        ({"post": "group_president", "group": "own"}, {"president"}),
        ({"school": "b"}, {"principal_b", "clerk_b", "cashier_b"}),
        ({"q": "deputy"}, {"deputy"}),
        ({"q": "没有这个人"}, set()),
        ({"on": "2023-12-31"}, set()),
    ],
)
def test_appointments_are_narrowed(world: Any, enter: Any, query: dict[str, str], found: set[str]) -> None:
    keys = {"own": world.group.pk, "b": world.school_b.pk}
    query = {name: str(keys.get(value, value)) for name, value in query.items()}
    answer = enter("clerk_a").get(reverse("personnel:appointment_list"), query)
    assert {row.person.name for row in answer.context["page"]} == {f"示例{name}" for name in found}


def test_in_office_on_a_day_counts_the_last_day_and_not_the_next(world: Any, enter: Any) -> None:
    last = clock.today() + dt.timedelta(days=5)
    end(world, "principal_b", last + A_DAY)

    def holders(on: dt.date) -> set[str]:
        query = {"on": on.isoformat(), "post": "executive_principal", "school": world.school_b.pk}
        page = enter("clerk_a").get(reverse("personnel:appointment_list"), query).context["page"]
        return {row.person.name for row in page}

    assert holders(SINCE) == holders(last) == {"示例principal_b"}
    assert holders(SINCE - A_DAY) == holders(last + A_DAY) == set()


def test_a_wrong_date_narrows_nothing_and_says_so(enter: Any) -> None:
    answer = enter("clerk_a").get(reverse("personnel:appointment_list"), {"on": "昨天"})
    assert "看不懂这个日期" in text(answer)
    assert answer.context["page"].paginator.count == Appointment.objects.in_force().count()


def test_people_are_narrowed(world: Any, enter: Any) -> None:
    page = enter("clerk_a").get(reverse("personnel:person_list"), {"post": "clerk"}).context["page"]
    assert {row.name for row in page} == {f"示例clerk_{key}" for key in "abce"}
    found = {
        "personnel": ["示例teacher"],
        "teacher": ["示例teacher"],
        "clerk_a": [],
    }  # without a post: not public
    for who, names in found.items():
        page = enter(who).get(reverse("personnel:person_list"), {"q": "teach"}).context["page"]
        assert [row.name for row in page] == names, who


# Appointing


def test_first_the_post_then_what_it_is_held_in(world: Any, enter: Any) -> None:
    client = enter("personnel")
    first = text(client.get(NEW, {"person": person(world, "teacher").pk}))
    assert 'value="group_president"' in first
    assert f'name="person" value="{person(world, "teacher").pk}"' in first
    for post in Post:
        form = client.get(NEW, {"post": post.value}).context["form"]
        kind = form.fields["container"].queryset.model._meta.model_name
        expected = {
            "group": "educationgroup",
            "school": "school",
            "district": "district",
            "bureau": "bureau",
        }
        assert kind == expected[SCOPE_OF[post].value]
        assert ("legal_representative_on" in form.fields) is (post == Post.EXECUTIVE_PRINCIPAL)
        assert ("secretary_on" in form.fields) is (post in (Post.EXECUTIVE_PRINCIPAL, Post.GROUP_PRESIDENT))


def facts(world: Any, who: str, post: Post, container: Any, **other: Any) -> dict[str, Any]:
    return {
        "person": person(world, who).pk,
        "post": post.value,
        "container": container.pk,
        "method": "appointed" if post == Post.GROUP_PRESIDENT else "assigned",
        "document": DOCUMENT,
        "valid_from": clock.today().isoformat(),
        **other,
    }


def test_an_appointment_gives_its_rights_when_it_is_confirmed(world: Any, enter: Any) -> None:
    teacher = world.users["teacher"]
    assert not access.has(teacher, Authority.DRAFT_SCHOOL_REQUEST, world.school_d)
    typed = facts(world, "teacher", Post.EXECUTIVE_PRINCIPAL, world.school_d, term_end="2030-08-31")
    typed |= {"secretary_on": clock.today().isoformat(), "idem": str(uuid.uuid4())}
    client = enter("personnel")
    answers = [client.post(f"{NEW}?post=executive_principal", typed) for _click in range(2)]
    row = Appointment.objects.get(school=world.school_d)
    assert [(a.status_code, a["Location"]) for a in answers] == [(303, row.get_absolute_url())] * 2
    assert (row.term_end, row.secretary_on, row.valid_to) == (dt.date(2030, 8, 31), clock.today(), None)
    assert not access.has(teacher, Authority.DRAFT_SCHOOL_REQUEST, world.school_d)
    confirmed = send(enter("leader"), reverse("personnel:appointment_verb", args=[row.pk, "confirm"]))
    assert (confirmed.status_code, confirmed["Location"]) == (303, row.get_absolute_url())
    assert access.has(teacher, Authority.DRAFT_SCHOOL_REQUEST, world.school_d)
    assert access.has(teacher, Authority.APPROVE_AS_PRINCIPAL, world.school_d)


def test_a_typed_last_day_is_the_last_day_in_office(world: Any, enter: Any) -> None:
    last = clock.today() + A_DAY
    typed = facts(world, "teacher", Post.CLERK, world.school_d, valid_to=last.isoformat())
    assert send(enter("personnel"), NEW, **typed).status_code == 303
    assert Appointment.objects.get(school=world.school_d).valid_to == last + A_DAY
    teacher = world.users["teacher"]
    assert access.has(teacher, Authority.DRAFT_SCHOOL_REQUEST, world.school_d, on=last)
    assert not access.has(teacher, Authority.DRAFT_SCHOOL_REQUEST, world.school_d, on=last + A_DAY)


def test_there_is_one_president(world: Any, enter: Any) -> None:
    typed = facts(world, "teacher", Post.GROUP_PRESIDENT, world.group)
    answer = send(enter("personnel"), NEW, **typed)
    assert answer.status_code == 409
    assert "集团设总校长 1 名：示例president自2024年1月1日起在任，请先办理其免职。" in text(answer)
    assert list(answer.context["form"].errors) == ["valid_from"]
    assert Clause.C4_1_A.cite() in text(answer)
    assert f'value="{DOCUMENT}"' in text(answer)
    assert not Appointment.objects.filter(person=person(world, "teacher")).exists()


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("document", "昆教人2026-9", "文号由机关代字"),
        ("method", "assigned", ""),
        ("person", "", "请填写人员；只有竞聘在确定人选之前可以不填。"),
        ("person", "没有这个人", "没有找到这个人"),
        ("container", "", "请选择任职单位。"),
        ("valid_from", "", "请填写任职日期。"),
        ("valid_to", "2020-01-01", "最后在任日不能早于任职日期。"),
        ("term_end", "2020-01-01", "聘期届满日不能早于任职日期。"),
    ],
)
def test_a_wrong_appointment_is_refused_beside_the_field(
    world: Any, enter: Any, field: str, typed: str, sentence: str
) -> None:
    facts_typed = {**facts(world, "teacher", Post.GROUP_PRESIDENT, world.preparing), field: typed}
    answer = send(enter("personnel"), NEW, **facts_typed)
    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors[field][0]
    assert not Appointment.objects.filter(group=world.preparing).exists()


@pytest.mark.parametrize("who", ["president", "leader", "basic", "clerk_a", "teacher", "admin"])
def test_only_the_personnel_section_appoints_and_ends(world: Any, enter: Any, who: str) -> None:
    client, row = enter(who), world.posts["clerk_b"]
    typed = facts(world, "teacher", Post.CLERK, world.school_d)
    for name in ("person_new", "appointment_new"):
        refused = client.get(reverse(f"personnel:{name}"))
        assert refused.status_code == 403
        assert "任免由市教育局人事科办理" in text(refused)
    assert send(client, NEW, **typed).status_code == 403
    assert send(client, reverse("personnel:person_new"), name="示例某人").status_code == 403
    ended = send(client, end_address(row), valid_to=clock.today().isoformat(), document=DOCUMENT)
    assert ended.status_code == 403
    assert Clause.C6_3_A.cite() in text(ended)
    assert not Appointment.objects.filter(school=world.school_d).exists()
    assert Appointment.objects.get(pk=row.pk).valid_to is None


# Ending


def test_the_last_day_in_office_is_inclusive(world: Any, enter: Any) -> None:
    row, today = world.posts["principal_b"], clock.today()
    answer = send(enter("personnel"), end_address(row), valid_to=today.isoformat(), document=DOCUMENT)
    assert (answer.status_code, answer["Location"]) == (303, row.get_absolute_url())
    row.refresh_from_db()
    assert (row.valid_to, row.ending_on, row.end_document) == (None, today + A_DAY, DOCUMENT)
    assert "待审定" in text(enter("teacher").get(row.get_absolute_url()))
    send(enter("leader"), reverse("personnel:appointment_verb", args=[row.pk, "confirm-end"]))
    row.refresh_from_db()
    assert (row.valid_to, row.ending_on, row.end_document) == (today + A_DAY, None, DOCUMENT)
    user, right = world.users["principal_b"], Authority.APPROVE_AS_PRINCIPAL
    assert access.has(user, right, world.school_b)
    with clock.at(today + A_DAY):
        assert not access.has(user, right, world.school_b)
    shown = text(enter("teacher").get(row.get_absolute_url()))
    assert f"最后在任日</dt><dd>{today.year}年{today.month}月{today.day}日" in shown
    event = AuditEvent.objects.of(row).first()
    assert event.verb == "personnel.confirm_end"
    assert event.difference["valid_to"] == [None, (today + A_DAY).isoformat()]


def test_an_appointment_does_not_end_before_it_began(world: Any, enter: Any) -> None:
    row = world.posts["principal_b"]
    before = row.valid_from - 2 * A_DAY
    answer = send(enter("personnel"), end_address(row), valid_to=before.isoformat(), document=DOCUMENT)
    assert answer.status_code == 422
    assert answer.context["form"].errors["valid_to"] == ["免职日期不能早于任职日期。"]
    assert Appointment.objects.get(pk=row.pk).valid_to is None


def test_what_has_ended_is_not_ended_again(world: Any, enter: Any) -> None:
    row, yesterday = world.posts["clerk_b"], clock.today() - A_DAY
    client = enter("personnel")
    assert (
        send(client, end_address(row), valid_to=yesterday.isoformat(), document=DOCUMENT).status_code == 303
    )
    again = send(client, end_address(row), valid_to=clock.today().isoformat(), document=DOCUMENT)
    assert again.status_code == 409
    assert "该任职已经结束" in text(again)
    assert "disabled" in text(client.get(row.get_absolute_url()))


# People and accounts


def test_a_person_with_an_account_signs_in_and_may_do_nothing_yet(world: Any, enter: Any) -> None:
    typed = {"name": "示例新人", "username": "newcomer", "password": "lantern-river-42"}
    answer = send(enter("personnel"), reverse("personnel:person_new"), **typed)
    row = Person.objects.get(name="示例新人")
    assert (answer.status_code, answer["Location"]) == (303, row.get_absolute_url())
    assert row.user.name == "示例新人"
    newcomer = Client()
    assert newcomer.post("/sign-in/", typed).status_code == 302
    assert "您目前没有任职" in text(newcomer.get("/"))
    assert access.rights_of(row.user).rows == ()


def test_a_person_without_an_account(enter: Any) -> None:
    assert send(enter("personnel"), reverse("personnel:person_new"), name="示例无号").status_code == 303
    assert Person.objects.get(name="示例无号").user is None


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", {"name": ""}, "请填写姓名。"),
        ("password", {"username": "newcomer"}, "请填写初始密码。"),
        ("username", {"password": "lantern-river-42"}, "请填写用户名，或清空初始密码。"),
        (
            "password",
            {"username": "newcomer", "password": "1234567890"},
            "这个密码太常见，容易被猜到，请换一个。",
        ),
        ("password", {"username": "newcomer", "password": "q7#rT"}, "密码至少 8 位。"),
        (
            "password",
            {"username": "newcomer", "password": "newcomer1"},
            "密码与姓名或用户名太接近，请换一个。",
        ),
        ("username", {"username": "clerk_a", "password": "lantern-river-42"}, "该用户名已被使用，请换一个。"),
    ],
)
def test_a_wrong_account_is_refused_beside_the_field(
    enter: Any, field: str, typed: dict[str, str], sentence: str
) -> None:
    people, users = Person.objects.count(), User.objects.count()
    answer = send(enter("personnel"), reverse("personnel:person_new"), **{"name": "示例新人", **typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {field: [sentence]}
    assert (Person.objects.count(), User.objects.count()) == (people, users)
    assert "password" not in typed or typed["password"] not in answer.content.decode()


# Setting the rights right


def test_rights_are_checked_again_by_a_job(
    world: Any, enter: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[int] = []
    monkeypatch.setattr(jobs, "send", lambda row: sent.append(row.pk))
    client = enter("personnel")
    assert "重新核对权限" in text(client.get(reverse("personnel:appointment_list")))
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(client, reverse("personnel:rederive"))
    row = Job.objects.get(name="personnel.rederive")
    assert (answer.status_code, answer["Location"], sent) == (303, row.get_absolute_url(), [row.pk])
    assert "重新核对权限" in text(client.get(row.get_absolute_url()))
    jobs.run(row.pk)
    row.refresh_from_db()
    assert (row.state, row.done) == ("done", Appointment.objects.count())
    assert "权限已按现有任职重新核对" in text(client.get(row.get_absolute_url()))
    assert PASSWORD not in str(row.arguments)


@pytest.mark.parametrize("who", ["president", "leader", "teacher", "admin"])
def test_others_start_no_such_job(enter: Any, who: str) -> None:
    client = enter(who)
    assert "重新核对权限" not in text(client.get(reverse("personnel:appointment_list")))
    assert send(client, reverse("personnel:rederive")).status_code == 403
    assert not Job.objects.exists()


def test_it_is_not_started_by_opening_an_address(enter: Any) -> None:
    assert enter("personnel").get(reverse("personnel:rederive")).status_code == 405
