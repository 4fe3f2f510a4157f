"""The small world that every test stands on, built through actions, so that its rights and money are real."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from finance.actions import budget, measures
from finance.choices import Act, Origin, Role
from finance.models import ExpenseCategory, GroupFund, Measures
from groups import actions as register
from groups.choices import FundingLevel, GroupStatus, MembershipRole, ModelType, Stage
from groups.models import Bureau, District, EducationGroup, School
from kunshan_edu.core import clock
from kunshan_edu.core.access import forget_rights
from kunshan_edu.core.codes import credit_code_check
from kunshan_edu.core.models import User
from personnel import actions as personnel
from personnel.choices import AppointmentState, Method, Post
from personnel.models import Appointment, Person

PASSWORD = "kunshan-2019"
E, P, C = Decimal("10000.00"), Decimal("50000.00"), Decimal("50000.00")
SINCE = dt.date(2024, 1, 1)


@dataclass
class World:
    """Everything the tests name. users: by role word; schools: a (lead, city), b (city), c (district), d (none), e."""

    bureau: Bureau
    users: dict[str, User] = field(default_factory=dict)
    schools: dict[str, School] = field(default_factory=dict)
    posts: dict[str, Appointment] = field(default_factory=dict)
    categories: dict[str, ExpenseCategory] = field(default_factory=dict)
    district: District | None = None
    group: EducationGroup | None = None
    other_group: EducationGroup | None = None
    preparing: EducationGroup | None = None
    fund: GroupFund | None = None
    other_fund: GroupFund | None = None
    measures: Measures | None = None

    def __getattr__(self, name: str) -> Any:
        for table in ("users", "schools"):
            if name in self.__dict__.get(table, {}):
                return self.__dict__[table][name]
        raise AttributeError(name)


def credit_code(number: int) -> str:
    """A fictitious, valid 统一社会信用代码 of a public institution of Kunshan."""
    body = f"12320583MB{number:07d}"
    return body + credit_code_check(body)


def _people(world: World, by: User) -> None:
    """Accounts of everybody in the world, and a person behind each that may hold a post."""
    for name in (
        "president",
        "deputy",
        "office",
        "group_finance",
        "principal_a",
        "principal_b",
        "principal_c",
        "vice_a",
        "accountant_a",
        "cashier_a",
        "cashier_b",
        "cashier_c",
        "clerk_a",
        "clerk_b",
        "clerk_c",
        "head_a",
        "leader",
        "finance_1",
        "finance_2",
        "basic",
        "supervision",
        "district_officer",
        "other_president",
        "principal_e",
        "clerk_e",
        "cashier_e",
        "teacher",
    ):
        user = User.objects.create_user(name, PASSWORD, name=f"示例{name}")
        personnel.register_person(name=user.name, user=user, by=by)
        world.users[name] = user
    world.users["parent"] = User.objects.create_user("parent", PASSWORD, name="示例家长")
    world.users["admin"] = User.objects.create_superuser("admin", PASSWORD, name="示例管理员")


def appoint(world: World, who: str, post: Post, container: Any, **dates: Any) -> Appointment:
    """Appoint a person of the world by the personnel section; remembers the appointment under the person's word."""
    person = Person.objects.get(user=world.users[who])
    method = Method.APPOINTED if post == Post.GROUP_PRESIDENT else Method.ASSIGNED
    row = personnel.appoint(
        person,
        post=post,
        container=container,
        method=method,
        document="昆教人〔2024〕1号",
        valid_from=dates.pop("valid_from", SINCE),
        remark="补录",
        by=world.users["personnel"],
        **dates,
    )
    if row.state == AppointmentState.PROPOSED:
        row = personnel.confirm(row, by=second_person(world, row))
    world.posts[who] = row
    return row


def second_person(world: World, row: Appointment) -> User:
    """Who confirms what the personnel section has recorded: the leader, of a department head the president."""
    for name in ("leader", "president", "other_president"):
        user = world.users.get(name)
        if user and personnel.may_confirm(Post(row.post), row.container, fresh(user)):
            return user
    raise LookupError(f"nobody confirms {row}")


def fresh(user: User) -> User:
    """The user with rights read anew: what was read before the last appointment no longer holds."""
    forget_rights(user)
    return user


def end(world: World, who: str, valid_to: dt.date, by: User | None = None) -> Appointment:
    """End a post of the world, by the personnel section and, of a cadre, the leader."""
    row = personnel.end(
        world.posts[who], valid_to=valid_to, document="昆教人〔2026〕9号", by=by or world.users["personnel"]
    )
    if row.ending_on:
        row = personnel.confirm_end(row, by=world.users["leader"])
    return row


def _schools(world: World, by: User) -> None:
    district = District.objects.get(name="张浦镇")
    world.district = district
    for number, (key, level) in enumerate(
        {"a": "city", "b": "city", "c": "district", "d": "city", "e": "city"}.items(), 1
    ):
        world.schools[f"school_{key}"] = register.register_school(
            name=f"示例{key.upper()}小学",
            short_name=f"示例{key.upper()}小",
            identifier=f"213200000{number}",
            credit_code=credit_code(number),
            stage=Stage.PRIMARY,
            opened_on=dt.date(2010, 9, 1),
            position=number,
            level=FundingLevel(level),
            district=district if level == "district" else None,
            document="昆编〔2010〕1号",
            by=by,
        )


def _group(
    world: World, code: str, name: str, members: dict[str, MembershipRole], by: User
) -> EducationGroup:
    group = register.found(
        name=f"示例{name}教育集团",
        short_name=f"{name}集团",
        code=code,
        model_type=ModelType.LEAD_AND_NEW,
        founded_on=SINCE,
        founding_document="昆教〔2024〕1号",
        decision="专项工作组第 1 次会议",
        by=by,
    )
    for key, role in members.items():
        register.join(
            group,
            school=world.schools[f"school_{key}"],
            role=role,
            valid_from=SINCE,
            join_document="昆教〔2024〕2号",
            by=by,
        )
    return group


def _posts(world: World) -> None:
    group, schools = world.group, world.schools
    for who, post, container in (
        ("president", Post.GROUP_PRESIDENT, group),
        ("deputy", Post.DEPUTY_SECRETARY, group),
        ("office", Post.GROUP_OFFICE, group),
        ("group_finance", Post.GROUP_FINANCE, group),
        ("vice_a", Post.VICE_PRINCIPAL, schools["school_a"]),
        ("accountant_a", Post.SCHOOL_ACCOUNTANT, schools["school_a"]),
        ("head_a", Post.DEPARTMENT_HEAD, schools["school_a"]),
        ("district_officer", Post.DISTRICT_OFFICER, world.district),
        ("other_president", Post.GROUP_PRESIDENT, world.other_group),
    ):
        appoint(world, who, post, container)
    for key in "abce":
        for word, post in (
            ("principal", Post.EXECUTIVE_PRINCIPAL),
            ("clerk", Post.CLERK),
            ("cashier", Post.CASHIER),
        ):
            appoint(world, f"{word}_{key}", post, schools[f"school_{key}"])


# 示例办法的限额: per origin the deciding role, its range, and the steps around it (domain figures E, P).
LIMITS = (
    (Origin.SCHOOL, Role.EXECUTIVE_PRINCIPAL, Decimal(0), E, ((Role.EXECUTIVE_PRINCIPAL, Act.APPROVE),)),
    (
        Origin.SCHOOL,
        Role.GROUP_PRESIDENT,
        E,
        P,
        (
            (Role.EXECUTIVE_PRINCIPAL, Act.CONSENT),
            (Role.GROUP_FINANCE, Act.CHECK),
            (Role.GROUP_PRESIDENT, Act.APPROVE),
        ),
    ),
    (
        Origin.SCHOOL,
        Role.BUREAU_LEADER,
        P,
        None,
        (
            (Role.EXECUTIVE_PRINCIPAL, Act.CONSENT),
            (Role.GROUP_FINANCE, Act.CHECK),
            (Role.GROUP_PRESIDENT, Act.CONSENT),
            (Role.DISTRICT, Act.REVIEW),
            (Role.BUREAU_FINANCE, Act.REVIEW),
            (Role.BUREAU_LEADER, Act.APPROVE),
        ),
    ),
    (
        Origin.GROUP,
        Role.GROUP_PRESIDENT,
        Decimal(0),
        P,
        ((Role.GROUP_PRESIDENT, Act.APPROVE), (Role.EXECUTIVE_PRINCIPAL, Act.CONFIRM)),
    ),
    (
        Origin.GROUP,
        Role.BUREAU_LEADER,
        P,
        None,
        (
            (Role.GROUP_PRESIDENT, Act.CONSENT),
            (Role.DISTRICT, Act.REVIEW),
            (Role.BUREAU_FINANCE, Act.REVIEW),
            (Role.BUREAU_LEADER, Act.APPROVE),
            (Role.EXECUTIVE_PRINCIPAL, Act.CONFIRM),
        ),
    ),
)


def prepare_measures(
    by: User, *, document: str = "昆教财〔2024〕1号", valid_from: dt.date = SINCE
) -> Measures:
    """Example Measures with the limits above, not yet published."""
    row = measures.prepare(
        title="集团管理专项经费使用办法（示例）",
        document=document,
        valid_from=valid_from,
        collective_threshold=C,
        is_example=True,
        by=by,
    )
    for origin, role, above, up_to, steps in LIMITS:
        measures.add_limit(row, origin=origin, role=role, above=above, up_to=up_to, steps=steps, by=by)
    return row


def _money(world: World) -> None:
    officer = world.users["finance_1"]
    world.categories = {c.code: c for c in ExpenseCategory.objects.all()}
    world.measures = measures.publish(prepare_measures(officer), by=world.users["leader"])
    year = clock.today().year
    for name, group, keys in (("fund", world.group, "abc"), ("other_fund", world.other_group, "e")):
        fund = budget.open_fund(group, fiscal_year=year, by=officer)
        for key in keys:
            for category in world.categories.values():
                budget.allocate(
                    fund,
                    school=world.schools[f"school_{key}"],
                    category=category,
                    amount=Decimal("200000.00"),
                    document=f"昆教财〔{year}〕8号",
                    by=officer,
                )
        fund.refresh_from_db()
        setattr(world, name, fund)


def build() -> World:
    """The world, committed: one active group of three schools, another of one, one in preparation, a school outside."""
    world = World(Bureau.objects.get())
    with clock.at(SINCE):
        first = personnel.install(
            bureau=world.bureau, username="personnel", name="示例personnel", password=PASSWORD
        )
        world.users["personnel"] = first.person.user
        _people(world, first.person.user)
        for who, post in (
            ("leader", Post.BUREAU_LEADER),
            ("finance_1", Post.BUREAU_FINANCE),
            ("finance_2", Post.BUREAU_FINANCE),
            ("basic", Post.BUREAU_BASIC_EDUCATION),
            ("supervision", Post.BUREAU_SUPERVISION),
        ):
            appoint(world, who, post, world.bureau)
        _schools(world, first.person.user)
        lead, member = MembershipRole.LEAD, MembershipRole.MEMBER
        basic = world.users["basic"]
        world.group = _group(world, "SL", "示例", {"a": lead, "b": member, "c": member}, basic)
        world.other_group = _group(world, "LY", "邻园", {"e": lead}, basic)
        world.preparing = _group(world, "CB", "筹备", {}, basic)
        _posts(world)
        for group in (world.group, world.other_group):
            register.advance(group, status=GroupStatus.RUNNING, by=basic).refresh_from_db()
    _money(world)
    world.group.refresh_from_db()
    world.other_group.refresh_from_db()
    return world
