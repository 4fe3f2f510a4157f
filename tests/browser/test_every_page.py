"""Every page as its users meet it: accessible in light and dark, at every width, light, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from django.conf import settings
from django.urls import resolve

from finance import verbs as finance_verbs
from groups import verbs as groups_verbs
from kunshan_edu.core.models import User
from kunshan_edu.core.verbs import VerbTable
from personnel import verbs as personnel_verbs
from tests.browser.faults import Traffic, cut_off, inaccessible
from tests.browser.places import NOT_PAGES, NOWHERE, PLACES
from tests.browser.visits import enter
from tests.test_house import names
from tests.words import CHINESE, compiled

# Every table of verbs there is, so that a new one is not forgotten.
TABLES = tuple(
    table
    for module in (finance_verbs, groups_verbs, personnel_verbs)
    for table in vars(module).values()
    if isinstance(table, VerbTable)
)


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with compiled(tmp_path_factory.mktemp("locale")):
        yield


def open_as(page: Any, site: str, world: Any, who: str) -> None:
    if who:
        enter(page, site, world.users[who], "/profile/")
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("who", PLACES)
def test_every_page(world: Any, page: Any, live_site: str, english: None, who: str) -> None:
    addresses = [find(world) for find in PLACES[who]]
    open_as(page, live_site, world, who)
    traffic, found = Traffic(page), {}
    for address in addresses:
        answer = page.goto(live_site + address)
        assert (answer.status == 404) is (address == NOWHERE), address
        assert page.locator("html").get_attribute("lang") == "zh-CN"
        if faults := [*traffic.faults(), *inaccessible(page), *cut_off(page)]:
            found[address] = faults
        traffic.responses.clear()
    User.objects.update(language="en")
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": live_site}])
    for address in addresses:
        page.goto(live_site + address)
        if faults := [*in_chinese(page), *cut_off(page, (320, 768, 1024))]:
            found[f"English {address}"] = faults
    assert not found, "\n".join(f"{where}\n    {what}" for where, faults in found.items() for what in faults)


# What is said there, without the names of people and groups (translate="no"), which stay as they are.
WITHOUT_NAMES = """frames => frames.map(frame => {
  const copy = frame.cloneNode(true);
  copy.querySelectorAll('[translate=no]').forEach(name => name.remove());
  return copy.textContent;
})"""


def in_chinese(page: Any) -> list[str]:
    """What frames an English page and is not English: its language, navigation, headings of columns."""
    lang = page.locator("html").get_attribute("lang")
    frame = page.locator("nav.nav, nav.tabbar, .skip, thead").evaluate_all(WITHOUT_NAMES)
    words = [re.sub(r"\s+", " ", text) for text in frame if CHINESE.search(text)]
    return [*([] if lang == "en" else [f"lang={lang}"]), *words]


def test_no_page_is_forgotten(world: Any, db: None) -> None:
    """Every address that shows a page is in `PLACES`, and every verb of every table."""
    from kunshan_edu.urls import urlpatterns

    met = [resolve(find(world).split("?")[0]) for find in chain(*PLACES.values())]
    expected = {name for name, _pattern in names(urlpatterns) if not name.startswith(("api:", "admin:"))}
    assert {match.view_name for match in met} == expected - NOT_PAGES
    verbs = {(match.view_name, match.kwargs["verb"]) for match in met if "verb" in match.kwargs}
    assert verbs == {(table.route, verb.path) for table in TABLES for verb in table.verbs}


@pytest.mark.parametrize(
    ("who", "address", "button"),
    [
        ("", "/sign-in/", "main form button"),
        ("clerk_a", "/fund-requests/new/", "button[name=submit] >> visible=true"),
        ("finance_1", "/measures/new/", "main form button[type=submit]"),
        ("personnel", "/people/new/", "main form button[type=submit]"),
    ],
)
def test_a_form_with_mistakes_is_as_good_a_page(
    world: Any, page: Any, live_site: str, who: str, address: str, button: str
) -> None:
    open_as(page, live_site, world, who)
    page.goto(live_site + address)
    with page.expect_navigation():
        page.click(button)
    assert page.locator("[aria-invalid=true]").count()
    assert [*inaccessible(page), *cut_off(page)] == []
