"""Pages that show several nouns at once, blank forms, and what is asked of the reading room beside looking."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.contrib import admin
from django.urls import reverse

from kunshan_edu.rights.facts import Facts
from kunshan_edu.rights.proof.things import API, FRAGMENT, HTMX, PAGE, Deed, Scene, Thing, blank, ways
from kunshan_edu.rights.proof.verdicts import NOTHING
from personnel.choices import Post

IDEM = b'name="idem"'


def _seen(code: str, thing: Thing, name: str, *args: int, mark: str = "", fragment: bool = False) -> Deed:
    """A page by the address of that name, known by the thing's canary."""
    way, headers = (FRAGMENT, HTMX) if fragment else (PAGE, ())
    thing = replace(
        thing, word=f"{thing.word} {name}{way}"
    )  # a thing of its own: everybody comes to each of them
    return Deed(
        code, thing, way, reverse(name, args=args), dict, "GET", (mark or thing.canary).encode(), headers
    )


@ways
def of_groups(scene: Scene) -> Iterator[Deed]:
    """Who leads a group, its chart, what is vacant, and the board of its policies."""
    for group in (scene.world.group, scene.world.other_group):
        where = Facts(groups=frozenset({group.pk}), state=group.status)
        thing = Thing("education_group", f"{group} 总览", group, where, group.name)
        yield _seen("education_group.see", thing, "personnel:group_leadership", group.pk)
        yield _seen("education_group.see", thing, "personnel:group_chart", group.pk)
        for fragment in (False, True):
            yield _seen(
                "education_group.see", thing, "groups:policy_board", mark=group.short_name, fragment=fragment
            )
    vacant = scene.world.other_group  # it has no deputy secretary
    thing = blank("education_group", f"{vacant} 职务空缺", Facts(groups=frozenset({vacant.pk})))
    yield _seen("education_group.see", thing, "personnel:vacancies", mark=vacant.short_name)


@ways
def of_rotations(scene: Scene) -> Iterator[Deed]:
    """The calendar of the school year, on which those that are filed stand."""
    for thing in scene.of("rotation"):
        if thing.more.get("calendar"):
            page = f"{reverse('personnel:rotation_calendar')}?group={scene.world.group.pk}"
            told = replace(thing, word=f"{thing.word} 轮岗日历")
            yield Deed("rotation.see", told, PAGE, page, dict, "GET", thing.canary.encode())


@ways
def of_funds(scene: Scene) -> Iterator[Deed]:
    """The page of a fund."""
    for thing in scene.of("group_fund"):
        mark = f"{thing.row.group.short_name} {thing.row.fiscal_year} 年度专项经费"
        yield _seen("group_fund.see", thing, "finance:fund_detail", thing.pk, mark=mark)


@ways
def blank_forms(scene: Scene) -> Iterator[Deed]:
    """The forms for what has a place only once it is typed."""
    for code, name in (
        ("appraisal.record", "personnel:appraisal_new"),
        ("training.hold", "personnel:training_new"),
        ("merit.record", "personnel:merit_new"),
        ("org_unit.record", "personnel:org_unit_new"),
        ("plaque.record", "personnel:plaque_new"),
        ("rotation.propose", "personnel:rotation_new"),
        ("policy.adopt", "groups:policy_new"),
    ):
        thing = blank(code.partition(".")[0], "空白表", Facts(anywhere=True))
        yield Deed(code, thing, PAGE, reverse(name), dict, "GET", IDEM)
    nominating = blank("appointment", "空白提名表", Facts(anywhere=True, post="department_head"))
    page = f"{reverse('personnel:appointment_nominate')}?post=department_head"
    mark = f"提名：{Post.DEPARTMENT_HEAD.label}".encode()
    yield Deed("appointment.nominate", nominating, PAGE, page, dict, "GET", mark)
    for giver in ("president", "principal_a"):
        post, owner = scene.world.posts[giver], scene.world.users[giver].pk
        own = blank("delegation", f"空白表 {giver}", Facts(anywhere=True, owner=owner, post=post.post))
        mark = f'value="{post.pk}"'.encode()
        yield Deed("delegation.give", own, PAGE, reverse("personnel:delegation_new"), dict, "GET", mark)


@ways
def drafting(scene: Scene) -> Iterator[Deed]:
    """What the form of a fund request asks for while one types: a line more, the preview beside it."""
    blank_form = blank("fund_request", "空白表，再加一行", Facts(anywhere=True))
    new, line = reverse("finance:fund_request_new"), b'name="lines-'
    yield Deed("fund_request.draft", blank_form, FRAGMENT, new, dict, "GET", line, HTMX)
    preview = reverse("finance:fund_request_preview")
    yield Deed("fund_request.draft", blank_form, FRAGMENT, preview, dict, "POST", b'id="preview"', HTMX)
    for thing in scene.of("fund_request"):
        if thing.facts.state == "draft":
            page = reverse("finance:fund_request_edit", args=[thing.pk])
            yield Deed("fund_request.edit", thing, FRAGMENT, page, dict, "GET", line, HTMX)


@ways
def questions(scene: Scene) -> Iterator[Deed]:
    """The same questions about rights as on the page, asked by a program."""
    for word in ("teacher", "president"):
        user = scene.world.users[word]
        thing = blank("rights", f"查询 {word}", Facts(owner=user.pk))
        path = f"/api/v1/rights/explain/?who={user.username}&right=view_audit"
        yield Deed("rights.explain", thing, API, path, dict, "GET", b'"allowed"')
    audit = blank("audit", "审计记录", Facts())
    yield _seen("audit.see", audit, "core:audit_list", mark="<caption", fragment=True)


@ways
def reading_room(_scene: Scene) -> Iterator[Deed]:
    """In the reading room nothing is changed, whoever asks."""
    for model in admin.site._registry:
        row = model._base_manager.order_by("pk").first()
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages = [reverse(f"{name}_changelist")]
        pages += [reverse(f"{name}_change", args=[row.pk])] if row else []
        for path in pages:
            yield from _nothing(model._meta.label, path)
    label = next(iter(admin.site._registry))._meta.app_label
    for path in (reverse("admin:index"), reverse("admin:app_list", args=[label])):
        yield from _nothing("目录", path)
    apps = blank("admin", "应用", Facts())
    yield Deed(
        "admin.see",
        apps,
        PAGE,
        reverse("admin:app_list", args=[label]),
        dict,
        "GET",
        f"/admin/{label}/".encode(),
    )


def _nothing(label: str, path: str) -> Iterator[Deed]:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        thing = blank("admin", f"{label} {method}", Facts())
        yield Deed(NOTHING, thing, PAGE, path, lambda: {"action": "delete_selected"}, method)
