"""Which post holds which right, and on what clause: domain's roles and rights, read by right and not by post."""

from __future__ import annotations

import datetime as dt

import pytest

from groups.choices import Authority
from groups.models import Bureau, District, EducationGroup, School
from personnel.choices import Post
from personnel.grants import CONTAINERS, DELEGABLE, RIGHTS, overlap

# Right → who holds it, and the clause it stands on; "*": on every member school of the group.
HOLDERS = {
    "view_school_finance": (
        "group_president* 4.1.e, executive_principal 4.1.n, vice_principal 4.1.o, school_accountant 4.2.b,"
        " cashier 4.2.b"
    ),
    "draft_school_request": (
        "executive_principal 4.1.n, vice_principal 4.1.o, department_head 4.1.o, clerk 4.2.b,"
        " school_accountant 4.2.b"
    ),
    "approve_as_principal": "executive_principal 4.2.l",
    "record_payment": "cashier 4.2.b",
    "keep_accounts": "school_accountant 4.2.b",
    "edit_school_profile": "executive_principal 3.3.a, vice_principal 3.3.a",
    "view_school_staff": (
        "group_president* 4.1.e, group_secretary* 4.1.d, deputy_secretary* 4.1.f, group_office* 4.1.j,"
        " executive_principal 4.1.n, vice_principal 4.1.o"
    ),
    "reveal_school_identities": "executive_principal 4.1.n",
    "nominate_in_school": "executive_principal 4.1.o",
    "propose_school_rotation": "executive_principal 3.2.b, vice_principal 3.2.b",
    "agree_rotation": "executive_principal 3.3.a",
    "appraise_staff": "executive_principal 4.1.u",
    "keep_staff_records": "executive_principal 4.1.u, vice_principal 4.1.u",
    "view_group_finance": (
        "group_president 4.1.e, group_secretary 4.1.d, deputy_secretary 4.1.f, group_office 4.1.i,"
        " group_finance 4.1.i"
    ),
    "draft_group_request": "group_office 4.1.i, group_finance 4.1.i",
    "check_group_accounts": "group_finance 4.1.i",
    "approve_as_president": "group_president 4.2.l",
    "nominate_in_group": "group_president 6.3.b",
    "appoint_department_heads": "group_president 6.3.b",
    "manage_group_units": "group_president 4.3.g",
    "adopt_policies": "group_president 4.1.u",
    "propose_group_rotation": "group_president 3.2.b, deputy_secretary 3.2.b, group_office 3.2.b",
    "approve_rotation": "group_president 4.1.u",
    "run_training": "group_president 4.1.u, deputy_secretary 4.1.u, group_office 4.1.u",
    "view_district_finance": "district_officer 4.2.g",
    "review_as_district": "district_officer 4.2.g",
    "nominate_in_district": "district_officer 4.1.k",
    "view_all_finance": (
        "bureau_leader 6.1.e, bureau_finance 4.2.g, bureau_supervision 4.3.h, auditor 6.1.e"
    ),
    "review_as_bureau_finance": "bureau_finance 4.2.k",
    "approve_as_bureau_leader": "bureau_leader 4.2.k",
    "allocate_budget": "bureau_finance 4.2.g",
    "prepare_measures": "bureau_finance 4.2.k",
    "publish_measures": "bureau_leader 4.2.k",
    "manage_register": "bureau_leader 6.1.e, bureau_basic_education 6.1.e",
    "manage_schools": "bureau_personnel 6.3.a",
    "manage_appointments": "bureau_personnel 6.3.a",
    "confirm_appointments": "bureau_leader 6.3.a",
    "manage_staff": "bureau_personnel 4.1.t",
    "set_quotas": "bureau_leader 4.1.h, bureau_personnel 4.1.h",
    "appraise_heads": "bureau_leader 6.3.a, bureau_personnel 6.3.a, bureau_supervision 6.3.e",
    "view_all_staff": "bureau_leader 6.3.a, bureau_personnel 4.1.t, bureau_supervision 4.3.h, auditor 6.1.e",
    "reveal_identities": "bureau_personnel 4.1.t",
    "reassign_approvals": "bureau_leader 4.2.l",
    "explain_rights": "bureau_leader 6.3.a, bureau_personnel 6.3.a, bureau_supervision 6.3.e",
    "keep_calendar": "bureau_personnel 6.2.a",
    "view_totals": "vice_mayor 6.1.e",
    "view_audit": "bureau_leader 6.1.e, bureau_supervision 4.3.h, auditor 6.1.e",
}


def test_every_right_is_in_the_table() -> None:
    assert set(HOLDERS) == set(Authority.values)
    assert set(RIGHTS) == set(Post)


@pytest.mark.parametrize("right", HOLDERS)
def test_who_holds_a_right_and_on_what_clause(right: str) -> None:
    held = [
        f"{post.value}{'*' if conferred.on_members else ''} {conferred.clause.id}"
        for post, rights in RIGHTS.items()
        for conferred in rights
        if conferred.authority == right
    ]
    assert sorted(held) == sorted(HOLDERS[right].split(", "))


def test_only_approvals_are_lent_and_what_one_must_see_for_them() -> None:
    """Neither payment, nor a check of the accounts, nor a word in personnel, nor lending on."""
    assert {right.value for right in DELEGABLE} == {
        "approve_as_president",
        "approve_as_principal",
        "approve_as_bureau_leader",
        "view_group_finance",
        "view_school_finance",
        "view_all_finance",
    }


def test_rights_are_held_on_four_kinds_of_places() -> None:
    assert set(CONTAINERS) == {Bureau, District, EducationGroup, School}
    declared = [codename for container in CONTAINERS for codename, _label in container._meta.permissions]
    assert sorted(declared) == sorted(Authority.values)


DAY = [dt.date(2026, 1, 1) + n * dt.timedelta(days=1) for n in range(6)]


@pytest.mark.parametrize(
    ("a", "b", "shared"),
    [
        ((0, None), (0, None), (0, None)),
        ((0, None), (2, None), (2, None)),
        ((2, 4), (0, None), (2, 4)),
        ((0, 3), (2, None), (2, 3)),
        ((0, 3), (1, 5), (1, 3)),
        ((0, 2), (2, 4), None),  # the last day of the one is the eve of the other
        ((0, 1), (3, 4), None),
        ((1, 1), (0, 5), None),
    ],
)
def test_the_days_that_two_periods_share(a, b, shared) -> None:
    periods = [(DAY[x], None if y is None else DAY[y]) for x, y in (a, b)]
    expected = shared and (DAY[shared[0]], None if shared[1] is None else DAY[shared[1]])
    assert overlap(*periods) == overlap(*reversed(periods)) == expected
