"""招生: rows 51 to 68 of the matrix; their doors come with the app."""

from kunshan_edu.rights.matrix.cells import Chapter, Rows

row = Rows(Chapter.ENROLLMENT)

ROWS = (
    row(
        51,
        "catchment.draft",
        ("划定施教区（拟订）", "Draft and draw a catchment"),
        "4.4.a house",
        "BE=A DT=D PRE=Gp/Gv EXE,ENR=Sp",
    ),
    row(
        52,
        "catchment.check",
        ("检查重叠和空白", "Run the check for overlaps and gaps"),
        "house",
        "BE=A DT=D PRE=G EXE,ENR=S",
    ),
    row(
        53,
        "catchment.approve",
        ("审定施教区", "Approve a catchment"),
        "law",
        "BL=A BE=Ap DT=Dp PRE=Gc EXE=Sc",
        note=("重大行政决策程序。", "By the procedure for major administrative decisions."),
    ),
    row(
        54,
        "catchment.publish",
        ("公布、替换施教区", "Publish or replace a catchment"),
        "house",
        "BE=A PUB=Av",
    ),
    row(
        55,
        "plan.draft",
        ("拟订招生计划", "Draft an enrollment plan"),
        "4.4.c",
        "BE=A EXE=S VPR,ENR=Sp",
    ),
    row(56, "plan.sign", ("签发集团招生计划", "Sign off the group's plans"), "4.4.b", "PRE=G"),
    row(57, "plan.approve", ("核定招生计划", "Approve an enrollment plan"), "house", "BL,BE=A DT=Dc"),
    row(
        58,
        "application.submit",
        ("提交、修改、撤回报名", "Submit, edit or withdraw an application"),
        "house",
        "ENR=S:assisted PUB=R",
    ),
    row(
        59,
        "application.verify",
        ("核验材料", "Verify documents"),
        "4.4.c",
        "EXE=S2 VPR,ENR=S",
    ),
    row(
        60,
        "check.enter",
        ("录入部门核查结果", "Enter the results of other departments' checks"),
        "law",
        "BE=A DT=D ENR=Sp",
    ),
    row(61, "points.import", ("导入积分和排名", "Import points and ranks"), "law", "BE=A DT=D PUB=Rv"),
    row(62, "tiers.set", ("设定录取顺序和日期", "Set priority tiers and dates"), "house", "BL,BE=A"),
    row(
        63,
        "overflow.place",
        ("统筹安排入学", "Place overflow children"),
        "house",
        "BE=A DT=D PRE=Gp EXE=Sc PUB=Rc",
    ),
    row(64, "list.draft", ("拟订录取名单", "Draft the admission list"), "4.4.c", "EXE=S2 ENR=S"),
    row(65, "list.sign", ("签发集团录取名单", "Sign off the group's final lists"), "4.4.b", "PRE=G"),
    row(
        66,
        "result.publish",
        ("确认并公布录取结果", "Confirm and publish the results"),
        "house",
        "BE=A PUB=Rv",
    ),
    row(
        67,
        "child.see",
        ("查看儿童信息", "See children's data"),
        "law",
        "BE=A VM=At DT=D PRE=Gm EXE,VPR,ENR=S PUB=R AUD=Am",
        note=("不满十四周岁未成年人的个人信息。", "Personal information of children under fourteen."),
    ),
    row(
        68,
        "address.look_up",
        ("按地址查施教区学校", "Look up the school of an address"),
        "house",
        "ALL=A AUD=A",
    ),
)
