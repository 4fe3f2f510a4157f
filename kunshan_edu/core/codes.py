"""代码与文号: check digits and shapes of official codes, each with the sentence to show. Pure: no Django."""

from __future__ import annotations

import re

from kunshan_edu.core.denials import INVALID, Denial, _
from kunshan_edu.core.guideline import Clause

# GB 32100-2015: no I, O, S, V, Z, because they are misread; the weights are the powers of 3 modulo 31.
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_BODY = re.compile(rf"[{_ALPHABET}]{{2}}[0-9]{{6}}[{_ALPHABET}]{{9}}")
_JIANGSU = "32"

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
