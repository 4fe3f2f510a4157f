"""金额: amounts as people type and read them, and sums shared out to the fen. Pure: no Django, never a float."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from kunshan_edu.core.denials import INVALID, Denial, _

MAX_AMOUNT = Decimal("999999999999.99")  # what numeric(14,2) holds
_ONE_FEN = Decimal("0.01")
_WAN = 10_000
_LONGEST = 60  # characters that can still be an amount; what is longer was pasted by mistake

# Full-width forms only: a general compatibility mapping would also turn "12²" into 122.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    0xFFE5: "¥",
    0x2212: "-",
}
_TYPED = re.compile(r"(?P<minus>-?)\s*¥?\s*(?P<number>-?[^\s¥元万]+)\s*(?P<unit>万?)\s*元?")
_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_COMMAS_ASTRAY = re.compile(r"(?=.*,)(?=.*[0-9])[0-9,.]+")
_EXPONENT = re.compile(r"[0-9.,]+[eE][+-]?[0-9]+")


class AmountError(ValueError):
    """What was typed is no amount of money; `denial` says why and what to type instead."""

    def __init__(self, denial: Denial) -> None:
        super().__init__(str(denial))
        self.denial = denial


def _refuse(code: str, sentence: str) -> AmountError:
    return AmountError(Denial(code, sentence, status=INVALID))


def parse_amount(text: str) -> Decimal:
    """The amount in yuan that somebody typed: "1,200.00", "１２００元", "1.2万". Raises AmountError, never rounds."""
    text = text.translate(_HALF_WIDTH).strip()
    if not text:
        raise _refuse("amount_missing", _("请填写金额，例如 1200.00。"))
    typed = _TYPED.fullmatch(text) if len(text) <= _LONGEST else None
    if typed is None:
        raise _unreadable()
    number = typed["number"]
    negative = bool(typed["minus"]) or number.startswith("-")
    digits = _ungrouped(number.removeprefix("-"))
    return _in_range(digits, places=4 if typed["unit"] else 0, negative=negative)


def _ungrouped(number: str) -> str:
    """The digits without thousands commas, or the reason why these are not digits."""
    if _PLAIN.fullmatch(number):
        return number
    if _GROUPED.fullmatch(number):
        return number.replace(",", "")
    if _EXPONENT.fullmatch(number):
        raise _refuse("amount_exponent", _("金额不能用科学计数法，请写出全部数字，例如 1000.00。"))
    if _COMMAS_ASTRAY.fullmatch(number):
        raise _refuse("amount_commas", _("千位逗号的位置不对，请每三位一个，例如 1,200.00，或不写逗号。"))
    raise _unreadable()


def _in_range(digits: str, *, places: int, negative: bool) -> Decimal:
    """The amount that `digits`, moved by `places`, stand for; refused when too fine, not positive or too large."""
    decimals = len(digits.partition(".")[2])
    if decimals > places + 2:
        raise _refuse("amount_too_fine", _("金额最多精确到分（两位小数），系统不会替您四舍五入，请改写。"))
    number = Decimal(digits)
    if negative or not number:
        raise _refuse("amount_not_positive", _("金额必须大于 0，请填写正数。"))
    if number > MAX_AMOUNT.scaleb(-places):
        raise _refuse("amount_too_large", _("金额不能超过 999,999,999,999.99 元，请核对是否多写了位数。"))
    return number.scaleb(places).quantize(_ONE_FEN)


def _unreadable() -> AmountError:
    return _refuse("amount_unreadable", _("看不懂这个金额，请用数字填写，例如 1200.00、1,200.00 或 1.2万。"))


def _fen(amount: Decimal) -> int:
    """The amount in whole fen; ValueError when it is not a number or finer than a fen."""
    fen = Fraction(amount) * 100 if amount.is_finite() else None
    if fen is None or fen.denominator != 1:
        raise ValueError(f"{amount} is not a whole number of fen")
    return fen.numerator


def format_money(amount: Decimal) -> str:
    """The amount as it is shown: "12,000.00"; reversals carry a minus sign."""
    yuan, fen = divmod(abs(_fen(amount)), 100)
    return f"{'-' if amount < 0 else ''}{yuan:,}.{fen:02}"


def wan(amount: Decimal) -> str:
    """The amount in 万元, rounded to two places for reading only: 12000 → "1.20"."""
    return f"{(amount / _WAN).quantize(_ONE_FEN, ROUND_HALF_UP):z,.2f}"


_NUMERALS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_GROUPS = ("亿", "万", "")


def rmb_upper(amount: Decimal) -> str:
    """人民币大写: the amount in the characters that cannot be altered on a printed form, 壹万贰仟元整."""
    if abs(amount) > MAX_AMOUNT:
        raise ValueError(f"{amount} is too large to be written out")
    yuan, fen = divmod(abs(_fen(amount)), 100)
    if not yuan and not fen:
        return "零元整"
    whole = _whole_numerals(yuan) + "元" if yuan else ""
    return ("负" if amount < 0 else "") + whole + _fraction_numerals(*divmod(fen, 10), after_yuan=bool(yuan))


def _fraction_numerals(jiao: int, fen: int, *, after_yuan: bool) -> str:
    """角 and 分. 整 closes what ends before 分; 零 stands between 元 and 分 when there is no 角."""
    if not jiao and not fen:
        return "整"
    if not jiao:
        return f"{'零' if after_yuan else ''}{_NUMERALS[fen]}分"
    return f"{_NUMERALS[jiao]}角" + (f"{_NUMERALS[fen]}分" if fen else "整")


def _whole_numerals(yuan: int) -> str:
    """Groups of four digits under 亿 and 万; a gap between two of them is read as one 零."""
    written, gap = "", False
    for place, unit in zip((10**8, 10**4, 1), _GROUPS, strict=True):
        group = yuan // place % _WAN
        if group:
            gap = written != "" and (gap or group < 1000)
            written += ("零" if gap else "") + _four_numerals(group) + unit
        gap = not group
    return written


def _four_numerals(group: int) -> str:
    """One to four digits: 1010 → 壹仟零壹拾. Zeros before the first and after the last digit are silent."""
    written = "".join(
        _NUMERALS[int(digit)] + (place if digit != "0" else "")
        for digit, place in zip(f"{group:04}", _PLACES, strict=True)
    )
    return re.sub("零+", "零", written).strip("零")


def split_by_weights(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Share `total` out by weight in whole fen; the shares add up exactly. The fen left over by rounding down
    go to the largest remainders, to the earlier position on a tie. ValueError unless every weight is positive."""
    if not weights or not all(weight.is_finite() and weight > 0 for weight in weights):
        raise ValueError("weights must be positive numbers, and at least one")
    fen, sign = abs(_fen(total)), -1 if total < 0 else 1
    whole = sum(map(Fraction, weights), Fraction())
    exact = [fen * Fraction(weight) / whole for weight in weights]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(shares)), key=lambda i: (shares[i] - exact[i], i))
    for i in by_remainder[: fen - sum(shares)]:
        shares[i] += 1
    return [Decimal(sign * share).scaleb(-2) for share in shares]
