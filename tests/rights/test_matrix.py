"""The declared matrix: whole, well-formed, the same in the document, and without a door outside it."""

from __future__ import annotations

from dataclasses import fields

import pytest
from django.core.management import CommandError, call_command

from kunshan_edu.core.guideline import Clause
from kunshan_edu.rights import addresses, doors
from kunshan_edu.rights.conditions import CONDITIONS
from kunshan_edu.rights.document import PLACE, cells_of, document
from kunshan_edu.rights.facts import LEVELS, STEP_ROLE, Facts
from kunshan_edu.rights.matrix import DESIGNED, ROWS, door_codes, doors_to, row_numbered
from kunshan_edu.rights.matrix.cells import AUDITED, read_cell, read_cells
from kunshan_edu.rights.matrix.roles import HELD_IN, ROLE_OF
from kunshan_edu.rights.matrix.words import Basis, Kind, Mark, Reach, Role, Worded, Words
from kunshan_edu.rights.route import ROUTES
from personnel.choices import SCOPE_OF, Post
from tests.words import CHINESE, HAN

LATER = "enrollment"


def test_it_names_the_actions_of_the_design_and_those_added() -> None:
    assert [row.number for row in ROWS] == list(range(1, len(ROWS) + 1))
    assert len({row.code for row in ROWS}) == len(ROWS) > DESIGNED == 86
    assert len(Role) == 20


def test_every_row_says_who_on_what_ground() -> None:
    for row in ROWS:
        assert row.cells, row.number
        assert row.basis, row.number
        assert all(isinstance(b, Clause | Basis) for b in row.basis)


def words() -> list[Words]:
    found = [row.name for row in ROWS] + [row.note for row in ROWS if row.note]
    for kind in Worded.__subclasses__():
        found += [thing.words for thing in kind if thing.words.zh]
    return found


def test_every_word_is_in_both_languages() -> None:
    for said in words():
        assert HAN.search(said.zh), said
        assert said.en, said
        assert not CHINESE.search(said.en), said


def test_every_note_is_a_sentence() -> None:
    for row in ROWS:
        if row.note:
            assert row.note.zh.endswith("。"), row.number
            assert row.note.en.endswith("."), row.number


@pytest.mark.parametrize(
    "text", ["A", "Gp", "S@cashier", "G:step~", "A:appointments", "Sp@department_head~", "A2:vacant+"]
)
def test_a_cell_reads_as_it_is_written(text: str) -> None:
    assert str(read_cell(text)) == text


@pytest.mark.parametrize("text", ["", "X", "Aq", "A:nothing", "A~~", "a", "S@", "Gpp"])
def test_what_is_no_cell_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no "):
        read_cell(text)


def test_cells_of_several_roles() -> None:
    found = read_cells("BL,HR=A PRE=Gp/Gv ALL=Rv")
    assert [str(c) for c in found[Role.BL]] == ["A", "Rv"]
    assert [str(c) for c in found[Role.PRE]] == ["Gp", "Gv", "Rv"]
    assert Role.AUD not in found
    assert read_cell("Gp").kind is Kind.PROPOSE
    assert read_cell("A~").mark is Mark.NOT_YET
    assert not read_cell("A~").given


def test_reach_fits_where_a_role_is_held() -> None:
    """A group's role reaches its group, a school's its school: a wider letter would be a right out of nothing."""
    near = {
        "bureau": {Reach.ALL, Reach.RECORD},
        "district": {Reach.ALL, Reach.DISTRICT, Reach.RECORD},
        "group": {Reach.ALL, Reach.GROUP, Reach.RECORD},
        "school": {Reach.ALL, Reach.SCHOOL, Reach.RECORD},
    }
    acting = {Kind.FULL, Kind.SECOND, Kind.PROPOSE, Kind.CONSENT, Kind.REVIEW, Kind.BOOKING}
    for row in ROWS:
        for role, cells in row.cells.items():
            for cell in cells:
                place = HELD_IN[role]
                if place:
                    assert cell.reach in near[place], (row.number, role)
                if (
                    place in ("group", "school", "district")
                    and cell.kind in acting
                    and row.number not in OPEN_TO_ALL
                ):
                    assert cell.reach != Reach.ALL, (row.number, role)


# The public register, the look-up of an address, and the roster of posts: to see, whoever one is.
OPEN_TO_ALL = (1, 68, 89, 73)


def test_an_auditor_sees_and_never_acts() -> None:
    for row in ROWS:
        cells = row.cells.get(Role.AUD, ())
        if row.chapter in AUDITED:
            assert cells, row.number
        assert {c.kind for c in cells} <= {Kind.VIEW, Kind.MASKED} or row.number in (1, 68, 89, 98), (
            row.number
        )


def test_an_administrator_decides_nothing() -> None:
    """What is open to everybody, one's own rights, and the reading room; never money or a person's data."""
    given = {row.number: [c for c in row.cells.get(Role.ADM, ()) if c.given] for row in ROWS}
    acting = {n for n, cells in given.items() for c in cells if c.kind != Kind.VIEW}
    assert acting == {1, 68, 89, 98, 101}
    for number in (46, 67, 88, 21, 84):
        assert given[number] == []


def test_every_post_has_its_role_at_its_place() -> None:
    assert set(ROLE_OF) == set(Post.values)
    for post, role in ROLE_OF.items():
        assert HELD_IN[role] == SCOPE_OF[Post(post)].value, post
    assert set(HELD_IN) == set(Role)
    named = {post for row in ROWS for cells in row.cells.values() for cell in cells for post in cell.posts}
    assert named <= set(Post.values)


def test_doors_speak_the_words_of_the_facts() -> None:
    known = {f.name for f in fields(Facts)} | {"band", "act", "lifted"}
    for row in ROWS:
        for door in row.doors:
            assert set(door.only) <= known, (row.number, door.code)
            assert set(door.when) <= set(CONDITIONS), (row.number, door.code)
            assert door.place in ("", "unit", "step", "decided", "sending", "receiving", "unpaid")
            assert set(door.only.get("post", ())) <= {*Post.values, "staff"}, door.code
            assert set(door.only.get("band", ())) <= set(LEVELS)


def test_routes_ask_roles_that_rows_let_sign() -> None:
    """Each signature of each route has its row: role, act and band together."""
    for (origin, band), way in ROUTES.items():
        for role, act in way:
            fitting = [
                row.number
                for row, door in doors_to("fund_request.approve")
                for cell in row.cells.get(STEP_ROLE[role], ())
                if cell.given
                and cell.kind in door.kinds
                and act in door.only["act"]
                and band in door.only.get("band", (band,))
                and origin in door.only.get("origin", (origin,))
                and "lifted" not in door.only
            ]
            assert len(fitting) == 1, (origin, band, role, act)


def test_the_decision_of_each_band_is_its_own_role_alone() -> None:
    deciders = {
        (band, origin): {
            role
            for row, door in doors_to("fund_request.approve")
            if "approve" in door.only["act"]
            and band in door.only.get("band", ())
            and origin in door.only.get("origin", (origin,))
            for role, cells in row.cells.items()
            if any(c.given and c.kind in door.kinds for c in cells)
        }
        for origin, band in ROUTES
    }
    assert deciders == {
        ("principal", "school"): {Role.EXE},
        ("president", "school"): {Role.PRE},
        ("leader", "school"): {Role.BL},
        ("president", "group"): {Role.PRE},
        ("leader", "group"): {Role.BL},
    }


# The doors


def test_no_door_is_outside_the_matrix() -> None:
    assert doors.undeclared() == []


def test_nothing_is_declared_that_does_not_exist() -> None:
    assert doors.stale() == []


def test_the_crawl_finds_doors_of_every_kind() -> None:
    found = doors.sites()
    assert len(found) == len(set(found))
    kinds = {site.kind for site in found}
    assert kinds == {"page", "verb", "api", "admin", "task", "job", "command"}
    there = {str(site) for site in found}
    assert {
        "page groups:group_new POST",
        "verb finance:fund_request_verb POST fund_request.approve",
        "verb api:fund-requests-verb-approve POST fund_request.approve",
        "api fund-requests create POST",
        "task core.seal_audit",
        "job personnel.rederive",
        "command serve",
    } <= there
    assert "page core:notifications_read GET" not in there, "a page that answers POST alone"


def test_an_unknown_door_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(addresses.PAGES, "groups:group_new")
    monkeypatch.setitem(addresses.PAGES, "groups:nowhere", addresses.OWN)
    monkeypatch.setitem(addresses.PAGES, "groups:school_new", addresses.at("school.invented"))
    assert doors.undeclared() == [
        "page groups:group_new GET",
        "page groups:group_new POST",
        "page groups:school_new GET: school.invented",
        "page groups:school_new POST: school.invented",
    ]
    assert "page groups:nowhere" in doors.stale()


def test_a_verb_that_no_row_names_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "door_codes", lambda: door_codes() - {"fund_request.approve"})
    assert [line for line in doors.undeclared() if line.startswith("verb")] == [
        "verb finance:fund_request_verb GET fund_request.approve",
        "verb finance:fund_request_verb POST fund_request.approve",
        "verb api:fund-requests-verb-approve POST fund_request.approve",
    ]


def test_the_machine_has_no_address() -> None:
    for site in doors.sites():
        said = doors.declared(site)
        assert said is not None
        if site.kind in ("page", "verb", "api", "admin"):
            assert said is not addresses.MACHINE, site


# The document


def test_the_document_is_what_the_matrix_says() -> None:
    assert PLACE.read_text("utf-8") == document(), "run make rights"


def test_the_document_names_every_row_with_its_clauses() -> None:
    text = document()
    for row in ROWS:
        line = next(line for line in text.splitlines() if line.startswith(f"| {row.number} |"))
        assert f"`{row.code}`" in line
        assert row.name.zh in line
        assert all(clause.id in line for clause in row.clauses)
        assert line.count(" | ") == 5
    assert cells_of(row_numbered(8)) == "BL **A2** · HR **A** · AUD **Av**"


def test_the_command_checks(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rights", "--check")
    assert "each in its row" in capsys.readouterr().out
    monkeypatch.delitem(addresses.TASKS, "core.seal_audit")
    with pytest.raises(CommandError, match="1 things are wrong"):
        call_command("rights", "--check")
    assert "in no row: task core.seal_audit" in capsys.readouterr().out
