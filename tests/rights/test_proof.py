"""The proof of rights: it holds, it is large enough, and whatever is planted it finds."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path
from django.views.decorators.http import require_GET

from finance.models import Measures
from finance.views.measures import MeasuresDetail
from groups import actions as register
from groups import rules
from groups.models import School
from groups.verbs import SCHOOL
from groups.views import SchoolDetail
from kunshan_edu import urls
from kunshan_edu.celery import app
from kunshan_edu.core.changes import changing
from kunshan_edu.core.denials import demand
from kunshan_edu.core.querysets import Notifications
from kunshan_edu.rights.proof import crawl, layers
from kunshan_edu.rights.proof.cast import Cast
from kunshan_edu.rights.proof.cells import Tally
from kunshan_edu.rights.proof.rounds import Plan
from kunshan_edu.rights.proof.scene import set_scene
from kunshan_edu.rights.proof.things import account
from kunshan_edu.rights.proof.visits import Visitor
from kunshan_edu.rights.proof.walks import Walker, over_things, walk_deeds

ROOT = Path(__file__).resolve().parent.parent.parent
NOUNS = ("school", "education_group", "measures")


@pytest.mark.proof
def test_the_proof_holds(tmp_path):
    """Every door × everybody × every state: no mismatch, no finding, in less than two minutes on two idle cores."""
    evidence = tmp_path / "proof.md"
    command = [sys.executable, "manage.py", "prove_rights", "--evidence", str(evidence)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    told = done.stdout[-4000:] + done.stderr[-2000:]
    assert done.returncode == 0, told
    cells, mismatches = map(int, re.findall(r"\d+", done.stdout.splitlines()[-1]))
    assert mismatches == 0, told
    assert cells >= 20_000
    assert f"cells {cells}, mismatches 0" in evidence.read_text("utf-8")
    with evidence.with_suffix(".csv").open(encoding="utf-8-sig") as file:
        assert sum(int(line["tried"]) for line in csv.DictReader(file)) == cells


# What is planted is found


@pytest.fixture
def walker(world):
    """A small scene in the test's own transaction."""
    scene = set_scene(*NOUNS, world=world)
    visitors = {word: Visitor.of(word, user) for word, user in scene.people.items()}
    return Walker(scene, visitors, None, Tally())


def walk(walker: Walker, *nouns: str) -> Tally:
    """The walks over two things of each of these nouns, with the spy listening."""
    walker.scene.things = [thing for noun in nouns for thing in walker.scene.of(noun)[:2]]
    layers.walked(over_things(walker.scene, Cast(walker.scene)), walker)
    return walker.tally


def round_through(walker: Walker, *names: str) -> list[str]:
    """The round through these addresses while everything is denied."""
    plan = Plan(walker.scene)
    return layers.under_denial([stop for name in names for stop in plan.stops(name)], walker).wrong


@pytest.mark.django_db
def test_nothing_is_found_where_nothing_is_planted(walker):
    assert (
        round_through(walker, "groups:school_detail", "finance:measures_detail", "groups:school_verb") == []
    )
    tally = walk(walker, "school", "measures")
    assert (tally.mismatches, dict(tally.findings)) == ([], {})
    assert tally.cells > 300


@pytest.mark.django_db
def test_a_rule_that_always_says_yes_is_a_mismatch(walker, monkeypatch):
    monkeypatch.setattr(rules, "cannot_edit_profile", lambda _case: None)
    found = walk(walker, "school").mismatches
    assert {m.door for m in found} == {"school.edit_profile"}
    assert len({m.who for m in found}) > 1
    assert all(m.actual and not m.expected for m in found)


@pytest.mark.django_db
def test_a_right_that_is_taken_away_is_a_mismatch(walker, monkeypatch):
    monkeypatch.setattr(rules, "cannot_edit_profile", lambda _case: rules.NOT_A_REGISTRAR)
    found = walk(walker, "school").mismatches
    assert found and all(m.expected and not m.actual for m in found)


@pytest.mark.django_db
def test_a_view_without_visible_to_shows_what_was_denied(walker, monkeypatch):
    monkeypatch.setattr(MeasuresDetail, "row", lambda view: Measures.objects.get(pk=view.kwargs["pk"]))
    found = round_through(walker, "finance:measures_detail")
    assert found and all("shows" in each for each in found)
    assert {"measures.see"} == {m.door for m in walk(walker, "measures").mismatches}


def writing(view, request, **kwargs):
    """A page that notes in its row that somebody has seen it."""
    with changing(School.objects.get(pk=kwargs["pk"]), "groups.edit_profile", by=request.user) as row:
        row.feature = "看过了"
    return HttpResponse("")


@pytest.mark.django_db
def test_a_page_that_writes_is_found_by_denial_and_by_the_spy(walker, monkeypatch):
    monkeypatch.setattr(SchoolDetail, "get", writing)
    found = round_through(walker, "groups:school_detail")
    assert any("changed" in each and "groups_school" in each for each in found)
    spied = walk(walker, "school").findings
    assert any("GET changed" in each for each in spied)


@pytest.mark.django_db
def test_an_action_that_asks_nobody_is_found(walker, monkeypatch):
    """The rule is asked of one row, and another is changed."""

    def elsewhere(school, *, feature, by):
        other = School.objects.exclude(pk=school.pk).first()
        with changing(other, "groups.edit_profile", by=by) as row:
            demand(rules.cannot_edit_profile(register.school_case(school, by)))
            row.feature = feature
        return other

    monkeypatch.setitem(SCHOOL.find("edit-profile").__dict__, "action", elsewhere)
    assert any("without a yes for it" in each for each in walk(walker, "school").findings)


@pytest.mark.django_db
def test_what_is_anothers_own_is_a_mismatch_when_it_is_shown(world, monkeypatch):
    scene = set_scene("notification", "job", world=world)
    visitors = {word: Visitor.of(word, scene.people[word]) for word in (account.OWNER, "teacher", "stranger")}
    walker = Walker(scene, visitors, None, Tally())
    walks = [walk_deeds(list(account.of_one_person(scene)), dict.fromkeys(visitors, True))]
    layers.walked(walks, walker)
    assert (walker.tally.mismatches, dict(walker.tally.findings)) == ([], {})
    monkeypatch.setattr(Notifications, "visible_to", lambda rows, _user: rows)
    layers.walked(walks, walker)
    assert {(m.door, m.who) for m in walker.tally.mismatches} == {("own", "teacher")}


def test_a_door_that_nobody_has_gone_through_is_found():
    tally, door = Tally(), crawl.Found("post", "personnel:staff_new", "POST")
    nobody = layers.gone_through(tally)
    assert f"{door}: nobody went who may not nor who may" in nobody.wrong
    tally.through(door, False)
    assert f"{door}: nobody went who may" in layers.gone_through(tally).wrong
    tally.through(door, True)
    assert len(layers.gone_through(tally).wrong) == len(nobody.wrong) - 1


@require_GET
def planted(request):
    return HttpResponse("")


@pytest.mark.django_db
def test_an_address_that_is_in_no_row_is_found(world):
    assert layers.crawled().wrong == []
    with override_settings(ROOT_URLCONF=(*urls.urlpatterns, path("planted/", planted, name="planted"))):
        wrong = layers.crawled().wrong
    assert any("planted" in each for each in wrong)


@pytest.mark.django_db
def test_a_task_and_a_command_that_are_in_no_row_are_found(world, monkeypatch):
    monkeypatch.setitem(app.tasks, "finance.planted", object())
    commands = crawl.get_commands()
    monkeypatch.setattr(crawl, "get_commands", lambda: {**commands, "planted": "finance"})
    wrong = layers.crawled().wrong
    assert any("task finance.planted" in each for each in wrong)
    assert any("command planted" in each for each in wrong)
