"""The ledger of budgets: every move of approved, reserved and spent money, in the order of the lines' ids."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from finance.choices import MoveKind
from finance.models import BudgetLine, BudgetMove, Payment, RequestLine, RequestVersion
from kunshan_edu.core.changes import add_all
from kunshan_edu.core.money import split_by_weights

ZERO = Decimal("0.00")


def locked_lines(ids: Iterable[int]) -> dict[int, BudgetLine]:
    """The budget lines, locked in the order of their ids: the one order that cannot deadlock."""
    rows = BudgetLine.objects.filter(pk__in=set(ids)).order_by("pk")
    return {line.pk: line for line in rows.select_for_update(of=("self",), no_key=True)}


def asked_per_line(lines: Iterable[RequestLine]) -> dict[int, Decimal]:
    """budget line id → yuan asked of it."""
    asked: dict[int, Decimal] = {}
    for line in lines:
        asked[line.budget_line_id] = asked.get(line.budget_line_id, ZERO) + line.amount
    return asked


def _write(moves: list[BudgetMove], verb: str, by: Any) -> list[BudgetMove]:
    return add_all(sorted(moves, key=lambda m: m.line_id), verb=verb, by=by)


def grant(line: BudgetLine, amount: Decimal, *, document: str, by: Any) -> None:
    """下达: yuan more approved on a line, by a document."""
    _write(
        [BudgetMove(line=line, kind=MoveKind.GRANT, approved_delta=amount, document=document, by=by)],
        "finance.grant",
        by,
    )


def cut(line: BudgetLine, amount: Decimal, *, document: str, by: Any) -> None:
    """核减: yuan less approved; the database refuses a cut below what is reserved and spent."""
    _write(
        [BudgetMove(line=line, kind=MoveKind.CUT, approved_delta=-amount, document=document, by=by)],
        "finance.cut",
        by,
    )


def reserve(version: RequestVersion, lines: Iterable[RequestLine], *, by: Any) -> None:
    """占用: a submitted version holds its amounts until it is paid or ends."""
    _write(
        [
            BudgetMove(line_id=pk, kind=MoveKind.RESERVE, reserved_delta=amount, version=version, by=by)
            for pk, amount in asked_per_line(lines).items()
        ],
        "finance.reserve",
        by,
    )


def held(version: RequestVersion) -> dict[int, Decimal]:
    """budget line id → yuan that the version still reserves there."""
    rows = (
        BudgetMove.objects.filter(version=version)
        .order_by()
        .values("line_id")
        .annotate(held=Sum("reserved_delta"))
        .values_list("line_id", "held")
    )
    return {pk: amount for pk, amount in rows if amount}


def release(version: RequestVersion, *, by: Any) -> None:
    """释放: all that the version still holds goes back to its lines."""
    _write(
        [
            BudgetMove(line_id=pk, kind=MoveKind.RELEASE, reserved_delta=-amount, version=version, by=by)
            for pk, amount in held(version).items()
        ],
        "finance.release",
        by,
    )


def spend(payment: Payment, lines: Iterable[RequestLine], *, by: Any) -> None:
    """支付: the payment falls on the school's lines in proportion to what was approved; the rest is released."""
    asked = asked_per_line(lines)
    shares = split_by_weights(payment.amount, list(asked.values()))
    moves = []
    for (pk, amount), paid in zip(asked.items(), shares, strict=True):
        if paid:
            moves.append(
                BudgetMove(
                    line_id=pk,
                    kind=MoveKind.SPEND,
                    reserved_delta=-paid,
                    spent_delta=paid,
                    version_id=payment.version_id,
                    payment=payment,
                    by=by,
                )
            )
        if amount > paid:
            moves.append(
                BudgetMove(
                    line_id=pk,
                    kind=MoveKind.RELEASE,
                    reserved_delta=paid - amount,
                    version_id=payment.version_id,
                    by=by,
                )
            )
    _write(moves, "finance.spend", by)
