"""How the people of a story act: each through the pages, by what their forms hold."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from finance.models import FundRequest
from kunshan_edu.core import clock
from kunshan_edu.core.changes import acting, sentences
from kunshan_edu.core.denials import Denied
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.templatetags.kg import say
from personnel.choices import AppointmentState
from personnel.models import Appointment
from tests.finance import pages

A_DAY = dt.timedelta(days=1)
DOCUMENT = "昆教〔2026〕12号"


class Answer:
    """What came back: the status, the words as people read them, where one was led to."""

    def __init__(self, response: Any) -> None:
        self.status, self.response = response.status_code, response
        self.location = response.headers.get("Location", "")
        self.html = response.content.decode()
        self.words = re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", self.html))

    def says(self, *words: str) -> bool:
        return all(re.sub(r"\s+", "", each) in self.words for each in words)


def opens(world: Any, who: str, address: str) -> Answer:
    return Answer(pages.signed_in(world, who).get(address))


def sends(world: Any, who: str, address: str, **typed: Any) -> Answer:
    return Answer(pages.send(world, who, address, typed))


def on_group(group: Any, verb: str) -> str:
    return reverse("groups:group_verb", args=[group.pk, verb])


def decides(world: Any, who: str, row: FundRequest, verb: str = "approve", **typed: Any) -> Answer:
    """As the page of the request offers it: bound to the version that is shown."""
    row.refresh_from_db()
    form = {**pages.seen(row), "opinion": "同意。", **typed}
    answer = Answer(pages.send(world, who, reverse("finance:fund_request_verb", args=[row.pk, verb]), form))
    row.refresh_from_db()
    return answer


def submits(world: Any, who: str = "clerk_a", amount: str = "4,860.00", **more: Any) -> Answer:
    """A new request of one line, submitted."""
    school = more.pop("school", None) or world.schools[f"school_{who[-1]}"]
    category = more.pop("category", world.categories["research"])
    rows = [("示例用途", school.pk, category.pk, amount)]
    form = pages.draft_post(world, who, rows=rows, verb="submit", **more)
    return Answer(pages.signed_in(world, who).post(pages.url("fund_request_new"), form))


def submitted(world: Any, who: str = "clerk_a", amount: str = "4,860.00", **more: Any) -> FundRequest:
    """The same, which must succeed; the request."""
    answer = submits(world, who, amount, **more)
    assert answer.status == 303, answer.words
    return FundRequest.objects.latest("pk")


def appoints(world: Any, who: str, post: str, container: Any, **dates: Any) -> Answer:
    """The personnel section appoints, by the second step of its form; a cadre is then confirmed by a leader."""
    form = {
        "post": post,
        "person": world.users[who].person.pk,
        "container": container.pk,
        "method": "appointed" if post == "group_president" else "assigned",
        "document": "昆教人〔2026〕9号",
        "valid_from": clock.today().isoformat(),
        **dates,
    }
    recorded = sends(world, "personnel", reverse("personnel:appointment_new"), **form)
    row = Appointment.objects.filter(post=post, person__user=world.users[who]).order_by("pk").last()
    if recorded.status != 303 or row is None or row.state != AppointmentState.PROPOSED:
        return recorded
    return sends(world, "leader", reverse("personnel:appointment_verb", args=[row.pk, "confirm"]))


def dismisses(world: Any, who: str) -> Answer:
    """The personnel section ends the post that the world gave, a leader confirms: yesterday was its last day."""
    row = world.posts[who]
    ended = sends(
        world,
        "personnel",
        reverse("personnel:appointment_verb", args=[row.pk, "end"]),
        valid_to=(clock.today() - A_DAY).isoformat(),
        document="昆教人〔2026〕10号",
    )
    row.refresh_from_db()
    if ended.status != 303 or row.ending_on is None:
        return ended
    return sends(world, "leader", reverse("personnel:appointment_verb", args=[row.pk, "confirm-end"]))


def leaves(world: Any, school: Any) -> Answer:
    """The school leaves the group by a document of the bureau; yesterday was its last day."""
    membership = world.group.memberships.get(school=school)
    address = reverse("groups:membership_verb", args=[membership.pk, "leave"])
    yesterday = (clock.today() - A_DAY).isoformat()
    return sends(world, "basic", address, valid_to=yesterday, leave_document=DOCUMENT)


def records(world: Any, who: str, noun: str, **typed: Any) -> Answer:
    """The form of a new row of personnel, filled in and sent."""
    return sends(world, who, reverse(f"personnel:{noun}_new"), **typed)


def does(world: Any, who: str, noun: str, row: Any, verb: str, **typed: Any) -> Answer:
    """A verb of a row of personnel, by the form of its page."""
    answer = sends(world, who, reverse(f"personnel:{noun}_verb", args=[row.pk, verb]), **typed)
    row.refresh_from_db()
    return answer


def light(world: Any, row: Any, clause: Clause, on: dt.date | None = None, who: str = "teacher") -> Any:
    """(tone, sentence) of a clause, as the page of the group's leaders shows it for the group or a member school."""
    query = f"?on={on.isoformat()}" if on else ""
    page = opens(world, who, reverse("personnel:group_leadership", args=[world.group.pk]) + query)
    assert page.status == 200, page.words
    bodies = [page.response.context["head"], *page.response.context["members"]]
    [found] = [x for body in bodies if body.row == row for x in body.lights if x.clause == clause]
    assert page.says(say(found), str(found.chip[1]), clause.section), (
        "the page says it, with the word of the tone"
    )
    return found.tone.value, say(found)


def refused_raw(world: Any, name: str, write: Callable[[], Any]) -> Clause | None:
    """A write that goes past every rule in Python is refused by the database, by that name; the clause it stands on."""
    with pytest.raises(Denied) as caught, acting("personnel.test", world.admin):
        write()
    assert caught.value.denial == sentences()[name]
    return caught.value.denial.clause
