"""The unified personnel rules of the demonstration's groups (4.1.u): all seven, six, three, or none."""

from __future__ import annotations

import datetime as dt
from functools import partial

from groups import actions as register
from groups.choices import PolicySlot
from kunshan_edu.core import clock
from kunshan_edu.demo.city import City, moment
from kunshan_edu.demo.posts import named

TEXTS = {
    PolicySlot.ATTENDANCE: (
        "教师考勤办法",
        "各校按月登记出勤，次月 10 日前由任教校汇总；轮岗教师由接收校登记。请假三日以内由校长审批。",
    ),
    PolicySlot.TRAINING: (
        "业务培训办法",
        "教师每学年参加集团培训不少于 24 学时，学时由组织单位登记，计入年度考核。",
    ),
    PolicySlot.MOBILITY: (
        "教师流动办法",
        "每学年轮岗教师不低于应交流人数的 10%，其中骨干教师不低于 20%；编制和人事关系不变。",
    ),
    PolicySlot.APPRAISAL: (
        "年度考核办法",
        "各校教职工按同一标准考核，优秀比例不超过 20%，结果在任教校公示。",
    ),
    PolicySlot.MERIT: (
        "评优晋级办法",
        "评优名额向轮岗教师和承担集团任务的教师倾斜，推荐人选公示 5 个工作日。",
    ),
    PolicySlot.PERFORMANCE: (
        "绩效考核办法",
        "奖励性绩效按岗位、工作量和实绩分配，轮岗教师在任教校参加考核。",
    ),
    PolicySlot.BENEFITS: ("福利发放办法", "各校福利项目和标准一致，由编制所在校发放，轮岗期间不重复发放。"),
}
EVERY = tuple(PolicySlot)
# Group → the slots that are filled; the senior schools have none.
ADOPTED = {
    "tianshu": EVERY,
    "yunhan": EVERY,
    "wangshu": tuple(slot for slot in EVERY if slot != PolicySlot.BENEFITS),
    "beichen": (PolicySlot.ATTENDANCE, PolicySlot.TRAINING, PolicySlot.MOBILITY),
}
ADOPTED_ON = dt.date(2024, 3, 4)
AMENDED_ON = dt.date(2025, 9, 1)


def _adopt(city: City, key: str, slot: PolicySlot, valid_from: dt.date, more: str = "") -> None:
    title, text = TEXTS[slot]
    group = city.groups[key]
    register.adopt(
        group,
        slot=slot,
        title=f"{group.short_name}{title}",
        document=city.document(f"{group.short_name}发"),
        text=f"{text}{more}",
        valid_from=valid_from,
        by=city.users[named("president", key)],
    )


def _adopt_all(city: City, key: str) -> None:
    for slot in ADOPTED[key]:
        _adopt(city, key, slot, clock.today())


def plan_policies(city: City) -> None:
    """Adopted by the presidents one week after another; one of the first group is amended later."""
    for week, key in enumerate(ADOPTED):
        day = moment(ADOPTED_ON + dt.timedelta(weeks=week), 10)
        city.calendar.plan(day, partial(_adopt_all, city, key))
    amended = partial(
        _adopt, city, "tianshu", PolicySlot.MOBILITY, AMENDED_ON, "轮岗期满一年的教师，评优优先推荐。"
    )
    city.calendar.plan(dt.date(2025, 8, 25), amended)
