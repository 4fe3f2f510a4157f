"""Rotations: the way from the proposal to the file, who waits for whom, the calendar, and the 编制 that never moves."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from groups.models import School
from kunshan_edu.core import clock
from kunshan_edu.core.denials import Denied
from kunshan_edu.core.models import AuditEvent, Notification
from personnel import actions as personnel
from personnel.actions import rotation as actions
from personnel.models import Rotation, Staff
from tests.api_client import Api, errors, refusal, rows
from tests.personnel.staffing import (
    AFTER,
    DOCUMENT,
    FILED,
    FIRST,
    WAY,
    YEAR,
    filed,
    on_staff,
    proposed,
    taken,
)
from tests.world import fresh

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
A_DAY = dt.timedelta(days=1)
NEW, CALENDAR = "/rotations/new/", "/rotations/calendar/"


@pytest.fixture
def enter(world: Any, client: Client) -> Any:
    """Sign in as somebody of the world."""

    def _enter(who: str) -> Client:
        client.force_login(world.users[who], backend=BACKEND)
        return client

    return _enter


@pytest.fixture
def teacher(world: Any) -> Staff:
    return on_staff(world, world.school_a, who="teacher", backbone_level="city")


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def send(client: Client, address: str, **typed: Any) -> Any:
    return client.post(address, {"idem": str(uuid.uuid4()), **typed})


def verb(row: Rotation, name: str) -> str:
    return reverse("personnel:rotation_verb", args=[row.pk, name])


def typed(staff: Staff, to_school: School, /, **facts: Any) -> dict[str, Any]:
    base = {
        "staff": staff.pk, "to_school": to_school.pk, "valid_from": FIRST.isoformat(),
        "valid_to": (AFTER - A_DAY).isoformat(), "subject": "", "workload": "100", "reason": "",
    }  # fmt: skip
    return {**base, **facts}


def told(user: Any) -> list[str]:
    return [str(notice) for notice in Notification.objects.filter(user=user)]


# The way


def test_a_rotation_goes_through_every_hand_on_the_pages(world, enter, teacher):
    answer = send(enter("principal_a"), NEW, **typed(teacher, world.school_b))
    assert answer.status_code == 303, text(answer)
    row = Rotation.objects.get()
    assert answer["Location"] == row.get_absolute_url()
    assert (row.from_school, row.to_school, row.group) == (world.school_a, world.school_b, world.group)
    assert (row.valid_from, row.valid_to, row.subject) == (FIRST, AFTER, "other")
    steps = (
        ("principal_a", "agree-sending", {}, "sending_agreed", "principal_b"),
        ("principal_b", "agree-receiving", {}, "receiving_agreed", "president"),
        ("president", "approve", {}, "approved", "personnel"),
        ("personnel", "file", {"document": FILED}, "filed", "teacher"),
    )
    for who, name, sent, state, following in steps:
        assert f"/rotations/{row.pk}/" in text(enter(who).get("/rotations/?waiting=me")), who
        assert send(enter(who), verb(row, name), **sent).status_code == 303, name
        row.refresh_from_db()
        assert row.state == state
        assert told(world.users[following]), following
        assert f"/rotations/{row.pk}/" not in text(enter(who).get("/rotations/?waiting=me"))
    assert Staff.objects.employed().get(pk=teacher.pk).teaching_id == world.school_b.pk
    events = AuditEvent.objects.of(row).order_by("id").values_list("verb", flat=True)
    assert [e.removeprefix("personnel.") for e in events] == [
        "propose_rotation", "agree_sending", "agree_receiving", "approve_rotation", "file_rotation",
    ]  # fmt: skip


def labels(page: str) -> list[tuple[str, str]]:
    """(state, words) of the steps drawn on a page."""
    drawn = page.partition('<ol class="steps"')[2].partition("</ol>")[0]
    found = re.findall(r'<li class="(\w*)"[^>]*>.*?<span>(.*?)</span></li>', drawn)
    return [(state, re.sub("<[^>]+>", " ", words).strip()) for state, words in found]


def test_the_steps_say_who_and_when_and_what_is_next(world, enter, teacher):
    today = clock.today()
    said = f"{today.year}年{today.month}月{today.day}日"
    row = taken(world, proposed(world, teacher, world.school_b), 2)
    drawn = labels(text(enter("personnel").get(row.get_absolute_url())))
    assert [state for state, _words in drawn] == ["done", "done", "done", "now", "", "", ""]
    assert [words.split()[0] for _state, words in drawn] == [
        "提出", "派出校同意", "接收校同意", "集团批准", "局备案", "轮岗中", "返校",
    ]  # fmt: skip
    assert drawn[2][1] == f"接收校同意 示例principal_b {said}"
    row = actions.refuse_rotation(row, reason="名额已满", by=fresh(world.president))
    drawn = labels(text(enter("personnel").get(row.get_absolute_url())))
    assert drawn[-1] == ("stop", f"不同意 示例president {said}")
    assert len(drawn) == 4
    assert "未获同意" in " ".join(told(world.principal_a))


def test_the_steps_follow_the_dates_of_a_filed_rotation(world, enter, teacher):
    row = filed(world, teacher)
    page = "now" if row.is_in_force else "done"
    assert [s for s, _w in labels(text(enter("personnel").get(row.get_absolute_url())))][-2:] == [page, ""]
    with clock.at(AFTER):
        drawn = labels(text(enter("personnel").get(row.get_absolute_url())))
    assert [state for state, _words in drawn] == ["done"] * 7
    with clock.at(FIRST - A_DAY):
        drawn = labels(text(enter("personnel").get(row.get_absolute_url())))
    assert [state for state, _words in drawn][-2:] == ["", ""]


def test_across_groups_there_is_no_president_on_the_way(world, enter, teacher):
    row = proposed(world, teacher, world.school_e)
    assert row.group is None
    row = actions.agree_sending(row, by=fresh(world.principal_a))
    row = actions.agree_receiving(row, by=fresh(world.principal_e))
    assert "集团批准" not in [
        w.split()[0] for _s, w in labels(text(enter("principal_e").get(row.get_absolute_url())))
    ]
    assert f"/rotations/{row.pk}/" in text(enter("personnel").get("/rotations/?waiting=me"))
    with pytest.raises(Denied, match="跨集团"):
        actions.approve_rotation(row, by=fresh(world.president))
    assert actions.file(row, document=FILED, by=fresh(world.personnel)).state == "filed"


# Bad input


@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        ({"to_school": "school_a"}, "to_school", "接收校不能是派出校本身"),
        ({"valid_to": (FIRST - A_DAY).isoformat()}, "valid_to", "最后一日不能早于第一日"),
        ({"valid_from": "明天"}, "valid_from", "看不懂这个日期"),
        ({"workload": "0"}, "workload", "工作量占比在 1 到 100 之间"),
        ({"workload": "半"}, "workload", "工作量占比在 1 到 100 之间"),
        ({"staff": ""}, "staff", "请选择教师"),
        ({"staff": "999999"}, "staff", "没有找到这名教职工"),
    ],
)
def test_a_wrong_proposal_comes_back_with_a_sentence_beside_the_field(
    world, enter, teacher, facts, field, sentence
):
    facts = {name: world.schools[v].pk if v in world.schools else v for name, v in facts.items()}
    answer = send(enter("principal_a"), NEW, **typed(teacher, world.school_b, **facts))
    assert answer.status_code == 422
    page = text(answer)
    assert sentence in page
    block = page.partition(f'for="id_{field}"')[2].partition('<div class="f')[0]
    assert sentence in block
    assert not Rotation.objects.exists()


def test_overlapping_rotations_are_refused_and_adjoining_ones_are_not(world, enter, teacher):
    row = proposed(world, teacher, world.school_b)
    client = enter("principal_a")
    answer = send(
        client,
        NEW,
        **typed(
            teacher,
            world.school_c,
            valid_from=(AFTER - A_DAY).isoformat(),
            valid_to=(AFTER + A_DAY).isoformat(),
        ),
    )
    assert answer.status_code == 422
    assert "该教师在这段时间已有轮岗安排" in text(answer).partition('for="id_valid_from"')[2]
    after = {"valid_from": AFTER.isoformat(), "valid_to": (AFTER + A_DAY).isoformat()}
    assert send(client, NEW, **typed(teacher, world.school_c, **after)).status_code == 303
    actions.withdraw_rotation(row, by=fresh(world.principal_a))
    assert send(client, NEW, **typed(teacher, world.school_c)).status_code == 303


def test_who_is_on_nobody_s_staff_that_day_does_not_rotate(world, teacher):
    personnel.leave(teacher, valid_to=FIRST, document=DOCUMENT, by=fresh(world.personnel))
    with pytest.raises(Denied) as caught:
        proposed(world, teacher, world.school_b)
    assert (caught.value.denial.code, caught.value.denial.field) == ("not_on_the_staff", "staff")


# Who proposes, and for whom


def test_a_group_sends_within_itself_and_a_school_sends_its_own_anywhere(world, enter, teacher):
    other = on_staff(world, world.school_b)
    a, b, c, d, e = (world.schools[f"school_{key}"] for key in "abcde")
    offered = {
        "president": ({teacher, other}, {a, b, c}), "deputy": ({teacher, other}, {a, b, c}),
        "office": ({teacher, other}, {a, b, c}), "principal_a": ({teacher}, {a, b, c, d, e}),
        "vice_a": ({teacher}, {a, b, c, d, e}), "other_president": (set(), {e}),
    }  # fmt: skip
    for who, (staff, schools) in offered.items():
        client = enter(who)
        form = client.get(NEW).context["form"]
        assert set(form.fields["staff"].queryset) == staff, who
        assert set(form.fields["to_school"].queryset) == schools, who
    for who in ("personnel", "leader", "teacher", "clerk_a", "parent", "group_finance"):
        assert enter(who).get(NEW).status_code == 403, who
        assert send(enter(who), NEW, **typed(teacher, b)).status_code == 403, who
    assert send(enter("principal_b"), NEW, **typed(teacher, c)).status_code == 422
    assert not Rotation.objects.exists()


def test_the_page_of_a_teacher_leads_to_a_form_that_names_him(world, enter, teacher):
    page = text(enter("principal_a").get(f"{NEW}?staff={teacher.pk}"))
    assert f'name="staff" value="{teacher}"' in page


@pytest.mark.parametrize("step", range(4))
def test_each_step_belongs_to_one_hand_alone(world, teacher, step):
    row = taken(world, proposed(world, teacher, world.school_b), step)
    act, right, facts = WAY[step]
    for who in (
        "principal_a",
        "principal_b",
        "principal_c",
        "president",
        "other_president",
        "personnel",
        "leader",
        "office",
        "vice_a",
        "teacher",
        "admin",
    ):
        if who == right:
            continue
        with pytest.raises(Denied) as caught:
            act(row, by=fresh(world.users[who]), **facts)
        assert caught.value.denial.status in (403, 409), who
    row.refresh_from_db()
    assert row.state == ["proposed", "sending_agreed", "receiving_agreed", "approved"][step]
    assert act(row, by=fresh(world.users[right]), **facts).state != row.state


def test_a_rotation_is_seen_by_both_schools_the_group_the_bureau_and_the_teacher(world, enter, teacher):
    row = proposed(world, teacher, world.school_b)
    sees = (
        "principal_a",
        "principal_b",
        "vice_a",
        "president",
        "deputy",
        "office",
        "personnel",
        "leader",
        "teacher",
    )
    for who in sees:
        assert enter(who).get(row.get_absolute_url()).status_code == 200, who
    for who in ("principal_c", "principal_e", "other_president", "clerk_a", "finance_1", "parent", "admin"):
        client = enter(who)
        assert client.get(row.get_absolute_url()).status_code == 404, who
        assert send(client, verb(row, "withdraw")).status_code == 404, who
        assert row.staff.person.name not in text(client.get("/rotations/?show=all"))


# Refused, withdrawn, stopped, renewed


def test_the_proposer_withdraws_until_it_is_filed(world, enter, teacher):
    row = taken(world, proposed(world, teacher, world.school_b), 3)
    assert send(enter("president"), verb(row, "withdraw")).status_code == 403
    assert send(enter("principal_a"), verb(row, "withdraw")).status_code == 303
    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert send(enter("principal_a"), verb(row, "withdraw")).status_code == 409


@pytest.mark.parametrize(
    ("last", "sentence"),
    [(AFTER, "不能晚于原定的最后一日"), (FIRST - 2 * A_DAY, "不能早于轮岗的起始日期")],
)
def test_a_rotation_is_stopped_within_its_days(world, enter, teacher, last, sentence):
    row = filed(world, teacher)
    sent = {"valid_to": last.isoformat(), "reason": "家庭原因"}
    answer = send(enter("principal_b"), verb(row, "stop"), **sent)
    assert (answer.status_code, sentence in text(answer)) == (422, True)
    row.refresh_from_db()
    assert row.valid_to == AFTER


def test_the_teacher_is_back_at_the_own_school_the_day_after_the_last(world, enter, teacher):
    row = filed(world, teacher)
    today = clock.today()
    sent = {"valid_to": (today - A_DAY).isoformat(), "reason": "家庭原因"}
    assert send(enter("principal_b"), verb(row, "stop"), **sent).status_code == 303
    row.refresh_from_db()
    assert (row.valid_to, row.outcome, row.state) == (today, "stopped", "filed")
    assert Staff.objects.employed().get(pk=teacher.pk).teaching_id == world.school_a.pk
    assert Staff.objects.employed(today - A_DAY).get(pk=teacher.pk).teaching_id == world.school_b.pk
    assert AuditEvent.objects.get(verb="personnel.stop_rotation").reason == "家庭原因"


def test_a_renewal_is_a_new_rotation_that_goes_the_same_way(world, enter, teacher):
    row = filed(world, teacher)
    last = dt.date(YEAR + 2, 8, 31)
    answer = send(enter("principal_a"), verb(row, "renew"), valid_to=(AFTER - A_DAY).isoformat())
    assert (answer.status_code, "最后一日不能早于第一日" in text(answer)) == (422, True)
    assert send(enter("principal_a"), verb(row, "renew"), valid_to=last.isoformat()).status_code == 303
    new = Rotation.objects.get(renews=row)
    assert (new.valid_from, new.valid_to, new.state) == (AFTER, last + A_DAY, "proposed")
    assert send(enter("principal_a"), verb(row, "renew"), valid_to=last.isoformat()).status_code == 409
    assert taken(world, new).state == "filed"


# The list


def listed(client: Client, query: str = "") -> set[int]:
    return {
        int(pk)
        for pk in re.findall(r'class="ttl" href="/rotations/(\d+)/', text(client.get(f"/rotations/{query}")))
    }


def test_the_list_has_what_lasts_that_day_and_today_what_is_on_its_way(world, enter, teacher):
    lasting, waiting = filed(world, teacher), proposed(world, on_staff(world, world.school_a), world.school_c)
    gone = proposed(world, on_staff(world, world.school_a), world.school_c)
    actions.withdraw_rotation(gone, by=fresh(world.principal_a))
    client = enter("personnel")
    for query, expected in {
        "": {lasting.pk, waiting.pk},
        f"?on={FIRST}": {lasting.pk},
        f"?on={FIRST - A_DAY}": set(),
        f"?on={AFTER}": set(),
        "?show=all": {lasting.pk, waiting.pk, gone.pk},
        "?state=withdrawn": {gone.pk},
        "?state=filed": {lasting.pk},
        f"?state=filed&on={AFTER}": set(),
        f"?school={world.school_c.pk}": {waiting.pk},
        f"?school={world.school_a.pk}": {lasting.pk, waiting.pk},
        f"?group={world.other_group.pk}": set(),
        f"?q={teacher.staff_no}": {lasting.pk},
        f"?q={teacher.person.name}": {lasting.pk},
    }.items():
        assert listed(client, query) == expected, query
    assert listed(enter("principal_a"), "?waiting=me") == {waiting.pk}
    assert listed(enter("president"), "?waiting=me") == set()


def test_the_list_costs_the_same_for_any_number_of_rotations(world, enter, django_assert_max_num_queries):
    for _n in range(8):
        filed(world)
    client = enter("president")
    client.get("/rotations/")
    with django_assert_max_num_queries(14):
        client.get("/rotations/")


# The API


def test_the_api_goes_the_same_way(world, teacher):
    api = Api(world.principal_a)
    made = api.post("rotations/", {**typed(teacher, world.school_b), "workload": 60})
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    assert made.json()["from_school"]["id"] == world.school_a.pk
    for who, name, sent in (
        ("principal_a", "agree-sending", {}), ("principal_b", "agree-receiving", {}),
        ("president", "approve", {}), ("personnel", "file", {"document": FILED}),
    ):  # fmt: skip
        waiting = rows(Api(world.users[who]).get("rotations/?waiting=true"))
        assert [row["id"] for row in waiting] == [pk], who
        answer = Api(world.users[who]).post(f"rotations/{pk}/{name}/", sent)
        assert answer.status_code == 200, answer.content
    assert answer.json()["state"] == "filed"
    assert answer.json()["workload"] == 60
    assert [r["id"] for r in rows(api.get(f"rotations/?on={FIRST}&to_school={world.school_b.pk}"))] == [pk]
    assert rows(api.get(f"rotations/?on={AFTER}")) == []
    assert rows(Api(world.principal_c).get("rotations/")) == []
    assert refusal(Api(world.principal_c).get(f"rotations/{pk}/"))[0] == 404
    assert errors(api.post("rotations/", typed(teacher, world.school_a))) == {
        "to_school": ["rotation_is_to_another_school"]
    }
    assert errors(Api(world.principal_b).post("rotations/", typed(teacher, world.school_a))) == {
        "staff": ["invalid_choice"]
    }
    assert (
        refusal(Api(world.teacher).post("rotations/", typed(teacher, world.school_b)))[1]
        == "not_a_rotation_proposer"
    )
