"""专项经费: rows 23 to 50 of the matrix."""

from kunshan_edu.rights.matrix.cells import Chapter, Door, Rows, do, second, see, sign, start
from kunshan_edu.rights.matrix.words import Kind

row = Rows(Chapter.MONEY)

BUDGET = (
    row(
        23,
        "measures.publish",
        ("制定、发布使用办法和审批限额", "Prepare and publish the Measures and their limits"),
        "4.2.k 4.2.l",
        "ALL=Av+ BL=A2 FIN=Ap PRE=Gv/Gc~ DSC,GOF,GFI=Gv EXE,ACC=Sv",
        start("measures.prepare"),
        start("measures.add_limit", "draft"),
        second("measures.publish", "draft"),
        second("measures.end", "published", when=""),
        see("measures.see", "published"),
        [Door("measures.see", frozenset({Kind.SECOND, Kind.PROPOSE, Kind.CONSULT}), ("draft",))],
        note=(
            "拟订和发布由不同的人办理；发布后人人可查。",
            "Prepared and published by two different people; once published, everybody reads them.",
        ),
    ),
    row(
        24,
        "budget.draft",
        ("编制集团预算", "Draft the group's budget"),
        "4.2.e",
        "PRE=G GOF=Gp GFI=G EXE=Sc ACC=Sp",
    ),
    row(
        25,
        "budget.confirm_school",
        ("确认本校预算", "Confirm the own school's budget lines"),
        "4.2.b",
        "PRE,GFI=Gv EXE=S ACC=Sp",
    ),
    row(26, "budget.submit", ("上报集团预算", "Submit the group's budget"), "6.3.b", "PRE=G"),
    row(
        27,
        "budget.confirm_district",
        ("确认区镇承担的预算", "Confirm the district's share"),
        "4.2.f 4.2.g",
        "DT=D",
    ),
    row(
        28,
        "budget.allocate",
        ("核定、下达预算", "Approve and allocate the budget"),
        "4.2.g",
        "BL=A~/Av+ FIN=A SUP=Av+ VM=At DT=Dv PRE,DSC,GFI=Gv GOF=Gv+ EXE=Sv VPR,MID=Sv+ ACC=Sv",
        do("group_fund.open"),
        do("group_fund.allocate", "draft allocated"),
        do("budget_line.cut", "draft allocated"),
        see("group_fund.see budget_line.see"),
        note=(
            "局领导的决定体现为下达文号，由计财科登记；起草申请的人看得到本校余额。",
            "The leader's decision is the document number that the finance section records; who drafts requests sees "
            "what is left.",
        ),
    ),
    row(
        29,
        "budget.move_within",
        ("同校类别间调剂（比例以内）", "Move money between categories of one school, within the share"),
        "measures",
        "FIN=Ac DT=Dv PRE=G GFI=Gp EXE=Sc ACC=Sp",
    ),
    row(
        30,
        "budget.move_beyond",
        ("超比例、跨校调剂，调整总额", "Move beyond the share or between schools, change the total"),
        "4.2.f measures",
        "BL,FIN=A DT=Dc PRE,GFI=Gp EXE=Sc",
        note=("不同保障级次之间不得调剂。", "Between funding levels: never."),
    ),
)

DRAFTERS = "GOF,GFI=G:office EXE,VPR,MID=S ACC=S@school_accountant"
# The request as a whole goes to the level that the Measures set for its amount; each step of its way is one signature.
BAND_NOTE = (
    "核定的一级由计算金额确定；回避或空缺时上提，从不默认同意。",
    "The amount decides the level; avoidance or a vacancy lifts it, and nothing approves by default.",
)


def _signs(kind: Kind, act: str, when: str = "measures", **only: str) -> list[Door]:
    return sign(kind, "fund_request.approve", f"once in_turn open_year {when}", act=act, **only)


REQUESTS = (
    row(
        31,
        "request.draft",
        ("起草、修改申请", "Create or edit a draft request"),
        "4.2.b measures",
        f"{DRAFTERS} TCH=R~",
        do("fund_request.draft", place="unit"),
        do("fund_request.edit", "draft returned", "own", place="unit"),
        note=(
            "总校长不起草申请；教师的用款由本校经办人填报，受益人写教师本人。",
            "The president originates nothing; a teacher's outlay is typed by the school's clerk, with the teacher as "
            "beneficiary.",
        ),
    ),
    row(
        32,
        "request.submit",
        ("提交本人的申请", "Submit the own request"),
        "house",
        "GOF,GFI=R:office EXE,VPR,MID=R ACC=R@school_accountant TCH=R~",
        do("fund_request.submit", "draft returned", "own open_year measures", place="unit"),
    ),
    row(
        33,
        "request.certify",
        ("部门负责人证明", "Certify as head of the department"),
        "measures",
        "GOF=G VPR,MID=S",
    ),
    row(
        34,
        "request.check",
        ("会计审核", "Check the accounts: budget, standard, invoice"),
        "law",
        "GFI=G ACC=S@school_accountant~",
        _signs(Kind.FULL, "check"),
        note=(
            "示例办法由集团财务审核；学校会计审核列入使用办法后启用。",
            "The example Measures have group finance check; the school's accountant follows when the Measures say so.",
        ),
    ),
    row(
        35,
        "request.approve_school",
        ("核定本校限额以内的申请", "Approve a school's request up to the principal's ceiling"),
        "4.2.l measures",
        "PRE=Gv EXE=S",
        _signs(Kind.FULL, "approve", "measures minutes", band="principal", origin="school"),
        delegable=True,
        note=BAND_NOTE,
    ),
    row(
        36,
        "request.approve_president",
        (
            "核定执行校长限额以上、总校长限额以内的申请",
            "Approve above the principal's, up to the president's ceiling",
        ),
        "4.2.l measures",
        "PRE=G EXE=Sn",
        _signs(Kind.FULL, "approve", "measures minutes", band="president", origin="school"),
        _signs(Kind.CONSENT, "consent", band="president", origin="school"),
        delegable=True,
        note=BAND_NOTE,
    ),
    row(
        37,
        "request.approve_leader",
        ("核定总校长限额以上的申请", "Approve above the president's ceiling"),
        "measures",
        "BL=A FIN=Ar DT=Dr PRE=Gn EXE=Sn",
        _signs(Kind.FULL, "approve", "measures minutes", band="leader"),
        _signs(Kind.CONSENT, "consent", band="leader"),
        _signs(Kind.REVIEW, "review", band="leader"),
        _signs(Kind.REVIEW, "check confirm consent", lifted="yes"),
        _signs(Kind.FULL, "review check confirm consent", lifted="yes"),
        delegable=True,
        note=(
            "区镇只复核由其保障的学校；上提的环节由计财科、局领导办理。",
            "The district reviews for the schools that it funds; steps that were lifted fall to the bureau.",
        ),
    ),
    row(
        38,
        "request.approve_group",
        (
            "核定集团办公室的申请，承担学校确认入账",
            "Approve the group office's request; the bearing school books it",
        ),
        "4.1.e 4.2.b",
        "PRE=G EXE=Sb",
        _signs(Kind.FULL, "approve", "measures minutes", band="president", origin="group"),
        _signs(Kind.BOOKING, "confirm", origin="group"),
        _signs(Kind.FULL, "confirm", origin="group", lifted="yes"),
        delegable=True,
        note=(
            "入账确认不是第二次核定；不同意的写明理由退回。",
            "Booking is no second decision on merit; a refusal gives its reason and sends the request back.",
        ),
    ),
    row(
        39,
        "request.minutes",
        ("登记集体决策纪要", "Record the minutes of a collective decision"),
        "law",
        "PRE=G GOF=G:line DSC=G~ GFI=G+ EXE=S VPR=S+ MID=R+ ACC=S@school_accountant+",
        do("fund_request.record_minutes", "pending", "collective", place="unit"),
        note=(
            "由申请单位或集团办公室登记，登记不是审批。",
            "Recorded by the unit that asks or by the group's office; to record is not to decide.",
        ),
    ),
    row(
        40,
        "request.return",
        ("退回补正", "Return for correction"),
        "house",
        "BL,FIN=A:step DT=D:step PRE,GFI=G:step EXE=S:step GOF=G:step~ VPR,MID,ACC=S:step~",
        sign(Kind.FULL, "fund_request.return"),
        delegable=True,
    ),
    row(
        41,
        "request.reject",
        ("驳回", "Reject finally"),
        "house",
        "BL=A:step PRE=G:step EXE=S:step",
        sign(Kind.FULL, "fund_request.reject", act="approve consent"),
        delegable=True,
        note=(
            "只有核定和先行同意的人可以驳回；审核、复核、入账确认的人退回。",
            "Only who approves or consents may reject; who checks, reviews or books returns.",
        ),
    ),
    row(
        42,
        "request.withdraw",
        ("撤回，删除草稿", "Withdraw; delete a draft"),
        "house",
        "GOF,GFI,EXE,VPR,MID,ACC,TCH=R",
        do("fund_request.withdraw", "draft pending returned", "own unapproved"),
        do("fund_request.delete", "draft", "own unnumbered"),
        note=(
            "在第一位审批人同意之前；任职结束后仍可撤回本人的。",
            "Until the first approval; also after the post.",
        ),
    ),
    row(
        43,
        "request.cancel",
        ("作废已批准、未支付的申请", "Cancel an approved, unpaid request"),
        "house",
        "BL=A PRE=G EXE=S TCH=Rp~",
        do("fund_request.cancel", "approved", "deciding_level unpaid", place="decided"),
        delegable=True,
    ),
    row(
        44,
        "payment.record",
        ("登记支付", "Record a payment"),
        "4.2.b",
        "DT=D:level~ ACC=S@cashier",
        do("fund_request.pay", "approved paying", "uninvolved", place="unpaid"),
        note=(
            "由承担学校的出纳登记；区镇国库直接支付的，仍由学校登记。",
            "By the cashier of the school that bears it; what a district's treasury pays is recorded by the school.",
        ),
    ),
    row(
        45,
        "payment.reverse",
        ("冲销支付", "Reverse a payment"),
        "law house",
        "FIN=Av PRE=Gv EXE=S2 ACC=S",
    ),
    row(
        46,
        "request.see",
        ("查看申请", "See requests"),
        "4.1.e house",
        "BL,FIN=A SUP=Av VM=At DT=D PRE,DSC,GFI=G GOF=G:line EXE,VPR,ACC=S MID=S:unit~ GOF,GFI,EXE,VPR,MID,ACC,TCH=R",
        see("fund_request.see", when="submitted"),
        delegable=True,
        note=(
            "草稿只有申请人看得到；部门负责人目前只看本人的申请。",
            "A draft is its requester's alone; heads of departments see their own requests only, for now.",
        ),
    ),
    row(
        47,
        "invoice.duplicates",
        ("查看重复票据", "See duplicate invoices"),
        "house",
        "FIN=A DT=D GFI=Gm EXE,ACC=Sm TCH=R:yesno",
    ),
)

AFTER = (
    row(48, "award.propose", ("提出奖补", "Propose an award"), "4.2.i", "PRE=G GOF=Gp EXE=Sp"),
    row(
        49,
        "award.grant",
        ("核定市级奖补", "Grant an award from the city's pool"),
        "4.2.j",
        "BL=A HR,FIN=Ap PRE=Gv TCH=Rv",
    ),
    row(
        50,
        "year.close",
        ("年末冻结、决算，处理结余", "Freeze and close the fiscal year, settle what is left"),
        "law",
        "FIN=A DT=D~ PRE=Gv GFI=Gp~ EXE=Sv ACC=Sp~",
        do("group_fund.freeze", "allocated"),
    ),
)

ROWS = (*BUDGET, *REQUESTS, *AFTER)
