"""Official codes: check characters and shapes, against known good codes and every single slip."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kunshan_edu.core import clock, codes
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


# Nobody's: made for tests, but for 11010519491231002X, the example of the standard.
PEOPLE = [
    ("11010519491231002X", dt.date(1949, 12, 31), "2"),
    ("320583201309010017", dt.date(2013, 9, 1), "1"),
    ("320583201309010025", dt.date(2013, 9, 1), "2"),
    ("320583197801010036", dt.date(1978, 1, 1), "1"),
]
NUMBERS = [number for number, _born, _sex in PEOPLE]


@pytest.mark.parametrize(("number", "born", "sex"), PEOPLE)
def test_known_identity_numbers_hold_and_tell_birth_and_sex(number: str, born: dt.date, sex: str) -> None:
    assert codes.identity_number_ok(number)
    assert codes.identity_number_check(number[:17]) == number[17]
    assert codes.birth_date_of(number) == born
    assert codes.sex_of(number) == sex


@pytest.mark.parametrize("number", NUMBERS)
def test_any_single_wrong_digit_of_an_identity_number_is_found(number: str) -> None:
    for place in range(18):
        for char in set("0123456789X") - {number[place]}:
            assert not codes.identity_number_ok(number[:place] + char + number[place + 1 :])


@pytest.mark.parametrize("number", NUMBERS)
def test_two_neighbours_of_an_identity_number_exchanged_are_found(number: str) -> None:
    for place in range(17):
        if number[place] != number[place + 1]:
            exchanged = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
            assert not codes.identity_number_ok(exchanged)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2026, 11, 23)), st.integers(0, 999))
def test_exactly_one_check_character_fits_an_identity(born: dt.date, sequence: int) -> None:
    body = f"320583{born:%Y%m%d}{sequence:03}"
    with clock.at(dt.date(2026, 11, 23)):
        fitting = [char for char in "0123456789X" if codes.identity_number_ok(body + char)]
    assert fitting == [codes.identity_number_check(body)]
    assert codes.birth_date_of(body + fitting[0]) == born


def with_check(body: str) -> str:
    return body + codes.identity_number_check(body)


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("", "identity_number_length"),
        ("320583780101003", "identity_number_length"),
        ("32058319780101003", "identity_number_length"),
        ("3205831978010100366", "identity_number_length"),
        ("11010519491231002x", "identity_number_characters"),
        ("１10105194912310020", "identity_number_characters"),
        ("1101051949123100 X", "identity_number_characters"),
        ("X20583197801010036", "identity_number_characters"),
        ("020583197801010036", "identity_number_characters"),
        ("32058319780101003A", "identity_number_characters"),
        ("32058319780101003\n", "identity_number_characters"),
        (with_check("32058319781301003"), "identity_number_date"),
        (with_check("32058319780230003"), "identity_number_date"),
        (with_check("32058320230229003"), "identity_number_date"),
        (with_check("32058318991231003"), "identity_number_date"),
        (with_check("32058320261124003"), "identity_number_date"),
        ("320583197801010037", "identity_number_check"),
        ("32058319780101003X", "identity_number_check"),
    ],
)
def test_identity_number_faults_are_told_apart(number: str, fault: str) -> None:
    with clock.at(dt.date(2026, 11, 23)):
        assert code_of(codes.identity_number_fault(number)) == fault
        assert not codes.identity_number_ok(number)


def test_who_is_born_today_is_no_fault_and_tomorrow_is_one() -> None:
    newborn = with_check("32058320261123001")
    assert codes.identity_number_fault(newborn, dt.date(2026, 11, 23)) is None
    assert code_of(codes.identity_number_fault(newborn, dt.date(2026, 11, 22))) == "identity_number_date"


@pytest.mark.parametrize("body", ["", "3205831978010100", "X2058319780101003", "020583197801010031"])
def test_no_check_character_for_what_is_no_identity(body: str) -> None:
    with pytest.raises(ValueError, match="first 17"):
        codes.identity_number_check(body)


def test_no_birth_date_in_what_is_no_identity() -> None:
    with pytest.raises(ValueError, match="no identity number"):
        codes.birth_date_of("320583197813010036")


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ("３２０５８３１９７８０１０１００３６", "320583197801010036"),
        ("11010519491231002x", "11010519491231002X"),
        ("１１０１０５１９４９１２３１００２ｘ", "11010519491231002X"),
        (" 320583 19780101\t0036\n", "320583197801010036"),
        ("\u3000320583197801010036\u200b\ufeff", "320583197801010036"),
        ("'320583197801010036", "320583197801010036"),
        ("’320583197801010036", "320583197801010036"),
        ("12320583mb00000198", "12320583MB00000198"),
        ("0512－12345678", "0512-12345678"),
        ("0512—12345678", "0512-12345678"),
        ("٣20583197801010036", "٣20583197801010036"),
        ("", ""),
    ],
)
def test_codes_are_tidied_as_they_are_kept(typed: str, tidy: str) -> None:
    assert codes.tidy_code(typed) == tidy
    assert codes.tidy_code(tidy) == tidy


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("320583197801010036", "3205**********0036"),
        ("320583201309010017", "3205**********0017"),
        ("12345678", "********"),
        ("", ""),
    ],
)
def test_identity_numbers_are_masked(number: str, masked: str) -> None:
    assert codes.mask_identity(number) == masked


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13900000001", "13900000001"),
        ("139 0000 0001", "13900000001"),
        ("139-0000-0001", "13900000001"),
        ("+86 139 0000 0001", "13900000001"),
        ("0086-13900000001", "13900000001"),
        ("１３９０００００００１", "13900000001"),
        ("0512-12345678", "0512-12345678"),
        ("0512－12345678", "0512-12345678"),
        ("051212345678", "051212345678"),
        ("010-12345678", "010-12345678"),
    ],
)
def test_telephone_numbers_hold(typed: str, kept: str) -> None:
    assert codes.tidy_phone(typed) == kept
    assert codes.phone_fault(kept) is None


@pytest.mark.parametrize(
    "wrong",
    ["", "1390000000", "139000000012", "12900000001", "１3900000001", "139-0000-0001", "12345678", "0512-123456",
     "05123-12345678", "0512--12345678", "13900000001\n", "电话"],
)  # fmt: skip
def test_other_telephone_numbers_do_not(wrong: str) -> None:
    assert code_of(codes.phone_fault(wrong)) == "phone_unreadable"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("13900000001", "139****0001"),
        ("0512-12345678", "051******5678"),
        ("1234567890", "**********"),
        ("", ""),
    ],
)
def test_telephone_numbers_are_masked(text: str, masked: str) -> None:
    assert codes.mask_phone(text) == masked


@pytest.mark.parametrize(
    "denial",
    [
        codes.identity_number_fault(""),
        codes.identity_number_fault("11010519491231002x"),
        codes.identity_number_fault("320583197813010036"),
        codes.identity_number_fault("320583197801010037"),
        codes.phone_fault(""),
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
