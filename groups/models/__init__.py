"""The register of districts, schools and groups, the grants on each, and the rules that a group adopts."""

from groups.models.policies import GroupPolicy
from groups.models.register import (
    REFUSALS,
    Bureau,
    BureauGrant,
    District,
    DistrictGrant,
    EducationGroup,
    GroupGrant,
    Membership,
    School,
    SchoolAffiliation,
    SchoolGrant,
)

__all__ = [
    "REFUSALS",
    "Bureau",
    "BureauGrant",
    "District",
    "DistrictGrant",
    "EducationGroup",
    "GroupGrant",
    "GroupPolicy",
    "Membership",
    "School",
    "SchoolAffiliation",
    "SchoolGrant",
]
