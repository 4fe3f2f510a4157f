"""四、1 由聘任或竞聘产生: appointed, or selected in a competition that everybody could follow; in no other way."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from kunshan_edu.core import clock, workdays
from kunshan_edu.core.guideline import Clause
from personnel.choices import Post
from personnel.models import Appointment, Person
from tests.personnel.rows import competition, president
from tests.stories.doors import A_DAY, DOCUMENT, appoints, does, opens, records, refused_raw

pytestmark = pytest.mark.django_db
PRESIDENT = Post.GROUP_PRESIDENT.value


def announced(world: Any) -> Appointment:
    """A competition for the presidency of the group in preparation, with two candidates and their scores."""
    answer = records(
        world,
        "personnel",
        "appointment",
        post=PRESIDENT,
        container=world.preparing.pk,
        method="competitive",
        document=DOCUMENT,
        valid_from=clock.today().isoformat(),
    )
    assert answer.status == 303, answer.words
    row = Appointment.objects.get(group=world.preparing)
    notice = {
        "announced_on": clock.today().isoformat(),
        "document": "昆教人〔2026〕20号",
        "requirements": "中级以上职称",
    }
    assert does(world, "personnel", "appointment", row, "announce", **notice).status == 303
    return row


def scores(world: Any, row: Appointment, who: str, written: int, interview: int) -> None:
    person = Person.objects.get(user=world.users[who])
    form = {"person": person.pk, "written": written, "interview": interview}
    assert does(world, "personnel", "appointment", row, "record-scores", **form).status == 303


def notice_days(workdays_wanted: int) -> dict[str, str]:
    """A public notice of so many working days from today on."""
    first = clock.today()
    last = workdays.add_workdays(first - A_DAY, workdays_wanted)
    return {"notice_from": first.isoformat(), "notice_to": last.isoformat()}


@pytest.mark.parametrize("method", ["elected", "assigned", "acting", ""])
def test_4_1_b_a_president_comes_to_office_in_no_third_way(world: Any, method: str) -> None:
    answer = appoints(world, "teacher", PRESIDENT, world.preparing, method=method)
    assert answer.status == 422
    assert not Appointment.objects.filter(group=world.preparing).exists()


def test_4_1_b_the_database_knows_the_two_ways_only(world: Any) -> None:
    for method in ("assigned", "acting"):
        row = president(world, "teacher", world.preparing, method=method)
        assert refused_raw(world, "president_is_appointed_or_selected", row.save) == Clause.C4_1_B


def test_4_1_b_a_competition_goes_from_its_announcement_to_office(world: Any) -> None:
    row = announced(world)
    early = does(world, "leader", "appointment", row, "confirm")
    assert early.status == 409
    assert early.says("该任职现在的环节不能办理此事项", "四、1")
    scores(world, row, "teacher", 90, 80)
    scores(world, row, "head_a", 70, 75)

    chosen = {"person": Person.objects.get(user=world.teacher).pk}
    short = does(world, "personnel", "appointment", row, "publish-notice", **notice_days(4), **chosen)
    assert short.status == 422
    assert short.says("公示不少于 5 个工作日，所选日期只有 4 个工作日")
    days = notice_days(5)
    assert does(world, "personnel", "appointment", row, "publish-notice", **days, **chosen).status == 303
    assert row.state == "notice"

    last = dt.date.fromisoformat(days["notice_to"])
    with clock.at(last):
        waiting = does(world, "leader", "appointment", row, "confirm")
        assert waiting.status == 409
        assert waiting.says("公示期未满，请在公示最后一日之后审定", "四、1")
    with clock.at(last + A_DAY):
        assert does(world, "leader", "appointment", row, "confirm").status == 303
    assert (row.state, row.person.user) == ("active", world.teacher)
    page = opens(world, "clerk_e", row.get_absolute_url())
    assert page.says("竞聘", "示例teacher")


def test_4_1_b_only_a_candidate_is_chosen(world: Any) -> None:
    row = announced(world)
    other = {"person": Person.objects.get(user=world.deputy).pk}
    nobody = does(world, "personnel", "appointment", row, "publish-notice", **notice_days(5))
    assert nobody.status == 409
    assert nobody.says("请先登记竞聘人选和成绩，再公示")
    scores(world, row, "teacher", 90, 80)
    stranger = does(world, "personnel", "appointment", row, "publish-notice", **notice_days(5), **other)
    assert stranger.status == 422
    assert row.state == "selecting"


def test_4_1_b_without_a_selection_on_record_nobody_takes_office(world: Any) -> None:
    """The database too: no row of a competition becomes active without candidates and a notice that has run."""
    row = president(world, "teacher", world.preparing, method="competitive")
    assert refused_raw(world, "selection_is_published_first", row.save) == Clause.C4_1_B
    found = competition(world)

    def before_its_time() -> Any:
        changed = {"notice_to": clock.today(), "state": "active", "confirmed_by": world.leader}
        return Appointment.objects.filter(pk=found.pk).update(**changed)

    assert refused_raw(world, "notice_has_run_its_days", before_its_time) == Clause.C4_1_B


def test_4_1_b_only_the_personnel_section_runs_a_competition(world: Any) -> None:
    row = announced(world)
    for who in ("president", "leader", "principal_a"):
        address = reverse("personnel:appointment_verb", args=[row.pk, "record-scores"])
        assert opens(world, who, address).status in (403, 404), who
