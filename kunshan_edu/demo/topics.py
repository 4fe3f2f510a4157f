"""What the requests of the demonstration are about: occasions, what is bought, at what price, from whom."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random


@dataclass(frozen=True)
class Item:
    """One thing to pay for: from `least` to `most` of it or twice as many, at a price out of `prices` (yuan)."""

    words: str
    unit: str
    least: int
    most: int
    prices: tuple[int, ...]

    def priced(self, rng: Random) -> tuple[str, Decimal]:
        """(description, yuan)."""
        quantity, price = (
            rng.randint(self.least, self.most) * rng.choice((1, 1, 1, 2)),
            rng.choice(self.prices),
        )
        return f"{self.words} {quantity} {self.unit} × {price} 元", Decimal(quantity * price).quantize(CENT)


@dataclass(frozen=True)
class Topic:
    """An occasion of one category. by_group: the group office asks for it, not a school."""

    category: str
    title: str
    purpose: str
    payees: tuple[str, ...]
    items: tuple[Item, ...]
    by_group: bool = False


CENT = Decimal("0.01")
BOOKS = ("苏州河汉图书有限公司", "昆山鹿鸣书店", "江苏三余教育图书有限公司", "昆山芸窗图书经营部")
OFFICE = ("昆山折枝文化用品商行", "昆山恒墨办公设备有限公司", "苏州简牍办公用品有限公司")
PRINT = ("昆山朱砂印务有限公司", "苏州雕板图文有限公司", "昆山拓片数码快印店")
TRAIN = ("苏州问津教师发展中心", "江苏杏坛教育咨询有限公司", "南京木铎培训服务有限公司", "上海壁经教育研究院")
HOTEL = ("昆山枫桥夜泊会议中心", "昆山淀山望云宾馆", "花桥听雨会议酒店")
TRAVEL = ("昆山驿路汽车服务有限公司", "苏州长亭旅行社有限公司")
SUBJECTS = (
    "语文",
    "数学",
    "英语",
    "科学",
    "音乐",
    "美术",
    "体育",
    "信息科技",
    "道德与法治",
    "综合实践",
    "劳动",
)
FIELDS = (
    *("作业设计", "大单元教学", "跨学科学习", "项目化学习", "课堂评价"),
    *("校本课程", "分层教学", "整本书阅读", "实验教学", "学段衔接"),
)
TOPICS = (
    Topic(
        *(
            "research",
            "{subject}教研组教研用书",
            "为{subject}教研组添置专业书刊，供{month}月起校本教研使用。",
            BOOKS,
        ),
        (Item("专业书籍", "册", 40, 160, (32, 38, 45, 58)), Item("学术期刊", "份", 6, 20, (96, 144, 180))),
    ),
    Topic(
        *(
            "research",
            "{field}公开课观摩",
            "{month}月举行{field}公开课，集团各校{subject}教师观摩研讨。",
            PRINT,
        ),
        (Item("课例资料印制", "册", 60, 200, (12, 15, 18)), Item("展板制作", "块", 6, 16, (120, 150, 180))),
    ),
    Topic(
        *(
            "research",
            "{field}课题中期评审",
            "请校外专家评审{field}课题的中期成果，支付评审与讲课费用。",
            TRAIN,
        ),
        (Item("专家评审", "人次", 3, 6, (600, 800, 1000)), Item("资料汇编", "册", 30, 60, (25, 30))),
    ),
    Topic(
        *("research", "{subject}实验与教具", "{subject}学科开展{field}所需的教具和耗材。", OFFICE),
        (Item("学科教具", "套", 20, 60, (85, 120, 168, 240)), Item("实验耗材", "批", 2, 6, (380, 520, 760))),
    ),
    Topic(
        *(
            "research",
            "{subject}学科命题研究",
            "组织{subject}骨干教师开展命题研究，形成题库和评价说明。",
            TRAIN,
        ),
        (Item("命题资料", "套", 12, 40, (150, 220)), Item("专家指导", "学时", 8, 24, (300, 500, 800))),
    ),
    Topic(
        *(
            "training",
            "{subject}教师短期培训",
            "选派{subject}教师参加{field}专题培训，含培训费和资料费。",
            TRAIN,
        ),
        (Item("培训费", "人", 8, 36, (280, 360, 480, 650)), Item("资料费", "人", 8, 36, (30, 45))),
    ),
    Topic(
        *("training", "班主任工作坊", "{month}月举办班主任工作坊，租用场地并印制资料。", TRAIN),
        (Item("场地与资料", "人", 30, 90, (50, 65, 80)), Item("授课", "学时", 4, 12, (300, 500))),
    ),
    Topic(
        *("training", "新教师跟岗学习交通", "新教师赴集团内兄弟学校跟岗，租用车辆往返接送。", TRAVEL),
        (Item("租车", "车次", 6, 20, (480, 560, 680)),),
    ),
    Topic(
        *("training", "骨干教师外出研修", "选派骨干教师外出研修{field}，为期三天，费用按标准执行。", TRAIN),
        (Item("研修费", "人", 10, 32, (980, 1280, 1650)), Item("交通", "人", 10, 32, (220, 260))),
    ),
    Topic(
        *("office", "{month}月办公用品", "按月补充教研组和年级组的办公用品。", OFFICE),
        (Item("复印纸", "箱", 12, 40, (145, 158)), Item("文具", "套", 30, 90, (18, 26))),
    ),
    Topic(
        *("office", "打印机耗材", "更换各教研组打印机硒鼓和墨盒。", OFFICE),
        (Item("硒鼓", "只", 6, 24, (180, 260, 340)),),
    ),
    Topic(
        *("office", "{field}资料印制", "印制{field}阶段成果，供集团内各校交流。", PRINT),
        (Item("成果集", "册", 80, 260, (16, 19, 24)),),
    ),
    Topic(
        *("meeting", "教学质量分析会", "召开{month}月教学质量分析会，会期半天，按会议费标准列支。", HOTEL),
        (Item("会议综合费用", "人", 24, 80, (110, 180, 260)),),
    ),
    Topic(
        *("meeting", "{subject}学科研讨会", "承办{subject}学科研讨会，会期一天，不安排住宿。", HOTEL),
        (Item("会议综合费用", "人", 30, 70, (150, 210)),),
    ),
    Topic(
        *("research", "集团{field}联合教研", "集团各校联合开展{field}教研，由牵头学校承办。", TRAIN),
        (Item("专家讲学", "学时", 8, 24, (500, 1000)), Item("课例录制", "节", 4, 12, (800, 1200))),
        by_group=True,
    ),
    Topic(
        *(
            "training",
            "集团{subject}教师集中培训",
            "集团各校{subject}教师集中培训两天，统一场地、统一授课。",
            TRAIN,
        ),
        (Item("培训综合费用", "人", 40, 110, (280, 360, 420)),),
        by_group=True,
    ),
    Topic(
        *("meeting", "集团工作例会", "召开集团工作例会，研究{field}和经费执行情况。", HOTEL),
        (Item("会议综合费用", "人", 18, 40, (80, 110, 180)),),
        by_group=True,
    ),
    Topic(
        *("office", "集团简报印制", "编印集团简报，分发各成员学校。", PRINT),
        (Item("简报", "册", 200, 500, (9, 12, 15)),),
        by_group=True,
    ),
)
# How much of the asking each category and kind of drafter does.
WEIGHTS = {"research": 5, "training": 4, "office": 3, "meeting": 2}


def pick(rng: Random, *, by_group: bool) -> Topic:
    """A topic of a school or of the group office."""
    fitting = [t for t in TOPICS if t.by_group == by_group]
    return rng.choices(fitting, [WEIGHTS[t.category] for t in fitting])[0]


def chosen(rng: Random, month: int) -> dict[str, str | int]:
    """The words that title and purpose of one request share."""
    return {"subject": rng.choice(SUBJECTS), "field": rng.choice(FIELDS), "month": month}
