"""Which role each post gives, and the container that a role is held in. Pure."""

from __future__ import annotations

from kunshan_edu.rights.matrix.words import Role

# 职务 → 角色. The clerk who makes a school's requests stands in the column of the school's own middle ranks: both are
# "the school's maker" of row 31, and what only a head of a department may do names that post in its cell. A secretary
# apart from the president (the later rule-set) sees what the deputy secretary sees and approves nothing.
ROLE_OF: dict[str, Role] = {
    "group_president": Role.PRE,
    "group_secretary": Role.DSC,
    "deputy_secretary": Role.DSC,
    "group_office": Role.GOF,
    "group_finance": Role.GFI,
    "executive_principal": Role.EXE,
    "vice_principal": Role.VPR,
    "department_head": Role.MID,
    "clerk": Role.MID,
    "school_accountant": Role.ACC,
    "cashier": Role.ACC,
    "enrollment_clerk": Role.ENR,
    "bureau_leader": Role.BL,
    "bureau_personnel": Role.HR,
    "bureau_finance": Role.FIN,
    "bureau_basic_education": Role.BE,
    "bureau_supervision": Role.SUP,
    "auditor": Role.AUD,
    "vice_mayor": Role.VM,
    "district_officer": Role.DT,
}
# Without a post: a superuser, somebody on the register of people, an account without a person behind it.
WITHOUT_POST = (Role.ADM, Role.TCH, Role.PUB)

BUREAU_ROLES = (Role.BL, Role.HR, Role.FIN, Role.BE, Role.SUP, Role.VM, Role.AUD)
GROUP_ROLES = (Role.PRE, Role.DSC, Role.GOF, Role.GFI)
SCHOOL_ROLES = (Role.EXE, Role.VPR, Role.MID, Role.ACC, Role.ENR)
# 职务 ← 任职单位: bureau, district, group, school; "" for roles without a post.
HELD_IN: dict[Role, str] = {
    **dict.fromkeys(BUREAU_ROLES, "bureau"),
    **dict.fromkeys(GROUP_ROLES, "group"),
    **dict.fromkeys(SCHOOL_ROLES, "school"),
    Role.DT: "district",
    **dict.fromkeys(WITHOUT_POST, ""),
}
