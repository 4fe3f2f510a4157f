"""The evidence: what was looked at and what came of it, as a table for people and one for programs."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from kunshan_edu.rights.matrix import doors_to
from kunshan_edu.rights.proof.layers import Findings, not_built

MOST_TOLD = 100


def summary(findings: Findings) -> list[str]:
    """One line for each layer, aligned."""
    reports = [findings.reports[layer] for layer in sorted(findings.reports)]
    return [
        f"{each.layer:<6}{each.looked:>9,} looked at {len(each.wrong):>5,} wrong {each.seconds:>4.0f} s  {each.title}"
        for each in reports
    ]


def last_line(findings: Findings) -> str:
    return f"cells {findings.tally.cells}, mismatches {findings.wrong}"


def wrong(findings: Findings) -> Iterator[str]:
    """Everything that is wrong, layer by layer."""
    for layer in sorted(findings.reports):
        yield from (f"{layer}: {each}" for each in findings.reports[layer].wrong[:MOST_TOLD])


def rows_of(code: str) -> str:
    return " ".join(dict.fromkeys(str(row.number) for row, _door in doors_to(code)))


def write(findings: Findings, place: Path) -> None:
    """The page at `place`, and every line of it beside, as CSV."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("\n".join(_page(findings)) + "\n", "utf-8")
    with place.with_suffix(".csv").open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(("rows", "door", "way", "thing", "tried", "may", "mismatches", "who may"))
        for (code, way, thing), line in sorted(findings.tally.lines.items()):
            names = " ".join(line.may)
            sheet.writerow((rows_of(code), code, way, thing, line.tried, len(line.may), line.wrong, names))


def _page(findings: Findings) -> Iterator[str]:
    yield "# 权限证明 / proof of rights"
    yield ""
    yield "| layer | what | looked at | wrong |"
    yield "|---|---|---:|---:|"
    for layer in sorted(findings.reports):
        report = findings.reports[layer]
        yield f"| {layer} | {report.title} | {report.looked:,} | {len(report.wrong):,} |"
    yield ""
    yield last_line(findings)
    yield ""
    yield "| rows | door | cells | may | mismatches |"
    yield "|---|---|---:|---:|---:|"
    for code, (tried, may, differ) in sorted(_by_door(findings).items()):
        yield f"| {rows_of(code)} | {code} | {tried:,} | {may:,} | {differ:,} |"
    yield ""
    yield "Not built yet: " + ("; ".join(not_built()) or "nothing")
    found = list(wrong(findings))
    if found:
        yield ""
        yield "## Wrong"
        yield ""
        yield from (f"- {each}" for each in found)


def _by_door(findings: Findings) -> dict[str, tuple[int, int, int]]:
    found: dict[str, tuple[int, int, int]] = {}
    for (code, _way, _thing), line in findings.tally.lines.items():
        tried, may, differ = found.get(code, (0, 0, 0))
        found[code] = (tried + line.tried, may + len(line.may), differ + line.wrong)
    return found
