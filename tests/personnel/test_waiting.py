"""What waits for whom, the states and days of the list, and vacancies in days."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from groups import actions as register
from kunshan_edu.core import clock
from personnel import actions
from personnel.choices import Method, Post
from personnel.models import Appointment
from personnel.rules import cannot_accept, cannot_confirm, cannot_confirm_end
from personnel.views.vacancies import vacancies
from tests.personnel.test_lives import A_DAY, DOCUMENT, TODAY, competed, nominated, recorded
from tests.personnel.test_tenure import ending, extend, graded
from tests.personnel.visits import text
from tests.world import SINCE, appoint, end, fresh

pytestmark = pytest.mark.django_db
LIST = reverse("personnel:appointment_list")
VACANCIES = reverse("personnel:vacancies")


# What waits for whom


def everything(world: Any) -> None:
    """An appointment at each of its stages, and an end and an extension that wait."""
    recorded(world, "teacher", Post.EXECUTIVE_PRINCIPAL, world.school_d)
    nominated(world, "clerk_b", Post.VICE_PRINCIPAL, world.school_b, "president")
    nominated(world, "clerk_a", Post.DEPARTMENT_HEAD, world.school_a, "principal_a")
    nominated(world, "clerk_e", Post.DEPARTMENT_HEAD, world.school_e, "principal_e")
    recorded(world, "clerk_c", Post.DEPARTMENT_HEAD, world.school_d)  # in no group: a leader's
    recorded(world, "leader", Post.DEPUTY_SECRETARY, world.preparing)  # nobody's, while he is the only leader
    competed(world, days=8)
    actions.end(world.posts["principal_c"], valid_to=TODAY, document=DOCUMENT, by=world.personnel)
    row = ending(world)
    graded(world)
    extend(world, row)


@pytest.mark.parametrize("later", [0, 30])
@pytest.mark.parametrize(
    "who",
    ["leader", "president", "other_president", "personnel", "deputy", "principal_a", "teacher", "admin"],
)
def test_what_waits_is_what_the_rules_let_one_do(world: Any, who: str, later: int) -> None:
    everything(world)
    with clock.at(TODAY + later * A_DAY):
        user = fresh(world.users[who])
        expected = set()
        for row in Appointment.objects.visible_to(user):
            case = actions.case_for(row, user)
            pairs = [*row.extensions.all(), *row.incentives.all()]
            can = any(rule(case) is None for rule in (cannot_accept, cannot_confirm, cannot_confirm_end))
            undecided = any(actions.pair_case(p, user).may_confirm and p.state == "proposed" for p in pairs)
            if can or undecided:
                expected.add(row.pk)
        assert {row.pk for row in Appointment.objects.waiting_for(user)} == expected
        assert bool(expected) is (who in ("leader", "president", "other_president", "personnel"))


def test_the_list_of_what_waits_says_what_to_do(world: Any, enter: Any) -> None:
    everything(world)
    answer = enter("leader").get(LIST, {"state": "waiting"})
    shown = text(answer)
    for words in ("审定任职", "审定免职", "审定延长任职或激励待遇"):
        assert words in shown
    count = answer.context["page"].paginator.count
    assert f'待我办理 <span class="n">{count}</span>' in shown
    assert f'<span class="n">{count}<span class="sr">' in shown  # beside 任职 in the navigation


@pytest.mark.parametrize(
    ("query", "states"),
    [
        ({}, {"active"}),
        ({"state": "open"}, {"nominated", "proposed", "notice"}),
        ({"state": "nominated"}, {"nominated"}),
        ({"state": "notice"}, {"notice"}),
        ({"state": "cancelled"}, set()),
        ({"state": "extended"}, set()),
        ({"show": "all"}, {"active", "nominated", "proposed", "notice"}),
        ({"show": "all", "state": "proposed"}, {"proposed"}),
    ],
)
def test_the_states_of_the_list(world: Any, enter: Any, query: dict[str, str], states: set[str]) -> None:
    everything(world)
    page = enter("personnel").get(LIST, query).context["page"]
    assert {row.state for row in page} == states


def test_the_list_of_a_day_is_that_of_a_snapshot_taken_then(world: Any, enter: Any) -> None:
    def shown(**query: str) -> list[tuple[str, str]]:
        page = enter("clerk_a").get(LIST, {"show": "", **query}).context["page"]
        return sorted((str(row.holder), row.post) for row in page)

    day = TODAY
    with clock.at(day):
        snapshot = shown()
    with clock.at(day + 3 * A_DAY):
        end(world, "principal_b", day + 2 * A_DAY)
        appoint(world, "teacher", Post.CLERK, world.school_a, valid_from=day + 2 * A_DAY)
        assert shown() != snapshot
        assert shown(on=day.isoformat()) == snapshot


# Vacancies


def test_vacancies_are_counted_in_days_since_the_last_one_left_or_since_founding(world: Any) -> None:
    end(world, "principal_b", TODAY - 40 * A_DAY)
    found = {(v.seat.post, str(v.place)): v for v in vacancies(TODAY, world.personnel)}
    assert set(found) == {
        (Post.EXECUTIVE_PRINCIPAL, "示例B小"),
        (Post.GROUP_PRESIDENT, "筹备集团"),
        (Post.DEPUTY_SECRETARY, "筹备集团"),
        (Post.DEPUTY_SECRETARY, "邻园集团"),
    }
    principal = found[Post.EXECUTIVE_PRINCIPAL, "示例B小"]
    assert (principal.days, principal.last.person.user) == (40, world.principal_b)
    assert found[Post.GROUP_PRESIDENT, "筹备集团"].days == (TODAY - SINCE).days


def test_no_vacancy_before_it_began_and_none_after_it_was_filled(world: Any) -> None:
    day = TODAY - 40 * A_DAY
    end(world, "principal_b", day)
    appoint(world, "teacher", Post.EXECUTIVE_PRINCIPAL, world.school_b, valid_from=TODAY)

    def days(on: dt.date) -> list[int]:
        return [v.days for v in vacancies(on, world.personnel) if v.place == world.school_b]

    assert [days(on) for on in (day - A_DAY, day, TODAY - A_DAY, TODAY)] == [[], [0], [39], []]


def test_a_school_that_joined_is_vacant_since_it_joined(world: Any) -> None:
    register.join(
        world.group, school=world.school_d, valid_from=TODAY, join_document=DOCUMENT, by=world.basic
    )

    def days(on: dt.date) -> list[int]:
        return [v.days for v in vacancies(on, world.personnel) if v.place == world.school_d]

    assert [days(on) for on in (TODAY - A_DAY, TODAY, TODAY + 9 * A_DAY)] == [[], [0], [9]]


def test_a_vacancy_names_who_is_to_come_and_who_put_them_forward(world: Any, enter: Any) -> None:
    end(world, "principal_b", TODAY - A_DAY)
    nominated(world, "clerk_b", Post.EXECUTIVE_PRINCIPAL, world.school_b, "president")
    assert "提名，示例president提出" in text(enter("personnel").get(VACANCIES))
    assert "提名，示例president提出" in text(enter("president").get(VACANCIES))
    other = text(enter("teacher").get(VACANCIES))
    assert "示例B小" in other
    assert "提名，示例president提出" not in other  # not public before the notice


def test_who_acts_fills_the_post(world: Any) -> None:
    end(world, "principal_b", TODAY - A_DAY)
    row = recorded(world, "principal_a", Post.EXECUTIVE_PRINCIPAL, world.school_b, method=Method.ACTING)
    assert any(v.place == world.school_b for v in vacancies(TODAY, world.personnel))
    actions.confirm(row, by=world.leader)
    assert not any(v.place == world.school_b for v in vacancies(TODAY, world.personnel))


def test_a_dissolved_group_has_no_vacancy(world: Any) -> None:
    register.dissolve(world.preparing, document=DOCUMENT, by=world.basic)
    assert not any(v.place == world.preparing for v in vacancies(TODAY, world.personnel))
