"""本系统增加: rows from 87 on, for what the house does beside the 86 actions of the design."""

from kunshan_edu.rights.matrix.cells import Chapter, Door, Rows, do, second, see
from kunshan_edu.rights.matrix.words import Kind

people, money, system = Rows(Chapter.PERSONNEL), Rows(Chapter.MONEY), Rows(Chapter.SYSTEM)
TOLD = frozenset({Kind.FULL, Kind.VIEW})

OF_THE_STAFF = "staff vice_principal department_head school_accountant cashier clerk enrollment_clerk"

PEOPLE = (
    people(
        87,
        "staff.register",
        ("登记人员、教职工，变更人事记录", "Register people and staff, change a record"),
        "4.1.t 6.3.a",
        "HR=A",
        do("person.register staff.register staff.change_record"),
        do("staff.leave", "employed"),
        note=(
            "编制和人事关系不因加入集团而变。",
            "Establishment and employment never change by joining a group.",
        ),
    ),
    people(
        88,
        "staff.see",
        ("查看教职工、轮岗、考勤、评优", "See staff, rotations, attendance, merits"),
        "4.1.j 4.1.n house",
        "BL,HR,SUP=A PRE,DSC,GOF=G EXE,VPR=S TCH=R",
        see("person.see", kind="staff other"),
        see("staff.see rotation.see attendance.see merit.see training.see"),
        see("appraisal.see", post=OF_THE_STAFF),
        see("deviation.see"),
        note=("证件和手机号码始终脱敏，见第 21 行。", "Numbers and phones are always masked; see row 21."),
    ),
    people(
        89,
        "post.see",
        ("查看任职和干部名册", "See who holds which post"),
        "house",
        "ALL=A",
        [Door("appointment.see", TOLD, ("notice", "active", "extended"))],
        [Door("person.see", TOLD, only={"kind": ("official",)})],
        [Door("deviation.see", TOLD, ("confirmed",))],
        note=(
            "公示和在任的任职公开；证件和手机号码不公开。",
            "Public notices and posts held are open; numbers and phones are not.",
        ),
    ),
    people(
        90,
        "post.see_proposed",
        ("查看尚未审定的任职", "See appointments not yet confirmed"),
        "6.3.a 6.3.b",
        "BL,HR,SUP=A TCH=A:maker",
        see("appointment.see"),
        note=("提名人看得到本人的提名。", "Who nominates sees the own nomination."),
    ),
    people(
        91,
        "appraisal.staff",
        ("登记教职工年度考核", "Record the annual appraisal of staff"),
        "4.1.u",
        "EXE=S",
        do("appraisal.record appraisal.correct", when="not_self", post=OF_THE_STAFF),
    ),
    people(
        92,
        "training.hold",
        ("组织业务培训，登记参训", "Hold a training, record who attended"),
        "4.1.u",
        "PRE,DSC,GOF=G EXE,VPR=S",
        do("training.hold"),
        do("training.record_attendance training.cancel", "held"),
    ),
    people(
        93,
        "staff.keep",
        ("登记考勤和评优", "Record attendance and merits"),
        "4.1.u",
        "EXE,VPR=S",
        do("attendance.import"),
        do("merit.record merit.revoke", when="not_self"),
    ),
    people(
        94,
        "deviation.explain",
        ("登记、审定例外", "Record and confirm a deviation from a clause"),
        "house 6.3.a",
        "BL=A2 HR=A",
        do("deviation.record"),
        do("deviation.end", "confirmed"),
        second("deviation.confirm deviation.refuse", "proposed"),
        note=("例外须有理由、文件和期限。", "With a reason, a document and a term."),
    ),
    people(
        95,
        "party.keep",
        ("登记党组织、适用规定", "Record party organisations and the rule-set of a group"),
        "4.1.c 4.1.d 4.1.m",
        "HR=A",
        do("party_organisation.record rule_set.set"),
        do("party_organisation.end rule_set.end", "current coming"),
    ),
)
SYSTEM = (
    money(
        96,
        "approval.reassign",
        ("改派审批", "Reassign the right to approve"),
        "measures 4.2.l",
        "BL=A",
        do("delegation.reassign"),
        do("delegation.revoke", "current coming"),
        note=(
            "在审批人不能办理时，为其指定代办人，最长 30 天。",
            "For somebody who cannot act, at most 30 days.",
        ),
    ),
    people(
        97,
        "delegation.see",
        ("查看委托", "See delegations"),
        "measures",
        "BL,HR,SUP=A PRE,EXE,DSC,VPR,TCH=R",
        see("delegation.see"),
    ),
    system(
        98,
        "rights.explain",
        ("查询他人权限的来源，核对权限", "Explain anybody's rights, check them against the appointments"),
        "6.3.a house",
        "ALL=R AUD=R BL,HR,SUP=A",
        do("rights.explain"),
        note=("人人可以查询本人的权限。", "Everybody may ask about oneself."),
    ),
    system(
        99,
        "rights.rederive",
        ("重新核对权限", "Derive all rights anew"),
        "6.3.a",
        "HR=A",
        do("rights.rederive"),
    ),
    system(
        102,
        "rights.presidents",
        ("查看总校长实际持有的权限", "See every right that a president actually holds"),
        "6.3.b",
        "BL,HR,SUP=A PRE=G",
        do("rights.presidents"),
    ),
    system(
        100,
        "calendar.keep",
        ("维护工作日历", "Keep the calendar of working days"),
        "6.2.a",
        "ALL=Av AUD=Av HR=A",
        do("calendar.set_day"),
        see("calendar_day.see"),
    ),
    system(
        101,
        "registers.read",
        ("查看只读登记册", "Read the registers in the reading room"),
        "house",
        "ADM=A",
        do("admin.see"),
        note=(
            "系统管理员只能查看公开登记和系统记录，不能改动。",
            "Public registers and system records; nothing can be changed there.",
        ),
    ),
)
ROWS = (*PEOPLE, *SYSTEM)
