"""Official codes: check characters and shapes, against known good codes and every single slip."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kunshan_edu.core import codes
from kunshan_edu.core.denials import INVALID, Denial
from kunshan_edu.core.guideline import DOCUMENT_NO, Clause

GOOD = ["12320583MB00000198", "12320583MB00000273", "12320583MB0000035X", "91350100M000100Y43"]
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
BODIES = st.from_regex(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{9}}", fullmatch=True)


def code_of(denial: Denial | None) -> str | None:
    return denial and denial.code


@pytest.mark.parametrize("code", GOOD)
def test_known_credit_codes_hold(code: str) -> None:
    assert codes.credit_code_ok(code)
    assert codes.credit_code_check(code[:17]) == code[17]


@given(BODIES)
def test_exactly_one_check_character_fits_a_body(body: str) -> None:
    assert [char for char in ALPHABET if codes.credit_code_ok(body + char)] == [codes.credit_code_check(body)]


@pytest.mark.parametrize("code", GOOD)
def test_any_single_wrong_character_is_found(code: str) -> None:
    for place in range(18):
        for char in set(ALPHABET) - {code[place]}:
            assert not codes.credit_code_ok(code[:place] + char + code[place + 1 :])


@pytest.mark.parametrize("code", GOOD)
def test_two_neighbours_exchanged_are_found(code: str) -> None:
    for place in range(17):
        if code[place] != code[place + 1]:
            exchanged = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            assert not codes.credit_code_ok(exchanged)


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("", "credit_code_length"),
        ("12320583MB0000019", "credit_code_length"),
        ("12320583MB000001980", "credit_code_length"),
        ("12320583mb00000198", "credit_code_characters"),
        ("12320583MBOOOOO198", "credit_code_characters"),
        ("1232058AMB00000198", "credit_code_characters"),
        ("12320583MB0000019Z", "credit_code_characters"),
        ("１２320583MB00000198", "credit_code_characters"),
        ("12320583MB0000019\n", "credit_code_characters"),
        ("91350100M000100Y4Y", "credit_code_check"),
        ("12320583MB00000199", "credit_code_check"),
    ],
)
def test_credit_code_faults_are_told_apart(code: str, fault: str) -> None:
    assert code_of(codes.credit_code_fault(code)) == fault
    assert not codes.credit_code_ok(code)


@pytest.mark.parametrize("body", ["", "12320583MB0000", "12320583MB000001I", "123205832026AAAAAA"])
def test_no_check_character_for_what_is_no_body(body: str) -> None:
    with pytest.raises(ValueError, match="first 17"):
        codes.credit_code_check(body)


def test_school_identifier_is_ten_digits() -> None:
    assert codes.school_identifier_ok("2132000123")
    for wrong in ("", "213200012", "21320001234", "21320O0123", "２132000123", "2132000123\n", "٢132000123"):
        assert code_of(codes.school_identifier_fault(wrong)) == "school_identifier_digits"


def test_another_province_is_a_doubt_and_no_refusal() -> None:
    assert codes.school_identifier_warning("2132000123") is None
    assert code_of(codes.school_identifier_warning("2133000123")) == "school_identifier_province"
    assert codes.school_identifier_ok("2133000123")
    assert codes.school_identifier_warning("not a code") is None


@pytest.mark.parametrize(
    "text", [DOCUMENT_NO, "中发〔2018〕4号", "苏政发〔2017〕1号", "昆委〔2018〕35号", "教基一〔1998〕10号"]
)
def test_document_numbers_of_real_documents_hold(text: str) -> None:
    assert codes.document_no_ok(text)
    assert codes.document_no_fault(text) is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("昆政办发[2019]132号", "document_no_brackets"),
        ("昆政办发(2019)132号", "document_no_brackets"),
        ("昆政办发（2019）132号", "document_no_brackets"),
        ("昆政办发［2019］132号", "document_no_brackets"),
        ("昆政办发【2019】132号", "document_no_brackets"),
        ("昆政办发〔2019〕0132号", "document_no_padded"),
        ("昆政办发〔2019〕第132号", "document_no_padded"),
        ("[2019]132", "document_no_unreadable"),
        ("昆政办发〔2019〕132", "document_no_unreadable"),
        ("昆政办发〔2019〕0号", "document_no_unreadable"),
        ("昆政办发〔19〕132号", "document_no_unreadable"),
        ("昆政办发〔2119〕132号", "document_no_unreadable"),
        ("〔2019〕132号", "document_no_unreadable"),
        ("昆政办发〔2019〕１３２号", "document_no_unreadable"),
        ("昆政办发〔2019〕132号\n", "document_no_unreadable"),
        (" 昆政办发〔2019〕132号", "document_no_unreadable"),
        ("", "document_no_unreadable"),
    ],
)
def test_document_number_faults_are_told_apart(text: str, fault: str) -> None:
    denial = codes.document_no_fault(text)
    assert code_of(denial) == fault
    assert denial is not None
    assert denial.clause is Clause.C0_B
    assert not codes.document_no_ok(text)


@pytest.mark.parametrize(
    "denial",
    [
        codes.credit_code_fault(""),
        codes.credit_code_fault("12320583MBOOOOO198"),
        codes.credit_code_fault("12320583MB00000199"),
        codes.school_identifier_fault(""),
        codes.school_identifier_warning("2133000123"),
        codes.document_no_fault(""),
        codes.document_no_fault("昆政办发[2019]132号"),
        codes.document_no_fault("昆政办发〔2019〕0132号"),
    ],
    ids=code_of,
)
def test_each_fault_is_a_plain_sentence(denial: Denial) -> None:
    assert denial.status == INVALID
    assert str(denial).endswith("。")
    assert not set(",:;?!()[]") & set(str(denial))
