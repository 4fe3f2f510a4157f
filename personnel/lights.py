"""How personnel answers for the clauses 4.1 and 3.2.b: posts, party organisations, plaques, quotas, seven rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max
from django.urls import reverse

from groups.choices import ACTIVE_STATUSES, PolicySlot
from groups.models import EducationGroup, GroupPolicy, Membership, School
from kunshan_edu.core.denials import _
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.lights import Lamp, Light, Tone
from personnel.choices import QUOTA_POSTS, SCHOOL_QUOTAS, Post, QuotaLevel, RuleSetKind
from personnel.models import (
    Appointment,
    Deviation,
    GroupRuleSet,
    OrgUnit,
    PartyOrganisation,
    Plaque,
    PostQuota,
)

REGISTRATION_DAYS = 30  # 法人变更登记: amber until it is entered, red when it is not entered by then
SEVEN = len(PolicySlot)
Found = Iterator[tuple[int, Light]]


def _new(post: Post, container: int) -> str:
    """The form for the post, with where it is held."""
    return f"{reverse('personnel:appointment_new')}?post={post.value}&container={container}"


def _form(name: str, **asked: int) -> str:
    """A form that is filled in with what it is about."""
    return f"{reverse(name)}?{urlencode(asked)}"


def _begun(day: dt.date | None, on: dt.date) -> bool:
    """Has what was registered for `day` begun?"""
    return day is not None and day <= on


def _holders(post: Post, scope: str, rows: Any, on: dt.date) -> dict[int, Appointment]:
    """Container id → who holds the post that day."""
    held = Appointment.objects.in_force(on).filter(post=post, **{f"{scope}__in": rows})
    return {getattr(a, f"{scope}_id"): a for a in held.select_related("person")}


def _vacant_since(post: Post, scope: str, rows: Any, on: dt.date) -> dict[int, dt.date]:
    """Container id → the day the last holder's post ended."""
    past = Appointment.objects.live().filter(post=post, valid_to__lte=on, **{f"{scope}__in": rows})
    return dict(past.values(scope).annotate(last=Max("valid_to")).values_list(scope, "last"))


def _explained(
    clause: Clause, model: Any, look: Callable[[Any, dt.date], Iterable[tuple[int, Light]]]
) -> Lamp:
    """A lamp that shows a recorded, confirmed deviation in the place of amber and red."""
    column = "group" if model is EducationGroup else "school"

    def seen(rows: Any, on: dt.date) -> Found:
        noted = Deviation.objects.in_force(on).filter(clause_id=clause.id, **{f"{column}__in": rows})
        reasons = {getattr(d, f"{column}_id"): d for d in noted}
        for key, light in look(rows, on):
            deviation = reasons.get(key)
            if deviation and light.tone in (Tone.AMBER, Tone.RED):
                words = {"reason": deviation.reason, "document": deviation.document}
                text = _("%(reason)s（%(document)s）。")
                url = deviation.get_absolute_url()
                yield key, Light(clause, Tone.EXPLAINED, text, words, deviation.valid_from, url)
            else:
                yield key, light

    return Lamp(clause, model, seen)


def _working(rows: Any, clause: Clause) -> tuple[list[EducationGroup], list[tuple[int, Light]]]:
    """The groups to which the clause applies, and a grey light for each of the others."""
    groups = list(rows)
    grey = _("集团处于%(status)s，暂不适用。")
    others = [
        (g.pk, Light(clause, Tone.GREY, grey, {"status": g.get_status_display()}))
        for g in groups
        if g.status not in ACTIVE_STATUSES
    ]
    return [g for g in groups if g.status in ACTIVE_STATUSES], others


def _held(clause: Clause, post: Post, vacant: Tone) -> Callable[[Any, dt.date], Found]:
    """At least one holder of a group's post; a vacancy with its days."""

    def look(rows: Any, on: dt.date) -> Found:
        groups, others = _working(rows, clause)
        yield from others
        held, ended = _holders(post, "group", rows, on), _vacant_since(post, "group", rows, on)
        for group in groups:
            holder = held.get(group.pk)
            if holder:
                words: dict[str, Any] = {"post": str(post.label), "name": str(holder.holder)}
                text = _("%(post)s：%(name)s。")
                yield (
                    group.pk,
                    Light(clause, Tone.GREEN, text, words, holder.valid_from, holder.get_absolute_url()),
                )
                continue
            since = ended.get(group.pk, group.founded_on)
            text = _("%(post)s空缺 %(days)s 天。")
            words = {"post": str(post.label), "days": (on - since).days}
            yield group.pk, Light(clause, vacant, text, words, since, _new(post, group.pk), _("办理任职"))

    return look


def _secretary(rows: Any, on: dt.date) -> Found:
    """4.1.d: the president's row carries the secretaryship, unless a rule-set separates them."""
    clause = Clause.C4_1_D
    groups, others = _working(rows, clause)
    yield from others
    held = _holders(Post.GROUP_PRESIDENT, "group", rows, on)
    secretaries = _holders(Post.GROUP_SECRETARY, "group", rows, on)
    separated = GroupRuleSet.objects.in_force(on).filter(kind=RuleSetKind.SEPARATED_2022, group__in=rows)
    apart = {r.group_id: r for r in separated}
    for group in groups:
        president, rule = held.get(group.pk), apart.get(group.pk)
        if rule:
            secretary = secretaries.get(group.pk)
            text = _("按%(document)s书记、校长分设，书记：%(name)s。")
            words = {"document": rule.document, "name": str(secretary.holder) if secretary else "—"}
            tone = Tone.EXPLAINED if secretary else Tone.AMBER
            yield group.pk, Light(clause, tone, text, words, rule.valid_from, rule.get_absolute_url())
        elif president is None:
            text = _("总校长空缺，没有书记。")
            yield (
                group.pk,
                Light(clause, Tone.RED, text, url=_new(Post.GROUP_PRESIDENT, group.pk), action=_("办理任职")),
            )
        elif not _begun(president.secretary_on, on):
            text = _("总校长尚未登记兼任书记日期。")
            yield (
                group.pk,
                Light(
                    clause,
                    Tone.AMBER,
                    text,
                    {},
                    president.valid_from,
                    president.get_absolute_url(),
                    _("登记日期"),
                ),
            )
        else:
            text = _("总校长%(name)s兼任书记。")
            words = {"name": str(president.holder)}
            yield (
                group.pk,
                Light(clause, Tone.GREEN, text, words, president.secretary_on, president.get_absolute_url()),
            )


def _party(rows: Any, on: dt.date) -> Found:
    """4.1.c: a committee or general branch."""
    clause = Clause.C4_1_C
    groups, others = _working(rows, clause)
    yield from others
    found = {p.group_id: p for p in PartyOrganisation.objects.in_force(on).filter(group__in=rows)}
    for group in groups:
        party = found.get(group.pk)
        if party:
            words = {"name": party.name, "document": party.document}
            text = _("%(name)s（%(document)s）。")
            yield group.pk, Light(clause, Tone.GREEN, text, words, party.valid_from, party.get_absolute_url())
        else:
            text, url = (
                _("尚未成立集团党委或党总支部。"),
                _form("personnel:party_organisation_new", group=group.pk),
            )
            yield group.pk, Light(clause, Tone.RED, text, {}, group.founded_on, url, _("登记党组织"))


def _office(rows: Any, on: dt.date) -> Found:
    """4.1.i, 4.1.j: a management body of the group itself, and the lines that it coordinates."""
    clause = Clause.C4_1_I
    groups, others = _working(rows, clause)
    yield from others
    lines: dict[int, list[str]] = {}
    for unit in OrgUnit.objects.in_force(on).filter(group__in=rows):
        lines.setdefault(unit.group_id or 0, []).append(str(unit.get_line_display()))
    for group in groups:
        mine = lines.get(group.pk)
        if mine:
            text = _("集团管理机构 %(count)s 个，条线：%(lines)s。")
            words = {"count": len(mine), "lines": tuple(dict.fromkeys(mine))}
            url = _form("personnel:org_unit_list", group=group.pk)
            yield group.pk, Light(clause, Tone.GREEN, text, words, url=url)
        else:
            text, url = (
                _("尚未成立独立于成员学校的管理机构。"),
                _form("personnel:org_unit_new", group=group.pk),
            )
            yield group.pk, Light(clause, Tone.RED, text, {}, group.founded_on, url, _("设置机构"))


def _policies(rows: Any, on: dt.date) -> Found:
    """4.1.u: the seven unified personnel rules."""
    clause = Clause.C4_1_U
    groups, others = _working(rows, clause)
    yield from others
    filled: dict[int, set[int]] = {}
    for group_id, slot in (
        GroupPolicy.objects.in_force(on).filter(group__in=rows).values_list("group", "slot")
    ):
        filled.setdefault(group_id, set()).add(slot)
    for group in groups:
        mine = filled.get(group.pk, set())
        missing = [slot for slot in PolicySlot if slot.value not in mine]
        words = {"count": len(mine), "all": SEVEN, "missing": [str(slot.label) for slot in missing]}
        if missing:
            text = _("七项人事制度施行 %(count)s 项，缺：%(missing)s。")
            tone = Tone.AMBER if mine else Tone.RED
            url = _form("groups:policy_new", group=group.pk, slot=missing[0].value)
            yield group.pk, Light(clause, tone, text, words, url=url, action=_("审定制度"))
        else:
            url = _form("groups:policy_list", group=group.pk)
            yield group.pk, Light(clause, Tone.GREEN, _("七项人事制度全部施行。"), words, url=url)


def _quotas(levels: tuple[QuotaLevel, ...], scope: str, clause: Clause) -> Callable[[Any, dt.date], Found]:
    """4.1.h, 4.1.o: quotas set by a document, and how much of them is used."""

    def look(rows: Any, on: dt.date) -> Found:
        quotas: dict[int, list[PostQuota]] = {}
        for quota in PostQuota.objects.in_force(on).filter(**{f"{scope}__in": rows}).with_used(on):
            quotas.setdefault(getattr(quota, f"{scope}_id"), []).append(quota)
        for row in rows:
            url = _form("personnel:post_quota_new", **{scope: row.pk})
            yield row.pk, _quota_light(clause, quotas.get(row.pk, []), levels, url)

    return look


def _quota_light(clause: Clause, quotas: list[Any], levels: tuple[QuotaLevel, ...], mend: str) -> Light:
    if len(quotas) < len(levels):
        text = _("尚未核定全部职数（%(count)s/%(all)s）。")
        words = {"count": len(quotas), "all": len(levels)}
        return Light(clause, Tone.AMBER, text, words, url=mend, action=_("核定职数"))
    told = [f"{q.get_level_display()} {q.used}/{q.posts}" for q in quotas]
    over = any(q.used > q.posts for q in quotas)
    text = _("超出核定职数：%(told)s。") if over else _("在核定职数之内：%(told)s。")
    url = quotas[0].get_absolute_url()
    return Light(clause, Tone.RED if over else Tone.GREEN, text, {"told": told}, url=url)


def _members(rows: Any, on: dt.date) -> dict[int, Membership]:
    """School id → its membership that day, in a group at work."""
    current = Membership.objects.in_force(on).filter(school__in=rows, group__status__in=ACTIVE_STATUSES)
    return {m.school_id: m for m in current}


def _grey(clause: Clause) -> Light:
    return Light(clause, Tone.GREY, _("该校不是集团成员，不适用。"))


def _principal(rows: Any, on: dt.date) -> Found:
    """4.1.k: an executive principal in every member school."""
    clause, post = Clause.C4_1_K, Post.EXECUTIVE_PRINCIPAL
    members, held = _members(rows, on), _holders(post, "school", rows, on)
    ended, both = _vacant_since(post, "school", rows, on), _presidents_by_deviation(held, on)
    for school in rows:
        holder, membership = held.get(school.pk), members.get(school.pk)
        if membership is None:
            yield school.pk, _grey(clause)
        elif holder and holder.person_id in both:
            deviation = both[holder.person_id]
            text = _("总校长%(name)s兼任执行校长：%(reason)s（%(document)s）。")
            words: dict[str, Any] = {"name": str(holder.holder)}
            words |= {"reason": deviation.reason, "document": deviation.document}
            url = deviation.get_absolute_url()
            yield school.pk, Light(clause, Tone.EXPLAINED, text, words, holder.valid_from, url)
        elif holder:
            text, words = _("执行校长：%(name)s。"), {"name": str(holder.holder)}
            yield (
                school.pk,
                Light(clause, Tone.GREEN, text, words, holder.valid_from, holder.get_absolute_url()),
            )
        else:
            since = ended.get(school.pk, membership.valid_from)
            text, words = _("执行校长空缺 %(days)s 天。"), {"days": (on - since).days}
            yield school.pk, Light(clause, Tone.RED, text, words, since, _new(post, school.pk), _("办理任职"))


def _presidents_by_deviation(principals: dict[int, Appointment], on: dt.date) -> dict[int | None, Deviation]:
    """Principals who are presidents as well (person id) → the deviation of the group that allows it."""
    people = [a.person_id for a in principals.values()]
    presidents = Appointment.objects.in_force(on).filter(post=Post.GROUP_PRESIDENT, person__in=people)
    groups = dict(presidents.values_list("group", "person"))
    noted = Deviation.objects.in_force(on).filter(clause_id=Clause.C4_1_K.id, group__in=groups)
    return {groups[deviation.group_id]: deviation for deviation in noted}


def _registered(rows: Any, on: dt.date) -> Found:
    """4.1.l: the executive principal is registered as legal representative, within thirty days."""
    clause = Clause.C4_1_L
    members, held = _members(rows, on), _holders(Post.EXECUTIVE_PRINCIPAL, "school", rows, on)
    for school in rows:
        holder = held.get(school.pk)
        if school.pk not in members:
            yield school.pk, _grey(clause)
        elif holder is None:
            text = _("执行校长空缺，没有法定代表人。")
            url = _new(Post.EXECUTIVE_PRINCIPAL, school.pk)
            yield school.pk, Light(clause, Tone.RED, text, url=url, action=_("办理任职"))
        else:
            yield school.pk, _registration(clause, holder, on)


def _registration(clause: Clause, holder: Appointment, on: dt.date) -> Light:
    url = holder.get_absolute_url()
    if _begun(holder.legal_representative_on, on):
        text, words = _("法定代表人%(name)s已登记。"), {"name": str(holder.holder)}
        return Light(clause, Tone.GREEN, text, words, holder.legal_representative_on, url)
    days = (on - holder.valid_from).days
    tone = Tone.RED if days > REGISTRATION_DAYS else Tone.AMBER
    text = _("执行校长任职 %(days)s 天，法定代表人变更登记尚未登记。")
    return Light(clause, tone, text, {"days": days}, holder.valid_from, url, _("登记日期"))


def _branch(rows: Any, on: dt.date) -> Found:
    """4.1.m: a branch, whose secretary the executive principal is."""
    clause = Clause.C4_1_M
    members, held = _members(rows, on), _holders(Post.EXECUTIVE_PRINCIPAL, "school", rows, on)
    branches = {p.school_id for p in PartyOrganisation.objects.in_force(on).filter(school__in=rows)}
    for school in rows:
        holder = held.get(school.pk)
        if school.pk not in members:
            yield school.pk, _grey(clause)
        elif school.pk not in branches:
            text, url = _("尚未登记党支部。"), _form("personnel:party_organisation_new", school=school.pk)
            yield school.pk, Light(clause, Tone.AMBER, text, url=url, action=_("登记党组织"))
        elif holder is None or not _begun(holder.secretary_on, on):
            text = _("执行校长尚未登记兼任党支部书记日期。")
            url = holder.get_absolute_url() if holder else _new(Post.EXECUTIVE_PRINCIPAL, school.pk)
            yield school.pk, Light(clause, Tone.AMBER, text, url=url, action=_("登记日期"))
        else:
            text, words = _("执行校长%(name)s兼任党支部书记。"), {"name": str(holder.holder)}
            yield (
                school.pk,
                Light(clause, Tone.GREEN, text, words, holder.secretary_on, holder.get_absolute_url()),
            )


def _plaques(rows: Any, on: dt.date) -> Found:
    """4.1.q: two plaques on every member school."""
    clause = Clause.C4_1_Q
    members = _members(rows, on)
    hung = Plaque.objects.in_force(on).filter(membership__in=[m.pk for m in members.values()])
    count = dict(
        hung.values("membership__school").annotate(n=Count("pk")).values_list("membership__school", "n")
    )
    for school in rows:
        if school.pk not in members:
            yield school.pk, _grey(clause)
            continue
        n = count.get(school.pk, 0)
        text = _("挂牌 %(count)s 块，应挂原校名牌和集团成员校牌两块。")
        tone = Tone.GREEN if n == 2 else Tone.AMBER
        action = "" if n == 2 else _("登记挂牌")
        url = _form("personnel:plaque_list" if n == 2 else "personnel:plaque_new", school=school.pk)
        yield school.pk, Light(clause, tone, text, {"count": n}, url=url, action=action)


GROUP_LEVELS = tuple(level for level in QUOTA_POSTS if level not in SCHOOL_QUOTAS)
LAMPS = (
    _explained(Clause.C4_1_A, EducationGroup, _held(Clause.C4_1_A, Post.GROUP_PRESIDENT, Tone.RED)),
    _explained(Clause.C4_1_C, EducationGroup, _party),
    _explained(Clause.C4_1_D, EducationGroup, _secretary),
    _explained(Clause.C4_1_F, EducationGroup, _held(Clause.C4_1_F, Post.DEPUTY_SECRETARY, Tone.AMBER)),
    _explained(Clause.C4_1_H, EducationGroup, _quotas(GROUP_LEVELS, "group", Clause.C4_1_H)),
    _explained(Clause.C4_1_I, EducationGroup, _office),
    _explained(Clause.C4_1_K, School, _principal),
    _explained(Clause.C4_1_L, School, _registered),
    _explained(Clause.C4_1_M, School, _branch),
    _explained(Clause.C4_1_O, School, _quotas(SCHOOL_QUOTAS, "school", Clause.C4_1_O)),
    _explained(Clause.C4_1_Q, School, _plaques),
    _explained(Clause.C4_1_U, EducationGroup, _policies),
)
