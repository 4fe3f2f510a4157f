"""六、3 如考核优秀、组织需要，可适当延长任职年限，完成任职聘期: excellent, needed, and no longer than the term."""

from __future__ import annotations

from typing import Any

import pytest

from kunshan_edu.core import clock
from kunshan_edu.core.guideline import Clause
from personnel.choices import Post
from personnel.models import Appointment, Appraisal, Person, TermExtension
from tests.stories.doors import A_DAY, appoints, dismisses, does, opens, records, refused_raw

pytestmark = pytest.mark.django_db
NEED = "昆教党〔2026〕70号"
LAST = clock.today() + 200 * A_DAY  # the last day of the post
TERM = LAST + 400 * A_DAY  # the last day of the term


def ending(world: Any) -> Appointment:
    """The teacher of the world is president of the group for a while, within a longer term."""
    dismisses(world, "president")
    until = {"valid_to": LAST.isoformat(), "term_end": TERM.isoformat()}
    answer = appoints(world, "teacher", Post.GROUP_PRESIDENT.value, world.group, **until)
    assert answer.status == 303, answer.words
    return Appointment.objects.get(person__user=world.teacher)


def graded(world: Any, grade: str, year: int = 2025, who: str = "supervision") -> Any:
    person = Person.objects.get(user=world.teacher)
    form = {"person": person.pk, "year": year, "post": "group_president", "grade": grade}
    return records(world, who, "appraisal", **form, document="昆教督〔2026〕4号")


def extends(world: Any, row: Appointment, who: str = "personnel", **typed: Any) -> Any:
    form = {
        "new_end": (LAST + 365 * A_DAY).isoformat(),
        "document": NEED,
        "reason": "新校区建设需要",
        **typed,
    }
    return does(world, who, "appointment", row, "extend", **form)


def test_6_3_e_an_excellent_president_whom_the_organisation_needs_stays_longer(world: Any) -> None:
    row = ending(world)
    assert graded(world, "excellent").status == 303
    assert extends(world, row).status == 303
    assert row.valid_to == LAST + A_DAY, "nothing changes before a leader confirms"
    found = TermExtension.objects.get()
    for who in ("personnel", "teacher", "supervision"):
        assert does(world, who, "extension", found, "confirm").status in (403, 404), who
    assert does(world, "leader", "extension", found, "confirm").status == 303
    row.refresh_from_db()
    assert (row.state, row.valid_to) == ("extended", LAST + 366 * A_DAY)
    assert opens(world, "clerk_e", row.get_absolute_url()).says("延任")


@pytest.mark.parametrize("grade", ["competent", "basic", "failed", None])
def test_6_3_e_not_without_the_grade_excellent(world: Any, grade: str | None) -> None:
    row = ending(world)
    if grade:
        graded(world, grade)
    refused = extends(world, row)
    assert refused.status == 409
    assert refused.says("最近年度考核须为优秀才能延长任职", "六、3")
    assert not TermExtension.objects.exists()


def test_6_3_e_it_is_the_latest_grade_that_counts(world: Any) -> None:
    row = ending(world)
    graded(world, "excellent", 2024)
    graded(world, "competent", 2025)
    assert extends(world, row).status == 409

    def by_the_older_one() -> Any:
        old = Appraisal.objects.get(year=2024)
        facts = {"document": NEED, "reason": "需要", "old_end": row.valid_to, "new_end": TERM}
        return TermExtension(
            appointment=row, appraisal=old, recorded_by=world.users["personnel"], **facts
        ).save()

    assert refused_raw(world, "extension_is_of_an_excellent_president", by_the_older_one) == Clause.C6_3_E


def test_6_3_e_not_without_a_document_of_the_need(world: Any) -> None:
    row = ending(world)
    graded(world, "excellent")
    assert extends(world, row, document="").status == 422

    def without_a_document() -> Any:
        facts = {"document": "", "reason": "需要", "old_end": row.valid_to, "new_end": TERM}
        facts |= {"appraisal": Appraisal.objects.get(), "recorded_by": world.users["personnel"]}
        return TermExtension(appointment=row, **facts).save()

    assert refused_raw(world, "extension_has_a_document_of_need", without_a_document) == Clause.C6_3_E


def test_6_3_e_presidents_only_and_no_other_way_to_a_later_end(world: Any) -> None:
    other = extends(world, world.posts["principal_a"])
    assert other.status == 409
    assert other.says("只有总校长可以延长任职年限", "六、3")
    row = ending(world)

    def by_hand() -> Any:
        return Appointment.objects.filter(pk=row.pk).update(valid_to=TERM)

    assert refused_raw(world, "tenure_is_lengthened_by_extension", by_hand) == Clause.C6_3_E
    graded(world, "excellent")
    assert extends(world, row, "teacher").status == 403
    assert graded(world, "excellent", 2023, "principal_a").status in (403, 422), (
        "nor does anybody grade a head but the bureau"
    )


def test_6_3_f_it_ends_with_the_term_at_the_latest(world: Any) -> None:
    row = ending(world)
    graded(world, "excellent")
    beyond = extends(world, row, new_end=(TERM + A_DAY).isoformat())
    assert beyond.status == 422
    assert beyond.says("延长任职是为完成任职聘期，不能超过聘期届满日", "六、3")

    def beyond_the_term() -> Any:
        facts = {"document": NEED, "reason": "需要", "old_end": row.valid_to, "new_end": TERM + 2 * A_DAY}
        facts |= {"appraisal": Appraisal.objects.get(), "recorded_by": world.users["personnel"]}
        return TermExtension(appointment=row, **facts).save()

    assert refused_raw(world, "extension_stays_within_the_term", beyond_the_term) == Clause.C6_3_F
    assert extends(world, row, new_end=TERM.isoformat()).status == 303, "to the last day of the term"


def test_6_3_f_without_a_term_on_record_there_is_none_to_complete(world: Any) -> None:
    dismisses(world, "president")
    appoints(world, "teacher", Post.GROUP_PRESIDENT.value, world.group, valid_to=LAST.isoformat())
    row = Appointment.objects.get(person__user=world.teacher)
    graded(world, "excellent")
    refused = extends(world, row)
    assert refused.status == 409
    assert refused.says("没有登记聘期届满日，不能判断延长期限", "六、3")
