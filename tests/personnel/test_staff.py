"""Staff: registered by number, moved by documents, masked until asked for; the list on any day; pages and API."""

from __future__ import annotations

import datetime as dt
import io
import re
import uuid
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from kunshan_edu.core import clock
from kunshan_edu.core.ciphers import keyed_hash
from kunshan_edu.core.denials import Denied
from kunshan_edu.core.models import AuditEvent, IdempotencyKey
from personnel import actions
from personnel.actions.staff import enlist
from personnel.models import Person, Staff, StaffRecord
from tests.api_client import Api, errors, refusal, rows
from tests.personnel.staffing import DOCUMENT, filed, identity_number, on_staff
from tests.world import SINCE, fresh

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
NUMBER, PHONE = identity_number(77), "13912345678"
A_DAY = dt.timedelta(days=1)
LATER = dt.date(2026, 3, 1)


@pytest.fixture
def enter(world: Any, client: Client) -> Any:
    """Sign in as somebody of the world."""

    def _enter(who: str) -> Client:
        client.force_login(world.users[who], backend=BACKEND)
        return client

    return _enter


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def send(client: Client, address: str, **typed: Any) -> Any:
    return client.post(address, {"idem": str(uuid.uuid4()), **typed})


def typed(world: Any, **facts: Any) -> dict[str, Any]:
    base = {
        "name": "周晓敏", "identity_number": NUMBER, "phone": PHONE, "username": "", "staff_no": "JS90001",
        "school": world.school_a.pk, "title": "senior", "backbone_level": "city", "subject": "chinese",
        "document": DOCUMENT, "valid_from": "2026-09-01",
    }  # fmt: skip
    return {**base, **facts}


def entry(world: Any, **facts: Any) -> dict[str, Any]:
    """What the form hands to the action."""
    day = {"school": world.school_a, "valid_from": dt.date(2026, 9, 1)}
    return {**typed(world), **day, **facts}


def at(row: Staff, verb: str = "") -> str:
    return reverse("personnel:staff_verb", args=[row.pk, verb]) if verb else row.get_absolute_url()


def other_check(number: str) -> str:
    """The number with a wrong check character."""
    return number[:-1] + ("1" if number[-1] != "1" else "2")


# Registering


def test_a_new_person_is_put_on_the_staff_with_numbers_that_the_database_cannot_read(world, enter):
    answer = send(enter("personnel"), "/staff/new/", **typed(world, phone=" 139-1234-5678 "))
    assert answer.status_code == 303, text(answer)
    staff = Staff.objects.get(staff_no="JS90001")
    assert answer["Location"] == at(staff)
    person = staff.person
    assert (person.identity_number, person.phone) == (NUMBER, PHONE)
    assert person.identity_hash == keyed_hash(NUMBER, "identity_number")
    assert (person.birth_date.strftime("%Y%m%d"), person.sex) == (
        NUMBER[6:14],
        "1" if int(NUMBER[16]) % 2 else "2",
    )
    record = staff.records.get()
    assert (record.school, record.title, record.document) == (world.school_a, "senior", DOCUMENT)
    raw = Person.objects.raw(
        "SELECT id, identity_number::text AS i FROM personnel_person WHERE id = %s", [person.pk]
    )
    assert NUMBER not in raw[0].i
    assert not AuditEvent.objects.filter(difference__icontains=NUMBER).exists()
    assert not AuditEvent.objects.filter(difference__icontains=PHONE).exists()


def test_who_is_known_by_the_number_is_not_registered_twice(world):
    by = world.personnel
    known = actions.register_person(name="周晓敏", identity_number=NUMBER, by=by)
    staff = enlist(**entry(world), by=by)
    assert staff.person == known
    known.refresh_from_db()
    assert known.phone == PHONE


def test_who_has_an_account_and_no_number_yet_gets_it(world):
    person = Person.objects.get(user=world.teacher)
    staff = enlist(**entry(world, name=person.name, username="teacher"), by=world.personnel)
    assert staff.person == person
    assert Person.objects.get(pk=person.pk).identity_number == NUMBER
    other = entry(
        world, username="parent", name="示例家长", identity_number=identity_number(78), staff_no="JS90002"
    )
    assert enlist(**other, by=world.personnel).person.user == world.parent


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"staff_no": "JS1"}, "staff_no_taken", "staff_no"),
        ({"identity_number": identity_number(1)}, "person_is_staff_already", None),
        ({"identity_number": identity_number(2)}, "identity_number_taken", "identity_number"),
        ({"username": "nobody"}, "no_such_account", "username"),
        ({"username": "clerk_a"}, "account_of_another_name", "username"),
        ({"username": "clerk_b", "name": "示例clerk_b"}, "account_taken", "user"),
    ],
)
def test_what_does_not_fit_what_is_known_is_refused(world, facts, code, field):
    by = world.personnel
    enlist(**entry(world, name="甲", identity_number=identity_number(1), staff_no="JS1"), by=by)
    actions.register_person(name="乙", identity_number=identity_number(2), by=by)
    clerk = Person.objects.filter(user=world.clerk_b)
    enlist(
        **entry(
            world, name="示例clerk_b", username="clerk_b", identity_number=identity_number(3), staff_no="JS3"
        ),
        by=by,
    )
    assert clerk.get().identity_hash
    before = Person.objects.count(), Staff.objects.count()
    with pytest.raises(Denied) as caught:
        enlist(**entry(world, **facts), by=by)
    if code == "account_taken":  # the very person is staff already
        assert caught.value.denial.code in (code, "person_is_staff_already")
    else:
        assert (caught.value.denial.code, caught.value.denial.field) == (code, field)
    assert (Person.objects.count(), Staff.objects.count()) == before


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("identity_number", other_check(NUMBER), "身份证号码的校验码不符"),
        ("identity_number", "32058319900101", "身份证号码应为 18 位"),
        ("identity_number", "", "请填写身份证号"),
        ("phone", "12345", "电话应为 11 位手机号码"),
        ("document", "昆教人[2026]9号", "六角括号"),
        ("school", "", "请选择编制所在校"),
        ("valid_from", "2026/13/01", "看不懂这个日期"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_nothing_is_lost(world, enter, field, value, sentence):
    answer = send(enter("personnel"), "/staff/new/", **typed(world, **{field: value}))
    assert answer.status_code == 422
    page = text(answer)
    assert sentence in page
    assert f'id="id_{field}"' in page
    assert re.search(
        rf'id="id_{field}"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*id="id_{field}"', page
    )
    assert 'value="JS90001"' in page
    assert not Staff.objects.exists()


@pytest.mark.parametrize("who", ["president", "principal_a", "leader", "office", "teacher", "clerk_a"])
def test_only_the_personnel_section_registers_moves_and_ends(world, enter, who):
    staff = on_staff(world, world.school_a, who="head_a")
    client = enter(who)
    assert client.get("/staff/new/").status_code == 403
    assert send(client, "/staff/new/", **typed(world)).status_code == 403
    by = fresh(world.users[who])
    for call in (
        lambda: actions.change_record(
            staff, school=world.school_b, document=DOCUMENT, valid_from=LATER, by=by
        ),
        lambda: actions.leave(staff, valid_to=LATER, document=DOCUMENT, by=by),
    ):
        with pytest.raises(Denied) as caught:
            call()
        assert caught.value.denial.code == "not_a_staff_manager"
    assert StaffRecord.objects.get(staff=staff).valid_to is None


# Moving and ending


def test_a_record_changes_by_document_and_the_old_one_ends_the_day_before(world, enter):
    staff = on_staff(world, world.school_a)
    page = text(enter("personnel").get(at(staff, "change-record")))
    assert f'<option value="{world.school_a.pk}" selected>' in page
    move = {
        "school": world.school_b.pk, "title": "first", "backbone_level": "none", "subject": "art",
        "document": DOCUMENT, "valid_from": "2026-03-01",
    }  # fmt: skip
    assert send(enter("personnel"), at(staff, "change-record"), **move).status_code == 303
    new, old = staff.records.order_by("-valid_from")
    assert (old.school, old.valid_to) == (world.school_a, LATER)
    assert (new.school, new.title, new.valid_from, new.valid_to) == (world.school_b, "first", LATER, None)


def test_leaving_takes_effect_the_day_after_the_last(world, enter):
    staff = on_staff(world, world.school_a)
    sent = {"valid_to": "2026-02-28", "document": DOCUMENT}
    assert send(enter("personnel"), at(staff, "leave"), **sent).status_code == 303
    assert staff.records.get().valid_to == LATER
    assert not Staff.objects.employed(LATER).exists()
    assert Staff.objects.employed(LATER - A_DAY).get() == staff
    with pytest.raises(Denied) as caught:
        actions.leave(staff, valid_to=LATER, document=DOCUMENT, by=world.personnel)
    assert caught.value.denial.code == "not_on_the_staff"


def test_nobody_is_transferred_in_the_middle_of_a_rotation(world, enter):
    staff = filed(world).staff
    answer = send(enter("personnel"), at(staff, "leave"), valid_to="2026-10-31", document=DOCUMENT)
    assert answer.status_code == 409
    assert "有未结束的轮岗" in text(answer)
    assert staff.records.get().valid_to is None


# Who sees whom


def seen(client: Client, query: str = "") -> set[str]:
    return set(re.findall(r'class="ttl" href="[^"]*">([^<]+)<', text(client.get(f"/staff/{query}"))))


def test_each_sees_the_own_schools_and_strangers_see_nobody(world, enter):
    a, b, e = (on_staff(world, school) for school in (world.school_a, world.school_b, world.school_e))
    names = {key: row.person.name for key, row in {"a": a, "b": b, "e": e}.items()}
    everybody, group = set(names.values()), {names["a"], names["b"]}
    sees = {
        "personnel": everybody, "leader": everybody, "supervision": everybody, "president": group, "office": group,
        "principal_a": {names["a"]}, "principal_b": {names["b"]}, "principal_e": {names["e"]},
        "clerk_a": set(), "finance_1": set(), "basic": set(), "parent": set(), "admin": set(),
    }  # fmt: skip
    for who, expected in sees.items():
        client = enter(who)
        assert seen(client) == expected, who
        for row in (a, b, e):
            allowed = row.person.name in expected
            assert client.get(at(row)).status_code == (200 if allowed else 404), (who, row)
            assert client.get(at(row, "leave")).status_code in ((200, 403) if allowed else (404,))


def test_who_is_rotated_is_seen_by_both_schools_and_everybody_sees_themselves(world, enter):
    row = filed(world, on_staff(world, world.school_a, who="teacher")).staff
    assert row.person.name in seen(enter("principal_b"))
    assert enter("principal_c").get(at(row)).status_code == 404
    client = enter("teacher")
    assert seen(client) == {row.person.name}
    assert client.get(at(row)).status_code == 200


# The list on any day


def test_the_list_of_a_day_is_what_a_snapshot_of_that_day_was(world, enter):
    staying = on_staff(world, world.school_a, title="first", subject="art")
    moving = on_staff(world, world.school_a, title="second")
    leaving = on_staff(world, world.school_b)
    client, day = enter("personnel"), dt.date(2025, 9, 1)
    with clock.at(day):
        snapshot = cells(client)
    by = fresh(world.personnel)
    facts = {"title": "senior", "backbone_level": "city", "subject": "music"}
    actions.change_record(moving, school=world.school_c, document=DOCUMENT, valid_from=LATER, by=by, **facts)
    actions.leave(leaving, valid_to=LATER, document=DOCUMENT, by=by)
    filed(world, staying)
    today = cells(client)
    assert {row[0] for row in today} == {staying.person.name, moving.person.name}
    assert today != snapshot
    assert cells(client, f"?on={day}") == snapshot
    assert f"截至 {day.year}年{day.month}月{day.day}日" in text(client.get(f"/staff/?on={day}"))
    assert {row[0] for row in cells(client, "?show=all")} == {
        s.person.name for s in (staying, moving, leaving)
    }


def cells(client: Client, query: str = "") -> list[tuple[str, ...]]:
    """Name and number, then every cell of the list."""
    body = text(client.get(f"/staff/{query}")).partition("<tbody>")[2].partition("</tbody>")[0]
    found = []
    for line in re.findall(r"<tr>(.*?)</tr>", body):
        parts = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line)
        found.append(tuple(re.sub(r"<[^>]+>", " ", part).strip() for part in parts))
    return [(row[0].split()[0], *row[1:]) for row in found]


def test_the_list_marks_who_teaches_elsewhere_and_is_narrowed_by_everything(world, enter):
    away = filed(world, on_staff(world, world.school_a, title="senior", backbone_level="city")).staff
    home = on_staff(world, world.school_a, subject="art")
    client = enter("personnel")
    [row] = [row for row in cells(client) if row[0] == away.person.name]
    assert (row[1], row[2].split()) == (world.school_a.short_name, [world.school_b.short_name, "轮岗"])
    both, first, second = {away.person.name, home.person.name}, {away.person.name}, {home.person.name}
    for query, expected in {
        f"?school={world.school_a.pk}": both,
        f"?school={world.school_b.pk}": set(),
        f"?teaching={world.school_b.pk}": first,
        f"?teaching={world.school_a.pk}": second,
        "?title=senior": first,
        "?backbone_level=city": first,
        "?subject=art": second,
        f"?q={away.staff_no}": first,
        f"?q={home.person.name}": second,
        f"?q={home.person.name}&title=senior": set(),
        "?title=nonsense": both,
    }.items():
        assert seen(client, query) == expected, query


def test_the_list_costs_the_same_for_any_number_of_staff(world, enter, django_assert_max_num_queries):
    client = enter("personnel")
    for _n in range(12):
        on_staff(world, world.school_a)
    client.get("/staff/")
    with django_assert_max_num_queries(14):
        client.get("/staff/")


def test_the_export_is_the_list_with_its_filter_and_without_numbers(world, enter):
    away = filed(world, on_staff(world, world.school_a, title="senior")).staff
    on_staff(world, world.school_b)
    client = enter("principal_a")
    answer = client.post("/staff/export/?title=senior")
    page = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    lines = [[cell.value for cell in line] for line in page.iter_rows(min_row=3)]
    assert lines[0] == ["姓名", "工号", "编制所在校", "任教校", "职称", "骨干级别", "任教学科"]
    person = [away.person.name, away.staff_no]
    assert lines[1:] == [[*person, "示例A小", "示例B小", "高级教师", "非骨干", "其他"]]


# Masked until asked for


def plain(client: Client, *addresses: str) -> bool:
    return any(NUMBER in text(client.get(a)) or PHONE in text(client.get(a)) for a in addresses)


@pytest.fixture
def teacher(world):
    person = Person.objects.get(user=world.teacher)
    return enlist(**entry(world, name=person.name, username="teacher"), by=world.personnel)


@pytest.mark.parametrize("who", ["personnel", "principal_a", "teacher"])
def test_who_may_sees_the_numbers_once_and_it_is_told_with_its_reason(world, enter, teacher, who):
    client = enter(who)
    assert not plain(client, "/staff/", at(teacher), at(teacher, "reveal"))
    assert f"{NUMBER[:4]}**********{NUMBER[-4:]}" in text(client.get(at(teacher)))
    assert "139****5678" in text(client.get(at(teacher)))
    sent = {"idem": str(uuid.uuid4()), "reason": "核对社保缴费"}
    answer = client.post(at(teacher, "reveal"), sent)
    assert answer.status_code == 200
    assert NUMBER in text(answer)
    assert PHONE in text(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    event = AuditEvent.objects.get(verb="personnel.reveal")
    assert (event.actor, event.reason) == (world.users[who], "核对社保缴费")
    assert event.object_id == teacher.person_id
    again = client.post(at(teacher, "reveal"), sent)
    assert (again.status_code, again["Location"]) == (303, at(teacher))
    assert not plain(client, "/staff/", at(teacher))
    assert AuditEvent.objects.filter(verb="personnel.reveal").count() == 1


def test_without_a_reason_nothing_is_shown(world, enter, teacher):
    for reason in ("", "看看"):
        answer = send(enter("personnel"), at(teacher, "reveal"), reason=reason)
        assert answer.status_code == 422
        assert NUMBER not in text(answer)
    assert not AuditEvent.objects.filter(verb="personnel.reveal").exists()


@pytest.mark.parametrize("who", ["president", "office", "vice_a", "leader", "supervision"])
def test_who_sees_the_row_but_not_the_numbers_is_told_why(world, enter, teacher, who):
    client = enter(who)
    answer = send(client, at(teacher, "reveal"), reason="核对社保缴费")
    assert answer.status_code == 403
    assert "证件和手机号码只由人事科、本校执行校长和本人查看" in text(answer)
    assert NUMBER not in text(answer)
    assert not AuditEvent.objects.filter(verb="personnel.reveal").exists()


def test_the_receiving_principal_reveals_nothing_and_strangers_find_nobody(world, enter, teacher):
    filed(world, teacher)
    answer = send(enter("principal_b"), at(teacher, "reveal"), reason="核对社保缴费")
    assert answer.status_code == 403
    for who in ("principal_c", "clerk_a", "parent"):
        assert send(enter(who), at(teacher, "reveal"), reason="核对社保缴费").status_code == 404


# The page of one


def test_the_page_shows_records_and_rotations_and_leads_to_a_proposal(world, enter, teacher):
    row = filed(world, teacher)
    page = text(enter("principal_a").get(at(teacher)))
    for words in (
        "轮岗中",
        "示例A小",
        "示例B小",
        row.get_absolute_url(),
        f"/rotations/new/?staff={teacher.pk}",
    ):
        assert words in page
    page = text(enter("principal_b").get(at(teacher)))
    assert "/rotations/new/" not in page
    before = text(enter("personnel").get(f"{at(teacher)}?on=2020-01-01"))
    assert "不在编" in before


# The API


def body(world: Any, **facts: Any) -> dict[str, Any]:
    return typed(world, **facts)


def test_the_api_lists_registers_and_moves_as_the_pages_do(world):
    api = Api(world.personnel)
    made = api.post("staff/", body(world))
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["name"], told["staff_no"], told["school"]["id"]) == ("周晓敏", "JS90001", world.school_a.pk)
    assert told["identity_number"] == f"{NUMBER[:4]}**********{NUMBER[-4:]}"
    away = filed(world, Staff.objects.get(pk=told["id"]), first=dt.date(2026, 10, 1))
    [row] = rows(Api(world.president).get("staff/"))
    assert "identity_number" not in row
    assert (row["school"]["id"], row["teaching"]["id"]) == (world.school_a.pk, world.school_b.pk)
    assert row["title"] == "senior"
    for query, expected in {
        f"?teaching={world.school_b.pk}": 1, f"?teaching={world.school_a.pk}": 0, "?title=first": 0,
        f"?school={world.school_a.pk}&subject=chinese": 1, "?on=2026-08-31": 0, "?on=2026-09-01": 1,
    }.items():  # fmt: skip
        assert len(rows(api.get(f"staff/{query}"))) == expected, query
    at_first = rows(api.get("staff/?on=2026-09-01"))[0]
    assert at_first["teaching"]["id"] == world.school_a.pk
    whole = api.get(f"staff/{told['id']}/").json()
    assert [record["school"]["id"] for record in whole["records"]] == [world.school_a.pk]
    assert {offer["verb"]: offer["allowed"] for offer in whole["offers"]} == {
        "change_record": True, "reveal": True, "leave": True,
    }  # fmt: skip
    assert refusal(Api(world.principal_c).get(f"staff/{told['id']}/"))[0] == 404
    assert refusal(Api(world.president).post("staff/", body(world)))[1] == "not_a_staff_manager"
    assert errors(api.post("staff/", body(world, identity_number=other_check(NUMBER))))[
        "identity_number"
    ] == ["identity_number_check"]
    assert away.staff_id == told["id"]


def test_the_api_reveals_to_who_may_and_keeps_no_number_under_the_key(world, teacher):
    api, key = Api(world.principal_a), uuid.uuid4()
    address = f"staff/{teacher.pk}/reveal/"
    told = api.post(address, {"reason": "核对社保缴费"}, key=key).json()
    assert (told["identity_number"], told["phone"]) == (NUMBER, PHONE)
    assert NUMBER not in str(IdempotencyKey.objects.get(key=key).body)
    assert api.post(address, {"reason": "核对社保缴费"}, key=key).json()["identity_number"] == NUMBER
    assert AuditEvent.objects.filter(verb="personnel.reveal").count() == 1
    assert api.get(f"staff/{teacher.pk}/").json()["identity_number"] != NUMBER
    assert errors(api.post(address, {})) == {"reason": ["required"]}
    assert refusal(Api(world.president).post(address, {"reason": "核对社保缴费"}))[1] == "identity_is_masked"
    assert refusal(Api(world.principal_e).post(address, {"reason": "核对社保缴费"}))[0] == 404
    assert SINCE < LATER
