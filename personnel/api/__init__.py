"""Personnel in the API, split by noun."""

from personnel.api.appraisal import ENDPOINTS as RECORDS
from personnel.api.delegation import ENDPOINTS as DELEGATIONS
from personnel.api.organisation import ENDPOINTS as SETUP
from personnel.api.posts import ENDPOINTS as POSTS
from personnel.api.posts import Appointments, People
from personnel.api.rights import ENDPOINTS as RIGHTS
from personnel.api.rotation import ENDPOINTS as ROTATIONS
from personnel.api.staff import ENDPOINTS as STAFF
from personnel.api.workdays import ENDPOINTS as CALENDAR

ENDPOINTS = (*POSTS, *SETUP, *DELEGATIONS, *RECORDS, *STAFF, *ROTATIONS, *CALENDAR, *RIGHTS)

__all__ = ["ENDPOINTS", "Appointments", "People"]
