"""人事: rows 8 to 22 of the matrix, and those that this house adds."""

from kunshan_edu.rights.matrix.cells import Chapter, Door, Rows, do, heard, nominate, second, see, start
from kunshan_edu.rights.matrix.words import Kind

row = Rows(Chapter.PERSONNEL)
UNDER_WAY = "nominated proposed selecting notice"
LIVE = "active extended"
TWO_PEOPLE = (
    "人事科登记，局领导审定，须为两人；都不办理本人的任免。",
    "The personnel section records, a bureau leader confirms: two people, and neither for oneself.",
)


def life(posts: str) -> list[Door]:
    """The doors through which the personnel section takes an appointment to one of these posts."""
    return [
        *do("appointment.propose", post=posts),
        *do("appointment.accept", "nominated", "not_self", post=posts),
        *do("appointment.announce", "proposed", post=posts, method="competitive"),
        *do("appointment.record_scores", "selecting", post=posts),
        *do("appointment.publish_notice", "selecting", post=posts, method="competitive"),
        *do("appointment.publish_notice", "proposed", post=posts, method="appointed assigned acting"),
        *do("appointment.cancel", UNDER_WAY, post=posts),
        *do("appointment.end", LIVE, "in_office", post=posts),
        *do("appointment.withdraw_end", LIVE, "ending", post=posts),
    ]


def confirmed(posts: str) -> list[Door]:
    """The doors of the second person."""
    return [
        *second("appointment.confirm", "notice", "another not_self", post=posts, method="competitive"),
        *second(
            "appointment.confirm",
            "proposed notice",
            "another not_self",
            post=posts,
            method="appointed assigned acting",
        ),
        *second("appointment.cancel", UNDER_WAY, "", post=posts),
        *second("appointment.confirm_end", LIVE, "another not_self ending in_office", post=posts),
    ]


HEADS = "group_president group_secretary bureau_leader"
APPOINTMENTS = (
    row(
        8,
        "appointment.president",
        ("任免总校长", "Appoint or end the president"),
        "6.3.a 4.1.a 4.1.b",
        "BL=A2 HR=A",
        life(HEADS),
        confirmed(HEADS),
        do("appointment.register_dates", LIVE, post=HEADS.split()[0]),
        note=(
            f"{TWO_PEOPLE[0]}分设的集团书记和局领导同此办理。",
            f"{TWO_PEOPLE[1]} So too a group's separate secretary, and a bureau leader.",
        ),
    ),
    row(
        9,
        "appointment.extend",
        ("延长总校长任职", "Extend the president's tenure"),
        "6.3.e 6.3.f",
        "BL=A2 HR=A SUP=Ac:grade FIN=Av+ PRE,TCH=Rv+",
        do("appointment.extend", LIVE, "in_office", post="group_president"),
        second("extension.confirm extension.refuse", "proposed", "another not_self"),
        see("extension.see"),
        note=(
            "最近年度考核优秀、有组织需要的文件，且不超过聘期；考核等次由督导室提供。",
            "The latest appraisal excellent, a document of need, within the term; supervision gives the grade.",
        ),
    ),
    row(
        10,
        "appointment.deputy",
        ("任免副书记", "Appoint or end the deputy secretary"),
        "4.1.f 4.1.g house",
        "BL=A2 HR=A PRE=Gp",
        life("deputy_secretary"),
        nominate("appointment.nominate", post="deputy_secretary"),
        confirmed("deputy_secretary"),
        note=TWO_PEOPLE,
    ),
    row(
        11,
        "appointment.principal",
        ("任免执行校长", "Appoint or end an executive principal"),
        "4.1.k house",
        "BL=A2 HR=A DT=Dp PRE=Gp",
        life("executive_principal"),
        do("appointment.register_dates", LIVE, post="executive_principal"),
        nominate("appointment.nominate", post="executive_principal"),
        confirmed("executive_principal"),
        note=TWO_PEOPLE,
    ),
    row(
        12,
        "appointment.vice",
        ("任免副校长", "Appoint or end a vice principal"),
        "4.1.o house",
        "BL=A2 HR=A PRE=Gp EXE=Sp",
        life("vice_principal"),
        nominate("appointment.nominate", post="vice_principal"),
        confirmed("vice_principal"),
        note=TWO_PEOPLE,
    ),
    row(
        13,
        "appointment.department_head",
        ("任免中层干部", "Appoint or end a department head"),
        "6.3.b",
        "BL=A2:vacant+ HR=A+/Ac PRE=G2 EXE=Sp",
        life("department_head"),
        nominate("appointment.nominate", post="department_head"),
        confirmed("department_head"),
        [Door("appointment.see", frozenset({Kind.SECOND}), only={"post": ("department_head",)})],
        note=(
            "学校提名，总校长审定，总校长空缺时由局领导审定；人事科登记在册，不作决定。",
            "The school nominates, the president decides, or a bureau leader while there is none; the personnel "
            "section keeps the record and does not decide.",
        ),
    ),
    row(
        14,
        "quota.set",
        ("核定职数", "Set a quota of posts"),
        "4.1.h 4.1.o",
        "ALL=Av+ BL,HR=A PRE=Gv EXE=Sv",
        do("post_quota.set"),
        do("post_quota.end", "current coming"),
        see("post_quota.see"),
    ),
)

ROTATIONS = (
    row(
        15,
        "rotation.propose",
        ("提出轮岗", "Propose a rotation"),
        "3.2.b",
        "PRE,DSC=G GOF=Gp EXE,VPR=S TCH=Rp~",
        start("rotation.propose", place="sending"),
        start("rotation.withdraw", "proposed sending_agreed receiving_agreed approved", "maker"),
        start("rotation.renew", "filed", place="sending"),
        note=(
            "教师本人的意愿由学校代为提出。",
            "A teacher's own wish is put forward by the school.",
        ),
    ),
    row(
        16,
        "rotation.agree",
        ("以派出校、接收校身份同意轮岗", "Agree as the sending or the receiving school"),
        "4.1.t 3.3.a",
        "EXE=S TCH=Rc~",
        do("rotation.agree_sending", "proposed", place="sending"),
        do("rotation.agree_receiving", "sending_agreed", place="receiving"),
        do("rotation.refuse", "proposed", place="sending"),
        do("rotation.refuse", "sending_agreed", place="receiving"),
        do("rotation.stop", "filed", "under_way", place="sending"),
        do("rotation.stop", "filed", "under_way", place="receiving"),
        note=(
            "教师本人的知情由派出校办理。",
            "The sending school sees to it that the teacher knows.",
        ),
    ),
    row(
        17,
        "rotation.approve",
        ("批准集团内轮岗", "Approve a rotation inside the group"),
        "6.3.b 4.1.u",
        "HR=Ac PRE=G",
        do("rotation.approve rotation.refuse", "receiving_agreed", kind="group"),
        heard("rotation.file rotation.refuse", "approved", kind="group"),
        do("rotation.stop", "filed", "under_way", kind="group"),
        heard("rotation.stop", "filed", "under_way", kind="group"),
    ),
    row(
        18,
        "rotation.across",
        ("跨集团、跨区镇轮岗", "Rotation across groups or districts"),
        "house",
        "HR=A DT=Dc~ PRE=Gp~ EXE=Sc",
        do("rotation.file rotation.refuse", "receiving_agreed", kind="across"),
        do("rotation.stop", "filed", "under_way", kind="across"),
        note=(
            "由派出校提出，两校同意后由人事科审批备案；总校长和区镇的意见随文件提交。",
            "The sending school proposes, both schools agree, the personnel section decides and files; president and "
            "district say their opinion on the document.",
        ),
    ),
)

GROUP_HEADS = "group_president group_secretary deputy_secretary"
PEOPLE = (
    row(
        19,
        "appraisal.president",
        ("总校长年度考核", "Annual appraisal of the president"),
        "6.3.e",
        "BL,HR,SUP=A PRE=Rv DSC,TCH=Rv+",
        do("appraisal.record appraisal.correct", when="not_self", post=GROUP_HEADS),
        see("appraisal.see", post=GROUP_HEADS),
        note=(
            "副书记和分设的集团书记同此办理；等次只有本人和市教育局看得到。",
            "So too the deputy secretary and a separate secretary; only the bureau and oneself see the grade.",
        ),
    ),
    row(
        20,
        "appraisal.principal",
        ("执行校长年度考核", "Annual appraisal of an executive principal"),
        "6.3.b",
        "BL=A+ HR,SUP=A PRE=Gp EXE=Rv TCH=Rv+",
        do("appraisal.record appraisal.correct", when="not_self", post="executive_principal"),
        see("appraisal.see", post="executive_principal"),
        note=(
            "总校长的意见随考核文件提交，等次由局登记。",
            "The president's opinion comes with the document; the bureau records the grade.",
        ),
    ),
    row(
        21,
        "identity.reveal",
        ("查看证件和手机号码", "See identity number and phone unmasked"),
        "law",
        "HR=A EXE=S ACC=S:payee~ TCH=R AUD=Am",
        do("staff.reveal"),
        note=("每次查看都有记录。", "Every look is on record."),
    ),
    row(
        22,
        "incentive.set",
        ("确定总校长激励待遇", "Set the president's incentive terms"),
        "6.3.c 6.3.d",
        "BL=A2 HR=A FIN=Av SUP=Av+ PRE=Rv TCH=Rv+",
        do("appointment.reward", LIVE, post="group_president"),
        do("incentive.end", "confirmed"),
        second("incentive.confirm incentive.refuse", "proposed", "another not_self"),
        see("incentive.see"),
        note=TWO_PEOPLE,
    ),
)

ROWS = (*APPOINTMENTS, *ROTATIONS, *PEOPLE)
