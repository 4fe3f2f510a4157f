"""Rows of rights made, lost or altered by hand: refused, named in words, mended on request, kept on record."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client

from groups.choices import Authority
from groups.models import GroupGrant, SchoolGrant
from kunshan_edu.core import access, clock
from kunshan_edu.core.changes import acting
from kunshan_edu.core.models import AuditEvent
from personnel import actions, grants, proofs
from tests.world import end

BACKEND = "django.contrib.auth.backends.ModelBackend"
NOW = dt.date(2026, 11, 23)
A_DAY = dt.timedelta(days=1)
PRESIDE, HEAD = Authority.APPROVE_AS_PRESIDENT, Authority.APPROVE_AS_PRINCIPAL
EXPLAIN, MINE, PRESIDENTS = "/rights/explain/", "/rights/mine/", "/rights/presidents/"


@pytest.fixture(autouse=True)
def that_day() -> Any:
    """Every test is on the same day, whatever the calendar says."""
    with clock.at(NOW):
        yield


# Drift in words, and mended on request


def told() -> list[str]:
    return next(p for p in proofs.PROOFS if p.name == "rights_equal_appointments").check()


def forge(world: Any, **facts: Any) -> SchoolGrant:
    """A copy of the principal's right to approve, with other facts, as somebody would write it by hand."""
    row = SchoolGrant.objects.get(user=world.principal_a, permission__codename=HEAD)
    row.pk = None
    for name, value in facts.items():
        setattr(row, name, value)
    with acting("by.hand", None):
        row.save(force_insert=True)
    return row


@pytest.mark.django_db
def test_health_has_nothing_to_tell(world: Any) -> None:
    assert told() == []


@pytest.mark.django_db
def test_a_missing_row_is_named_with_its_ground(world: Any) -> None:
    with acting("by.hand", None):
        GroupGrant.objects.get(user=world.president, permission__codename=PRESIDE).delete()
    assert told() == [
        "缺少：示例president在示例集团应有“以总校长身份审批”（总校长，昆教人〔2024〕1号，2024年1月1日起），权限表中没有。"
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"source_id": 10**9}, "写明来自任职 #1000000000；没有这项任职。"),
        ({"user": "parent"}, "该任职是示例principal_a 执行校长 示例A小，不是这个账号的。"),
        ({"content_object": "school_b"}, "该任职（示例principal_a 执行校长 示例A小）不产生这项权限。"),
    ],
    ids=["of no appointment", "of somebody else's", "of another school"],
)
def test_a_row_made_by_hand_is_named_as_such(world: Any, facts: dict[str, Any], why: str) -> None:
    row = forge(world, **{k: getattr(world, v) if isinstance(v, str) else v for k, v in facts.items()})
    (sentence,) = told()
    assert sentence.startswith(
        f"手工添加：{row.user}在{row.content_object}有“以执行校长身份审批”（2024年1月1日起）"
    )
    assert sentence.endswith(why)


@pytest.mark.django_db
def test_a_row_altered_by_hand_is_told_from_one_added(world: Any) -> None:
    end(world, "principal_a", NOW)
    with acting("by.hand", None):
        SchoolGrant.objects.filter(user=world.principal_a, permission__codename=HEAD).update(valid_to=None)
    altered, missing = told()
    assert altered.startswith("手工改动：示例principal_a在示例A小的“以执行校长身份审批”")
    assert missing.startswith("缺少：")


def doctor(*arguments: str) -> tuple[int, str]:
    out, status = StringIO(), 0
    try:
        call_command("doctor", *arguments, stdout=out)
    except SystemExit as stopped:
        status = int(stopped.code or 0)
    return status, out.getvalue()


@pytest.mark.django_db
def test_the_doctor_names_drift_and_mends_it_on_request(world: Any, client: Client) -> None:
    row = forge(world, user=world.parent)
    with acting("by.hand", None):
        GroupGrant.objects.get(user=world.president, permission__codename=PRESIDE).delete()
    status, said = doctor()
    assert status == 1
    assert "手工添加：示例家长" in said
    assert "缺少：示例president" in said
    assert "doctor --mend" in said
    assert grants.drift() == (1, 1)  # asked only
    status, said = doctor("--mend")
    assert (status, "mended: 2 rows changed" in said) == (0, True), said
    assert grants.drift() == (0, 0)
    assert not access.has(world.parent, HEAD, world.school_a)
    assert access.has(world.president, PRESIDE, world.group)
    kept = AuditEvent.objects.get(
        verb="personnel.derive_rights", model="groups.schoolgrant", object_id=row.pk
    )
    assert kept.difference["user_id"] == [str(world.parent.pk), None]
    client.force_login(world.leader, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/audit/?verb=personnel.derive_rights").content.decode()
    assert "推导权限" in page
    assert "示例家长" in page


@pytest.mark.django_db
def test_the_hourly_check_keeps_what_it_removed_on_record(world: Any) -> None:
    row = forge(world, user=world.parent)
    assert actions.rederive() == 1
    assert AuditEvent.objects.filter(verb="personnel.derive_rights", object_id=row.pk).count() == 1
    assert actions.rederive() == 0
    assert AuditEvent.objects.filter(verb="personnel.derive_rights").count() == 1


@pytest.mark.django_db
def test_mending_what_is_not_mendable_is_still_a_fault(world: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO guardian_userobjectpermission (object_pk, content_type_id, permission_id, user_id)"
            " SELECT '1', content_type_id, id, %s FROM auth_permission LIMIT 1",
            [world.parent.pk],
        )
    status, said = doctor("--mend")
    assert status == 1
    assert "FAULT" in said
    assert "guardian_generic_tables_are_empty" in said


# The database refuses a row made by hand; where its owner switches that off, it still shows


@pytest.mark.django_db
def test_the_database_refuses_rows_made_by_hand(world: Any) -> None:
    row = SchoolGrant.objects.filter(user=world.principal_a).first()
    row.pk, row.user = None, world.parent
    for attempt in (
        lambda: row.save(force_insert=True),
        lambda: SchoolGrant.objects.filter(user=world.principal_a).update(valid_to=None),
        lambda: SchoolGrant.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="change_without_a_verb"), transaction.atomic():
            attempt()


def test_what_the_owner_forges_behind_the_triggers_is_found(own_database: str, world: Any) -> None:
    forged = (
        "INSERT INTO groups_schoolgrant (user_id, permission_id, content_object_id, source_id, capacity, document,"
        " clause_id, line, valid_from) SELECT %s, permission_id, content_object_id, source_id, capacity, document,"
        " clause_id, line, valid_from FROM groups_schoolgrant WHERE user_id = %s"
    )
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE groups_schoolgrant DISABLE TRIGGER a_verb_is_named")
        cursor.execute(forged, [world.parent.pk, world.principal_a.pk])
    added = SchoolGrant.objects.filter(user=world.parent).count()
    sentences = told()
    assert added == len(sentences) > 3
    assert all(s.startswith("手工添加：示例家长在示例A小有") for s in sentences)
    status, said = doctor("--mend")
    assert status == 1  # the switched-off trigger is a fault that stays
    assert "changes_name_a_verb" in said
    assert grants.drift() == (0, 0)
