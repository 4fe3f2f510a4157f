"""The rules of a group: adopted by its president, one per slot and day; the board of the seven, and who reads what."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groups import actions, rules
from groups.choices import PolicySlot
from groups.models import GroupPolicy
from groups.rules import Case
from groups.views.policies import SOON
from kunshan_edu.core import clock
from kunshan_edu.core.changes import refusal_of
from kunshan_edu.core.denials import FORBIDDEN, INVALID, Denied
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import AuditEvent
from tests.api_client import Api, errors, refusal
from tests.api_client import rows as listed
from tests.world import SINCE, fresh

TODAY = clock.today()
A_DAY = dt.timedelta(days=1)
BACKEND = "django.contrib.auth.backends.ModelBackend"
NEW, LIST, BOARD = (reverse(f"groups:policy_{name}") for name in ("new", "list", "board"))
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def enter(world: Any, client: Client) -> Any:
    """Sign in as somebody of the world."""

    def _enter(who: str) -> Client:
        client.force_login(fresh(world.users[who]), backend=BACKEND)
        return client

    return _enter


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def send(client: Client, address: str, **typed: Any) -> Any:
    return client.post(address, {"idem": str(uuid.uuid4()), **typed})


def adopt(
    world: Any, slot: PolicySlot = PolicySlot.BENEFITS, who: str = "president", **facts: Any
) -> GroupPolicy:
    base = {
        "slot": slot.value,
        "title": f"示例教育集团{slot.label}办法",
        "document": f"示集〔2024〕{slot.value}号",
        "valid_from": SINCE,
        "text": "第一条 为规范管理，制定本办法。",
    }
    return actions.adopt(facts.pop("group", world.group), **{**base, **facts}, by=fresh(world.users[who]))


def end(world: Any, row: GroupPolicy, day: dt.date = TODAY, who: str = "president") -> GroupPolicy:
    return actions.end_policy(row, valid_to=day, reason="修订", by=fresh(world.users[who]))


# 规则


@pytest.mark.parametrize(
    ("case", "adopting", "ending"),
    [
        (Case(), "not_the_president", "not_the_president"),
        (Case(may_manage=True, may_manage_schools=True), "not_the_president", "not_the_president"),
        (Case(may_adopt=True), None, None),
        (Case(may_adopt=True, left=True), None, "policy_has_ended"),
    ],
)
def test_the_president_adopts_and_ends(case, adopting, ending):
    for rule, code in ((rules.cannot_adopt, adopting), (rules.cannot_end_policy, ending)):
        denial = rule(case)
        assert (denial and denial.code) == code
        assert denial is None or denial.clause == Clause.C4_1_U
    assert rules.cannot_adopt(Case()).status == FORBIDDEN


def test_a_rule_does_not_end_before_it_begins():
    case = Case(may_adopt=True, valid_from=SINCE)
    assert rules.cannot_end_policy(case, SINCE) is None
    denial = rules.cannot_end_policy(case, SINCE - A_DAY)
    assert (denial.code, denial.field, denial.status) == ("ends_before_it_begins", "valid_to", INVALID)


def test_there_are_seven_slots_in_the_words_of_the_guideline():
    """4.1.u names them; the order is the guideline's."""
    assert len(PolicySlot) == 7
    quote = Clause.C4_1_U.quote
    places = [quote.index(str(slot.label)) for slot in PolicySlot]
    assert places == sorted(places)


# 办理


@pytest.mark.django_db
def test_a_new_document_takes_the_place_of_the_old_on_its_day(world):
    old = adopt(world)
    new = adopt(world, document="示集〔2026〕7号", valid_from=TODAY)
    old.refresh_from_db()
    assert (old.valid_to, new.valid_to) == (TODAY, None)
    found = [GroupPolicy.objects.in_force(day).get() for day in (TODAY - A_DAY, TODAY)]
    assert found == [old, new]
    event = AuditEvent.objects.of(new).get()
    assert (event.verb, event.actor, event.clause_id) == ("groups.adopt", world.president, "4.1.u")
    assert AuditEvent.objects.of(old).latest("pk").difference == {"valid_to": [None, TODAY.isoformat()]}


@pytest.mark.django_db
def test_slots_and_groups_do_not_displace_one_another(world):
    for slot in PolicySlot:
        adopt(world, slot)
    adopt(world, who="other_president", group=world.other_group)
    assert GroupPolicy.objects.in_force().count() == 8


@pytest.mark.django_db
def test_a_document_still_to_come_is_not_displaced_in_silence(world):
    adopt(world, valid_from=TODAY + 9 * A_DAY)
    with pytest.raises(Denied) as caught:
        adopt(world, valid_from=TODAY)
    assert caught.value.denial.code == "one_policy_per_slot_and_day"
    assert "请先登记失效" in str(caught.value.denial)


@pytest.mark.django_db
def test_ending_is_recorded_with_its_reason(world):
    row = end(world, adopt(world))
    event = AuditEvent.objects.of(row).latest("pk")
    assert (event.verb, event.reason, row.valid_to, row.is_in_force) == (
        "groups.end_policy",
        "修订",
        TODAY,
        False,
    )
    with pytest.raises(Denied) as caught:
        end(world, row)
    assert caught.value.denial.code == "policy_has_ended"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "who", ["deputy", "principal_a", "other_president", "leader", "personnel", "teacher", "admin"]
)
def test_nobody_else_adopts_or_ends(world, who):
    row = adopt(world)
    for deed in (lambda: adopt(world, PolicySlot.MERIT, who=who), lambda: end(world, row, who=who)):
        with pytest.raises(Denied) as caught:
            deed()
        assert caught.value.denial.code == "not_the_president"


@pytest.mark.django_db
@pytest.mark.parametrize("using", ["default", "owner"])
def test_nothing_is_written_without_a_verb(world, using):
    from django.db import connections

    for sql in ("UPDATE groups_grouppolicy SET id = id", "DELETE FROM groups_grouppolicy"):
        with (
            pytest.raises(DatabaseError) as caught,
            transaction.atomic(using),
            connections[using].cursor() as cursor,
        ):
            cursor.execute(sql)
        assert refusal_of(caught.value).code == "change_without_a_verb"


# 七项制度


def cells(answer: Any) -> dict[str, list[str]]:
    """Group → the words of its row on the board: how many, then the seven slots."""
    found = re.findall(r"<tr>(.*?)</tr>", text(answer).partition("<tbody>")[2])
    rows = [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in found
    ]
    return {row[0]: row[1:] for row in rows}


@pytest.mark.django_db
def test_matrix_shows_6_of_7_when_benefits_lack_an_in_force_document(world, enter):
    for slot in PolicySlot:
        if slot != PolicySlot.BENEFITS:
            adopt(world, slot)
    client = enter("teacher")
    assert cells(client.get(BOARD))["示例集团"] == ["6/7", *["施行"] * 6, "缺"]
    adopt(world, valid_from=TODAY + A_DAY)
    assert cells(client.get(BOARD))["示例集团"][0] == "6/7", "what is still to come is not in force"
    assert cells(client.get(f"{BOARD}?on={TODAY + A_DAY}"))["示例集团"] == ["7/7", *["施行"] * 7]
    assert cells(client.get(f"{BOARD}?on={SINCE - A_DAY}")) == {}, "the group was not founded yet"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "剩 1 天"), (SOON.days, f"剩 {SOON.days} 天"), (SOON.days + 1, "施行"), (0, "缺")],
)
def test_what_expires_soon_says_so(world, enter, days, words):
    end(world, adopt(world), TODAY + days * A_DAY)
    assert cells(enter("teacher").get(BOARD))["示例集团"][-1] == words


@pytest.mark.django_db
def test_a_gap_leads_the_president_to_the_form_filled_in_and_nobody_else(world, enter):
    row = adopt(world, PolicySlot.MERIT)
    gap = f"{NEW}?group={world.group.pk}&amp;slot={PolicySlot.BENEFITS.value}"
    for who in ("president", "other_president", "leader", "teacher"):
        page = text(enter(who).get(BOARD))
        assert (f'href="{gap}"' in page) is (who == "president"), who
        assert f'href="{row.get_absolute_url()}"' in page
        assert (f'href="{NEW}"' in page) is (who in ("president", "other_president"))
    form = enter("president").get(gap.replace("&amp;", "&")).context["form"]
    assert (form["group"].value(), form["slot"].value()) == (
        str(world.group.pk),
        str(PolicySlot.BENEFITS.value),
    )


@pytest.mark.django_db
def test_a_dissolved_group_is_on_the_board_of_all_only(world, enter):
    actions.dissolve(world.preparing, document="昆教〔2026〕9号", by=fresh(world.basic))
    client = enter("teacher")
    assert set(cells(client.get(BOARD))) == {"示例集团", "邻园集团"}
    assert "筹备集团" in cells(client.get(f"{BOARD}?show=all"))
    assert set(cells(client.get(f"{BOARD}?q=邻园"))) == {"邻园集团"}


@pytest.mark.django_db
def test_more_groups_and_documents_take_no_more_queries(world, enter):
    client = enter("president")

    def count() -> int:
        client.get(BOARD)
        with CaptureQueriesContext(connection) as captured:
            client.get(BOARD)
        return len(captured)

    adopt(world)
    few = count()
    for slot in PolicySlot:
        adopt(world, slot, valid_from=SINCE + A_DAY)
        adopt(world, slot, who="other_president", group=world.other_group)
    assert count() == few <= 11


# 页面


def typed(world: Any, **facts: Any) -> dict[str, Any]:
    base = {
        "group": world.group.pk,
        "slot": PolicySlot.BENEFITS.value,
        "title": "示例教育集团福利发放办法",
        "document": "示集〔2026〕7号",
        "valid_from": TODAY.isoformat(),
        "text": "第一条 为规范管理，制定本办法。",
    }
    return {**base, **facts}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "who", ["president", "principal_a", "other_president", "leader", "teacher", "parent"]
)
def test_everybody_reads_and_the_president_is_offered_the_verbs(world, enter, who):
    row = adopt(world)
    client = enter(who)
    assert row.title in text(client.get(LIST))
    answer = client.get(row.get_absolute_url())
    assert "第一条 为规范管理" in text(answer)
    assert "福利发放" in text(answer)
    assert [o.verb.name for o in answer.context["offers"] if not o.denial] == (
        ["end"] if who == "president" else []
    )
    assert client.get(NEW).status_code == (200 if who in ("president", "other_president") else 403)
    form = client.get(NEW).context.get("form")
    if form:
        assert list(form.fields["group"].queryset) == [
            world.group if who == "president" else world.other_group
        ]


@pytest.mark.django_db
def test_strangers_read_nothing(world, client):
    for where in (LIST, BOARD, NEW, adopt(world).get_absolute_url()):
        assert client.get(where).status_code == 302, where


@pytest.mark.django_db
def test_the_page_adopts_with_an_attachment_that_every_reader_gets(world, enter):
    client = enter("president")
    answer = send(client, NEW, **typed(world, text=""), attachment=SimpleUploadedFile("办法.pdf", PDF))
    row = GroupPolicy.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, row.get_absolute_url())
    where = reverse("groups:policy_attachment", args=[row.pk])
    assert where in text(client.get(row.get_absolute_url()))
    given = enter("teacher").get(where)
    assert (given.status_code, b"".join(given)) == (200, PDF)
    assert "attachment" in given["Content-Disposition"]
    bare = adopt(world, PolicySlot.MERIT)
    assert client.get(reverse("groups:policy_attachment", args=[bare.pk])).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        ({"text": ""}, "text", "请填写正文或上传附件。"),
        ({"title": ""}, "title", "请填写标题。"),
        ({"slot": "8"}, "slot", ""),
        ({"group": "other"}, "group", ""),
        ({"valid_from": "2026-02-30"}, "valid_from", ""),
        ({"document": "x" * 61}, "document", ""),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(world, enter, facts, field, sentence):
    given = typed(world, **{k: world.other_group.pk if v == "other" else v for k, v in facts.items()})
    answer = send(enter("president"), NEW, **given)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert field in form.errors
    assert not sentence or sentence in form.errors[field]
    assert {name: form.data[name] for name in given} == {name: str(value) for name, value in given.items()}
    assert not GroupPolicy.objects.exists()


@pytest.mark.django_db
def test_a_last_day_before_the_first_is_refused_beside_the_field(world, enter):
    row = adopt(world, valid_from=TODAY)
    where = reverse("groups:policy_verb", args=[row.pk, "end"])
    answer = send(enter("president"), where, valid_to=(TODAY - 2 * A_DAY).isoformat(), reason="修订")
    assert answer.status_code == 422
    assert "失效日期不能早于施行日期。" in answer.context["form"].errors["valid_to"]
    assert answer.context["form"].data["reason"] == "修订"
    done = send(enter("president"), where, valid_to=TODAY.isoformat(), reason="修订")
    row.refresh_from_db()
    assert (done.status_code, row.valid_to) == (303, TODAY + A_DAY)


@pytest.mark.django_db
def test_the_list_is_of_a_day(world, enter):
    row = end(world, adopt(world))
    client, where = enter("teacher"), f'href="{row.get_absolute_url()}'
    queries = ("", f"?on={TODAY - A_DAY}", "?show=all", f"?show=all&slot={PolicySlot.MERIT.value}")
    assert [where in text(client.get(LIST + query)) for query in queries] == [False, True, True, False]


# 接口


@pytest.mark.django_db
def test_a_program_adopts_and_ends_as_the_president_alone(world):
    body = typed(world)
    assert refusal(Api(world.principal_a).post("policies/", body)) == (403, "not_the_president", "4.1.u")
    assert refusal(Api(world.other_president).post("policies/", body))[:2] == (403, "not_the_president")
    made = Api(world.president).post("policies/", body)
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["slot_label"], told["text"], told["group"]["id"]) == (
        "福利发放",
        body["text"],
        world.group.pk,
    )
    assert [row["id"] for row in listed(Api(world.teacher).get(f"policies/?group={world.group.pk}"))] == [
        told["id"]
    ]
    address = f"policies/{told['id']}/end/"
    late = {"valid_to": (TODAY - 2 * A_DAY).isoformat(), "reason": "修订"}
    assert refusal(Api(world.president).post(address, late))[:2] == (422, "ends_before_it_begins")
    ended = Api(world.president).post(address, {"valid_to": TODAY.isoformat(), "reason": "修订"})
    assert ended.json()["valid_to"] == (TODAY + A_DAY).isoformat()
    assert list(errors(Api(world.president).post("policies/", typed(world, text="")))) == ["text"]
