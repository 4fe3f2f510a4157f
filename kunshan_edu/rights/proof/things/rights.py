"""The pages about rights, the audit trail, the reading room, files in and out: who gets to see them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.urls import reverse

from kunshan_edu.rights.facts import Facts
from kunshan_edu.rights.proof.things import FORM, PAGE, Deed, Scene, around, blank, ways


def look(code: str, word: str, path: str, mark: bytes, facts: Facts, **query: Any) -> Deed:
    """A page that one may see, by what is on it."""
    return Deed(code, blank(code.partition(".")[0], word, facts), PAGE, path, lambda: query, "GET", mark)


@ways
def about_rights(scene: Scene) -> Iterator[Deed]:
    """Asking about others, deriving anew, what presidents hold, the audit trail."""
    world = scene.world
    for word in ("teacher", "president"):
        user = world.users[word]
        path = f"{reverse('personnel:rights_explain')}?who={user.username}&right=view_audit"
        thing = blank("rights", f"查询 {word}", Facts(owner=user.pk))
        yield Deed("rights.explain", thing, PAGE, path, dict, "GET", b'name="right"')
    derive = blank("rights", "重新核对", Facts())
    yield Deed("rights.rederive", derive, FORM, reverse("personnel:rederive"))
    for word, group in (("president", world.group), ("other_president", world.other_group)):
        name = f'id="h-group-{group.pk}"'.encode()
        yield look(
            "rights.presidents", word, reverse("personnel:rights_presidents"), name, Facts(**around(group))
        )
    yield look("audit.see", "审计记录", reverse("core:audit_list"), b"<caption", Facts())


@ways
def reading_room(_scene: Scene) -> Iterator[Deed]:
    """Each register of the system administrator's reading room."""
    models = list(admin.site._registry)
    first = reverse(f"admin:{models[0]._meta.app_label}_{models[0]._meta.model_name}_changelist")
    yield look("admin.see", "目录", reverse("admin:index"), first.encode(), Facts())
    for model in models:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._base_manager.order_by("pk").first()
        if row is not None:
            yield look(
                "admin.see",
                f"{model._meta.label} 列表",
                reverse(f"{name}_changelist"),
                b"changelist",
                Facts(),
            )
            page = reverse(f"{name}_change", args=[row.pk])
            yield look("admin.see", f"{model._meta.label} 一行", page, b"fieldset", Facts())
