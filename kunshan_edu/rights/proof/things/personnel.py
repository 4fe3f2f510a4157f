"""Appointments at every stage of their life."""

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
from kunshan_edu.rights.proof.things.groups import new_group
from personnel import actions
from personnel.choices import Post
from personnel.models import Appointment, Person

NOMINATE = "/api/v1/appointments/nominate/"
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
    for number, stage in enumerate(("proposed", "selecting", "notice"), 71):
        row = make.competition(new_group(make.scene, number), stage)  # each in a group that has no president
        yield make.thing(f"竞聘总校长 {stage}", row)


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


@filling("appointment.cancel")
def refusing(_scene: Scene, _thing: Thing) -> dict[str, Any]:
    return {"reason": "示例理由"}


@filling("appointment.end")
def ending(scene: Scene, thing: Thing) -> dict[str, Any]:
    last = max(scene.today, thing.row.valid_from) + dt.timedelta(days=30)
    return {"valid_to": last.isoformat(), "end_reason": "transfer", "document": DOCUMENT}


@ways
def beginnings(scene: Scene) -> Iterator[Deed]:
    """New appointments of a cadre and of others, and nominations."""
    yield from _proposing(scene)
    yield from _nominating(scene)


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
        body = {**facts, "person": person(scene, "clerk_b").pk}
        yield Deed("appointment.nominate", thing, API, NOMINATE, lambda body=body: body)
