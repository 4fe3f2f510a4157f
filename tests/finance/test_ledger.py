"""The ledger of budgets: what each move does to a line's totals, in which order, and that nothing else does."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance import ledger
from finance.actions.cases import current_version
from finance.models import BudgetLine, BudgetMove, RequestLine
from finance.proofs import PROOFS
from kunshan_edu.core.changes import acting
from kunshan_edu.core.denials import Denied
from tests.finance.requests import approve_all, ask, budget_line, granted, line, minutes, pay, totals

D = Decimal
NONE = D("0.00")
FEN = st.integers(1, 10**9).map(lambda fen: D(fen).scaleb(-2))


def test_lines_on_one_budget_line_are_asked_together():
    lines = [RequestLine(budget_line_id=pk, amount=D(amount)) for pk, amount in ((7, 1), (3, 2), (7, "0.50"))]
    assert ledger.asked_per_line(lines) == {7: D("1.50"), 3: D(2)}
    assert ledger.asked_per_line([]) == {}


class Kept:
    """Stands for the table of moves: keeps what the ledger writes."""

    def __init__(self, monkeypatch):
        self.moves = []
        monkeypatch.setattr(ledger, "add_all", lambda rows, **_: self.moves.extend(rows))


@given(amounts=st.lists(FEN, min_size=1, max_size=6), part=st.fractions(0, 1))
def test_a_payment_spends_itself_and_releases_the_rest_to_the_fen(amounts, part):
    lines = [RequestLine(budget_line_id=n, amount=amount) for n, amount in enumerate(amounts, 1)]
    asked = sum(amounts)
    amount = max(D("0.01"), D(int(int(asked * 100) * part)).scaleb(-2))
    with pytest.MonkeyPatch.context() as patch:
        kept = Kept(patch)
        ledger.spend(ledger.Payment(amount=amount, version_id=1, pk=1), lines, by=None)
    assert sum(m.spent_delta for m in kept.moves) == amount
    assert sum(m.reserved_delta for m in kept.moves) == -asked
    for n, own in enumerate(amounts, 1):
        mine = [m for m in kept.moves if m.line_id == n]
        assert sum(m.reserved_delta for m in mine) == -own
        assert all(m.kind == ("spend" if m.spent_delta else "release") for m in mine)
    assert [m.line_id for m in kept.moves] == sorted(m.line_id for m in kept.moves)


@pytest.mark.django_db
def test_each_move_changes_the_totals_it_names(world):
    found, other = budget_line(world), budget_line(world, category="office")
    ledger.grant(found, D("100.50"), document="昆教财〔2026〕8号", by=world.finance_1)
    assert totals(world) == (D("200100.50"), NONE, NONE)
    ledger.cut(found, D("0.50"), document="昆教财〔2026〕9号", by=world.finance_1)
    assert totals(world) == (D("200100.00"), NONE, NONE)
    lines = [line(world, "school_a", "60.00"), line(world, "school_a", "40.00", "office")]
    version = current_version(ask(world, "clerk_a", "", lines=lines))
    assert ledger.held(version) == {found.pk: D("60.00"), other.pk: D("40.00")}
    assert totals(world) == (D("200100.00"), D("60.00"), NONE)
    ledger.release(version, by=world.clerk_a)
    assert ledger.held(version) == {}
    assert totals(world) == (D("200100.00"), NONE, NONE)
    kinds = BudgetMove.objects.filter(line=found).values_list("kind", flat=True)
    assert list(kinds) == ["grant", "grant", "cut", "reserve", "release"]


@pytest.mark.django_db
def test_release_gives_back_only_what_is_still_held(world):
    lines = [line(world, "school_a", "60.00"), line(world, "school_c", "40.00")]
    fund_request = granted(world, "office", "", school=None, lines=lines)
    version = current_version(fund_request)
    pay(world, fund_request, "cashier_c", "30.00")
    assert ledger.held(version) == {budget_line(world).pk: D("60.00")}
    assert totals(world, "school_c") == (D("200000.00"), NONE, D("30.00"))


@pytest.mark.django_db
def test_moves_are_written_in_the_order_of_their_lines(world):
    names = ("research", "office", "meeting", "training")
    lines = [line(world, "school_a", "1.00", name) for name in names]
    version = current_version(ask(world, "clerk_a", "", lines=lines))
    reserved = version.moves.order_by("id").values_list("line_id", flat=True)
    assert len(reserved) == 4
    assert list(reserved) == sorted(reserved)


@pytest.mark.django_db
def test_lines_are_locked_in_the_order_of_their_ids(world, django_assert_num_queries):
    ids = sorted(BudgetLine.objects.values_list("pk", flat=True))[:3]
    with django_assert_num_queries(1) as queries:
        assert list(ledger.locked_lines(reversed(ids))) == ids
    sql = queries.captured_queries[0]["sql"]
    assert 'ORDER BY "finance_budgetline"."id" ASC FOR NO KEY UPDATE' in sql


@pytest.mark.django_db
def test_another_request_cannot_live_on_this_one_reserve(world):
    mine, others = (current_version(ask(world, "clerk_a", "100.00", payee=payee)) for payee in ("甲", "乙"))
    assert ledger.held(others)
    too_much = BudgetMove(line=budget_line(world), kind="release", reserved_delta=D("-100.01"), version=mine)
    with pytest.raises(Denied) as caught, acting("finance.release", world.clerk_a):
        too_much.save(force_insert=True)
    assert caught.value.denial.code == "reserve_is_released_by_its_own_request"


@pytest.mark.django_db
def test_proofs_find_nothing_after_a_life_of_requests(world):
    large = ask(world, "clerk_c", "60000.00", school="school_c")
    minutes(world, large)
    pay(world, approve_all(large), "cashier_c", "50000.00")
    lines = [line(world, "school_a", "60.00"), line(world, "school_c", "40.00")]
    pay(world, granted(world, "office", "", school=None, lines=lines, payee="乙"), "cashier_a", "30.00")
    ask(world, "clerk_a", "10.00", payee="丙")
    assert {proof.name: found for proof in PROOFS if (found := proof.check())} == {}
