"""The worked requests of the design (1-4 and 6-12), each at a telling point, and some more that show a state."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from random import Random

from kunshan_edu.demo.city import City, moment
from kunshan_edu.demo.stories import Fate, Story, told


@dataclass(frozen=True)
class Oracle:
    """One worked request. school None: of the group office, borne by the lead school; `also`: and by another."""

    number: str
    day: dt.date
    by: str
    school: str | None
    category: str
    title: str
    words: str
    yuan: str
    payee: str
    fate: Fate
    after: int = 0
    beneficiary: str = ""
    also: str = ""


def _on(month: int, day: int) -> dt.date:
    return dt.date(2026, month, day)


A, B, C = "tianshu", "tianxuan", "tianji"
SPLIT = ("research", "习题册印制", "分册印制 250 册 × 16 元", "4000.00", "昆山拓片数码快印店（城南）")
ORACLES = (
    Oracle(
        *("1", _on(9, 14), "clerk", A, "research", "教研用书", "专业书籍 108 册 × 45 元", "4860.00"),
        *("昆山芸窗图书经营部（东门）", Fate.PAID),
    ),
    Oracle(
        *(
            "2",
            _on(10, 12),
            "clerk",
            A,
            "training",
            "班主任培训场地资料",
            "场地与资料 100 人 × 100 元",
            "10000.00",
        ),
        *("苏州问津教师发展中心（昆山）", Fate.APPROVED),
    ),
    Oracle(
        *(
            "3",
            _on(11, 17),
            "clerk",
            A,
            "training",
            "班主任培训场地资料（第二期）",
            "场地、资料及手续费",
            "10000.01",
        ),
        *("江苏杏坛教育咨询有限公司（昆山）", Fate.WAITING, 2),
    ),
    Oracle(
        *(
            "4",
            _on(10, 19),
            "clerk-tianxuan",
            B,
            "meeting",
            "集团教学工作会议（三类）",
            "60 人 × 1 天 × 550 元",
        ),
        *("33000.00", "昆山枫桥夜泊会议中心（分店）", Fate.PAID),
    ),
    Oracle(
        *(
            "6",
            _on(11, 16),
            "office",
            None,
            "research",
            "专家讲课",
            "正高 2 人 × 4 学时 × 1000 元",
            "8000.00",
        ),
        *("上海壁经教育研究院（讲师团）", Fate.WAITING, 1),
    ),
    Oracle(
        *(
            "7",
            _on(11, 2),
            "office",
            None,
            "research",
            "集团教科研联合活动",
            "联合教研 5 场 × 10000 元",
            "50000.00",
        ),
        *("南京木铎培训服务有限公司（昆山）", Fate.APPROVED),
    ),
    Oracle(
        *("8", _on(11, 9), "gfinance", None, "training", "集团教学节", "教学节承办费用", "50000.01"),
        *("苏州长亭旅行社有限公司（会展）", Fate.WAITING, 2),
    ),
    Oracle(
        *(
            "9",
            _on(11, 10),
            "clerk-tianji",
            C,
            "research",
            "学科教科研基地建设",
            "基地建设首期费用",
            "86000.00",
        ),
        *("江苏三余教育图书有限公司（基地）", Fate.WAITING, 3),
    ),
    Oracle("10-1", _on(11, 9), "accountant", A, *SPLIT, Fate.PAID),
    Oracle("10-2", _on(11, 12), "accountant", A, *SPLIT, Fate.APPROVED),
    Oracle("10-3", _on(11, 17), "accountant", A, *SPLIT, Fate.WAITING, 1),
    Oracle(
        *("11", _on(11, 18), "principal", A, "training", "赴上海观摩差旅", "差旅费 2 人 × 600 元", "1200.00"),
        *("昆山驿路汽车服务有限公司（客运）", Fate.WAITING),
    ),
    Oracle(
        *(
            "12",
            _on(11, 17),
            "office",
            None,
            "training",
            "总校长高级研修班",
            "研修费 1 人 × 3000 元",
            "3000.00",
        ),
        *("上海壁经教育研究院（研修部）", Fate.WAITING, 0, "president"),
    ),
    Oracle(
        *(
            "waiting",
            _on(11, 20),
            "clerk",
            A,
            "office",
            "校园开放日资料印制",
            "手册 300 册 × 16 元",
            "4800.00",
        ),
        *("昆山朱砂印务有限公司（开放日）", Fate.WAITING),
    ),
    Oracle(
        *(
            "returned",
            _on(11, 18),
            "clerk",
            A,
            "research",
            "科学实验室耗材",
            "实验耗材 6 批 × 760 元",
            "4560.00",
        ),
        *("昆山恒墨办公设备有限公司（教具）", Fate.RETURNED),
    ),
    Oracle(
        *(
            "draft",
            _on(11, 20),
            "clerk",
            A,
            "training",
            "冬季教研组长培训",
            "场地与资料 40 人 × 80 元",
            "3200.00",
        ),
        *("江苏杏坛教育咨询有限公司（冬训）", Fate.DRAFT),
    ),
    Oracle(
        *(
            "paying",
            _on(11, 3),
            "office",
            None,
            "research",
            "两校同课异构活动",
            "课例录制 8 节 × 1200 元",
            "9600.00",
        ),
        *("苏州问津教师发展中心（影像）", Fate.PAYING, 0, "", B),
    ),
)


def _story(city: City, oracle: Oracle) -> Story:
    bearers = [oracle.school or A, *filter(None, [oracle.also])]
    yuan = Decimal(oracle.yuan)
    for bearer in bearers:
        city.purse["tianshu", 2026, bearer, oracle.category] -= yuan
    return Story(
        group="tianshu",
        year=2026,
        school=oracle.school,
        by=city.users[oracle.by],
        title=oracle.title,
        purpose=f"{oracle.title}：{oracle.words}，按示例办法的限额办理。",
        payee=oracle.payee,
        lines=[(bearer, oracle.category, oracle.words, yuan) for bearer in bearers],
        rng=Random(f"oracle {oracle.number}"),  # noqa: S311
        fate=oracle.fate,
        after=oracle.after,
        beneficiary=city.users.get(oracle.beneficiary),
        hurried=True,
    )


def plan_oracles(city: City) -> None:
    """Plan each on its day; its money is set aside before other requests are thought of."""
    for oracle in ORACLES:
        telling = told(city, _story(city, oracle))
        city.calendar.plan(moment(oracle.day, 9, 20), partial(next, telling, None))
