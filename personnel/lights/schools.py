"""How a member school stands to the clauses 4.1: its principal and what goes with the post, its plaques."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count

from groups.choices import ACTIVE_STATUSES
from groups.models import Membership
from kunshan_edu.core.denials import _
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.lights import Light, Tone
from personnel.choices import Post
from personnel.lights.evidence import Found, begun, form_about, form_of_post, holders, vacant_since
from personnel.models import Appointment, Deviation, PartyOrganisation, Plaque

REGISTRATION_DAYS = 30  # 法人变更登记: amber until it is entered, red when it is not entered by then


def _members(rows: Any, on: dt.date) -> dict[int, Membership]:
    """School id → its membership that day, in a group at work."""
    current = Membership.objects.in_force(on).filter(school__in=rows, group__status__in=ACTIVE_STATUSES)
    return {m.school_id: m for m in current}


def _grey(clause: Clause) -> Light:
    return Light(clause, Tone.GREY, _("该校不是集团成员，不适用。"))


def principal(rows: Any, on: dt.date) -> Found:
    """4.1.k: an executive principal in every member school."""
    clause, post = Clause.C4_1_K, Post.EXECUTIVE_PRINCIPAL
    members, held = _members(rows, on), holders(post, "school", rows, on)
    ended, both = vacant_since(post, "school", rows, on), _presidents_by_deviation(held, on)
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
            yield (
                school.pk,
                Light(clause, Tone.RED, text, words, since, form_of_post(post, school.pk), _("办理任职")),
            )


def _presidents_by_deviation(principals: dict[int, Appointment], on: dt.date) -> dict[int | None, Deviation]:
    """Principals who are presidents as well (person id) → the deviation of the group that allows it."""
    people = [a.person_id for a in principals.values()]
    presidents = Appointment.objects.in_force(on).filter(post=Post.GROUP_PRESIDENT, person__in=people)
    groups = dict(presidents.values_list("group", "person"))
    noted = Deviation.objects.in_force(on).filter(clause_id=Clause.C4_1_K.id, group__in=groups)
    return {groups[deviation.group_id]: deviation for deviation in noted}


def registered(rows: Any, on: dt.date) -> Found:
    """4.1.l: the executive principal is registered as legal representative, within thirty days."""
    clause = Clause.C4_1_L
    members, held = _members(rows, on), holders(Post.EXECUTIVE_PRINCIPAL, "school", rows, on)
    for school in rows:
        holder = held.get(school.pk)
        if school.pk not in members:
            yield school.pk, _grey(clause)
        elif holder is None:
            text = _("执行校长空缺，没有法定代表人。")
            url = form_of_post(Post.EXECUTIVE_PRINCIPAL, school.pk)
            yield school.pk, Light(clause, Tone.RED, text, url=url, action=_("办理任职"))
        else:
            yield school.pk, _registration(clause, holder, on)


def _registration(clause: Clause, holder: Appointment, on: dt.date) -> Light:
    url = holder.get_absolute_url()
    if begun(holder.legal_representative_on, on):
        text, words = _("法定代表人%(name)s已登记。"), {"name": str(holder.holder)}
        return Light(clause, Tone.GREEN, text, words, holder.legal_representative_on, url)
    days = (on - holder.valid_from).days
    tone = Tone.RED if days > REGISTRATION_DAYS else Tone.AMBER
    text = _("执行校长任职 %(days)s 天，法定代表人变更登记尚未登记。")
    return Light(clause, tone, text, {"days": days}, holder.valid_from, url, _("登记日期"))


def branch(rows: Any, on: dt.date) -> Found:
    """4.1.m: a branch, whose secretary the executive principal is."""
    clause = Clause.C4_1_M
    members, held = _members(rows, on), holders(Post.EXECUTIVE_PRINCIPAL, "school", rows, on)
    branches = {p.school_id for p in PartyOrganisation.objects.in_force(on).filter(school__in=rows)}
    for school in rows:
        holder = held.get(school.pk)
        if school.pk not in members:
            yield school.pk, _grey(clause)
        elif school.pk not in branches:
            text, url = (
                _("尚未登记党支部。"),
                form_about("personnel:party_organisation_new", school=school.pk),
            )
            yield school.pk, Light(clause, Tone.AMBER, text, url=url, action=_("登记党组织"))
        elif holder is None or not begun(holder.secretary_on, on):
            text = _("执行校长尚未登记兼任党支部书记日期。")
            url = holder.get_absolute_url() if holder else form_of_post(Post.EXECUTIVE_PRINCIPAL, school.pk)
            yield school.pk, Light(clause, Tone.AMBER, text, url=url, action=_("登记日期"))
        else:
            text, words = _("执行校长%(name)s兼任党支部书记。"), {"name": str(holder.holder)}
            yield (
                school.pk,
                Light(clause, Tone.GREEN, text, words, holder.secretary_on, holder.get_absolute_url()),
            )


def plaques(rows: Any, on: dt.date) -> Found:
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
        url = form_about("personnel:plaque_list" if n == 2 else "personnel:plaque_new", school=school.pk)
        yield school.pk, Light(clause, tone, text, {"count": n}, url=url, action=action)
