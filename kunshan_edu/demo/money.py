"""Measures and budgets of the demonstration: example limits, an older version, three years of funds."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import partial

from finance.actions import budget, measures
from finance.choices import Act, Origin, Role
from finance.models import BudgetLine, Measures
from kunshan_edu.core.models import User
from kunshan_edu.demo.city import City, moment
from kunshan_edu.demo.places import FOUNDED, LEAGUES, League

TITLE = "集团管理专项经费使用办法（示例）"
YEARS = {2024: Decimal("0.54"), 2025: Decimal("0.7"), 2026: Decimal(1)}  # share of the budget of 2026
SPLIT = {"research": 42, "training": 32, "office": 14, "meeting": 12}
ACTIVE = tuple(league for league in LEAGUES if league.founded_on == FOUNDED)
# day → (group, year, school, category) and yuan: a supplement and a cut in the course of a year.
CHANGES = {
    dt.date(2025, 10, 20): (("yuheng", 2025, "ziwei", "office"), Decimal("-3000.00")),
    dt.date(2026, 9, 8): (("tianshu", 2026, "tianji", "research"), Decimal("60000.00")),
}
PRINCIPAL, PRESIDENT, LEADER = Role.EXECUTIVE_PRINCIPAL, Role.GROUP_PRESIDENT, Role.BUREAU_LEADER
CHECK = (Role.GROUP_FINANCE, Act.CHECK)
BUREAU = ((Role.DISTRICT, Act.REVIEW), (Role.BUREAU_FINANCE, Act.REVIEW), (LEADER, Act.APPROVE))
# Per origin and deciding role: the steps around the decision. The amounts are those of each version below.
CHAINS = (
    (Origin.SCHOOL, PRINCIPAL, ((PRINCIPAL, Act.APPROVE),)),
    (Origin.SCHOOL, PRESIDENT, ((PRINCIPAL, Act.CONSENT), CHECK, (PRESIDENT, Act.APPROVE))),
    (Origin.SCHOOL, LEADER, ((PRINCIPAL, Act.CONSENT), CHECK, (PRESIDENT, Act.CONSENT), *BUREAU)),
    (Origin.GROUP, PRESIDENT, ((PRESIDENT, Act.APPROVE), (PRINCIPAL, Act.CONFIRM))),
    (Origin.GROUP, LEADER, ((PRESIDENT, Act.CONSENT), *BUREAU, (PRINCIPAL, Act.CONFIRM))),
)


def _ranges(
    origin: Origin, principal: Decimal, president: Decimal
) -> dict[Role, tuple[Decimal, Decimal | None]]:
    """Deciding role → (above, up to) yuan; the group office has no principal to decide on small sums."""
    low = principal if origin == Origin.SCHOOL else Decimal(0)
    return {PRINCIPAL: (Decimal(0), principal), PRESIDENT: (low, president), LEADER: (president, None)}


def prepare(city: City, valid_from: dt.date, principal: str, president: str, by: User) -> Measures:
    """拟订, with limits from 0 up for both origins; collective decisions begin at the president's ceiling."""
    ceilings = Decimal(principal), Decimal(president)
    row = measures.prepare(
        title=TITLE,
        document=city.document("昆教财"),
        valid_from=valid_from,
        collective_threshold=ceilings[1],
        is_example=True,
        by=by,
    )
    for origin, role, steps in CHAINS:
        above, up_to = _ranges(origin, *ceilings)[role]
        measures.add_limit(row, origin=origin, role=role, above=above, up_to=up_to, steps=steps, by=by)
    return row


def plan_measures(city: City) -> None:
    """The first version of 2024, the one in force since 2025, and a draft for the year to come."""
    made: list[Measures] = []
    plan, new_year = city.calendar.plan, dt.date(2025, 1, 1)

    def draft(valid_from: dt.date, principal: str, president: str, who: str) -> None:
        made.append(prepare(city, valid_from, principal, president, city.users[who]))

    def replace() -> None:
        measures.end(made[0], valid_to=new_year, by=city.users["leader"])
        measures.publish(made[1], by=city.users["leader"])

    plan(dt.date(2023, 12, 5), lambda: draft(dt.date(2024, 1, 1), "5000.00", "30000.00", "finance1"))
    plan(dt.date(2023, 12, 20), lambda: measures.publish(made[0], by=city.users["leader"]) and None)
    plan(dt.date(2024, 11, 20), lambda: draft(new_year, "10000.00", "50000.00", "finance1"))
    plan(dt.date(2024, 12, 16), replace)
    plan(dt.date(2026, 11, 16), lambda: draft(dt.date(2027, 1, 1), "12000.00", "60000.00", "finance2"))


def shares(league: League, year: int) -> dict[tuple[str, str], Decimal]:
    """(school key, category) → yuan: two fifths for the lead school; meetings with the first two schools only."""
    members = [p.key for p in league.schools if p.joined < dt.date(year, 1, 10)]
    total = league.budget * 10_000 * YEARS[year]
    found = {}
    for category, percent in SPLIT.items():
        bearing = members[:2] if category == "meeting" else members
        lead = Decimal("0.7") if category == "meeting" else Decimal("0.4")
        for key in bearing:
            part = lead if key == members[0] else (1 - lead) / (len(bearing) - 1)
            found[key, category] = round(total * percent / 100 * part, -3)
    return found


def allocate(city: City, league: League, year: int) -> None:
    """设立并下达: one document for all lines of a group's fund."""
    by, document = city.users["finance1"], city.document("昆教财")
    fund = budget.open_fund(city.groups[league.key], fiscal_year=year, by=by)
    for (key, category), amount in shares(league, year).items():
        line = {"school": city.schools[key], "category": city.categories[category]}
        budget.allocate(fund, **line, amount=amount, document=document, by=by)
    city.funds[league.key, year] = fund


def _change(city: City, change: tuple[str, int, str, str], yuan: Decimal) -> None:
    """追加 or, when negative, 核减."""
    key, year, school, category = change
    document, by = city.document("昆教财"), city.users["finance2"]
    place = {"school": city.schools[school], "category": city.categories[category]}
    if yuan > 0:
        budget.allocate(city.funds[key, year], **place, amount=yuan, document=document, by=by)
    else:
        line = BudgetLine.objects.get(fund=city.funds[key, year], **place)
        budget.cut(line, amount=-yuan, document=document, by=by)


def fill_purse(city: City) -> None:
    """What each school may ask for in each year, for the stories to share out before they begin."""
    for year in YEARS:
        for league in ACTIVE:
            for (key, category), amount in shares(league, year).items():
                city.purse[league.key, year, key, category] = amount
    for change, yuan in CHANGES.values():
        city.purse[change] += yuan


def _freeze(city: City, year: int) -> None:
    for (_key, of), fund in city.funds.items():
        if of == year:
            budget.freeze(fund, by=city.users["finance1"])


def _open_without_money(city: City) -> None:
    budget.open_fund(city.groups["qingqiu"], fiscal_year=2026, by=city.users["finance1"])


def plan_budgets(city: City) -> None:
    """Each January the money of the year, each New Year's Eve its end; a supplement and a cut in between."""
    plan = city.calendar.plan
    for year in YEARS:
        for number, league in enumerate(ACTIVE):
            plan(moment(dt.date(year, 1, 15), 9 + number), partial(allocate, city, league, year))
        plan(moment(dt.date(year, 12, 31), 16), partial(_freeze, city, year))
    for day, (change, yuan) in CHANGES.items():
        plan(day, partial(_change, city, change, yuan))
    plan(dt.date(2026, 11, 10), lambda: _open_without_money(city))
