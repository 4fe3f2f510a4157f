"""Appointments as a sheet: each row is recorded by the one action, so that a cadre's waits for the second person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from groups.models import Bureau, District, EducationGroup, School
from kunshan_edu.core.changes import sentences
from kunshan_edu.core.denials import INVALID, Denial, Denied
from kunshan_edu.core.sheets import Column, Fault, Row, Sheet, day, text
from personnel import actions, rules
from personnel.actions.people import identity_hash
from personnel.choices import SCOPE_OF, AppointmentState, Method, Post, Scope
from personnel.models import Appointment, Person
from personnel.sheets.cells import after, document, identity_number, last
from personnel.sheets.trial import column_finder, done, tried

DATES = ("term_end", "secretary_on", "legal_representative_on")
# Constraints and triggers name no field → the cell that people look at.
COLUMNS = {
    "president_is_appointed_or_selected": "method",
    "appointment_ends_after_it_begins": "valid_to",
    "only_president_and_principal_are_secretaries": "secretary_on",
    "only_the_principal_is_legal_representative": "legal_representative_on",
    "one_president_per_group": "container",
    "one_group_secretary_per_group": "container",
    "one_deputy_secretary_per_group": "container",
    "one_executive_principal_per_school": "container",
    "one_presidency_per_person": "name",
    "one_principalship_per_person": "name",
    "deputy_secretary_principal_of_the_same_group": "container",
    "president_is_principal_by_deviation": "name",
    "secretary_is_separate_by_rule_set": "post",
    "quota_is_not_exceeded": "post",
}


def _unknown(code: str, sentence: str, field: str) -> Denied:
    return Denied(Denial(code, sentence, field=field, status=INVALID))


def person_of(row: Row) -> Person:
    """The person registered under the identity number, else the user name, else the name that only one has."""
    people, field = Person.objects.all(), "name"
    if row["identity_number"]:
        people, field = people.filter(identity_hash=identity_hash(row["identity_number"])), "identity_number"
    elif row["username"]:
        people, field = people.filter(user__username=row["username"]), "username"
    found = list(people.filter(name=row["name"])[:2])
    if len(found) > 1:
        raise _unknown(
            "namesakes", gettext_noop("登记有同名的人，请填写身份证号或用户名。"), "identity_number"
        )
    if not found:
        raise _unknown(
            "no_such_person", gettext_noop("没有登记这个人，请核对姓名和号码，或先登记人员。"), field
        )
    return found[0]


Places = dict[str, tuple[Scope, Any]]


def places() -> Places:
    """code → (scope, where a post is held): groups, schools, districts, the bureau."""
    found: Places = {}
    for scope, rows, code in (
        (Scope.GROUP, EducationGroup.objects.all(), "code"),
        (Scope.SCHOOL, School.objects.order_by("position", "pk"), "identifier"),
        (Scope.DISTRICT, District.objects.all(), "code"),
    ):
        found.update({getattr(row, code): (scope, row) for row in rows})
    return {**found, "bureau": (Scope.BUREAU, Bureau.objects.get())}


def labelled_places(_by: Any) -> list[tuple[str, str]]:
    return [(code, row.name) for code, (_scope, row) in places().items()]


def appoint(row: Row, by: Any, where: Places) -> Appointment:
    """任职 by one row."""
    person = person_of(row)
    scope, container = where[row["container"]]
    if SCOPE_OF[Post(row["post"])] != scope:
        raise Denied(replace(sentences()["post_is_held_in_its_own_scope"], field="container"))
    return actions.appoint(
        person,
        post=row["post"],
        container=container,
        method=row["method"],
        document=row["document"],
        valid_from=row["valid_from"],
        valid_to=after(row["valid_to"]),
        remark=row["remark"] or "",
        by=by,
        **{name: row[name] for name in DATES},
    )


def check(rows: list[Row], by: Any) -> list[Fault]:
    return tried(rows, by, partial(appoint, where=places()), column_finder(lambda: APPOINTMENTS, COLUMNS))


def write(rows: list[Row], by: Any) -> Iterator[int]:
    yield from done(rows, by, partial(appoint, where=places()))


def cannot(by: Any) -> Denial | None:
    return rules.cannot_appoint(actions.case_for(None, by))


APPOINTMENTS = Sheet(
    name="personnel.appointments",
    title=_("任职"),
    about=_("每行一项任职；总校长、执行校长等干部职务导入后仍须局领导审定才生效。"),
    columns=(
        Column("name", _("姓名"), text(most=40), required=True, hint=_("已登记的人员"), example="张三"),
        Column("identity_number", _("身份证号"), identity_number(), width=22, hint=_("有同名的人时填写")),
        Column("username", _("用户名"), text(most=60), hint=_("没有身份证号时可填写")),
        Column("post", _("职务"), required=True, choices=Post.choices),
        Column("container", _("任职单位"), required=True, choices=labelled_places, width=24, also=("单位",)),
        Column("method", _("任用方式"), required=True, choices=Method.choices),
        Column("document", _("任职文号"), document(), required=True, width=22, also=("文号",),
               example="昆教人〔2026〕9号"),
        Column("valid_from", _("任职日期"), day(), required=True, example="2026-09-01"),
        Column("valid_to", _("最后在任日"), day()),
        Column("term_end", _("聘期届满日"), day()),
        Column("secretary_on", _("兼任书记日期"), day(), hint=_("总校长、执行校长")),
        Column("legal_representative_on", _("法定代表人登记日期"), day(), hint=_("执行校长")),
        Column("remark", _("补录说明"), text(most=200), hint=_("任职日期早于今天 30 天以上时填写")),
    ),
    check=check,
    write=write,
    cannot=cannot,
    route="personnel:appointment_import",
    most=2000,
)  # fmt: skip

APPOINTMENT_LIST = Sheet(
    name="personnel.appointment_list",
    title=_("任职名册"),
    columns=(
        Column("name", _("姓名")),
        Column("post", _("职务"), choices=Post.choices),
        Column("container", _("任职单位"), width=24),
        Column("method", _("任用方式"), choices=Method.choices),
        Column("document", _("任职文号"), width=22),
        Column("valid_from", _("任职日期")),
        Column("valid_to", _("最后在任日")),
        Column("term_end", _("聘期届满日")),
        Column("state", _("状态"), choices=AppointmentState.choices),
        Column("end_document", _("免职文号"), width=22),
    ),
)


def appointment_line(row: Appointment) -> list[Any]:
    """A row of the list of appointments."""
    return [
        str(row.person or ""), row.post, str(row.container), row.method, row.document, row.valid_from,
        last(row.valid_to), row.term_end, row.state, row.end_document,
    ]  # fmt: skip
