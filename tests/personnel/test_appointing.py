"""Beginning an appointment by its pages: bad input beside its field, a person as people type one, nominations."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from groups import actions as register
from personnel import actions
from personnel.actions import organisation
from personnel.choices import Post
from personnel.models import Appointment, Person
from tests.personnel.test_lives import DOCUMENT, TODAY, quota
from tests.personnel.visits import send, text
from tests.world import SINCE

pytestmark = pytest.mark.django_db
NEW, NOMINATE = (reverse(f"personnel:appointment_{name}") for name in ("new", "nominate"))


# Bad input: what cannot be filled says so beside its field, and nothing is lost


def typed(world: Any, post: Post, container: Any, who: str = "teacher", **other: Any) -> dict[str, Any]:
    return {
        "person": f"示例{who}",
        "post": post.value,
        "container": container.pk,
        "method": "appointed" if post == Post.GROUP_PRESIDENT else "assigned",
        "document": DOCUMENT,
        "valid_from": TODAY.isoformat(),
        **other,
    }


@pytest.mark.parametrize(
    ("case", "field", "sentence"),
    [
        ("overlap", "valid_from", "集团设总校长 1 名：示例president自2024年1月1日起在任，请先办理其免职。"),
        ("dissolved", "container", "该集团已撤销，不能再任用集团职务。"),
        (
            "quota",
            "container",
            "超出核定职数：示例A小核定 1 名（昆教人〔2026〕3号），{today}已有 1 名在任，"
            "请先办理免职，或由人事科调整职数。",
        ),
        (
            "twice",
            "person",
            "一人只能任一所学校的执行校长，代理除外：示例principal_a自2024年1月1日起在任，请先办理其免职。",
        ),
        (
            "secretary",
            "container",
            "按 132 号文总校长兼任书记；书记、校长分设的集团须先登记适用规定及其文件。",
        ),
        (
            "backdated",
            "remark",
            "任职日期早于今天 30 天以上的，请填写补录说明；权限从登记之时起生效，不追溯。",
        ),
        ("auditor", "valid_to", "审计人员的查看权限须有截止日期，请填写最后在任日。"),
        ("chosen", "person", "竞聘的人选由公告、成绩和公示产生，请清空人员。"),
        ("unit", "unit", "所选内设机构不属于任职单位，请重新选择。"),
    ],
)
def test_what_cannot_be_filled_is_said_beside_its_field(
    world: Any, enter: Any, case: str, field: str, sentence: str
) -> None:
    form = {
        "overlap": lambda: typed(world, Post.GROUP_PRESIDENT, world.group),
        "dissolved": lambda: (
            register.dissolve(world.preparing, document=DOCUMENT, by=world.basic),
            typed(world, Post.GROUP_PRESIDENT, world.preparing),
        )[1],
        "quota": lambda: (quota(world, 1), typed(world, Post.VICE_PRINCIPAL, world.school_a))[1],
        "twice": lambda: typed(world, Post.EXECUTIVE_PRINCIPAL, world.school_d, "principal_a"),
        "secretary": lambda: typed(world, Post.GROUP_SECRETARY, world.group),
        "backdated": lambda: typed(world, Post.CLERK, world.school_a, valid_from="2025-01-01"),
        "auditor": lambda: typed(world, Post.AUDITOR, world.bureau),
        "chosen": lambda: typed(world, Post.GROUP_PRESIDENT, world.preparing, method="competitive"),
        "unit": lambda: typed(world, Post.DEPARTMENT_HEAD, world.school_a, unit=unit(world).pk),
    }[case]()
    before = Appointment.objects.count()
    answer = send(enter("personnel"), NEW, **form)
    assert answer.status_code in (409, 422)
    today = f"{TODAY.year}年{TODAY.month}月{TODAY.day}日"
    assert answer.context["form"].errors == {field: [sentence.format(today=today)]}
    assert f'value="{form["person"]}"' in text(answer)
    assert f'value="{DOCUMENT}"' in text(answer)
    assert Appointment.objects.count() == before


def unit(world: Any) -> Any:
    return organisation.record_unit(
        school=world.school_b,
        name="教导处",
        line="teaching",
        document=DOCUMENT,
        valid_from=SINCE,
        by=world.president,
    )


def test_a_competition_begins_without_a_person_and_a_unit_is_kept(world: Any, enter: Any) -> None:
    form = typed(world, Post.GROUP_PRESIDENT, world.preparing, method="competitive", person="")
    assert send(enter("personnel"), NEW, **form).status_code == 303
    row = Appointment.objects.get(group=world.preparing)
    assert (row.person, row.state) == (None, "proposed")
    assert "人选待定" in text(enter("personnel").get(row.get_absolute_url()))
    form = typed(world, Post.DEPARTMENT_HEAD, world.school_b, unit=unit(world).pk)
    assert send(enter("personnel"), NEW, **form).status_code == 303
    assert Appointment.objects.get(person__user=world.teacher).unit.name == "教导处"


# A person as people type one


def namesakes(world: Any) -> list[Person]:
    first = actions.register_person(name="示例同名", by=world.personnel)
    second = actions.register_person(
        name="示例同名", username="same", password="lantern-42", by=world.personnel
    )
    actions.register_staff(
        first,
        staff_no="T0100",
        school=world.school_a,
        document=DOCUMENT,
        valid_from=SINCE,
        by=world.personnel,
    )
    return [first, second]


@pytest.mark.parametrize(
    ("said", "which"),
    [
        ("示例同名（T0100）", 0),
        ("示例同名(T0100)", 0),
        ("T0100", 0),
        ("示例同名（same）", 1),
        ("same", 1),
        ("示例同名", None),
        ("示例同名（clerk_a）", None),
        ("没有这个人", None),
        ("9" * 30, None),
        ("²", None),
    ],
)
def test_a_person_is_typed_by_name_number_or_account(
    world: Any, enter: Any, said: str, which: int | None
) -> None:
    people = namesakes(world)
    answer = send(enter("personnel"), NEW, **typed(world, Post.CLERK, world.school_d, person=said))
    if which is None:
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["person"]
    else:
        assert answer.status_code == 303
        assert Appointment.objects.get(school=world.school_d).person == people[which]


def test_namesakes_are_told_apart(world: Any, enter: Any) -> None:
    namesakes(world)
    answer = send(enter("personnel"), NEW, **typed(world, Post.CLERK, world.school_d, person="示例同名"))
    [sentence] = answer.context["form"].errors["person"]
    assert sentence == "有 2 人同名，请写成其中之一：示例同名（T0100）、示例同名（same）。"


def test_who_was_chosen_before_stands_in_the_form_by_name(world: Any, enter: Any) -> None:
    first = namesakes(world)[0]
    shown = text(enter("personnel").get(f"{NEW}?post=clerk&person={first.pk}"))
    assert 'value="示例同名（T0100）"' in shown


# Nominations


@pytest.mark.parametrize(
    ("who", "posts"),
    [
        ("president", {"deputy_secretary", "executive_principal", "vice_principal"}),
        ("principal_a", {"vice_principal", "department_head"}),
    ],
)
def test_one_nominates_for_the_own_posts_and_places_only(
    world: Any, enter: Any, who: str, posts: set[str]
) -> None:
    client = enter(who)
    offered = client.get(NOMINATE).context["form"].fields["post"].choices
    assert {value for _scope, held in offered for value, _label in held} == posts
    form = client.get(NOMINATE, {"post": "vice_principal"}).context["form"]
    schools = {"president": "abc", "principal_a": "a"}[who]
    assert {str(school) for school in form.fields["container"].queryset} == {
        f"示例{key.upper()}小" for key in schools
    }
    assert "提名" in text(client.get(reverse("personnel:appointment_list")))


def test_a_district_officer_has_one_post_to_nominate_for(world: Any, enter: Any) -> None:
    answer = enter("district_officer").get(NOMINATE)
    assert answer.context["chosen"] == Post.EXECUTIVE_PRINCIPAL
    assert list(answer.context["form"].fields["container"].queryset) == [world.school_c]


@pytest.mark.parametrize("who", ["teacher", "clerk_a", "vice_a", "leader", "admin", "parent", "finance_1"])
def test_others_nominate_nobody(world: Any, enter: Any, who: str) -> None:
    client = enter(who)
    assert client.get(NOMINATE).status_code == 403
    form = typed(world, Post.VICE_PRINCIPAL, world.school_a, "clerk_a")
    assert send(client, NOMINATE, **form).status_code in (403, 422)
    assert not Appointment.objects.filter(state="nominated").exists()


def test_a_nomination_by_its_page(world: Any, enter: Any) -> None:
    form = typed(world, Post.VICE_PRINCIPAL, world.school_b, "clerk_b")
    answer = send(enter("president"), NOMINATE, **form)
    row = Appointment.objects.get(state="nominated")
    assert (answer.status_code, answer["Location"]) == (303, row.get_absolute_url())
    assert (row.nominated_by, row.person.user) == (world.president, world.clerk_b)
    elsewhere = typed(world, Post.VICE_PRINCIPAL, world.school_e, "clerk_b")
    refused = send(enter("president"), NOMINATE, **elsewhere)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["container"])
    unknown = typed(
        world, Post.VICE_PRINCIPAL, world.school_b, "teacher"
    )  # holds no post: not the president's to know
    assert list(send(enter("president"), NOMINATE, **unknown).context["form"].errors) == ["person"]
