"""The clauses against the document itself: every word that is cited stands in it, in its place."""

from __future__ import annotations

import copy
import csv
import json
import pickle
import re
from functools import lru_cache
from pathlib import Path

import pytest

from groups.choices import Authority
from kunshan_edu.core.guideline import DOCUMENT_NO, DOCUMENT_TITLE, Clause, Kind
from kunshan_edu.core.lights import lamps
from tests.test_house import our_models, refused_by_triggers

DOCS = Path(__file__).resolve().parents[2] / "docs"
TEXT = (DOCS / "guideline.zh.txt").read_text("utf-8")
CHAPTERS = "一二三四五六"
PHASES = ("第一阶段", "第二阶段", "第三阶段")


def listed() -> list[dict[str, str]]:
    with (DOCS / "clauses.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sections() -> dict[str, str]:
    """The document cut at its own headings, keyed as a clause cites them: "文头", "一", "四、2", "五、第一阶段"."""
    found, chapter, key = {"文头": ""}, "", "文头"
    for line in TEXT.splitlines():
        if heading := re.match(rf"([{CHAPTERS}])、", line):
            chapter = key = heading[1]
        elif paragraph := re.match(r"([1-9])\. ", line):
            key = f"{chapter}、{paragraph[1]}"
        elif line.startswith(PHASES):
            key = f"{chapter}、{line[:4]}"
        found[key] = found.get(key, "") + line + "\n"
    return found


def fragments(quote: str) -> list[str]:
    return [part for part in re.split("…| / ", quote) if part]


def stands_in(quote: str, text: str) -> bool:
    """Every fragment of the quote occurs in the text, one after the other."""
    position = 0
    for fragment in fragments(quote):
        position = text.find(fragment, position)
        if position < 0:
            return False
        position += len(fragment)
    return True


@pytest.mark.parametrize("clause", Clause)
def test_every_clause_is_quoted_word_for_word_from_its_section(clause: Clause) -> None:
    assert stands_in(clause.quote, sections()[clause.section])


@pytest.mark.parametrize(
    ("quote", "stands"),
    [("甲…丙", True), ("甲 / 乙", True), ("丙…甲", False), ("甲丙", False), ("甲…甲", False), ("丁", False)],
)
def test_an_excerpt_is_held_to_the_order_of_the_text(quote: str, stands: bool) -> None:
    assert stands_in(quote, "甲乙丙") is stands


def test_quotes_without_an_omission_stand_exactly_once() -> None:
    assert [c for c in Clause if len(fragments(c.quote)) == 1 and TEXT.count(c.quote) != 1] == []


def test_the_eighty_five_clauses_are_those_of_the_list_in_its_order() -> None:
    rows = listed()
    assert [clause.id for clause in Clause] == [row["id"] for row in rows]
    assert len(Clause) == len({clause.id for clause in Clause}) == 85
    assert [(c.kind, c.quote) for c in Clause] == [(row["kind"], row["quote_zh"]) for row in rows]


def test_a_member_is_named_after_its_id() -> None:
    assert [c.name for c in Clause] == ["C" + c.id.replace(".", "_").upper() for c in Clause]


def test_kinds_are_the_seven() -> None:
    assert {clause.kind for clause in Clause} == set(Kind)
    assert all(isinstance(clause.kind, Kind) for clause in Clause)


def test_every_clause_has_an_english_sentence_of_its_own() -> None:
    assert len({clause.gloss for clause in Clause}) == 85
    assert [c for c in Clause if not re.fullmatch(r"[A-Z][\x20-\x7e]+\.", c.gloss)] == []


@pytest.mark.parametrize(
    ("number", "place"),
    [
        ("0.a", "文头"),
        ("1.c", "一"),
        ("2.d", "二"),
        ("3.1.a", "三、1"),
        ("4.2.k", "四、2"),
        ("5.1.b", "五、第一阶段"),
        ("5.3.a", "五、第三阶段"),
        ("6.3.f", "六、3"),
    ],
)
def test_citation_names_document_and_place(number: str, place: str) -> None:
    assert Clause.of(number).section == place
    assert Clause.of(number).cite() == f"昆政办发〔2019〕132号 {place}"


def test_document_number_and_title_head_the_text() -> None:
    lines = TEXT.splitlines()
    assert lines[0] == DOCUMENT_NO
    assert DOCUMENT_TITLE in lines


def test_of_finds_a_clause_and_refuses_what_is_none() -> None:
    assert Clause.of("4.2.k") is Clause.C4_2_K
    for wrong in ("4.2.z", "", "C4_2_K", "4.2"):
        with pytest.raises(ValueError, match="no clause"):
            Clause.of(wrong)


def test_a_clause_goes_into_a_column_or_json_as_its_id() -> None:
    assert str(Clause.C4_2_K) == f"{Clause.C4_2_K}" == Clause.C4_2_K == "4.2.k"
    assert json.dumps({"clause": Clause.C4_2_K}) == '{"clause": "4.2.k"}'


def test_a_clause_survives_pickling_and_copying() -> None:
    kept = pickle.loads(pickle.dumps(Clause.C4_2_K))  # noqa: S301 - what was just pickled here
    assert kept is copy.deepcopy(Clause.C4_2_K) is Clause.C4_2_K


def table() -> list[list[str]]:
    """The rows of docs/guideline.md: clause, words, kind, held by, test."""
    lines = (DOCS / "guideline.md").read_text("utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]


def test_the_clause_table_carries_every_clause_with_its_words() -> None:
    assert [row[:3] for row in table()] == [[f"`{c.id}`", c.quote, c.kind] for c in Clause]
    assert [row[0] for row in table() if len(row) != 5 or not all(row)] == []


HOUSE = DOCS.parent
DONE = 3  # the issues up to this one are built: nothing of the table waits for them
STORIES = sorted((HOUSE / "tests/stories").glob("test_*.py"))
# "constraints `a`, `b`; right `C`: …": what a name is said to be.
SAID = re.compile(r"\b(constraint|trigger|right|rule)s? ((?:`\w+`(?:, | and )?)+)")


@lru_cache(maxsize=1)
def code() -> str:
    apps = ("kunshan_edu", "groups", "personnel", "finance", "enrollment")
    return "".join(path.read_text("utf-8") for app in apps for path in (HOUSE / app).rglob("*.py"))


@lru_cache(maxsize=1)
def known() -> dict[str, set[str]]:
    """What there is of each kind of thing that holds a clause."""
    return {
        "constraint": {c.name for model in our_models() for c in model._meta.constraints},
        "trigger": refused_by_triggers(),
        "right": set(Authority.__members__),
        "rule": set(re.findall(r"^def (cannot_\w+)\(", code(), re.MULTILINE)),
    }


def test_what_the_clause_table_names_exists() -> None:
    """Files by their path; constraints, rights and classes by their name in the code."""
    named = {name for row in table() for name in re.findall("`([^`]+)`", row[3] + row[4])}
    files = {name for name in named if name.endswith(".py")}
    words = set(re.findall(r"\w+", code()))
    assert sorted(name for name in files if not (HOUSE / name).is_file()) == []
    assert sorted(named - files - words) == []


def test_each_name_is_of_the_kind_that_is_said_of_it() -> None:
    said = [(row[0], kind, name) for row in table() for kind, names in SAID.findall(row[3])
            for name in re.findall(r"\w+", names.replace(" and ", " "))]  # fmt: skip
    assert len(said) > 90
    assert [each for each in said if each[2] not in known()[each[1]]] == []


def test_a_light_is_named_where_there_is_a_lamp_and_nowhere_else() -> None:
    built = [(row[0].strip("`"), re.sub(r"light planned: issue \d", "", row[3])) for row in table()]
    assert {clause for clause, cell in built if re.search(r"\blight\b", cell)} == {
        x.clause.id for x in lamps()
    }


def test_nothing_waits_for_an_issue_that_is_done() -> None:
    waiting = [(row[0], int(n)) for row in table() for n in re.findall(r"planned: issue (\d+)", row[3])]
    assert [each for each in waiting if each[1] <= DONE] == []
    assert [row[0] for row in table() if row[4] == "—" and not row[3].startswith("planned: issue")] == []


def told(path: Path) -> set[str]:
    """The clauses of which a story tells, by the names of its tests: test_4_1_p_to_t_… tells of five."""
    found = set()
    for chapter, first, last in re.findall(
        r"^def test_(\d_\d)_([a-z])_(?:to_([a-z])_)?", path.read_text(), re.MULTILINE
    ):
        letters = range(ord(first), ord(last or first) + 1)
        found |= {f"{chapter.replace('_', '.')}.{chr(letter)}" for letter in letters}
    return found


@pytest.mark.parametrize("row", table(), ids=lambda row: row[0].strip("`"))
def test_the_stories_of_a_clause_are_named(row: list[str]) -> None:
    clause, stories = row[0].strip("`"), re.findall("`(tests/stories/[^`]+)`", row[4])
    written = {f"tests/stories/{path.name}" for path in STORIES if clause in told(path)}
    assert set(stories) == written
    assert stories or not (clause == "3.2.b" or clause.startswith(("4.1.", "6.3.")))
