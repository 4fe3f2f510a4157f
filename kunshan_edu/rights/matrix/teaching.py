"""制度、教学、评价: rows 69 to 80 of the matrix."""

from kunshan_edu.rights.matrix.cells import Chapter, Rows, do, see

row = Rows(Chapter.TEACHING)

ROWS = (
    row(
        69,
        "policy.draft",
        ("起草集团制度", "Draft a group policy"),
        "4.1.u 4.2.c",
        "PRE,DSC,GOF=G GFI=G:finance EXE=Sc",
    ),
    row(
        70,
        "policy.guide",
        ("科室指导", "Guide a draft as the bureau's section"),
        "6.2.a",
        "HR,FIN,BE,SUP=A",
    ),
    row(
        71,
        "policy.adopt",
        ("审定、发布、废止集团制度", "Adopt, publish or repeal a group policy"),
        "4.1.u 6.3.b",
        "PRE=G",
        do("policy.adopt"),
        do("policy.end", "current coming"),
    ),
    row(72, "policy.acknowledge", ("签收制度", "Acknowledge a policy"), "house", "EXE=S"),
    row(
        73,
        "policy.read",
        ("查阅现行制度", "Read the policies in force"),
        "house",
        "ALL=Av+ AUD=Av+ BL,HR,FIN,BE,SUP,VM=A DT=D PRE,DSC,GOF,GFI=G EXE,VPR,MID,ACC,ENR,TCH=S",
        see("policy.see"),
        note=(
            "审定的集团制度在系统内公开，登录即可查阅。",
            "Adopted policies are open in the house: whoever signs in reads them.",
        ),
    ),
    row(
        74,
        "teaching.plan",
        ("制定统一教学计划", "Adopt the unified teaching plan"),
        "4.3.b",
        "BE=Av PRE=G GOF=Gp EXE=Sc",
    ),
    row(
        75,
        "resource.publish",
        ("发布共享资源", "Publish a shared resource"),
        "4.3.e",
        "PRE,DSC,GOF=G EXE,VPR,MID=S TCH=Sp",
    ),
    row(
        76,
        "evaluation.scheme",
        ("制定考评方案", "Define the evaluation scheme"),
        "4.3.h",
        "BL,SUP=A PRE=Gv EXE=Sv",
    ),
    row(
        77,
        "evaluation.self",
        ("提交自评和材料", "Submit the self-evaluation and evidence"),
        "4.3.h",
        "PRE=G GOF=Gp EXE=Sp",
        note=("以集团为单位考评。", "The group is the unit that is evaluated."),
    ),
    row(
        78,
        "evaluation.score",
        ("评分", "Score"),
        "4.3.h",
        "SUP=A",
        note=("在被评集团任职的不参加评分。", "Never by somebody with a post in the group that is scored."),
    ),
    row(79, "evaluation.appeal", ("申请复核", "Appeal"), "house", "PRE=G EXE=Sp"),
    row(
        80,
        "evaluation.publish",
        ("审定、公布考评结果", "Confirm and publish the result"),
        "house",
        "BL=A SUP=Ap PRE,DSC=Gv EXE=Sv",
    ),
)
