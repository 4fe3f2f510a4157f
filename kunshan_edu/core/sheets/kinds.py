"""What a cell may hold: each kind reads the cell of a spreadsheet into a value, or says in a sentence why it cannot."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy, override

from kunshan_edu.core.denials import INVALID, Denial, Denied, _, demand


@dataclass(frozen=True)
class Kind:
    """How the cells of a column are read.

    read(cell) → value; it is never given an empty cell, and raises Denied with the sentence for a wrong one.
    how: what to fill in, for the page of instructions. format: the number format of the template's column.
    """

    read: Callable[[Any], Any]
    how: Any
    format: str = "@"


TEXT_FORMAT, DAY_FORMAT = "@", "yyyy-mm-dd"
# Controls, marks that turn the direction of writing, and what has no width: nobody sees them, and they mislead.
INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
# A spreadsheet program keeps fifteen digits of a number; what it shows after them it has made up.
EXACT = 10**15
WHOLE = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.0*)?")
NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?")
DAY = re.compile(r"(\d{4})([-/.年])(\d{1,2})([-/.月])(\d{1,2})日?(?:[T ]0{1,2}:00(?::00(?:\.0+)?)?)?")
DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
YES = re.compile("是|有|yes|y|true|1|√|✓")
NO = re.compile("否|无|no|n|false|0|×|✗")
PAIR = re.compile(r"年月|([-/.])\1")
CHOSEN = gettext_lazy("从下拉列表中选择")
FEW = 8  # so many choices fit into a sentence


def wrong(code: str, sentence: str, **params: Any) -> Denied:
    """A refusal of what was typed, to be raised."""
    return Denied(Denial(f"cell_{code}", sentence, status=INVALID, params=params))


def shown(cell: Any) -> str:
    """A cell inside a sentence, cut short."""
    text = " ".join(str(cell).split())
    return text if len(text) <= 20 else f"{text[:20]}…"


def is_empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def written(cell: Any) -> str:
    """A cell as the text that was typed; Denied when the spreadsheet program has changed it beyond recovery."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        if abs(cell) >= EXACT:
            raise wrong(
                "lost_digits", _("被表格软件存成了数字，末几位已经丢失，请把该列设为文本格式后重填。")
            )
        return str(int(cell)) if cell == int(cell) else repr(cell)
    raise wrong("became_a_date", _("被表格软件改成了日期或时间，请把该列设为文本格式后重填。"))


def plain(cell: Any) -> str:
    """The text of a cell in one line, composed (NFC) and trimmed; invisible characters are refused."""
    line = unicodedata.normalize("NFC", written(cell)).replace("\u00a0", " ").strip()
    if INVISIBLE.search(line):
        raise wrong("invisible", _("含有换行或看不见的字符，请删去该单元格后重新手工输入。"))
    return line


def _folded(cell: Any) -> str:
    """As `plain`, with full-width letters and digits made ordinary ones, and no spaces."""
    return "".join(unicodedata.normalize("NFKC", plain(cell)).split())


def text(*, most: int = 200, how: Any = "") -> Kind:
    """文字: one line of at most so many characters."""

    def read(cell: Any) -> str:
        line = plain(cell)
        if len(line) > most:
            raise wrong(
                "too_long", _("最多 %(most)s 个字，现有 %(now)s 个，请缩短。"), most=most, now=len(line)
            )
        return line

    return Kind(read, how or gettext_lazy("文字"))


def code(fault: Callable[[str], Denial | None] | None = None, *, upper: bool = True, how: Any = "") -> Kind:
    """代码: without spaces, in ordinary and (unless told) capital letters. fault(code) says what is wrong with it."""

    def read(cell: Any) -> str:
        found = _folded(cell)
        found = found.upper() if upper else found
        if fault is not None:
            demand(fault(found))
        return found

    return Kind(read, how or gettext_lazy("代码，按文本填写"))


def day(*, first: dt.date = dt.date(1900, 1, 1), last: dt.date = dt.date(2100, 12, 31)) -> Kind:
    """日期: a date cell, or 2024-09-01, 2024/9/1, 2024.9.1, 2024年9月1日, 20240901."""

    def read(cell: Any) -> dt.date:
        found = _day(cell)
        if not first <= found <= last:
            sentence = _("日期应在 %(first)s 至 %(last)s 之间，现为 %(cell)s，请核对年份。")
            raise wrong("day_out_of_range", sentence, first=str(first), last=str(last), cell=str(found))
        return found

    return Kind(read, gettext_lazy("日期，例如 2024-09-01"), DAY_FORMAT)


def _day(cell: Any) -> dt.date:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    if isinstance(cell, str | float | int) and not isinstance(cell, bool):
        line = unicodedata.normalize("NFKC", plain(cell))
        match = DAY.fullmatch(re.sub(r"\s*([-/.年月日])\s*", r"\1", line))
        parts = match.group(1, 3, 5) if match and _is_pair(match[2], match[4]) else None
        parts = parts or (found.groups() if (found := DIGITS.fullmatch(line)) else None)
        if parts:
            try:
                return dt.date(*map(int, parts))
            except ValueError:
                raise wrong("no_such_day", _("没有“%(cell)s”这一天，请核对。"), cell=shown(line)) from None
    raise wrong("not_a_day", _("看不懂日期“%(cell)s”，请写成 2024-09-01 的样子。"), cell=shown(cell))


def _is_pair(after_year: str, after_month: str) -> bool:
    """Whether the signs after the year and the month belong together: 2024-9-1, 2024年9月1日."""
    return PAIR.fullmatch(after_year + after_month) is not None


def integer(*, least: int = 0, most: int = 10**9) -> Kind:
    """整数, within bounds; a thousands comma does no harm."""

    def read(cell: Any) -> int:
        found = _number(cell, WHOLE, _("应为整数，现为“%(cell)s”，请改正。"))
        return int(_within(found, Decimal(least), Decimal(most)))

    return Kind(read, gettext_lazy("整数"), "0")


def decimal(*, places: int = 2, least: Any = 0, most: Any = 10**12) -> Kind:
    """小数, with at most so many places, within bounds."""
    finest = Decimal(1).scaleb(-places)

    def read(cell: Any) -> Decimal:
        found = _number(cell, NUMBER, _("应为数字，现为“%(cell)s”，请改正。"))
        if found != found.quantize(finest):
            raise wrong(
                "too_fine",
                _("最多 %(places)s 位小数，现为“%(cell)s”，请改正。"),
                places=places,
                cell=shown(cell),
            )
        return _within(found, Decimal(least), Decimal(most)).quantize(finest)

    return Kind(read, gettext_lazy("数字"), f"0.{'0' * places}" if places else "0")


def _number(cell: Any, pattern: re.Pattern[str], sentence: str) -> Decimal:
    """A number as the spreadsheet program shows it, of fifteen digits: 0.30000000000000004 was 0.3."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        line = f"{Decimal(f'{cell:.15g}'):f}"
    else:
        line = _folded(cell) if isinstance(cell, str) else ""
    if len(line) > 30 or not pattern.fullmatch(line):
        raise wrong("not_a_number", sentence, cell=shown(cell))
    return Decimal(line.replace(",", ""))


def _within(found: Decimal, least: Decimal, most: Decimal) -> Decimal:
    if not least <= found <= most:
        sentence = _("应在 %(least)s 至 %(most)s 之间，现为 %(cell)s，请改正。")
        raise wrong("out_of_range", sentence, least=str(least), most=str(most), cell=f"{found:f}")
    return found


def yes_no() -> Kind:
    """是否."""

    def read(cell: Any) -> bool:
        if isinstance(cell, bool):
            return cell
        word = _folded(cell).casefold()
        if YES.fullmatch(word) or NO.fullmatch(word):
            return YES.fullmatch(word) is not None
        raise wrong("not_yes_or_no", _("应填“是”或“否”，现为“%(cell)s”，请改正。"), cell=shown(cell))

    return Kind(read, gettext_lazy("填“是”或“否”"))


def spoken(label: Any) -> set[str]:
    """A label in every language of the site, folded for comparing: headers and choices may be in any of them."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.add(key(label))
    return found


def key(label: Any) -> str:
    """A header or choice for comparing: no spaces, no full-width letters, no star of the required ones."""
    return "".join(unicodedata.normalize("NFKC", str(label)).split()).rstrip("*").casefold()


def choice(choices: Iterable[tuple[Any, Any]]) -> Kind:
    """选项: by its label or its code. A label that stands for two codes is refused, a code never."""
    pairs = list(choices)
    by_label: dict[str, set[Any]] = {}
    for value, label in pairs:
        for word in spoken(label):
            by_label.setdefault(word, set()).add(value)
    by_code = {key(value): value for value, _label in pairs}

    def read(cell: Any) -> Any:
        word = key(plain(cell))
        if word in by_code:
            return by_code[word]
        found = by_label.get(word, set())
        if len(found) == 1:
            return next(iter(found))
        raise _no_choice(cell, pairs, twice=bool(found))

    return Kind(read, CHOSEN)


def _no_choice(cell: Any, pairs: list[tuple[Any, Any]], *, twice: bool) -> Denied:
    if twice:
        return wrong("two_choices", _("“%(cell)s”不止一个，请改填代码。"), cell=shown(cell))
    if len(pairs) <= FEW:
        with override(None):
            words = "、".join(str(label) for _value, label in pairs)
        return wrong(
            "not_a_choice", _("没有“%(cell)s”这一项，可以填：%(words)s。"), cell=shown(cell), words=words
        )
    return wrong("not_a_choice", _("没有“%(cell)s”这一项，请从下拉列表中选择。"), cell=shown(cell))
