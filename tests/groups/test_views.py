"""The pages of the register: who sees and does what, vacancies, refusals with their clause, filters, fragments."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.forms.models import model_to_dict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groups import actions
from groups.choices import GroupStatus, MembershipRole, Seat
from groups.models import EducationGroup, Membership, School, SchoolAffiliation
from kunshan_edu.core import access, clock
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import AuditEvent
from personnel.choices import Post
from tests.world import appoint, credit_code, end

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
DOCUMENT = "昆教〔2026〕12号"
OFFICIALS = ("president", "principal_a", "clerk_a", "leader", "basic", "personnel", "district_officer")
EVERYBODY = (*OFFICIALS, "teacher", "parent", "admin")


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


def pages(world: Any) -> list[str]:
    return [
        reverse("groups:group_list"),
        reverse("groups:school_list"),
        reverse("groups:district_list"),
        world.group.get_absolute_url(),
        world.preparing.get_absolute_url(),
        *(school.get_absolute_url() for school in world.schools.values()),
    ]


def group_verb(group: EducationGroup, verb: str) -> str:
    return reverse("groups:group_verb", args=[group.pk, verb])


def school_verb(school: School, verb: str) -> str:
    return reverse("groups:school_verb", args=[school.pk, verb])


# Reading


@pytest.mark.parametrize("who", EVERYBODY)
def test_whoever_signs_in_reads_the_register(world: Any, enter: Any, who: str) -> None:
    client = enter(who)
    for address in pages(world):
        assert client.get(address).status_code == 200, address


def test_strangers_are_sent_to_sign_in(world: Any, client: Client) -> None:
    for address in pages(world):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in/")


def test_what_is_not_there_is_404(enter: Any) -> None:
    client = enter("basic")
    for name in ("groups:group_detail", "groups:school_detail"):
        assert client.get(reverse(name, args=[999_999])).status_code == 404
    assert client.get(reverse("groups:group_verb", args=[999_999, "join"])).status_code == 404


def test_an_unknown_verb_is_404(world: Any, enter: Any) -> None:
    assert send(enter("basic"), group_verb(world.group, "abolish")).status_code == 404


@pytest.mark.parametrize("who", ["president", "basic"])
def test_pages_make_few_queries(world: Any, enter: Any, django_assert_max_num_queries: Any, who: str) -> None:
    client = enter(who)
    for address in pages(world):
        client.get(address)
        with django_assert_max_num_queries(12):
            client.get(address)


def test_more_members_make_no_more_queries(world: Any, enter: Any, django_assert_num_queries: Any) -> None:
    client = enter("president")
    addresses = [world.preparing.get_absolute_url(), reverse("groups:school_list")]
    counted = [_queries(client, address) for address in addresses]
    actions.join(
        world.preparing,
        school=world.school_d,
        valid_from=clock.today(),
        join_document=DOCUMENT,
        by=world.basic,
    )
    assert [_queries(client, address) for address in addresses] == counted


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def test_seats_are_posts_under_the_same_names() -> None:
    assert {seat.value: str(seat.label) for seat in Seat} == {
        seat.value: str(Post(seat.value).label) for seat in Seat
    }


# Vacancies


def test_a_vacant_post_is_a_red_chip(world: Any, enter: Any) -> None:
    client = enter("president")
    assert "空缺" not in text(client.get(world.group.get_absolute_url()))
    end(world, "principal_b", clock.today())
    chip = re.compile(r'<span class="st bad"><svg.{0,200}?</svg>空缺</span>')
    for address in (world.group.get_absolute_url(), world.school_b.get_absolute_url()):
        assert len(chip.findall(text(client.get(address)))) == 1, address
    assert chip.search(text(client.get(reverse("groups:school_list"))))
    assert not chip.search(text(client.get(world.school_a.get_absolute_url())))


def test_a_group_in_preparation_may_still_lack_its_heads(world: Any, enter: Any) -> None:
    shown = text(enter("president").get(world.preparing.get_absolute_url()))
    assert '<span class="st bad">' not in shown
    assert shown.count("空缺") == 2


def test_only_who_appoints_is_led_to_fill_a_vacancy(world: Any, enter: Any) -> None:
    link = f"?post=group_president&amp;container={world.preparing.pk}"
    assert link in text(enter("personnel").get(world.preparing.get_absolute_url()))
    assert link not in text(enter("basic").get(world.preparing.get_absolute_url()))


def test_the_lead_school_comes_first(world: Any, enter: Any) -> None:
    shown = text(enter("clerk_a").get(world.group.get_absolute_url()))
    assert shown.index("示例A小学") < shown.index("示例B小学") < shown.index("示例C小学")


def test_funds_are_listed_for_those_who_see_them(world: Any, enter: Any) -> None:
    link = world.fund.get_absolute_url()
    assert link in text(enter("president").get(world.group.get_absolute_url()))
    assert link not in text(enter("other_president").get(world.group.get_absolute_url()))


# Filters and fragments


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "示例B"}, {"B"}),
        ({"q": "2132000003"}, {"C"}),
        ({"level": "district"}, {"C"}),
        ({"group": "own"}, {"A", "B", "C"}),
        ({"group": "own", "level": "city"}, {"A", "B"}),
        ({"stage": "senior"}, set()),
    ],
)
def test_schools_are_narrowed(world: Any, enter: Any, query: dict[str, str], found: set[str]) -> None:
    query = {k: str(world.group.pk) if v == "own" else v for k, v in query.items()}
    answer = enter("clerk_a").get(reverse("groups:school_list"), query)
    assert {row.name[2] for row in answer.context["page"]} == found


def test_schools_of_a_district(world: Any, enter: Any) -> None:
    answer = enter("clerk_a").get(reverse("groups:school_list"), {"district": world.district.pk})
    assert [row.pk for row in answer.context["page"]] == [world.school_c.pk]
    listed = enter("clerk_a").get(reverse("groups:district_list"))
    assert {row.name: row.schools for row in listed.context["page"]}[world.district.name] == 1


def test_an_empty_list_teaches_the_clause(enter: Any) -> None:
    shown = text(enter("clerk_a").get(reverse("groups:group_list"), {"q": "没有这样的集团"}))
    assert "没有符合条件的教育集团" in shown
    assert "六、1" in shown


def test_a_fragment_is_a_part_of_the_page(enter: Any) -> None:
    client = enter("clerk_a")
    address = reverse("groups:school_list") + "?q=示例A"
    page, fragment = (
        client.get(address),
        client.get(address, headers={"HX-Request": "true", "HX-Target": "rows"}),
    )
    rows = text(fragment).strip()
    assert rows.startswith('<div id="rows">')
    assert "<html" not in rows
    assert rows in text(page)


# Changing


def test_a_group_without_president_is_not_activated(world: Any, enter: Any) -> None:
    client = enter("basic")
    answer = send(client, group_verb(world.preparing, "advance"), status="pilot")
    assert answer.status_code == 409
    assert "集团设总校长 1 名" in text(answer)
    assert Clause.C4_1_A.cite() in text(answer)
    shown = text(client.get(world.preparing.get_absolute_url()))
    assert "disabled" in shown
    assert "集团设总校长 1 名" in shown
    assert EducationGroup.objects.get(pk=world.preparing.pk).status == GroupStatus.PREPARING


def test_a_group_without_lead_school_is_not_activated(world: Any, enter: Any) -> None:
    appoint(world, "teacher", Post.GROUP_PRESIDENT, world.preparing)
    answer = send(enter("basic"), group_verb(world.preparing, "advance"), status="pilot")
    assert answer.status_code == 409
    assert "须有一所牵头学校" in text(answer)
    assert Clause.C3_2_A.cite() in text(answer)


def test_with_both_it_is(world: Any, enter: Any) -> None:
    appoint(world, "teacher", Post.GROUP_PRESIDENT, world.preparing)
    client = enter("basic")
    joined = send(
        client,
        group_verb(world.preparing, "join"),
        school=world.school_d.pk,
        role="lead",
        valid_from=clock.today().isoformat(),
        join_document=DOCUMENT,
    )
    assert joined.status_code == 303
    answer = send(client, group_verb(world.preparing, "advance"), status="pilot")
    assert (answer.status_code, answer["Location"]) == (303, world.preparing.get_absolute_url())
    assert EducationGroup.objects.get(pk=world.preparing.pk).status == GroupStatus.PILOT


def test_a_status_that_does_not_follow_is_not_offered(world: Any, enter: Any) -> None:
    answer = send(enter("basic"), group_verb(world.group, "advance"), status="pilot")
    assert answer.status_code == 409
    assert "不能从现状态转入所选状态" in text(answer)
    assert EducationGroup.objects.get(pk=world.group.pk).status == GroupStatus.RUNNING
    offered = enter("basic").get(group_verb(world.group, "advance")).context["form"].fields["status"].choices
    assert [value for value, _label in offered] == ["extended"]


@pytest.mark.parametrize("who", ["president", "principal_b", "clerk_a", "finance_1", "admin"])
def test_a_school_s_feature_is_its_own(world: Any, enter: Any, who: str) -> None:
    client, address = enter(who), school_verb(world.school_a, "edit-profile")
    assert client.get(address).status_code == 403
    answer = send(client, address, feature="他人代写")
    assert answer.status_code == 403
    assert "由本校编辑" in text(answer)
    assert Clause.C3_3_A.cite() in text(answer)
    assert School.objects.get(pk=world.school_a.pk).feature == ""


def test_the_school_itself_edits_it(world: Any, enter: Any) -> None:
    answer = send(enter("principal_a"), school_verb(world.school_a, "edit-profile"), feature=" 昆曲进课堂 ")
    assert (answer.status_code, answer["Location"]) == (303, world.school_a.get_absolute_url())
    assert School.objects.get(pk=world.school_a.pk).feature == "昆曲进课堂"
    event = AuditEvent.objects.of(world.school_a).first()
    assert (event.verb, event.clause_id) == ("groups.edit_profile", Clause.C3_3_A.id)
    assert "昆曲进课堂" in text(enter("president").get(world.school_a.get_absolute_url()))


def test_joining_changes_no_column_of_the_school(world: Any, enter: Any) -> None:
    before = model_to_dict(School.objects.get(pk=world.school_d.pk))
    affiliated = list(world.school_d.affiliations.values())
    typed = {
        "school": world.school_d.pk,
        "role": "member",
        "valid_from": clock.today().isoformat(),
        "join_document": DOCUMENT,
        "idem": str(uuid.uuid4()),
    }
    client = enter("basic")
    for _click in range(2):
        answer = client.post(group_verb(world.group, "join"), typed)
        assert (answer.status_code, answer["Location"]) == (303, world.group.get_absolute_url())
    assert Membership.objects.filter(school=world.school_d).count() == 1
    assert model_to_dict(School.objects.get(pk=world.school_d.pk)) == before
    assert list(world.school_d.affiliations.values()) == affiliated


def test_a_member_elsewhere_cannot_join(world: Any, enter: Any) -> None:
    offered = (
        enter("basic").get(group_verb(world.preparing, "join")).context["form"].fields["school"].queryset
    )
    assert set(offered) == {world.school_d}
    answer = send(
        enter("basic"),
        group_verb(world.preparing, "join"),
        school=world.school_a.pk,
        role="member",
        valid_from=clock.today().isoformat(),
        join_document=DOCUMENT,
    )
    assert answer.status_code == 409
    assert "同一时间只能加入一个教育集团" in text(answer)
    assert f'value="{world.school_a.pk}" selected' in text(answer)
    assert Membership.objects.filter(school=world.school_a).count() == 1


def test_the_last_day_of_a_membership_is_inclusive(world: Any, enter: Any) -> None:
    row = Membership.objects.get(school=world.school_b)
    address = reverse("groups:membership_verb", args=[row.pk, "leave"])
    last = clock.today() + dt.timedelta(days=3)
    answer = send(enter("basic"), address, valid_to=last.isoformat(), leave_document=DOCUMENT)
    assert (answer.status_code, answer["Location"]) == (303, world.group.get_absolute_url())
    row.refresh_from_db()
    assert row.valid_to == last + dt.timedelta(days=1)
    assert Membership.objects.in_force(last).filter(pk=row.pk).exists()
    assert not Membership.objects.in_force(last + dt.timedelta(days=1)).filter(pk=row.pk).exists()
    shown = text(enter("clerk_b").get(world.school_b.get_absolute_url()))
    assert f"至{last.year}年{last.month}月{last.day}日" in shown
    assert f"至{row.valid_to.year}年{row.valid_to.month}月{row.valid_to.day}日" not in shown


def test_the_lead_school_of_an_active_group_does_not_leave(world: Any, enter: Any) -> None:
    row = Membership.objects.get(school=world.school_a)
    yesterday = clock.today() - dt.timedelta(days=1)
    address = reverse("groups:membership_verb", args=[row.pk, "leave"])
    answer = send(enter("basic"), address, valid_to=yesterday.isoformat(), leave_document=DOCUMENT)
    assert answer.status_code == 409
    assert "每天都须有一所牵头学校" in text(answer)
    row.refresh_from_db()
    assert row.valid_to is None


@pytest.mark.parametrize("who", ["president", "personnel", "leader"])
def test_only_registrars_move_schools(world: Any, enter: Any, who: str) -> None:
    may = access.rights_of(world.users[who]).anywhere("manage_register", type(world.bureau))
    answer = send(
        enter(who),
        group_verb(world.group, "join"),
        school=world.school_d.pk,
        role=MembershipRole.MEMBER,
        valid_from=clock.today().isoformat(),
        join_document=DOCUMENT,
    )
    assert answer.status_code == (303 if may else 403)
    assert Membership.objects.filter(school=world.school_d).exists() is may


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("昆教(2026)12号", "六角括号"),
        ("昆教〔2026〕第12号", "不加“第”"),
        ("", "请填写加入文件"),
        ("随便", "文号由机关代字"),
    ],
)
def test_document_numbers_are_checked_beside_the_field(
    world: Any, enter: Any, typed: str, sentence: str
) -> None:
    answer = send(
        enter("basic"),
        group_verb(world.group, "join"),
        school=world.school_d.pk,
        role="member",
        valid_from="2026-09-01",
        join_document=typed,
    )
    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors["join_document"][0]
    assert 'value="2026-09-01"' in text(answer)
    assert f'value="{world.school_d.pk}" selected' in text(answer)


def test_an_affiliation_ends_the_day_the_next_begins(world: Any, enter: Any) -> None:
    first = clock.today() + dt.timedelta(days=10)
    typed = {"document": DOCUMENT, "valid_from": first.isoformat()}
    address = school_verb(world.school_a, "change-affiliation")
    client = enter("personnel")
    refused = send(client, address, level="district", **typed)
    assert refused.status_code == 422
    assert "请选择区镇" in text(refused)
    assert send(client, address, level="city", district=world.district.pk, **typed).status_code == 422
    answer = send(client, address, level="district", district=world.district.pk, **typed)
    assert (answer.status_code, answer["Location"]) == (303, world.school_a.get_absolute_url())
    old, new = SchoolAffiliation.objects.filter(school=world.school_a).order_by("valid_from")
    assert (old.level, old.valid_to, new.district, new.valid_from) == (
        "city",
        first,
        world.district,
        first,
    )


# New schools and groups


def school_facts(**other: Any) -> dict[str, Any]:
    return {
        "name": "示例新小学",
        "short_name": "示例新小",
        "identifier": "2132000099",
        "credit_code": credit_code(99),
        "stage": "primary",
        "ownership": "public",
        "legal_person_type": "public_institution",
        "opened_on": "2020-09-01",
        "level": "city",
        "document": DOCUMENT,
        **other,
    }


def test_a_school_is_registered(world: Any, enter: Any) -> None:
    answer = send(enter("personnel"), reverse("groups:school_new"), **school_facts())
    school = School.objects.get(identifier="2132000099")
    assert (answer.status_code, answer["Location"]) == (303, school.get_absolute_url())
    row = school.affiliations.get()
    assert (row.level, row.valid_from, row.valid_to) == ("city", dt.date(2020, 9, 1), None)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("credit_code", "12320583MB00000990", "校验码不符"),
        ("credit_code", "12320583MB", "应为 18 位"),
        ("identifier", "21320", "应为 10 位数字"),
        ("name", "示例A小学", "已有同名的学校"),
        ("identifier", "2132000001", "已登记在另一所学校名下"),
        ("opened_on", "去年", "请按年-月-日填写"),
        ("document", "昆编2010", "文号由机关代字"),
    ],
)
def test_a_wrong_school_is_refused_beside_the_field(
    world: Any, enter: Any, field: str, typed: str, sentence: str
) -> None:
    count = School.objects.count()
    facts = school_facts(**{field: typed})
    answer = send(enter("personnel"), reverse("groups:school_new"), **facts)
    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors[field][0]
    assert 'value="示例新小"' in text(answer)
    assert School.objects.count() == count


def test_a_group_is_founded_in_preparation(world: Any, enter: Any) -> None:
    facts = {
        "name": "示例新教育集团",
        "short_name": "新集团",
        "code": "XJ",
        "model_type": "lead_and_town",
        "batch": 2,
        "founded_on": "2026-09-01",
        "founding_document": DOCUMENT,
        "decision": "专项工作组第 5 次会议",
    }
    client = enter("basic")
    answer = send(client, reverse("groups:group_new"), **facts)
    group = EducationGroup.objects.get(code="XJ")
    assert (answer.status_code, answer["Location"]) == (303, group.get_absolute_url())
    assert (group.status, group.batch) == (GroupStatus.PREPARING, 2)
    again = send(client, reverse("groups:group_new"), **facts)
    assert again.status_code == 422
    assert "已有" in text(again)


@pytest.mark.parametrize("name", ["groups:group_new", "groups:school_new"])
def test_who_may_not_register_need_not_begin_to_type(world: Any, enter: Any, name: str) -> None:
    client = enter("president")
    for answer in (client.get(reverse(name)), send(client, reverse(name), **school_facts())):
        assert answer.status_code in (403, 422)
    refused = client.get(reverse(name))
    assert refused.status_code == 403
    assert "您没有该权限" in text(refused)


def test_a_form_without_a_key_moves_nothing(world: Any, enter: Any) -> None:
    answer = enter("personnel").post(reverse("groups:school_new"), school_facts())
    assert answer.status_code == 400
    assert not School.objects.filter(identifier="2132000099").exists()
