"""推进与系统: rows 81 to 86 of the matrix."""

from kunshan_edu.rights.matrix.cells import Chapter, Rows, do, see
from kunshan_edu.rights.matrix.personnel import LIVE

row = Rows(Chapter.SYSTEM)
OTHER_POSTS = (
    "group_office group_finance school_accountant cashier clerk enrollment_clerk bureau_personnel bureau_finance "
    "bureau_basic_education bureau_supervision auditor vice_mayor district_officer"
)

ROWS = (
    row(
        81,
        "programme.keep",
        ("工作组、阶段、会议", "Working-group roster, phases, meetings"),
        "5.1.a 6.1.a",
        "BL,BE=A VM=Av PRE=Gv EXE=Sv",
    ),
    row(
        82,
        "task.update",
        ("更新本人任务", "Update one's own task"),
        "5.1.a",
        "HR,FIN,BE,SUP=A DT=D PRE,GOF=G:office EXE=S",
    ),
    row(
        83,
        "post.keep",
        ("账号、其他任职、参数", "Accounts, other posts, parameters"),
        "house 6.3.a",
        "ADM=A~ HR=A:appointments EXE=Sp~",
        do("appointment.propose", post=OTHER_POSTS),
        do("appointment.end", LIVE, "in_office", post=OTHER_POSTS),
        note=(
            "权限只随任职产生，系统管理员也不能授予自己；账号的建立由安装和人事科办理。",
            "Rights come from appointments alone, and a system administrator cannot give any; accounts are made on "
            "installation and by the personnel section.",
        ),
    ),
    row(
        84,
        "audit.read",
        ("查看审计记录", "Read the audit trail"),
        "house",
        "ADM=A:system~ BL=A HR,FIN,BE=A:own~ SUP=A AUD=Av+ PRE=G~ EXE=S~ PUB=R~",
        see("audit.see"),
        note=(
            "本人办理的事项在各自页面上查看；审计记录全文由局领导、督导室和审计人员查看。",
            "What one did oneself is seen on its own pages; the whole trail is for leaders, supervision and auditors.",
        ),
    ),
    row(
        85,
        "delegation.give",
        ("委托本人的审批权限", "Delegate the own right to approve"),
        "measures",
        "BL=A PRE=G:deputy EXE=S:vice",
        do("delegation.give", when="own_post"),
        do("delegation.revoke", "current coming", "own_post"),
    ),
    row(
        86,
        "export",
        ("导出、打印本人可见的内容", "Export or print within the own view"),
        "house",
        "BL,HR,FIN,BE,SUP=A VM=At DT=D PRE,DSC,GOF,GFI=G EXE,VPR,MID,ACC,ENR=S TCH,PUB=R AUD=Av+",
        do("list.export", when="own_view"),
        note=(
            "导出的内容与本人在列表上看到的完全一致，每次导出留有记录。",
            "A file holds exactly what its maker sees in the list; every export is on record.",
        ),
    ),
)
