"""Appointments at every stage of their life, and what hangs on them: extensions, incentives, delegations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.urls import reverse

from groups.models import EducationGroup
from kunshan_edu.core import clock
from kunshan_edu.rights.facts import Facts
from kunshan_edu.rights.proof.stage import developer
from kunshan_edu.rights.proof.things import (
    API,
    FORM,
    PAGE,
    Deed,
    Scene,
    Thing,
    around,
    blank,
    filling,
    maker,
    ways,
)
from personnel import actions
from personnel.actions import appraisal
from personnel.choices import Post
from personnel.models import Appointment, IncentiveTerm, Person, TermExtension

DOCUMENT = "昆教人〔2026〕22号"


def person(scene: Scene, word: str) -> Person:
    return Person.objects.get(user=scene.world.users[word])


def somebody(scene: Scene) -> Person:
    """A new person without an account, whose name is a canary."""
    return actions.register_person(name=scene.canary(), by=scene.world.users["personnel"])


def facts_of(row: Appointment, **said: Any) -> Facts:
    """What the matrix looks at, from the row itself and where its container stands."""
    container = row.container
    group = container if isinstance(container, EducationGroup) else None
    if row.school_id:
        group = EducationGroup.objects.of_school(container).first()
    led = group is not None and group.appointments.in_force().filter(post=Post.GROUP_PRESIDENT).exists()
    maker_pk = row.ending_by_id if row.ending_on else row.recorded_by_id
    return Facts(
        **(around(container) if row.group_id or row.school_id else {}),
        state=row.state,
        owner=row.person.user_id if row.person else None,
        maker=maker_pk,
        post=row.post,
        method=row.method,
        over=row.valid_to is not None and row.valid_to <= clock.today(),
        ending=row.ending_on is not None,
        vacant=not led,
        **said,
    )


class Posts:
    """Makes appointments."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.world = scene, scene.world

    def user(self, word: str) -> Any:
        return self.world.users[word]

    def recorded(self, post: Post, container: Any, method: str = "assigned", **dates: Any) -> Appointment:
        """Recorded by the personnel section: a cadre's is then proposed."""
        who = None if method == "competitive" else somebody(self.scene)
        facts = {
            "post": post,
            "container": container,
            "method": method,
            "document": DOCUMENT,
            "remark": "示例",
        }
        return actions.appoint(
            who, **facts, **{"valid_from": self.scene.today, **dates}, by=self.user("personnel")
        )

    def nominated(self, post: Post, container: Any, by: str) -> Appointment:
        facts = {"post": post, "container": container, "method": "assigned", "document": DOCUMENT}
        who = somebody(self.scene)
        return actions.nominate(who, **facts, valid_from=self.scene.today, by=self.user(by))

    def competition(self, group: Any, stage: str) -> Appointment:
        """A competition for a presidency, as far as `stage`; its notice ended before today."""
        row = self.recorded(Post.GROUP_PRESIDENT, group, "competitive")
        by = self.user("personnel")
        with clock.at(self.scene.today - dt.timedelta(days=40)):
            start = clock.today()
            if stage != "proposed":
                row = actions.announce(row, announced_on=start, document=DOCUMENT, requirements="示例", by=by)
                candidate = somebody(self.scene)
                actions.record_scores(
                    row, person=candidate, written=Decimal(80), interview=Decimal(80), by=by
                )
            if stage == "notice":
                notice = {"notice_from": start, "notice_to": start + dt.timedelta(days=20)}
                row = actions.publish_notice(row, **notice, person=candidate, by=by)
        return Appointment.objects.get(pk=row.pk)

    def thing(self, word: str, row: Appointment, **said: Any) -> Thing:
        row = Appointment.objects.select_related("person").get(pk=row.pk)
        canary = row.person.name if row.person and row.person.user_id is None else ""
        parties = frozenset({row.nominated_by_id} - {None})
        seen = replace(facts_of(row, **said), maker=row.recorded_by_id)
        return Thing("appointment", word, row, facts_of(row, **said), canary, {}, parties, seen)


@maker("appointment")
def appointments(scene: Scene) -> Iterator[Thing]:
    """In office, ending, over, nominated, proposed, in competition, published, cancelled; cadres and others."""
    make, world = Posts(scene), scene.world
    for word in (
        "president",
        "principal_a",
        "vice_a",
        "head_a",
        "clerk_a",
        "cashier_b",
        "other_president",
        "leader",
    ):
        yield replace(make.thing(f"在任 {word}", world.posts[word]), unripe=frozenset({"appointment.extend"}))
    yield make.thing("已免 ended_cashier", world.posts["ended_cashier"])
    yield from _under_way(make)
    yield from _ending(make)


def _under_way(make: Posts) -> Iterator[Thing]:
    school = make.world.schools.__getitem__
    yield make.thing("总校长提名副校长", make.nominated(Post.VICE_PRINCIPAL, school("school_b"), "president"))
    yield make.thing(
        "执行校长提名中层", make.nominated(Post.DEPARTMENT_HEAD, school("school_b"), "principal_b")
    )
    yield make.thing("拟任副校长", make.recorded(Post.VICE_PRINCIPAL, school("school_c")))
    yield make.thing("无集团学校拟任中层", make.recorded(Post.DEPARTMENT_HEAD, school("school_free")))
    yield make.thing("拟任执行校长", make.recorded(Post.EXECUTIVE_PRINCIPAL, school("school_free")))
    yield make.thing("拟任副书记", make.recorded(Post.DEPUTY_SECRETARY, make.world.other_group))
    cancelled = make.recorded(Post.VICE_PRINCIPAL, school("school_e"))
    actions.cancel(cancelled, reason="示例理由", by=make.user("leader"))
    yield make.thing("不予任用", cancelled)
    groups = [thing.row for thing in make.scene.of("education_group") if thing.facts.state == "preparing"]
    empty = [make.world.preparing, *groups]
    for stage in ("proposed", "selecting", "notice"):
        yield make.thing(f"竞聘总校长 {stage}", make.competition(_without_president(make, empty), stage))


def _without_president(make: Posts, _groups: list[Any]) -> Any:
    """A new group without a president: each competition has one to itself."""
    from kunshan_edu.rights.proof.things.groups import new_group

    return new_group(make.scene, next(make.scene.numbers) % 900 + 100)


def _ending(make: Posts) -> Iterator[Thing]:
    """A cadre whose end is recorded and waits for the second person."""
    small = developer("tests.world")
    make.scene.newcomer("leaving_vice")
    row = small.appoint(make.world, "leaving_vice", Post.VICE_PRINCIPAL, make.world.schools["school_b"])
    day = make.scene.today + dt.timedelta(days=20)
    row = actions.end(row, valid_to=day, document=DOCUMENT, by=make.user("personnel"))
    yield make.thing("免职待审定", row)


@filling("appointment.announce")
def announcing(scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {"announced_on": scene.today.isoformat(), "document": DOCUMENT, "requirements": "示例"}


@filling("appointment.record_scores")
def scores(scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {"person": person(scene, "teacher").pk, "written": "90", "interview": "90"}


@filling("appointment.publish_notice")
def notice(scene: Scene, thing: Thing) -> dict[str, Any]:
    last = scene.today + dt.timedelta(days=30)
    chosen = {}
    if thing.row.method == "competitive" and hasattr(thing.row, "selection"):
        chosen = {"person": thing.row.selection.candidates.first().person_id}
    return {"notice_from": scene.today.isoformat(), "notice_to": last.isoformat(), **chosen}


@filling("appointment.register_dates")
def dates(scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {"secretary_on": (scene.today - dt.timedelta(days=3)).isoformat()}


@filling("appointment.cancel", "extension.refuse", "incentive.refuse")
def refusing(_scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {"reason": "示例理由"}


@filling("appointment.end")
def ending(scene: Scene, thing: Thing) -> dict[str, Any]:
    last = max(scene.today, thing.row.valid_from) + dt.timedelta(days=30)
    return {"valid_to": last.isoformat(), "end_reason": "transfer", "document": DOCUMENT}


@filling("appointment.extend")
def extending(scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {
        "new_end": (scene.today + dt.timedelta(days=300)).isoformat(),
        "document": DOCUMENT,
        "reason": "示例",
    }


@filling("appointment.reward")
def rewarding(scene: Scene, _thing: Thing) -> dict[str, Any]:
    facts = {"base_coefficient": "1.50", "coefficient": "1.60", "document": DOCUMENT}
    return {**facts, "valid_from": scene.today.isoformat()}


@filling("incentive.end")
def ending_incentive(scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {"valid_to": (scene.today + dt.timedelta(days=5)).isoformat()}


def ending_president(scene: Scene, number: int) -> Appointment:
    """The president of a new group, appraised excellent, in office for a while of a longer term."""
    from kunshan_edu.rights.proof.things.groups import new_group

    small, world, today = developer("tests.world"), scene.world, scene.today
    group, word = new_group(scene, number), f"president_{number}"
    scene.newcomer(word)
    term = {"valid_from": today - dt.timedelta(days=700), "valid_to": today + dt.timedelta(days=100)}
    row = small.appoint(
        world, word, Post.GROUP_PRESIDENT, group, **term, term_end=today + dt.timedelta(days=900)
    )
    facts = {"year": today.year - 1, "grade": "excellent", "document": DOCUMENT, "post": "group_president"}
    appraisal.appraise(row.person, **facts, group=group, by=world.users["leader"])
    return row


@maker("extension")
def extensions(scene: Scene) -> Iterator[Thing]:
    """An extension that waits, one refused; and a president whose tenure may be extended."""
    world = scene.world
    scene.things.append(Posts(scene).thing("可延任的总校长", ending_president(scene, 61)))
    for number, state in ((62, "proposed"), (63, "refused")):
        post = ending_president(scene, number)
        end = scene.today + dt.timedelta(days=200)
        actions.extend(post, new_end=end, document=DOCUMENT, reason="示例", by=world.users["personnel"])
        row = TermExtension.objects.get(appointment=post)
        if state == "refused":
            row = actions.refuse_extension(row, reason="示例理由", by=world.users["leader"])
        yield Thing("extension", state, row, _of_pair(row, post, state))


def _of_pair(row: Any, post: Appointment, state: str) -> Facts:
    owner, recorder = post.person.user_id, row.recorded_by_id
    return Facts(**around(post.group), state=state, owner=owner, maker=recorder, post=post.post)


@maker("incentive")
def incentives(scene: Scene) -> Iterator[Thing]:
    """Incentives of presidents: waiting, confirmed, refused."""
    world = scene.world
    for word, state in (
        ("president", "proposed"),
        ("other_president", "confirmed"),
        ("president_1", "refused"),
    ):
        post = world.posts[word]
        facts = {"base_coefficient": Decimal("1.5"), "coefficient": Decimal("1.6"), "document": DOCUMENT}
        actions.reward(post, **facts, valid_from=scene.today, by=world.users["personnel"])
        row = IncentiveTerm.objects.get(appointment=post)
        if state == "confirmed":
            row = actions.confirm_incentive(row, by=world.users["leader"])
        if state == "refused":
            row = actions.refuse_incentive(row, reason="示例理由", by=world.users["leader"])
        yield Thing("incentive", state, row, _of_pair(row, post, state))


@maker("delegation")
def delegations(scene: Scene) -> Iterator[Thing]:
    """A president's to the deputy, a principal's with a ceiling, one to come, one that was taken back."""
    world, today = scene.world, scene.today
    month = dt.timedelta(days=20)
    for giver, to, first, ceiling in (
        ("president", "deputy", today, None),
        ("principal_a", "vice_a", today, Decimal("5000.00")),
        ("leader", "basic", today + month, None),
        ("other_president", "clerk_e", today, Decimal("5000.00")),
    ):
        act, by = (
            (actions.give, giver) if giver in ("president", "principal_a") else (actions.reassign, "leader")
        )
        facts = {"valid_from": first, "valid_to": first + month, "reason": scene.canary(), "ceiling": ceiling}
        row = act(world.posts[giver], delegate=person(scene, to), **facts, by=world.users[by])
        state = "coming" if first > today else "current"
        if giver == "other_president":
            row, state = actions.revoke(row, by=world.users["leader"]), "over"
        yield _delegation(row, state, {giver, to, by}, scene)


def _delegation(row: Any, state: str, parties: set[str], scene: Scene) -> Thing:
    post = row.appointment
    owner = post.person.user_id
    where = around(post.container) if post.group_id or post.school_id else {}
    facts = Facts(**where, state=state, owner=owner, post=post.post)
    own = frozenset(scene.world.users[word].pk for word in parties)
    return Thing("delegation", f"{post} {state}", row, facts, row.reason, {}, own)


@ways
def beginnings(scene: Scene) -> Iterator[Deed]:
    """New appointments of a cadre and of others, nominations, delegations and reassignments."""
    yield from _proposing(scene)
    yield from _nominating(scene)
    yield from _delegating(scene)


def _proposing(scene: Scene) -> Iterator[Deed]:
    world, day = scene.world, scene.today.isoformat()
    for post, container in (
        (Post.VICE_PRINCIPAL, "school_e"),
        (Post.CLERK, "school_a"),
        (Post.GROUP_OFFICE, "group"),
    ):
        place = world.schools.get(container) or getattr(world, container)
        facts = {"person": person(scene, "teacher").pk, "container": place.pk, "method": "assigned"}
        facts |= {"document": DOCUMENT, "valid_from": day, "post": post.value}
        thing = blank("appointment", f"登记 {post}", Facts(**around(place), post=post.value))
        page = f"{reverse('personnel:appointment_new')}?post={post.value}"
        yield Deed("appointment.propose", thing, FORM, page, lambda facts=facts: facts)
        yield Deed("appointment.propose", thing, API, "/api/v1/appointments/", lambda facts=facts: facts)
        yield Deed("appointment.propose", thing, PAGE, page, dict, "GET", b'name="container"')


def _nominating(scene: Scene) -> Iterator[Deed]:
    world, page = scene.world, reverse("personnel:appointment_nominate")
    for post, container in (
        (Post.VICE_PRINCIPAL, "school_a"),
        (Post.EXECUTIVE_PRINCIPAL, "school_free"),
        (Post.DEPARTMENT_HEAD, "school_b"),
        (Post.DEPUTY_SECRETARY, "group"),
    ):
        place = world.schools.get(container) or getattr(world, container)
        facts = {"person": person(scene, "clerk_b").name, "container": place.pk, "method": "assigned"}
        facts |= {"document": DOCUMENT, "valid_from": scene.today.isoformat(), "post": post.value}
        thing = blank("appointment", f"提名 {post} {place}", Facts(**around(place), post=post.value))
        address = f"{page}?post={post.value}"
        yield Deed("appointment.nominate", thing, FORM, address, lambda facts=facts: facts)


def _delegating(scene: Scene) -> Iterator[Deed]:
    world, today = scene.world, scene.today
    first = today + dt.timedelta(days=40)
    facts = {
        "valid_from": first.isoformat(),
        "valid_to": (first + dt.timedelta(days=9)).isoformat(),
        "reason": "示例",
    }
    for giver, to in (("president", "deputy"), ("principal_a", "vice_a")):
        post = world.posts[giver]
        own = {"appointment": post.pk, "delegate": person(scene, to).pk, **facts}
        said = Facts(**around(post.container), owner=world.users[giver].pk, post=post.post)
        thing = blank("delegation", f"委托 {giver}", said)
        page = reverse("personnel:delegation_new")
        yield Deed("delegation.give", thing, FORM, page, lambda own=own: own)
    post = world.posts["principal_b"]
    other = {"appointment": post.pk, "delegate": person(scene, "clerk_b").pk, **facts}
    thing = blank("delegation", "改派", Facts(**around(post.container), post=post.post))
    yield Deed("delegation.reassign", thing, FORM, reverse("personnel:delegation_reassign"), lambda: other)
    yield Deed(
        "delegation.reassign",
        thing,
        PAGE,
        reverse("personnel:delegation_reassign"),
        dict,
        "GET",
        b'name="delegate"',
    )
