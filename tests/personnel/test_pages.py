"""The page of a person with the ribbon of posts, and the page of one post with its life in steps."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from kunshan_edu.core.codes import identity_number_check
from personnel import actions
from personnel.choices import Method, Post
from personnel.models import Person, TermExtension
from tests.personnel.rows import changed, person
from tests.personnel.test_lives import DOCUMENT, TODAY, competed, nominated, recorded
from tests.personnel.test_tenure import ending, extend, graded
from tests.personnel.visits import do, send, text
from tests.world import SINCE, end

pytestmark = pytest.mark.django_db
IDENTITY = "32058319780101003"
IDENTITY += identity_number_check(IDENTITY)


# A person


def known(world: Any) -> Person:
    """A teacher of school a with a number and a telephone."""
    row = actions.register_person(
        name="示例老师",
        identity_number=IDENTITY,
        phone="13900000001",
        is_party_member=True,
        by=world.personnel,
    )
    actions.register_staff(
        row, staff_no="T0007", school=world.school_a, document=DOCUMENT, valid_from=SINCE, by=world.personnel
    )
    return row


@pytest.mark.parametrize("who", ["personnel", "principal_a", "vice_a", "president"])
def test_numbers_are_masked_for_those_who_see_the_staff(world: Any, enter: Any, who: str) -> None:
    shown = text(enter(who).get(known(world).get_absolute_url()))
    assert "3205**********" in shown
    assert "139****0001" in shown
    assert IDENTITY not in shown
    assert "13900000001" not in shown
    assert "编制：示例A小" in shown


@pytest.mark.parametrize("who", ["principal_b", "other_president", "teacher", "parent"])
def test_a_teacher_of_another_school_is_not_found(world: Any, enter: Any, who: str) -> None:
    assert enter(who).get(known(world).get_absolute_url()).status_code == 404


def test_a_post_makes_the_name_public_and_nothing_else(world: Any, enter: Any) -> None:
    row = known(world)
    actions.appoint(
        row,
        post=Post.CLERK,
        container=world.school_a,
        method=Method.ASSIGNED,
        document=DOCUMENT,
        valid_from=TODAY,
        by=world.personnel,
    )
    shown = text(enter("parent").get(row.get_absolute_url()))
    assert "示例A小 经办人" in shown
    for secret in ("3205", "139****", "出生日期", "T0007", "编制", "办理记录"):
        assert secret not in shown, secret


def test_oneself_sees_what_is_on_record(world: Any, enter: Any) -> None:
    row = changed(world, person(world, "teacher"), is_party_member=True)
    assert "中共党员" in text(enter("teacher").get(row.get_absolute_url()))


def test_the_ribbon_is_read_out_and_stands_in_the_table_too(world: Any, enter: Any) -> None:
    row = person(world, "principal_a")
    actions.confirm(
        recorded(world, "principal_a", Post.EXECUTIVE_PRINCIPAL, world.school_d, method=Method.ACTING),
        by=world.leader,
    )
    recorded(world, "principal_a", Post.DEPUTY_SECRETARY, world.preparing)
    shown = text(enter("personnel").get(row.get_absolute_url()))
    assert 'role="img"' in shown
    assert "示例principal_a的任职时间轴，内容见下表" in shown
    assert 'fill="url(#acting)"' in shown
    assert shown.count("stroke-dasharray") >= 3  # what is to come of both posts, and the proposal
    assert "<title>筹备集团 副书记 " in shown
    for words in ("代理", "拟任", "在任"):
        assert words in shown
    other = text(enter("clerk_b").get(row.get_absolute_url()))
    assert "筹备集团 副书记" not in other  # proposed, and nobody else's business


def test_the_posts_of_another_day(world: Any, enter: Any) -> None:
    end(world, "principal_b", TODAY)
    row = person(world, "principal_b")
    today, before = (
        enter("clerk_a").get(f"{row.get_absolute_url()}{query}") for query in ("", f"?on={SINCE.isoformat()}")
    )
    assert "已结束" in text(today)
    assert "在任" in text(before)
    assert f"{SINCE.isoformat()}</text>" in text(before)
    people = enter("clerk_a").get(
        reverse("personnel:person_list"), {"on": SINCE.isoformat(), "q": "principal_b"}
    )
    assert "示例B小 执行校长" in text(people)


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        (
            {"identity_number": IDENTITY[:-1] + ("1" if IDENTITY[-1] != "1" else "2")},
            "identity_number",
            "校验码不符",
        ),
        ({"identity_number": "3205831978"}, "identity_number", "应为 18 位"),
        ({"phone": "139"}, "phone", "电话应为 11 位手机号码"),
    ],
)
def test_a_wrong_number_is_refused_beside_its_field(
    enter: Any, typed: dict[str, str], field: str, sentence: str
) -> None:
    answer = send(enter("personnel"), reverse("personnel:person_new"), name="示例某人", **typed)
    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors[field][0]
    assert 'value="示例某人"' in text(answer)
    assert not Person.objects.filter(name="示例某人").exists()


def test_one_identity_number_is_one_person(world: Any, enter: Any) -> None:
    known(world)
    answer = send(
        enter("personnel"), reverse("personnel:person_new"), name="示例某人", identity_number=IDENTITY
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors["identity_number"] == [
        "该身份证号已登记在另一人名下，请核对，不要重复登记。"
    ]


# The life of a post


def labels(answer: Any) -> list[tuple[str, str]]:
    return [(str(step["label"]), step["state"]) for step in answer.context["steps"]]


def test_the_steps_of_an_appointment(world: Any, enter: Any) -> None:
    row = nominated(world, "teacher", Post.VICE_PRINCIPAL, world.school_b, "president")
    client = enter("personnel")
    assert labels(client.get(row.get_absolute_url())) == [
        ("提名", "now"), ("拟任", "todo"), ("审定", "todo"), ("在任", "todo"), ("结束", "todo"),
    ]  # fmt: skip
    actions.accept(row, by=world.personnel)
    answer = client.get(row.get_absolute_url())
    assert labels(answer)[:4] == [("提名", "done"), ("拟任", "done"), ("审定", "now"), ("在任", "todo")]
    assert [step["note"].split(" ")[-1] for step in answer.context["steps"][:2]] == [
        "示例president",
        "示例personnel",
    ]
    actions.confirm(row, by=world.leader)
    assert labels(client.get(row.get_absolute_url()))[2:] == [
        ("审定", "done"),
        ("在任", "now"),
        ("结束", "todo"),
    ]


def test_the_steps_of_a_competition(world: Any, enter: Any) -> None:
    row = competed(world)
    answer = enter("leader").get(row.get_absolute_url())
    assert labels(answer) == [
        ("拟任", "done"), ("竞聘", "done"), ("公示", "now"), ("审定", "todo"), ("在任", "todo"), ("结束", "todo"),
    ]  # fmt: skip
    shown = text(answer)
    assert shown.index("示例teacher 公示人选".replace(" ", "")[:9]) < shown.index("示例clerk_a")
    public = text(enter("parent").get(row.get_absolute_url()))
    assert "竞聘人选" not in public  # who stood and with what score is not published, only who was chosen
    assert "示例clerk_a" not in public


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        ("cancelled", [("拟任", "done"), ("不予任用", "stop")]),
        ("ended", [("拟任", "done"), ("审定", "done"), ("在任", "done"), ("结束", "done")]),
        ("ending", [("拟任", "done"), ("审定", "done"), ("在任", "now"), ("结束", "todo")]),
        (
            "extended",
            [("拟任", "done"), ("审定", "done"), ("在任", "done"), ("延任", "now"), ("结束", "todo")],
        ),
        ("clerk", [("拟任", "done"), ("在任", "now"), ("结束", "todo")]),
    ],
)
def test_how_a_life_ends(world: Any, enter: Any, which: str, expected: list[tuple[str, str]]) -> None:
    if which == "cancelled":
        row = actions.cancel(
            recorded(world, "teacher", Post.EXECUTIVE_PRINCIPAL, world.school_d),
            reason="不合格",
            by=world.leader,
        )
    elif which == "extended":
        row = ending(world)
        graded(world)
        actions.confirm_extension(extend(world, row), by=world.leader)
    elif which == "clerk":
        row = world.posts["clerk_a"]
    elif which == "ended":
        row = end(world, "principal_b", TODAY)
    else:
        row = actions.end(world.posts["principal_b"], valid_to=TODAY, document=DOCUMENT, by=world.personnel)
    answer = enter("personnel").get(row.get_absolute_url())
    assert labels(answer) == expected
    if which == "ending":
        assert "待审定" in answer.context["steps"][-1]["note"]


@pytest.mark.parametrize(
    ("who", "verbs"),
    [
        ("personnel", {"publish_notice", "cancel"}),
        ("leader", {"confirm", "cancel"}),
        ("supervision", set()),
    ],
)
def test_only_verbs_worth_offering_are_shown(world: Any, enter: Any, who: str, verbs: set[str]) -> None:
    row = recorded(world, "teacher", Post.EXECUTIVE_PRINCIPAL, world.school_d)
    offers = enter(who).get(row.get_absolute_url()).context["offers"]
    assert {offer.verb.name for offer in offers} == verbs
    assert all(offer.denial is None for offer in offers)


def test_a_verb_that_is_refused_for_a_reason_one_can_mend_says_so(world: Any, enter: Any) -> None:
    shown = text(enter("personnel").get(ending(world).get_absolute_url()))
    assert "最近年度考核须为优秀才能延长任职；请先登记年度考核等次。" in shown


def test_missing_dates_of_registration_are_amber(world: Any, enter: Any) -> None:
    row = world.posts["principal_a"]
    client = enter("personnel")
    assert text(client.get(row.get_absolute_url())).count("未登记") == 2
    send(client, do(row, "register-dates"), secretary_on=SINCE.isoformat())
    shown = text(client.get(row.get_absolute_url()))
    assert (shown.count("未登记"), "法定代表人登记" in shown) == (1, True)
    assert "未登记" not in text(client.get(world.posts["clerk_a"].get_absolute_url()))


def test_extension_and_incentive_are_decided_on_the_page_of_the_post(world: Any, enter: Any) -> None:
    row = ending(world)
    graded(world)
    extension = extend(world, row)
    client = enter("leader")
    assert do(extension, "confirm", "extension") in text(client.get(row.get_absolute_url()))
    assert "延长任职" not in text(enter("teacher").get(row.get_absolute_url())).split("办理记录")[0]
    answer = send(enter("leader"), do(extension, "confirm", "extension"))
    assert (answer.status_code, answer["Location"]) == (303, row.get_absolute_url())
    assert TermExtension.objects.get().state == "confirmed"
    refused = send(enter("leader"), do(extension, "refuse", "extension"), reason="不再需要")
    assert refused.status_code == 409
    assert "该事项已经审定" in text(refused)


def test_an_extension_without_excellent_keeps_what_was_typed(world: Any, enter: Any) -> None:
    row = ending(world)
    typed = {"new_end": "2027-12-31", "document": DOCUMENT, "reason": "重点项目未完成"}
    answer = send(enter("personnel"), do(row, "extend"), **typed)
    assert answer.status_code == 409
    assert "最近年度考核须为优秀" in text(answer)
    assert 'value="重点项目未完成"' in text(answer)
    graded(world)
    beyond = send(enter("personnel"), do(row, "extend"), **{**typed, "new_end": "2029-06-30"})
    assert beyond.status_code == 422
    assert "不能超过聘期届满日 2029年1月1日" in beyond.context["form"].errors["new_end"][0]
    assert not TermExtension.objects.exists()
