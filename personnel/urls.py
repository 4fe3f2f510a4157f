"""Addresses of personnel: people and appointments."""

from typing import Any

from django.urls import path
from django.utils.translation import pgettext_lazy

from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.sheet_pages import ListExport, routes
from personnel import sheets, views

app_name = "personnel"
APPOINTMENTS = ((pgettext_lazy("列表", "任职"), "personnel:appointment_list"),)


def export(page: Any, sheet: Any, line: Any) -> Any:
    """The view that gives a list as a file."""
    return ListExport.as_view(page=page, sheet=sheet, line=staticmethod(line))


urlpatterns = [
    path("people/", views.PersonList.as_view(), name="person_list"),
    path("people/new/", views.PersonNew.as_view(), name="person_new"),
    path("people/<int:pk>/", views.PersonDetail.as_view(), name="person_detail"),
    path("appointments/", views.AppointmentList.as_view(), name="appointment_list"),
    path("appointments/new/", views.AppointmentNew.as_view(), name="appointment_new"),
    path("appointments/nominate/", views.AppointmentNominate.as_view(), name="appointment_nominate"),
    path("appointments/vacancies/", views.Vacancies.as_view(), name="vacancies"),
    path("appointments/rederive/", views.rederive, name="rederive"),
    path("appointments/<int:pk>/", views.AppointmentDetail.as_view(), name="appointment_detail"),
    path("appointments/<int:pk>/<slug:verb>/", views.AppointmentVerb.as_view(), name="appointment_verb"),
    path("delegations/", views.DelegationList.as_view(), name="delegation_list"),
    path("delegations/new/", views.DelegationNew.as_view(), name="delegation_new"),
    path("delegations/reassign/", views.DelegationReassign.as_view(), name="delegation_reassign"),
    path("delegations/<int:pk>/", views.DelegationDetail.as_view(), name="delegation_detail"),
    path("delegations/<int:pk>/<slug:verb>/", views.DelegationVerb.as_view(), name="delegation_verb"),
    path("extensions/<int:pk>/<slug:verb>/", views.ExtensionVerb.as_view(), name="extension_verb"),
    path("incentives/<int:pk>/<slug:verb>/", views.IncentiveVerb.as_view(), name="incentive_verb"),
    path("rights/mine/", views.RightsMine.as_view(), name="rights_mine"),
    path("rights/explain/", views.RightsExplain.as_view(), name="rights_explain"),
    path("rights/presidents/", views.RightsPresidents.as_view(), name="rights_presidents"),
    path("party-organisations/", views.PartyOrganisationList.as_view(), name="party_organisation_list"),
    path("party-organisations/new/", views.PartyOrganisationNew.as_view(), name="party_organisation_new"),
    path(
        "party-organisations/<int:pk>/",
        views.PartyOrganisationDetail.as_view(),
        name="party_organisation_detail",
    ),
    path(
        "party-organisations/<int:pk>/<slug:verb>/",
        views.PartyOrganisationVerb.as_view(),
        name="party_organisation_verb",
    ),
    path("units/", views.OrgUnitList.as_view(), name="org_unit_list"),
    path("units/new/", views.OrgUnitNew.as_view(), name="org_unit_new"),
    path("units/<int:pk>/", views.OrgUnitDetail.as_view(), name="org_unit_detail"),
    path("units/<int:pk>/<slug:verb>/", views.OrgUnitVerb.as_view(), name="org_unit_verb"),
    path("plaques/", views.PlaqueList.as_view(), name="plaque_list"),
    path("plaques/new/", views.PlaqueNew.as_view(), name="plaque_new"),
    path("plaques/<int:pk>/", views.PlaqueDetail.as_view(), name="plaque_detail"),
    path("plaques/<int:pk>/photo/", views.PlaquePhoto.as_view(), name="plaque_photo"),
    path("plaques/<int:pk>/<slug:verb>/", views.PlaqueVerb.as_view(), name="plaque_verb"),
    path("quotas/", views.PostQuotaList.as_view(), name="post_quota_list"),
    path("quotas/new/", views.PostQuotaNew.as_view(), name="post_quota_new"),
    path("quotas/<int:pk>/", views.PostQuotaDetail.as_view(), name="post_quota_detail"),
    path("quotas/<int:pk>/<slug:verb>/", views.PostQuotaVerb.as_view(), name="post_quota_verb"),
    path("rule-sets/", views.RuleSetList.as_view(), name="rule_set_list"),
    path("rule-sets/new/", views.RuleSetNew.as_view(), name="rule_set_new"),
    path("rule-sets/<int:pk>/", views.RuleSetDetail.as_view(), name="rule_set_detail"),
    path("rule-sets/<int:pk>/<slug:verb>/", views.RuleSetVerb.as_view(), name="rule_set_verb"),
    path("deviations/", views.DeviationList.as_view(), name="deviation_list"),
    path("deviations/new/", views.DeviationNew.as_view(), name="deviation_new"),
    path("deviations/<int:pk>/", views.DeviationDetail.as_view(), name="deviation_detail"),
    path("deviations/<int:pk>/<slug:verb>/", views.DeviationVerb.as_view(), name="deviation_verb"),
    path("appraisals/", views.AppraisalList.as_view(), name="appraisal_list"),
    path("appraisals/new/", views.AppraisalNew.as_view(), name="appraisal_new"),
    path("appraisals/<int:pk>/", views.AppraisalDetail.as_view(), name="appraisal_detail"),
    path("appraisals/<int:pk>/<slug:verb>/", views.AppraisalVerb.as_view(), name="appraisal_verb"),
    path("trainings/", views.TrainingList.as_view(), name="training_list"),
    path("trainings/new/", views.TrainingNew.as_view(), name="training_new"),
    path("trainings/<int:pk>/", views.TrainingDetail.as_view(), name="training_detail"),
    path("trainings/<int:pk>/<slug:verb>/", views.TrainingVerb.as_view(), name="training_verb"),
    path("merits/", views.MeritList.as_view(), name="merit_list"),
    path("merits/new/", views.MeritNew.as_view(), name="merit_new"),
    path("merits/<int:pk>/", views.MeritDetail.as_view(), name="merit_detail"),
    path("merits/<int:pk>/<slug:verb>/", views.MeritVerb.as_view(), name="merit_verb"),
    path("attendance/", views.AttendanceList.as_view(), name="attendance_list"),
    path("calendar/", views.CalendarDayList.as_view(), name="calendar_day_list"),
    path("calendar/new/", views.CalendarDayNew.as_view(), name="calendar_day_new"),
    path("leadership/<int:pk>/", views.GroupLeadership.as_view(), name="group_leadership"),
    path("charts/<int:pk>/", views.GroupChart.as_view(), name="group_chart"),
    path("staff/", views.StaffList.as_view(), name="staff_list"),
    path("staff/new/", views.StaffNew.as_view(), name="staff_new"),
    path(
        "staff/export/",
        export(views.StaffList, sheets.STAFF_LIST, sheets.staff_line),
        name="staff_export",
    ),
    *routes(sheets.STAFF, "staff/import/", crumb=views.STAFF_CRUMB, clause=Clause.C4_1_T),
    path("staff/<int:pk>/", views.StaffDetail.as_view(), name="staff_detail"),
    path("staff/<int:pk>/<slug:verb>/", views.StaffVerb.as_view(), name="staff_verb"),
    path("rotations/", views.RotationList.as_view(), name="rotation_list"),
    path("rotations/new/", views.RotationNew.as_view(), name="rotation_new"),
    path("rotations/calendar/", views.RotationCalendar.as_view(), name="rotation_calendar"),
    path(
        "rotations/export/",
        export(views.RotationList, sheets.ROTATION_LIST, sheets.rotation_line),
        name="rotation_export",
    ),
    *routes(sheets.ROTATIONS, "rotations/import/", crumb=views.ROTATION_CRUMB, clause=Clause.C3_2_B),
    path("rotations/<int:pk>/", views.RotationDetail.as_view(), name="rotation_detail"),
    path("rotations/<int:pk>/<slug:verb>/", views.RotationVerb.as_view(), name="rotation_verb"),
    path(
        "appointments/export/",
        export(views.AppointmentList, sheets.APPOINTMENT_LIST, sheets.appointment_line),
        name="appointment_export",
    ),
    *routes(sheets.APPOINTMENTS, "appointments/import/", crumb=APPOINTMENTS, clause=Clause.C6_3_A),
    *routes(
        sheets.ATTENDANCE,
        "attendance/import/",
        crumb=((views.AttendanceList.title, "personnel:attendance_list"),),
        clause=Clause.C4_1_U,
    ),
]
