"""Amounts: what is understood, what is refused and why, and that no fen is ever lost."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kunshan_edu.core.denials import INVALID
from kunshan_edu.core.money import (
    MAX_AMOUNT,
    AmountError,
    format_money,
    parse_amount,
    rmb_upper,
    split_by_weights,
    wan,
)

D = Decimal
FEN = st.integers(min_value=1, max_value=int(MAX_AMOUNT * 100))
AMOUNTS = FEN.map(lambda fen: D(fen).scaleb(-2))
WEIGHTS = st.lists(
    st.decimals(min_value="0.001", max_value="999999999", places=3, allow_nan=False), min_size=1, max_size=12
)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1200", "1200.00"),
        ("1,200.00", "1200.00"),
        ("１２００．５０", "1200.50"),
        ("１，２００", "1200.00"),
        (" 1200 ", "1200.00"),
        ("　1200　", "1200.00"),
        ("¥1,200", "1200.00"),
        ("￥ 1200", "1200.00"),
        ("1200元", "1200.00"),
        ("¥1200 元", "1200.00"),
        ("1.2万", "12000.00"),
        ("3万元", "30000.00"),
        ("3 万 元", "30000.00"),
        ("1,200万", "12000000.00"),
        ("1.234567万", "12345.67"),
        ("0.000001万", "0.01"),
        ("0.01", "0.01"),
        ("0.5", "0.50"),
        ("0012", "12.00"),
        ("999,999,999,999.99", "999999999999.99"),
        ("99999999.999999万", "999999999999.99"),
    ],
)
def test_understood(typed: str, amount: str) -> None:
    parsed = parse_amount(typed)
    assert parsed == D(amount)
    assert parsed.as_tuple().exponent == -2


REFUSED = {
    "amount_missing": ["", "   ", "　"],
    "amount_not_positive": ["0", "0.00", "-5", "－5", "−5", "¥-5", "-¥5", "-1.2万", "０"],
    "amount_exponent": ["1e3", "1E+22", "１ｅ３", "-1e3", "1e5万", "1e-3"],
    "amount_too_fine": ["0.005", "1.200", "0.000", "-0.005", "1.2345678万"],
    "amount_commas": ["1,20", "1,2000", "1234,567", "1,200,", ",200", "1.234,5", "1,,200", "12,00万"],
    "amount_too_large": ["1000000000000", "1,000,000,000,000.00", "100000000万", "9" * 50],
    "amount_unreadable": [
        *("NaN", "nan", "Infinity", "-inf", "sNaN", "abc", "一千", "12²", "½", "٣", "0x10", "1_000", "+5"),
        *("1 200", "1.2.3", ".5", "5.", "元", "万", "万元", "¥", "1万2", "5%", "$5", "1e", ",", "-", "3元5"),
        "9" * 100_000,
    ],
}


@pytest.mark.parametrize(
    ("code", "typed"), [(code, text) for code, texts in REFUSED.items() for text in texts]
)
def test_refused_with_its_own_sentence(code: str, typed: str) -> None:
    with pytest.raises(AmountError) as refusal:
        parse_amount(typed)
    assert refusal.value.denial.code == code
    assert refusal.value.denial.status == INVALID
    assert str(refusal.value) == str(refusal.value.denial)
    assert re.fullmatch(r"[^,:;?!]*(?:[\d],[\d][^,:;?!]*)*。", str(refusal.value))


def test_each_refusal_says_something_else() -> None:
    sentences = set()
    for texts in REFUSED.values():
        with pytest.raises(AmountError) as refusal:
            parse_amount(texts[0])
        sentences.add(str(refusal.value))
    assert len(sentences) == len(REFUSED)


def test_an_amount_error_is_a_value_error() -> None:
    assert issubclass(AmountError, ValueError)


@given(AMOUNTS)
def test_what_is_shown_can_be_typed_again(amount: Decimal) -> None:
    assert parse_amount(format_money(amount)) == amount
    assert parse_amount(f"¥{amount}元") == amount
    assert parse_amount(f"{amount.scaleb(-4):f}万元") == amount


@given(st.one_of(st.text(max_size=30), st.text(alphabet="0123456789,.-eE万元¥ NaN", max_size=14)))
def test_whatever_is_typed_gives_an_amount_or_a_reason(typed: str) -> None:
    try:
        amount = parse_amount(typed)
    except AmountError:
        return
    assert 0 < amount <= MAX_AMOUNT


@pytest.mark.parametrize(
    ("amount", "shown", "in_wan"),
    [
        ("12000", "12,000.00", "1.20"),
        ("0", "0.00", "0.00"),
        ("0.5", "0.50", "0.00"),
        ("0.05", "0.05", "0.00"),
        ("-12000.05", "-12,000.05", "-1.20"),
        ("-30", "-30.00", "0.00"),
        ("50", "50.00", "0.01"),
        ("12350", "12,350.00", "1.24"),
        ("999999999999.99", "999,999,999,999.99", "100,000,000.00"),
        ("1E+4", "10,000.00", "1.00"),
    ],
)
def test_shown(amount: str, shown: str, in_wan: str) -> None:
    assert format_money(D(amount)) == shown
    assert wan(D(amount)) == in_wan


@pytest.mark.parametrize("amount", ["0.005", "NaN", "Infinity", "1.0000000000000000000000000000000001"])
def test_nothing_finer_than_a_fen_is_shown_or_written_out(amount: str) -> None:
    for show in (format_money, rmb_upper):
        with pytest.raises((ValueError, ArithmeticError)):
            show(D(amount))


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("0", "零元整"),
        ("0.50", "伍角整"),
        ("0.05", "伍分"),
        ("0.55", "伍角伍分"),
        ("1", "壹元整"),
        ("1.01", "壹元零壹分"),
        ("1.10", "壹元壹角整"),
        ("10", "壹拾元整"),
        ("15", "壹拾伍元整"),
        ("110", "壹佰壹拾元整"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("1001", "壹仟零壹元整"),
        ("1010", "壹仟零壹拾元整"),
        ("1100", "壹仟壹佰元整"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("10001", "壹万零壹元整"),
        ("12000", "壹万贰仟元整"),
        ("12300", "壹万贰仟叁佰元整"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("100000", "壹拾万元整"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("1000500", "壹佰万零伍佰元整"),
        ("10000000.01", "壹仟万元零壹分"),
        ("10101010.10", "壹仟零壹拾万壹仟零壹拾元壹角整"),
        ("100000000", "壹亿元整"),
        ("100000010.00", "壹亿零壹拾元整"),
        ("100001000", "壹亿零壹仟元整"),
        ("100010000", "壹亿零壹万元整"),
        ("100100000", "壹亿零壹拾万元整"),
        ("110000000", "壹亿壹仟万元整"),
        ("1000010000", "壹拾亿零壹万元整"),
        ("9999999999.99", "玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ("999999999999.99", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        ("-12000", "负壹万贰仟元整"),
    ],
)
def test_written_out(amount: str, written: str) -> None:
    assert rmb_upper(D(amount)) == written


def read_rmb(written: str) -> Decimal:
    """Read an amount in 大写 back, by the rule of reading Chinese numerals: units multiply what stands before them."""
    numerals, places = "零壹贰叁肆伍陆柒捌玖", {"拾": 10, "佰": 100, "仟": 1000}
    fen = section = digit = total = 0
    for char in written:
        if char in numerals:
            digit = numerals.index(char)
        elif char in places:
            section, digit = section + digit * places[char], 0
        elif char in "万亿":
            total, section, digit = total + (section + digit) * {"万": 10**4, "亿": 10**8}[char], 0, 0
        elif char == "元":
            total, section, digit = total + section + digit, 0, 0
        elif char in "角分":
            fen, digit = fen + digit * {"角": 10, "分": 1}[char], 0
    return D(total * 100 + fen).scaleb(-2)


SPARSE = (
    st.lists(st.sampled_from("00001259"), min_size=1, max_size=14)
    .map(lambda ds: D("".join(ds)).scaleb(-2))
    .filter(bool)
)


@given(st.one_of(AMOUNTS, SPARSE))
def test_written_out_amounts_read_back_the_same(amount: Decimal) -> None:
    written = rmb_upper(amount)
    assert read_rmb(written) == amount
    assert not re.search("零零|零[万亿角整]|零元.|^零.*分|亿万|分整", written)
    assert written.endswith("分") is (int(amount * 100) % 10 > 0)
    assert written.endswith("整") is not written.endswith("分")


@given(st.lists(st.sampled_from("00001259"), min_size=1, max_size=12).map("".join))
def test_a_gap_between_two_digits_is_always_read(digits: str) -> None:
    """A zero between digits of one group of four, or a whole empty group between two, is written as 零."""
    groups = f"{int(digits):012}"
    written = rmb_upper(D(digits))
    inner = any(re.search("[1-9]0+[1-9]", groups[i : i + 4]) for i in (0, 4, 8))
    between = any(int(groups[:i]) and groups[i] == "0" and int(groups[i : i + 4]) for i in (4, 8))
    skipped = int(groups[:4]) and not int(groups[4:8]) and int(groups[8:])
    assert ("零" in written.removesuffix("零元整")) is bool(inner or between or skipped)


def test_more_than_the_books_can_hold_is_not_written_out() -> None:
    with pytest.raises(ValueError, match="too large"):
        rmb_upper(MAX_AMOUNT + D("0.01"))


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        ("100", "1 1 1", "33.34 33.33 33.33"),
        ("0.05", "1 1 1", "0.02 0.02 0.01"),
        ("0.01", "1 2 3", "0.00 0.00 0.01"),
        ("100", "1 2", "33.33 66.67"),
        ("100", "0.5 0.25 0.25", "50.00 25.00 25.00"),
        ("-100", "1 1 1", "-33.34 -33.33 -33.33"),
        ("0", "1 1", "0.00 0.00"),
        ("7.77", "5", "7.77"),
        ("999999999999.99", "1 1", "500000000000.00 499999999999.99"),
    ],
)
def test_shared_out(total: str, weights: str, shares: str) -> None:
    assert split_by_weights(D(total), [D(w) for w in weights.split()]) == [D(s) for s in shares.split()]


@given(AMOUNTS, WEIGHTS)
def test_shares_add_up_and_stay_within_a_fen_of_the_exact_share(
    total: Decimal, weights: list[Decimal]
) -> None:
    shares = split_by_weights(total, weights)
    fen = [int(share * 100) for share in shares]
    assert sum(fen) == int(total * 100)
    whole = sum(int(w * 1000) for w in weights)
    for share, weight in zip(fen, weights, strict=True):
        assert abs(share * whole - int(total * 100) * int(weight * 1000)) < whole


@given(AMOUNTS, WEIGHTS)
def test_who_weighs_more_never_gets_less(total: Decimal, weights: list[Decimal]) -> None:
    by_weight = sorted(zip(weights, split_by_weights(total, weights), strict=True))
    for (light, less), (heavy, more) in pairwise(by_weight):
        assert light == heavy or less <= more


@pytest.mark.parametrize("weights", [[], ["0"], ["1", "0"], ["1", "-1"], ["NaN"], ["Infinity"]])
def test_weights_must_be_positive(weights: list[str]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split_by_weights(D(100), [D(w) for w in weights])


def test_a_fraction_of_a_fen_is_not_shared_out() -> None:
    with pytest.raises(ValueError, match="fen"):
        split_by_weights(D("0.005"), [D(1)])
