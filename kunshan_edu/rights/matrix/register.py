"""登记: rows 1 to 7 of the matrix."""

from kunshan_edu.rights.matrix.cells import Chapter, Rows, do, see

row = Rows(Chapter.REGISTER)

ROWS = (
    row(
        1,
        "register.view",
        ("查看集团、学校公开登记", "View the public register of groups and schools"),
        "house",
        "ALL=A AUD=A",
        see("education_group.see school.see district.see membership.see"),
        see("party_organisation.see org_unit.see plaque.see rule_set.see"),
        note=("须登录；未登录的人看不到任何页面。", "Signed in: a stranger sees no page."),
    ),
    row(
        2,
        "group.create",
        ("组建、撤销集团，确定模式和批次", "Create or dissolve a group, set its model and batch"),
        "6.1.e house",
        "BL,BE=A",
        do("education_group.found"),
        do("education_group.advance", "preparing pilot running"),
        do("education_group.dissolve", "preparing pilot running extended"),
    ),
    row(
        3,
        "membership.manage",
        ("加入、退出成员学校，确定牵头学校", "Add or remove a member, set the lead school"),
        "6.1.e house",
        "BL,BE=A DT=Dp~ PRE=Gp~ EXE=Sc~",
        do("education_group.join", "preparing pilot running extended"),
        do("membership.leave", "current coming"),
        note=(
            "建议和征求意见目前以文件办理，系统登记结果。",
            "Proposals and consultation go by letter for now; the outcome is recorded.",
        ),
    ),
    row(
        4,
        "school.identity",
        (
            "登记学校，变更校名、法人类型、隶属关系",
            "Register a school; change name, legal-person type, affiliation",
        ),
        "4.1.p 4.1.r 4.1.s",
        "HR=A",
        do("school.register school.change_affiliation"),
        note=(
            "不因加入集团而变，不由集团办理。",
            "Never changed by joining a group, never through the group.",
        ),
    ),
    row(
        5,
        "school.profile",
        ("编辑本校简介、特色，登记牌匾", "Edit the own school's profile, record its plaques"),
        "2.c 3.3.a 4.1.q",
        "BE=Av PRE,DSC,GOF=Gv EXE,VPR=S MID=Sp@department_head~",
        do("school.edit_profile plaque.record"),
        do("plaque.end", "current coming"),
    ),
    row(
        6,
        "unit.group",
        ("设置集团管理机构", "Set up the units of the group office"),
        "4.3.g 4.1.i",
        "HR=Ac PRE=G GOF=Gp~",
        do("org_unit.record", kind="group"),
        do("org_unit.end", "current coming", kind="group"),
    ),
    row(
        7,
        "unit.school",
        ("设置成员学校内设机构", "Set up the units of a member school"),
        "4.3.g 4.1.o",
        "HR=Ac PRE=G GOF=Gp~ EXE=Sc~/Sp~",
        do("org_unit.record", kind="school"),
        do("org_unit.end", "current coming", kind="school"),
    ),
)
