"""四、1 保留原校名、原法人单位属性、原行政隶属关系、编制和人事关系不变: joining a group changes nothing of a school."""

from __future__ import annotations

from typing import Any

import pytest
from django.forms.models import model_to_dict
from django.urls import reverse

from groups.models import School, SchoolAffiliation
from kunshan_edu.core import clock
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.models import AuditEvent
from personnel.choices import Post
from personnel.models import Appointment
from tests.stories.doors import DOCUMENT, appoints, on_group, opens, refused_raw, sends
from tests.world import credit_code

pytestmark = pytest.mark.django_db


def everything_of(school: School) -> dict[str, Any]:
    """The school itself, its affiliation, and the posts held in it."""
    return {
        "school": model_to_dict(School.objects.get(pk=school.pk)),
        "affiliations": list(SchoolAffiliation.objects.filter(school=school).order_by("pk").values()),
        "posts": list(Appointment.objects.filter(school=school).order_by("pk").values()),
    }


def join(world: Any, school: School) -> Any:
    return sends(
        world,
        "basic",
        on_group(world.group, "join"),
        school=school.pk,
        role="member",
        valid_from=clock.today().isoformat(),
        join_document=DOCUMENT,
    )


def test_4_1_p_to_t_joining_and_leaving_change_nothing_of_the_school(world: Any) -> None:
    school = world.school_d
    appoints(world, "teacher", Post.EXECUTIVE_PRINCIPAL.value, school)
    before, events = everything_of(school), AuditEvent.objects.of(school).count()

    assert join(world, school).status == 303
    assert everything_of(school) == before
    page = opens(world, "clerk_b", school.get_absolute_url())
    assert page.says(
        "示例教育集团", "加入或退出集团都不改变以上各项", "四、1", before["school"]["credit_code"]
    )
    assert page.says(before["school"]["name"], "事业单位法人", "市级")

    membership = school.memberships.get()
    leave = reverse("groups:membership_verb", args=[membership.pk, "leave"])
    left = sends(world, "basic", leave, valid_to=clock.today().isoformat(), leave_document=DOCUMENT)
    assert left.status == 303
    assert everything_of(school) == before
    assert AuditEvent.objects.of(school).count() == events
    assert AuditEvent.objects.of(membership).count() == 2


def test_4_1_p_the_clause_is_said_to_whoever_lets_a_school_join(world: Any) -> None:
    answer = join(world, world.school_d)
    group = opens(world, "basic", answer.location)
    assert group.says("示例D小学")
    assert AuditEvent.objects.of(world.school_d.memberships.get()).get().clause_id == "4.1.p"


def test_4_1_s_the_affiliation_changes_only_by_a_document_of_its_own(world: Any) -> None:
    """A school of a district stays one in a group that city schools lead; who lets it join cannot change that."""
    address = reverse("groups:school_verb", args=[world.school_c.pk, "change-affiliation"])
    form = {"level": "city", "document": DOCUMENT, "valid_from": clock.today().isoformat()}
    before = everything_of(world.school_c)["affiliations"]
    for who in ("basic", "president", "principal_c"):
        refused = sends(world, who, address, **form)
        assert refused.status == 403
        assert refused.says("四、1")
    assert everything_of(world.school_c)["affiliations"] == before
    assert sends(world, "personnel", address, **form).status == 303
    old, new = everything_of(world.school_c)["affiliations"]
    assert (old["valid_to"], new["valid_from"], new["level"]) == (clock.today(), clock.today(), "city")


def test_4_1_r_what_a_school_is_in_law_changes_by_its_own_document_alone(world: Any) -> None:
    """Neither a member's group nor anybody's hand turns its legal person or code into another."""
    page = opens(world, "president", world.school_a.get_absolute_url())
    assert page.says("事业单位法人", world.school_a.credit_code)
    for column, value in (("legal_person_type", "private_non_enterprise"), ("credit_code", credit_code(77))):

        def by_hand(column: str = column, value: str = value) -> Any:
            return School.objects.filter(pk=world.school_a.pk).update(**{column: value})

        assert refused_raw(world, "school_identity_is_changed_by_document", by_hand) == Clause.C4_1_R


def test_4_1_p_nobody_renames_a_school_through_a_group(world: Any) -> None:
    """There is no verb for it: the president reads the page and finds neither button nor address."""
    page = opens(world, "president", world.school_b.get_absolute_url())
    assert page.status == 200
    for address in ("edit", "rename", "change"):
        answer = sends(world, "president", f"{world.school_b.get_absolute_url()}{address}/", name="集团小学")
        assert answer.status == 404
    assert School.objects.get(pk=world.school_b.pk).name == "示例B小学"
