"""People, posts and staff: the rows that rights follow from, and the personnel rules that act on people."""

from personnel.models.appointments import (
    Appointment,
    Candidate,
    Delegation,
    Selection,
)
from personnel.models.appraisal import Appraisal, AttendanceSummary, Merit, TrainingAttendance, TrainingEvent
from personnel.models.organisation import (
    Deviation,
    GroupRuleSet,
    OrgUnit,
    PartyOrganisation,
    Plaque,
    PostQuota,
)
from personnel.models.people import Person, Staff, StaffRecord
from personnel.models.refusals import REFUSALS
from personnel.models.rotation import Rotation
from personnel.models.tenure import IncentiveTerm, TermExtension

__all__ = [
    "REFUSALS",
    "Appointment",
    "Appraisal",
    "AttendanceSummary",
    "Candidate",
    "Delegation",
    "Deviation",
    "GroupRuleSet",
    "IncentiveTerm",
    "Merit",
    "OrgUnit",
    "PartyOrganisation",
    "Person",
    "Plaque",
    "PostQuota",
    "Rotation",
    "Selection",
    "Staff",
    "StaffRecord",
    "TermExtension",
    "TrainingAttendance",
    "TrainingEvent",
]
