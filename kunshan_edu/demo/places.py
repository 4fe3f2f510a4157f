"""Schools and groups of the demonstration: real districts, invented names out of star charts and old tales."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial

from groups import actions as register
from groups.choices import (
    FundingLevel,
    GroupStatus,
    LegalPersonType,
    MembershipRole,
    ModelType,
    Ownership,
    Stage,
)
from kunshan_edu.core.codes import credit_code_check
from kunshan_edu.demo.city import City

FOUNDED = dt.date(2023, 9, 1)
KAIFAQU, GAOXIN, HUAQIAO, DUJIA = "昆山开发区", "昆山高新区", "花桥经济开发区", "旅游度假区"


@dataclass(frozen=True)
class Place:
    """A school: `at` names its district, or is empty for one of the city."""

    key: str
    name: str
    short_name: str
    stage: Stage
    at: str = ""
    joined: dt.date = FOUNDED


@dataclass(frozen=True)
class League:
    """A group: its schools, the lead school first; the status that it has reached."""

    key: str
    code: str
    name: str
    model_type: ModelType
    status: GroupStatus
    schools: tuple[Place, ...]
    founded_on: dt.date = FOUNDED
    batch: int = 1
    budget: int = 60  # 万元 in 2026


P, J, N, S, K = Stage.PRIMARY, Stage.JUNIOR, Stage.NINE_YEAR, Stage.SENIOR, Stage.KINDERGARTEN
LEAGUES = (
    League(
        *("tianshu", "TS", "天枢", ModelType.LEAD_AND_NEW, GroupStatus.EXTENDED),
        (
            Place("tianshu", "昆山市天枢小学", "天枢小学", P),
            Place("tianxuan", "昆山市天璇小学", "天璇小学", P),
            Place("tianji", "昆山市花桥天玑小学", "天玑小学", P, HUAQIAO),
            Place("tianquan", "昆山市张浦镇天权小学", "天权小学", P, "张浦镇"),
        ),
        budget=100,
    ),
    League(
        *("wangshu", "WS", "望舒", ModelType.LEAD_AND_WEAK, GroupStatus.RUNNING),
        (
            Place("wangshu", "昆山市望舒中学", "望舒中学", J),
            Place("xihe", "昆山市羲和中学", "羲和中学", J),
            Place("changgeng", "昆山市长庚中学", "长庚中学", J),
            Place("chenjiao", "昆山市辰角中学", "辰角中学", J),
        ),
        budget=70,
    ),
    League(
        *("yunhan", "YH", "云汉", ModelType.NINE_YEAR_THROUGH, GroupStatus.RUNNING),
        (
            Place("yunhan", "昆山市云汉学校", "云汉学校", N, KAIFAQU),
            Place("xingcha", "昆山市星槎学校", "星槎学校", N, KAIFAQU),
            Place("yinhuang", "昆山市银潢学校", "银潢学校", N, KAIFAQU),
            Place("huaxu", "昆山市华胥学校", "华胥学校", N, KAIFAQU),
        ),
        budget=62,
    ),
    League(
        *("beichen", "BC", "北辰", ModelType.LEAD_AND_TOWN, GroupStatus.RUNNING),
        (
            Place("beichen", "昆山市北辰实验学校", "北辰实验", N),
            Place("hegu", "昆山市河鼓小学", "河鼓小学", P),
            Place("fusang", "昆山市周市镇扶桑小学", "扶桑小学", P, "周市镇"),
            Place("ruomu", "昆山市周市镇若木中学", "若木中学", J, "周市镇"),
            Place("qingluan", "昆山市陆家镇青鸾小学", "青鸾小学", P, "陆家镇", dt.date(2025, 8, 1)),
        ),
        budget=66,
    ),
    League(
        *("yuheng", "YG", "玉衡", ModelType.STAGE_ALLIANCE, GroupStatus.PILOT),
        (
            Place("yuheng", "昆山市玉衡高级中学", "玉衡高中", S),
            Place("kaiyang", "昆山市开阳高级中学", "开阳高中", S),
            Place("yaoguang", "昆山市瑶光高级中学", "瑶光高中", S),
            Place("ziwei", "昆山市紫微高级中学", "紫微高中", S),
        ),
        budget=58,
    ),
    League(
        *("qingqiu", "QQ", "青丘", ModelType.LEAD_AND_TOWN, GroupStatus.PREPARING),
        (
            Place("qingqiu", "昆山市千灯镇青丘小学", "青丘小学", P, "千灯镇", dt.date(2026, 9, 1)),
            Place("penghu", "昆山市淀山湖镇蓬壶小学", "蓬壶小学", P, "淀山湖镇", dt.date(2026, 9, 1)),
            Place("yingzhou", "昆山市锦溪镇瀛洲小学", "瀛洲小学", P, "锦溪镇", dt.date(2026, 9, 1)),
        ),
        founded_on=dt.date(2026, 9, 1),
        batch=2,
    ),
)
OTHERS = (
    Place("kunchi", "昆山市高新区鲲池小学", "鲲池小学", P, GAOXIN),
    Place("pengju", "昆山市高新区鹏举中学", "鹏举中学", J, GAOXIN),
    Place("guanghan", "昆山市巴城镇广寒小学", "广寒小学", P, "巴城镇"),
    Place("yuchan", "昆山市巴城镇玉蟾中学", "玉蟾中学", J, "巴城镇"),
    Place("nanji", "昆山市周庄镇南箕小学", "南箕小学", P, "周庄镇"),
    Place("weidou", "昆山市周庄镇维斗中学", "维斗中学", J, "周庄镇"),
    Place("tianbian", "昆山市度假区天弁学校", "天弁学校", N, DUJIA),
    Place("jiaoxiu", "昆山市锦溪镇角宿中学", "角宿中学", J, "锦溪镇"),
    Place("kangxiu", "昆山市淀山湖镇亢宿中学", "亢宿中学", J, "淀山湖镇"),
    Place("dixiu", "昆山市千灯镇氐宿小学", "氐宿小学", P, "千灯镇"),
    Place("fangxiu", "昆山市花桥房宿中学", "房宿中学", J, HUAQIAO),
    Place("xinxiu", "昆山市张浦镇心宿中学", "心宿中学", J, "张浦镇"),
    Place("weixiu", "昆山市开发区尾宿小学", "尾宿小学", P, KAIFAQU),
    Place("jixiu", "昆山市箕宿幼儿园", "箕宿幼儿园", K),
    Place("douxiu", "昆山市陆家镇斗宿幼儿园", "斗宿幼儿园", K, "陆家镇"),
    Place("niuxiu", "昆山市牛宿外国语学校", "牛宿外国语", N),
)
PRIVATE = "niuxiu"
MOVED, MOVED_ON = "guanghan", dt.date(2025, 9, 1)  # from its town to the city
STAGE_DIGIT = {K: 1, P: 2, J: 3, N: 2, S: 3}


def credit_code(number: int, *, private: bool) -> str:
    """An invented 统一社会信用代码 with the right check digit."""
    body = f"{'52' if private else '12'}320583M{'J' if private else 'C'}{number:07d}"
    return body + credit_code_check(body)


def _register(city: City, number: int, place: Place) -> None:
    private, year = place.key == PRIVATE, city.rng.randint(1956, 2018)
    kind = LegalPersonType.PRIVATE_NON_ENTERPRISE if private else LegalPersonType.PUBLIC_INSTITUTION
    city.schools[place.key] = register.register_school(
        name=place.name,
        short_name=place.short_name,
        identifier=f"{STAGE_DIGIT[place.stage]}1320583{number:02d}",
        credit_code=credit_code(number, private=private),
        stage=place.stage,
        ownership=Ownership.PRIVATE if private else Ownership.PUBLIC,
        legal_person_type=kind,
        opened_on=dt.date(year, 9, 1),
        position=number,
        level=FundingLevel.DISTRICT if place.at else FundingLevel.CITY,
        district=city.districts[place.at] if place.at else None,
        document=city.document("昆编", year),
        by=city.users["personnel"],
    )


def register_schools(city: City) -> None:
    """All schools, in the order of the register."""
    places = [*(place for league in LEAGUES for place in league.schools), *OTHERS]
    for number, place in enumerate(places, 1):
        _register(city, number, place)


def _join(city: City, league: League, place: Place) -> None:
    register.join(
        city.groups[league.key],
        school=city.schools[place.key],
        valid_from=place.joined,
        join_document=city.document("昆教"),
        role=MembershipRole.LEAD if place is league.schools[0] else MembershipRole.MEMBER,
        by=city.users["basic"],
    )


def found_group(city: City, league: League) -> None:
    """组建: in preparation, with the schools that belong to it from the first day."""
    year = league.founded_on.year
    city.groups[league.key] = register.found(
        name=f"昆山市{league.name}教育集团",
        short_name=f"{league.name}集团",
        code=league.code,
        model_type=league.model_type,
        founded_on=league.founded_on,
        founding_document=city.document("昆教"),
        decision=f"集团化办学专项工作组 {year} 年第 {league.batch} 次会议",
        batch=league.batch,
        by=city.users["basic"],
    )
    for place in league.schools:
        if place.joined == league.founded_on:
            _join(city, league, place)


def _advance(city: City, league: League, status: GroupStatus) -> None:
    group = register.advance(city.groups[league.key], status=status, by=city.users["basic"])
    city.groups[league.key] = group


def plan_groups(city: City) -> None:
    """Each group from its founding to the status it has: a year as a pilot, then running, then extended."""
    path = (GroupStatus.PILOT, GroupStatus.RUNNING, GroupStatus.EXTENDED)
    for league in LEAGUES:
        city.calendar.plan(league.founded_on, partial(found_group, city, league))
        for place in league.schools:
            if place.joined > league.founded_on:
                city.calendar.plan(place.joined, partial(_join, city, league, place))
        if league.status in path:
            for years, status in enumerate(path[: path.index(league.status) + 1]):
                city.calendar.plan(dt.date(2023 + years, 9, 4), partial(_advance, city, league, status))


def plan_move(city: City) -> None:
    """One school comes from its town to the city: its funding level follows from that day on (4.2.f)."""

    def move() -> None:
        register.change_affiliation(
            city.schools[MOVED],
            level=FundingLevel.CITY,
            document=city.document("昆编"),
            valid_from=MOVED_ON,
            by=city.users["personnel"],
        )

    city.calendar.plan(MOVED_ON, move)
