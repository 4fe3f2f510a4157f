"""Every address, task, job and command that is no verb of a table: by which rows of the matrix, or why by none."""

from __future__ import annotations

from dataclasses import dataclass

from kunshan_edu.rights.matrix.words import Beside


@dataclass(frozen=True)
class Declared:
    """How one site stands to the matrix: the doors that it is, or what it is beside the matrix.

    rows: the page itself opens for whoever is signed in, and lists the rows that the door lets them see.
    """

    codes: tuple[str, ...] = ()
    beside: Beside | None = None
    rows: bool = False


def at(codes: str) -> Declared:
    """A page that is these doors."""
    return Declared(tuple(codes.split()))


def rows(codes: str) -> Declared:
    """A list: it opens for whoever is signed in and shows what these doors let see."""
    return Declared(tuple(codes.split()), rows=True)


OPEN, OWN, SIGNED_IN, MACHINE = (Declared(beside=kind) for kind in Beside)

# The name of an address → what it is; with a method before it when methods differ ("POST groups:group_list").
PAGES: dict[str, Declared] = {
    "home": SIGNED_IN,
    "rights:matrix": SIGNED_IN,
    "api_reference": SIGNED_IN,
    "schema": SIGNED_IN,
    "core:sign_in": OPEN,
    "core:sign_out": OPEN,
    "core:signed_out": OPEN,
    "core:language": OPEN,
    "core:appearance": OPEN,
    "core:demo_switch": OPEN,
    "core:profile": OWN,
    "core:password": OWN,
    "core:notification_list": OWN,
    "core:notifications_read": OWN,
    "core:notification_open": OWN,
    "core:job_detail": OWN,
    "core:job_again": OWN,
    "core:audit_list": at("audit.see"),
    "groups:group_list": rows("education_group.see"),
    "groups:group_new": at("education_group.found"),
    "groups:group_detail": at("education_group.see"),
    "groups:school_list": rows("school.see"),
    "groups:school_new": at("school.register"),
    "groups:school_detail": at("school.see"),
    "groups:district_list": rows("district.see"),
    "groups:policy_board": rows("education_group.see policy.see"),
    "groups:policy_list": rows("policy.see"),
    "groups:policy_new": at("policy.adopt"),
    "groups:policy_detail": at("policy.see"),
    "groups:policy_attachment": at("policy.see"),
    "personnel:person_list": rows("person.see"),
    "personnel:person_new": at("person.register"),
    "personnel:person_detail": at("person.see"),
    "personnel:appointment_list": rows("appointment.see"),
    "personnel:appointment_new": at("appointment.propose"),
    "personnel:appointment_detail": at("appointment.see"),
    "personnel:rederive": at("rights.rederive"),
    "personnel:party_organisation_list": rows("party_organisation.see"),
    "personnel:party_organisation_new": at("party_organisation.record"),
    "personnel:party_organisation_detail": at("party_organisation.see"),
    "personnel:org_unit_list": rows("org_unit.see"),
    "personnel:org_unit_new": at("org_unit.record"),
    "personnel:org_unit_detail": at("org_unit.see"),
    "personnel:plaque_list": rows("plaque.see"),
    "personnel:plaque_new": at("plaque.record"),
    "personnel:plaque_detail": at("plaque.see"),
    "personnel:plaque_photo": at("plaque.see"),
    "personnel:post_quota_list": rows("post_quota.see"),
    "personnel:post_quota_new": at("post_quota.set"),
    "personnel:post_quota_detail": at("post_quota.see"),
    "personnel:rule_set_list": rows("rule_set.see"),
    "personnel:rule_set_new": at("rule_set.set"),
    "personnel:rule_set_detail": at("rule_set.see"),
    "personnel:deviation_list": rows("deviation.see"),
    "personnel:deviation_new": at("deviation.record"),
    "personnel:deviation_detail": at("deviation.see"),
    "personnel:appraisal_list": rows("appraisal.see"),
    "personnel:appraisal_new": at("appraisal.record"),
    "personnel:appraisal_detail": at("appraisal.see"),
    "personnel:training_list": rows("training.see"),
    "personnel:training_new": at("training.hold"),
    "personnel:training_detail": at("training.see"),
    "personnel:merit_list": rows("merit.see"),
    "personnel:merit_new": at("merit.record"),
    "personnel:merit_detail": at("merit.see"),
    "personnel:attendance_list": rows("attendance.see"),
    "personnel:staff_list": rows("staff.see"),
    "personnel:staff_new": at("staff.register"),
    "personnel:staff_detail": at("staff.see"),
    "personnel:staff_export": rows("staff.see list.export"),
    "personnel:rotation_list": rows("rotation.see"),
    "personnel:rotation_new": at("rotation.propose"),
    "personnel:rotation_detail": at("rotation.see"),
    "personnel:rotation_calendar": rows("rotation.see"),
    "personnel:rotation_export": rows("rotation.see list.export"),
    "personnel:appointment_export": rows("appointment.see list.export"),
    "personnel:staff_import": at("staff.register"),
    "personnel:staff_import_template": at("staff.register"),
    "personnel:staff_import_detail": at("staff.register"),
    "personnel:staff_import_bad": at("staff.register"),
    "personnel:rotation_import": at("rotation.propose"),
    "personnel:rotation_import_template": at("rotation.propose"),
    "personnel:rotation_import_detail": at("rotation.propose"),
    "personnel:rotation_import_bad": at("rotation.propose"),
    "personnel:appointment_import": at("appointment.propose"),
    "personnel:appointment_import_template": at("appointment.propose"),
    "personnel:appointment_import_detail": at("appointment.propose"),
    "personnel:appointment_import_bad": at("appointment.propose"),
    "personnel:attendance_import": at("attendance.import"),
    "personnel:attendance_import_template": at("attendance.import"),
    "personnel:attendance_import_detail": at("attendance.import"),
    "personnel:attendance_import_bad": at("attendance.import"),
    "personnel:group_leadership": at("education_group.see appointment.see"),
    "personnel:group_chart": at("education_group.see appointment.see"),
    "personnel:appointment_nominate": at("appointment.nominate"),
    "personnel:vacancies": rows("education_group.see appointment.see"),
    "personnel:calendar_day_list": rows("calendar_day.see"),
    "personnel:calendar_day_new": at("calendar.set_day"),
    "personnel:delegation_list": rows("delegation.see"),
    "personnel:delegation_new": at("delegation.give"),
    "personnel:delegation_reassign": at("delegation.reassign"),
    "personnel:delegation_detail": at("delegation.see"),
    "personnel:rights_mine": OWN,
    "personnel:rights_explain": at("rights.explain"),
    "personnel:rights_presidents": at("rights.presidents"),
    "finance:fund_request_list": rows("fund_request.see"),
    "finance:fund_request_new": at("fund_request.draft fund_request.submit"),
    "finance:fund_request_preview": at("fund_request.draft fund_request.edit"),
    "finance:fund_request_detail": at("fund_request.see"),
    "finance:fund_request_edit": at("fund_request.edit fund_request.submit"),
    "finance:fund_list": rows("group_fund.see"),
    "finance:fund_new": at("group_fund.open"),
    "finance:fund_detail": at("group_fund.see budget_line.see"),
    "finance:measures_list": rows("measures.see"),
    "finance:measures_new": at("measures.prepare"),
    "finance:measures_detail": at("measures.see"),
}

# The nouns of the API: who sees their rows. Verbs of the nouns' tables find their doors by themselves.
NOUNS: dict[str, Declared] = {
    "districts": rows("district.see"),
    "schools": rows("school.see"),
    "groups": rows("education_group.see"),
    "memberships": rows("membership.see"),
    "policies": rows("policy.see"),
    "people": rows("person.see"),
    "appointments": rows("appointment.see"),
    "party-organisations": rows("party_organisation.see"),
    "units": rows("org_unit.see"),
    "plaques": rows("plaque.see"),
    "quotas": rows("post_quota.see"),
    "rule-sets": rows("rule_set.see"),
    "deviations": rows("deviation.see"),
    "extensions": rows("extension.see"),
    "incentives": rows("incentive.see"),
    "calendar-days": rows("calendar_day.see"),
    "delegations": rows("delegation.see"),
    "rotations": rows("rotation.see"),
    "staff": rows("staff.see"),
    "appraisals": rows("appraisal.see"),
    "trainings": rows("training.see"),
    "attendances": rows("attendance.see"),
    "merits": rows("merit.see"),
    "fund-requests": rows("fund_request.see"),
    "group-funds": rows("group_fund.see"),
    "budget-lines": rows("budget_line.see"),
    "measures": rows("measures.see"),
    "notifications": OWN,
}
# What a noun answers beside its list, its rows and its verbs.
API: dict[str, Declared] = {
    "tokens create": OPEN,
    "tokens revoke": OWN,
    "root": SIGNED_IN,
    "schools create": at("school.register"),
    "groups create": at("education_group.found"),
    "policies create": at("policy.adopt"),
    "people create": at("person.register"),
    "appointments create": at("appointment.propose"),
    "party-organisations create": at("party_organisation.record"),
    "units create": at("org_unit.record"),
    "plaques create": at("plaque.record"),
    "quotas create": at("post_quota.set"),
    "rule-sets create": at("rule_set.set"),
    "deviations create": at("deviation.record"),
    "delegations create": at("delegation.give delegation.reassign"),
    "appraisals create": at("appraisal.record"),
    "trainings create": at("training.hold"),
    "merits create": at("merit.record"),
    "rotations create": at("rotation.propose"),
    "staff create": at("staff.register"),
    "appointments nominate": at("appointment.nominate"),
    "calendar-days create": at("calendar.set_day"),
    "fund-requests create": at("fund_request.draft"),
    "fund-requests update": at("fund_request.edit"),
    "fund-requests partial_update": at("fund_request.edit"),
    "fund-requests destroy": at("fund_request.delete"),
    "group-funds create": at("group_fund.open"),
    "measures create": at("measures.prepare"),
    "notifications read": OWN,
    "rights explain": at("rights.explain"),
    "rights mine": OWN,
}

TASKS: dict[str, Declared] = {
    "core.run_job": MACHINE,
    "core.pick_up_jobs": MACHINE,
    "core.seal_audit": MACHINE,
    "core.discard_files": MACHINE,
    "personnel.sync_grants": MACHINE,
    "finance.lift_vacant_steps": MACHINE,
    "finance.escalate": MACHINE,
}
# A job is done for whoever started it, through the door named here.
JOBS: dict[str, Declared] = {
    "personnel.rederive": at("rights.rederive"),
    "core.check_sheet": MACHINE,
    "core.import_sheet": MACHINE,
}
COMMANDS: dict[str, Declared] = dict.fromkeys(
    ("demo", "doctor", "icons", "install", "migrate", "prepare", "prove_rights", "rights", "serve"), MACHINE
)
