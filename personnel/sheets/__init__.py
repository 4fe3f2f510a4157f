"""Spreadsheets of personnel: staff, appointments, rotations, attendance in; these lists out, as filtered."""

from personnel.sheets.appointments import APPOINTMENT_LIST, APPOINTMENTS, appointment_line
from personnel.sheets.attendance import ATTENDANCE
from personnel.sheets.rotations import ROTATION_LIST, ROTATIONS, rotation_line
from personnel.sheets.staff import STAFF, STAFF_LIST, staff_line

SHEETS = (STAFF, APPOINTMENTS, ROTATIONS, ATTENDANCE)

__all__ = [
    "APPOINTMENTS",
    "APPOINTMENT_LIST",
    "ATTENDANCE",
    "ROTATIONS",
    "ROTATION_LIST",
    "SHEETS",
    "STAFF",
    "STAFF_LIST",
    "appointment_line",
    "rotation_line",
    "staff_line",
]
