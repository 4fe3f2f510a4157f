"""Every page of the site with somebody who uses it, and the rows that it takes to open it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from django.urls import reverse

from finance.actions import deciding
from finance.models import BudgetLine
from groups import actions as register
from kunshan_edu.core.models import Job
from personnel import actions as personnel
from personnel.models import Appointment, Person
from tests.browser import office_places as office
from tests.browser import staff_places as staff
from tests.finance.requests import ask, granted, line, make, minutes, pay
from tests.world import prepare_measures

Place = Callable[[Any], str]
# Requests to one payee would be added up, and drafts of one document number refuse one another.
NUMBERS = count(1)
NOWHERE = "/groups/999999/"
OPINION = "请补充三家单位的报价，附合同文本和验收清单后重新申报。"


def at(name: str, *, query: str = "") -> Place:
    """A page that needs no row."""
    return lambda _world: reverse(name) + query


def of(name: str, find: Callable[[Any], Any], verb: str = "") -> Place:
    """The page of a row, or of a verb on it."""
    return lambda world: reverse(name, args=[find(world).pk, *filter(None, [verb])])


def request(find: Callable[[Any], Any], verb: str = "") -> Place:
    return of("finance:fund_request_verb" if verb else "finance:fund_request_detail", find, verb)


def payee() -> str:
    return f"示例书店{next(NUMBERS)}"


def draft(world: Any) -> Any:
    return make(world, "clerk_a", "3000.00")


def pending(world: Any) -> Any:
    return ask(world, "clerk_a", "3000.00", payee=payee())


def before_the_president(world: Any, category: str = "training") -> Any:
    row = ask(world, "clerk_a", "60000.00", category=category, payee=payee())
    row = deciding.approve(row, by=world.principal_a)
    return deciding.approve(row, by=world.group_finance, opinion="票据齐全，同意。")


def before_the_leader(world: Any) -> Any:
    row = deciding.approve(before_the_president(world, "meeting"), by=world.president)
    return deciding.approve(row, by=world.finance_1)


def returned(world: Any) -> Any:
    return deciding.return_(pending(world), by=world.principal_a, opinion=OPINION)


def rejected(world: Any) -> Any:
    return deciding.reject(pending(world), by=world.principal_a, opinion=OPINION)


def withdrawn(world: Any) -> Any:
    return deciding.withdraw(pending(world), by=world.clerk_a)


def approved(world: Any) -> Any:
    return granted(world, "clerk_a", "3000.00", payee=payee())


def cancelled(world: Any) -> Any:
    return deciding.cancel(approved(world), by=world.principal_a, opinion=OPINION)


def of_two_schools(world: Any) -> Any:
    lines = [line(world, "school_a", "4000.00"), line(world, "school_b", "4600.00")]
    return ask(world, "office", "", school=None, lines=lines, payee=payee())


def paying(world: Any) -> Any:
    lines = [line(world, "school_a", "4000.00"), line(world, "school_b", "4600.00")]
    row = granted(world, "office", "", school=None, lines=lines, payee=payee())
    return pay(world, row, "cashier_b", "4600.00")


def paid(world: Any) -> Any:
    row = minutes(world, ask(world, "clerk_a", "60000.00", category="office", payee=payee()))
    for who in ("principal_a", "group_finance", "president", "finance_1", "leader"):
        row = deciding.approve(row, by=world.users[who], opinion="同意。")
    return pay(world, row, "cashier_a", "59000.00")


def budget_line(world: Any) -> Any:
    return BudgetLine.objects.filter(fund=world.fund).first()


def drafted_measures(world: Any) -> Any:
    document = f"昆教财〔2027〕{next(NUMBERS)}号"
    return prepare_measures(world.finance_1, document=document, valid_from=world.measures.valid_from)


def job(world: Any) -> Any:
    return Job.objects.create(name="personnel.rederive", by=world.users["personnel"], arguments={})


def left_membership(world: Any) -> Any:
    """A school that was a member until last year, so that pages show a past as well."""
    row = world.group.memberships.get(school=world.school_b)
    return register.leave(
        row, valid_to=row.valid_from.replace(month=9), leave_document="昆教〔2024〕9号", by=world.basic
    )


def membership(world: Any) -> Any:
    return world.group.memberships.get(school=world.school_b)


def person(world: Any) -> Any:
    return Person.objects.get(user=world.president)


def ended_appointment(world: Any) -> Any:
    row = Appointment.objects.get(pk=world.posts["head_a"].pk)
    return personnel.end(
        row,
        valid_to=row.valid_from.replace(month=9),
        document="昆教人〔2024〕9号",
        by=world.users["personnel"],
    )


HOME = at("home")
REQUESTS = at("finance:fund_request_list")
PLACES: dict[str, tuple[Place, ...]] = {
    "": (at("core:sign_in"), at("core:sign_in", query="?expired=1&next=/funds/"), at("core:signed_out")),
    "clerk_a": (
        HOME,
        REQUESTS,
        at("finance:fund_request_new"),
        request(draft),
        request(draft, "submit"),
        request(draft, "delete"),
        of("finance:fund_request_edit", returned),
        request(returned),
        request(pending, "withdraw"),
        at("finance:fund_new"),  # refused: 403
        lambda _world: NOWHERE,
    ),
    "principal_a": (
        HOME,
        request(pending),
        request(pending, "approve"),
        request(pending, "return"),
        request(pending, "reject"),
        request(rejected),
        request(approved, "cancel"),
        of("groups:school_detail", lambda world: world.school_a),
        of("groups:school_verb", lambda world: world.school_a, "edit-profile"),
        at("core:notification_list"),
        of("personnel:staff_detail", staff.employed),
        at("personnel:rotation_list"),
        at("personnel:rotation_new"),
        of("personnel:rotation_detail", staff.waiting),
        of("personnel:rotation_verb", staff.waiting, "agree-sending"),
        of("personnel:rotation_verb", staff.waiting, "refuse"),
        of("personnel:rotation_verb", staff.waiting, "withdraw"),
        of("personnel:rotation_verb", staff.lasting, "renew"),
        of("personnel:rotation_verb", staff.lasting, "stop"),
        at("personnel:delegation_list"),
        at("personnel:delegation_new"),
        of("personnel:delegation_verb", office.delegation, "revoke"),
        at("personnel:plaque_list"),
        at("personnel:plaque_new"),
        of("personnel:plaque_detail", office.plaque),
        of("personnel:plaque_verb", office.plaque, "end"),
        at("personnel:appraisal_list"),
        at("personnel:appraisal_new"),
        of("personnel:appraisal_detail", office.grade),
        of("personnel:appraisal_verb", office.grade, "correct"),
        at("personnel:attendance_list"),
        at("personnel:attendance_import"),
        of("personnel:attendance_import_detail", staff.attendance_import),
        at("personnel:merit_list"),
        at("personnel:merit_new"),
        of("personnel:merit_detail", office.merit),
        of("personnel:merit_verb", office.merit, "revoke"),
    ),
    "president": (
        HOME,
        REQUESTS,
        request(before_the_president),
        request(of_two_schools),
        request(cancelled),
        of("finance:fund_detail", lambda world: world.fund),
        of("finance:measures_detail", lambda world: world.measures),
        at("core:profile"),
        at("core:password"),
        of("personnel:rotation_detail", staff.lasting),
        of("personnel:rotation_verb", staff.agreed_by_both, "approve"),
        at("personnel:rotation_calendar"),
        at("personnel:rights_mine"),
        of("personnel:group_leadership", lambda world: world.group),
        of("personnel:group_chart", lambda world: world.group),
        at("personnel:org_unit_list"),
        at("personnel:org_unit_new"),
        of("personnel:org_unit_detail", office.unit),
        of("personnel:org_unit_verb", office.unit, "end"),
        at("groups:policy_list"),
        at("groups:policy_board"),
        at("groups:policy_new"),
        of("groups:policy_detail", office.policy),
        of("groups:policy_verb", office.policy, "end"),
        at("personnel:training_list"),
        at("personnel:training_new"),
        of("personnel:training_detail", office.training),
        of("personnel:training_verb", office.training, "record-attendance"),
        of("personnel:training_verb", office.training, "cancel"),
        at("personnel:appointment_nominate"),
    ),
    "office": (
        HOME,
        at("finance:fund_request_new", query="?rows=6"),
        request(before_the_leader, "record-minutes"),
        request(withdrawn),
        at("finance:fund_list"),
        at("api_reference"),
        at("api_reference", query="?noun=fund-requests"),
        at("personnel:rotation_import"),
        of("personnel:rotation_import_detail", staff.rotation_import),
    ),
    "cashier_a": (HOME, request(paying), request(paying, "pay"), request(paid)),
    "finance_1": (
        HOME,
        at("finance:fund_list"),
        at("finance:fund_new"),
        of("finance:fund_detail", lambda world: world.fund),
        of("finance:fund_verb", lambda world: world.fund, "allocate"),
        of("finance:fund_verb", lambda world: world.fund, "freeze"),
        of("finance:budget_line_verb", budget_line, "cut"),
        at("finance:measures_list"),
        at("finance:measures_new"),
        of("finance:measures_detail", drafted_measures),
        of("finance:measures_verb", drafted_measures, "add-limit"),
    ),
    "leader": (
        HOME,
        request(before_the_leader),
        at("core:audit_list"),
        of("finance:measures_verb", drafted_measures, "publish"),
        of("finance:measures_verb", lambda world: world.measures, "end"),
        of("personnel:appointment_detail", lambda world: office.extension(world).appointment),
        of("personnel:appointment_verb", office.recorded, "confirm"),
        of("personnel:appointment_verb", office.ending, "confirm-end"),
        of("personnel:extension_verb", office.extension, "confirm"),
        of("personnel:extension_verb", office.extension, "refuse"),
        of("personnel:incentive_verb", office.incentive, "confirm"),
        of("personnel:incentive_verb", office.incentive, "refuse"),
        of("personnel:deviation_detail", office.deviation),
        of("personnel:deviation_verb", office.deviation, "confirm"),
        of("personnel:deviation_verb", office.deviation, "refuse"),
        at("personnel:delegation_reassign"),
        of("personnel:delegation_detail", office.delegation),
    ),
    "personnel": (
        HOME,
        at("personnel:person_list"),
        at("personnel:person_new"),
        of("personnel:person_detail", person),
        at("personnel:appointment_list"),
        at("personnel:appointment_new"),
        at("personnel:appointment_new", query="?post=executive_principal"),
        of("personnel:appointment_detail", lambda world: world.posts["president"]),
        of("personnel:appointment_detail", ended_appointment),
        of("personnel:appointment_verb", lambda world: world.posts["president"], "end"),
        at("groups:school_new"),
        of("groups:school_verb", lambda world: world.school_c, "change-affiliation"),
        of("core:job_detail", job),
        at("personnel:staff_list"),
        at("personnel:staff_list", query="?on=2025-09-01"),
        at("personnel:staff_new"),
        of("personnel:staff_detail", staff.teacher),
        of("personnel:staff_verb", staff.employed, "change-record"),
        of("personnel:staff_verb", staff.employed, "reveal"),
        of("personnel:staff_verb", staff.employed, "leave"),
        at("personnel:staff_import"),
        of("personnel:staff_import_detail", staff.staff_import),
        at("personnel:appointment_import"),
        of("personnel:appointment_import_detail", staff.appointment_import),
        of("personnel:rotation_verb", staff.approved, "file"),
        of("personnel:appointment_detail", office.noticed),
        of("personnel:appointment_verb", office.nominated, "accept"),
        of("personnel:appointment_verb", office.to_compete, "announce"),
        of("personnel:appointment_verb", office.competing, "record-scores"),
        of("personnel:appointment_verb", office.competing, "publish-notice"),
        of("personnel:appointment_verb", office.ending, "withdraw-end"),
        of("personnel:appointment_verb", office.recorded, "cancel"),
        of("personnel:appointment_verb", lambda world: world.posts["principal_a"], "register-dates"),
        of("personnel:appointment_verb", office.presidency, "extend"),
        of("personnel:appointment_verb", lambda world: world.posts["president"], "reward"),
        of("personnel:incentive_verb", office.rewarded, "end"),
        at("personnel:vacancies"),
        at("personnel:rights_explain"),
        at("personnel:rights_presidents"),
        at("personnel:calendar_day_list"),
        at("personnel:calendar_day_new"),
        at("personnel:party_organisation_list"),
        at("personnel:party_organisation_new"),
        of("personnel:party_organisation_detail", office.party),
        of("personnel:party_organisation_verb", office.party, "end"),
        at("personnel:post_quota_list"),
        at("personnel:post_quota_new"),
        of("personnel:post_quota_detail", office.quota),
        of("personnel:post_quota_verb", office.quota, "end"),
        at("personnel:rule_set_list"),
        at("personnel:rule_set_new"),
        of("personnel:rule_set_detail", office.rule_set),
        of("personnel:rule_set_verb", office.rule_set, "end"),
        at("personnel:deviation_list"),
        at("personnel:deviation_new"),
        of("personnel:deviation_verb", office.explained, "end"),
    ),
    "principal_b": (HOME, of("personnel:rotation_verb", staff.agreed_by_one, "agree-receiving")),
    "basic": (
        HOME,
        at("groups:group_list"),
        of("groups:group_detail", lambda world: world.preparing),
        of("groups:group_verb", lambda world: world.preparing, "advance"),
        of("groups:group_verb", lambda world: world.preparing, "join"),
        of("groups:group_verb", lambda world: world.preparing, "dissolve"),
        of("groups:membership_verb", membership, "leave"),
        of("groups:group_detail", lambda world: left_membership(world).group),
        at("groups:group_new"),
        at("groups:school_list"),
        at("groups:district_list"),
    ),
    "district_officer": (HOME, REQUESTS),
    "teacher": (
        HOME,
        at("rights:matrix"),
    ),
}
# Addresses that only take what a form sends, and what is fetched by a page or by a program.
NOT_PAGES = {
    "core:sign_out", "core:language", "core:appearance", "core:demo_switch", "core:job_again",
    "core:notifications_read", "core:notification_open", "personnel:rederive",
    "finance:fund_request_preview", "schema", "personnel:staff_export", "personnel:rotation_export",
    "personnel:appointment_export", "personnel:staff_import_template", "personnel:staff_import_bad",
    "personnel:rotation_import_template", "groups:policy_attachment", "personnel:plaque_photo",
    "personnel:attendance_import_template", "personnel:attendance_import_bad",
    "personnel:rotation_import_bad", "personnel:appointment_import_template",
    "personnel:appointment_import_bad",
}  # fmt: skip
