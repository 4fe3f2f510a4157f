"""代码与文号: check digits and shapes of official codes, each with the sentence to show. Pure: no Django."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from kunshan_edu.core import clock
from kunshan_edu.core.denials import INVALID, Denial, _
from kunshan_edu.core.guideline import Clause

# GB 32100-2015: no I, O, S, V, Z, because they are misread; the weights are the powers of 3 modulo 31.
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_BODY = re.compile(rf"[{_ALPHABET}]{{2}}[0-9]{{6}}[{_ALPHABET}]{{9}}")
_JIANGSU = "32"

# GB 11643-1999: six digits of the place, eight of the birth date, three of a sequence (odd: male), ISO 7064 MOD 11-2.
_IDENTITY_BODY = re.compile(r"[1-9][0-9]{16}")
_IDENTITY_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_IDENTITY_CHECKS = "10X98765432"
_FIRST_BIRTH_YEAR = 1900

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0[0-9]{2,3}-?[0-9]{7,8}")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-"))

_DOCUMENT_NO = re.compile(r"[\u4e00-\u9fff]{2,20}〔(19|20)[0-9]{2}〕[1-9][0-9]{0,4}号")
_OTHER_BRACKETS = re.compile(r"[\u4e00-\u9fff]+[\[［(（【{<《][0-9]{4}[\]］)）】}>》].*")
_NUMBER_PADDED = re.compile(r"[\u4e00-\u9fff]+〔[0-9]{4}〕(第0*|0+)[0-9]+号")


def _refusal(code: str, sentence: str, clause: Clause | None = None) -> Denial:
    return Denial(code, sentence, clause, status=INVALID)


def credit_code_check(body17: str) -> str:
    """校验码: the 18th character of a unified social credit code (统一社会信用代码, GB 32100-2015) with these 17."""
    if not _BODY.fullmatch(body17):
        raise ValueError(f"{body17!r} is not the first 17 characters of a unified social credit code")
    total = sum(_ALPHABET.index(char) * weight for char, weight in zip(body17, _WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]


def credit_code_fault(code: str) -> Denial | None:
    """What is wrong with this unified social credit code, if anything."""
    if len(code) != 18:
        return _refusal("credit_code_length", _("统一社会信用代码应为 18 位，请对照法人证书核对位数。"))
    if not _BODY.fullmatch(code[:17]) or code[17] not in _ALPHABET:
        return _refusal(
            "credit_code_characters",
            _("统一社会信用代码只用数字和大写字母（没有 I、O、S、V、Z），第 3 至 8 位为数字，请改正。"),
        )
    if code[17] != credit_code_check(code[:17]):
        return _refusal(
            "credit_code_check", _("统一社会信用代码的校验码不符，很可能抄错了一位，请逐位核对。")
        )
    return None


def credit_code_ok(code: str) -> bool:
    """Whether this is a well-formed unified social credit code with the right check character."""
    return credit_code_fault(code) is None


def tidy_code(text: str) -> str:
    """A code as it is checked and kept: half-width, capitals, no spaces and nothing invisible, a plain hyphen.

    Spreadsheets bring the rest: the apostrophe of a number kept as text, zero-width spaces, full-width digits.
    """
    plain = unicodedata.normalize("NFKC", text.translate(_DASHES)).upper()
    kept = "".join(char for char in plain if unicodedata.category(char)[0] not in "CZ")
    return kept.removeprefix("'").removeprefix("’").removeprefix("‘")


def identity_number_check(body17: str) -> str:
    """校验码: the 18th character of an identity number (公民身份号码, GB 11643, ISO 7064 MOD 11-2) with these 17."""
    if not _IDENTITY_BODY.fullmatch(body17):
        raise ValueError("these are not the first 17 digits of an identity number")
    total = sum(int(digit) * weight for digit, weight in zip(body17, _IDENTITY_WEIGHTS, strict=True))
    return _IDENTITY_CHECKS[total % 11]


def _birth_date(number: str) -> dt.date | None:
    try:
        return dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def identity_number_fault(number: str, today: dt.date | None = None) -> Denial | None:
    """What is wrong with this identity number, if anything. It is strict: what was typed goes through `tidy_code`."""
    if len(number) != 18:
        return _refusal(
            "identity_number_length",
            _("身份证号码应为 18 位，请对照证件核对；旧的 15 位号码请换成现用的 18 位号码。"),
        )
    if not _IDENTITY_BODY.fullmatch(number[:17]) or number[17] not in _IDENTITY_CHECKS:
        return _refusal(
            "identity_number_characters", _("身份证号码前 17 位是数字，末位是数字或 X，请对照证件改正。")
        )
    born = _birth_date(number)
    if born is None or born.year < _FIRST_BIRTH_YEAR or born > (today or clock.today()):
        return _refusal(
            "identity_number_date", _("身份证号码第 7 至 14 位不是合理的出生日期，请对照证件核对。")
        )
    if number[17] != identity_number_check(number[:17]):
        return _refusal(
            "identity_number_check", _("身份证号码的校验码不符，很可能抄错了一位，请对照证件逐位核对。")
        )
    return None


def identity_number_ok(number: str) -> bool:
    """Whether this is a well-formed identity number with the right check character."""
    return identity_number_fault(number) is None


def birth_date_of(number: str) -> dt.date:
    """The birth date in an identity number that has no fault."""
    born = _birth_date(number)
    if born is None:
        raise ValueError("this is no identity number")
    return born


def sex_of(number: str) -> str:
    """1 male, 2 female (GB/T 2261.1), by the seventeenth digit of an identity number that has no fault."""
    return "1" if int(number[16]) % 2 else "2"


def _masked(text: str, first: int, last: int) -> str:
    if len(text) < first + last + 4:  # too short to show any of it
        return "*" * len(text)
    return text[:first] + "*" * (len(text) - first - last) + text[-last:]


def mask_identity(number: str) -> str:
    """An identity number as pages show it: 3205**********0036."""
    return _masked(number, 4, 4)


def tidy_phone(text: str) -> str:
    """A telephone number as it is checked and kept: `tidy_code`, without +86 and without hyphens in a mobile's."""
    plain = re.sub(r"^(\+|00)86-?", "", tidy_code(text))
    bare = plain.replace("-", "")
    return bare if _MOBILE.fullmatch(bare) else plain


def phone_fault(text: str) -> Denial | None:
    """What is wrong with this mainland mobile or landline number, if anything. Typed text goes through `tidy_phone`."""
    if _MOBILE.fullmatch(text) or _LANDLINE.fullmatch(text):
        return None
    return _refusal("phone_unreadable", _("电话应为 11 位手机号码，或带区号的固定电话，例如 0512-12345678。"))


def mask_phone(text: str) -> str:
    """A telephone number as pages show it: 139****0001."""
    return _masked(text, 3, 4)


def school_identifier_fault(code: str) -> Denial | None:
    """What is wrong with this school identifier (学校标识码), if anything. No check digit is published."""
    if not re.fullmatch("[0-9]{10}", code):
        return _refusal("school_identifier_digits", _("学校标识码应为 10 位数字，请核对。"))
    return None


def school_identifier_ok(code: str) -> bool:
    """Whether this has the shape of a school identifier."""
    return school_identifier_fault(code) is None


def school_identifier_warning(code: str) -> Denial | None:
    """A doubt that is shown and never refuses: digits 3 and 4 are usually the province, 32 for Jiangsu."""
    if school_identifier_ok(code) and code[2:4] != _JIANGSU:
        return _refusal(
            "school_identifier_province", _("学校标识码第 3、4 位通常是省份代码，江苏为 32，请确认没有填错。")
        )
    return None


def document_no_fault(text: str) -> Denial | None:
    """What is wrong with this document number (文号, GB/T 9704-2012: 昆政办发〔2019〕132号), if anything."""
    if _DOCUMENT_NO.fullmatch(text):
        return None
    if _OTHER_BRACKETS.fullmatch(text):
        sentence = _("文号的年份要用六角括号〔〕，例如 昆政办发〔2019〕132号。")
        return _refusal("document_no_brackets", sentence, Clause.C0_B)
    if _NUMBER_PADDED.fullmatch(text):
        sentence = _("文号的序号前不加“第”，也不补 0，例如 昆政办发〔2019〕132号。")
        return _refusal("document_no_padded", sentence, Clause.C0_B)
    sentence = _("文号由机关代字、〔年份〕、序号和“号”字组成，例如 昆政办发〔2019〕132号。")
    return _refusal("document_no_unreadable", sentence, Clause.C0_B)


def document_no_ok(text: str) -> bool:
    """Whether this is a document number as official documents carry it."""
    return document_no_fault(text) is None
