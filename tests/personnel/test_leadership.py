"""The page of a group's leadership: a light offers the way to mend it to those who may go it, and to nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db
QUOTAS, UNITS = reverse("personnel:post_quota_new"), reverse("personnel:org_unit_new")


@pytest.mark.parametrize(
    ("who", "offered"),
    [("personnel", {QUOTAS: True, UNITS: False}), ("president", {QUOTAS: False, UNITS: True}),
     ("teacher", {QUOTAS: False, UNITS: False})],
)  # fmt: skip
def test_a_light_offers_only_what_its_reader_may_do(
    world: Any, client: Client, who: str, offered: dict[str, bool]
) -> None:
    client.force_login(world.users[who], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("personnel:group_leadership", args=[world.group.pk]))
    assert page.status_code == 200
    shown = page.content.decode()
    assert "尚未核定全部职数" in shown
    assert "尚未成立独立于成员学校的管理机构。" in shown
    for address, there in offered.items():
        assert (f'href="{address}' in shown) is there, address  # the form, for this group
        assert (client.get(address).status_code == 200) is there, address
