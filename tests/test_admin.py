"""The administrator's reading room: the registers to look at, nothing to change, and nobody else comes in."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse

from kunshan_edu.core.admin import ReadingRoom, ReadOnlyAdmin
from kunshan_edu.core.ciphers import encrypted_fields
from kunshan_edu.core.fields import Money
from kunshan_edu.core.models import Job, User
from kunshan_edu.core.verbs import VerbTable
from tests.test_house import names
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
REGISTERS = sorted(admin.site._registry.items(), key=lambda pair: pair[0]._meta.label)
# What the system administrator looks after or what is public anyway; no money, no staff, no children.
SHOWN = {
    "core.User", "core.Job", "groups.Bureau", "groups.District", "groups.School", "groups.SchoolAffiliation",
    "groups.EducationGroup", "groups.Membership", "personnel.Appointment",
}  # fmt: skip


@pytest.fixture
def job(world: Any) -> Job:
    return Job.objects.create(name="personnel.rederive", by=world.personnel)


@pytest.fixture
def administrator(world: Any, job: Job, client: Client) -> Client:
    client.force_login(world.admin, backend=BACKEND)
    return client


def listed(model: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def row_of(model: Any) -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
    return reverse(name, args=[model._default_manager.values_list("pk", flat=True).first()])


def addresses(model: Any) -> list[str]:
    return ["/admin/", f"/admin/{model._meta.app_label}/", listed(model), row_of(model)]


def everything() -> dict[str, Any]:
    """Every row of every table, as PostgreSQL writes it; but for sessions, which a visit touches."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            if table != "django_session":
                cursor.execute(
                    f"SELECT count(*), md5(string_agg(t::text, ',' ORDER BY t::text)) FROM \"{table}\" t"
                )
                found[table] = cursor.fetchone()
    return found


def test_the_registers_are_those_of_the_system_administrator():
    assert isinstance(admin.site._wrapped if hasattr(admin.site, "_wrapped") else admin.site, ReadingRoom)
    assert {model._meta.label for model, _admin in REGISTERS} == SHOWN
    assert all(isinstance(each, ReadOnlyAdmin) for _model, each in REGISTERS)


def test_no_money_no_secret_and_no_number_of_anybody_is_shown():
    for model, each in REGISTERS:
        columns = {*each.fields, *each.list_display, *each.list_filter}
        asked = {part for path in (*columns, *each.search_fields) for part in path.split("__")}
        hidden = {field.name for field in encrypted_fields(model)} | {"password", "arguments", "outcome"}
        assert not asked & hidden, model
        assert not asked & {"identity_number", "identity_hash", "phone", "birth_date", "key"}, model
        assert not [f for f in model._meta.get_fields() if isinstance(f, Money)], model


def test_a_package_cannot_bring_a_changeable_register_with_it():
    site = ReadingRoom()
    site.register(User, admin.ModelAdmin)
    site.register(User)
    assert not site._registry
    assert "authtoken" not in {model._meta.app_label for model, _admin in REGISTERS}


@pytest.mark.parametrize(("model", "each"), REGISTERS, ids=lambda x: getattr(x, "__name__", ""))
def test_every_register_is_read_by_the_administrator(
    administrator, django_assert_max_num_queries, model, each
):
    for address in addresses(model):
        administrator.get(address)
        with django_assert_max_num_queries(12):
            page = administrator.get(address)
        assert page.status_code == 200, address
        text = page.content.decode()
        assert "_save" not in text
        assert "/add/" not in text
        assert "/delete/" not in text
        assert PASSWORD not in text
        assert "md5$" not in text


@pytest.mark.parametrize(("model", "each"), REGISTERS, ids=lambda x: getattr(x, "__name__", ""))
def test_no_register_can_be_changed_by_anybody(world, administrator, model, each):
    request = RequestFactory().get("/admin/")
    request.user = world.admin
    row = model._default_manager.first()
    assert not each.has_add_permission(request)
    assert not each.has_change_permission(request, row)
    assert not each.has_delete_permission(request, row)
    assert each.get_actions(request) == {}
    before = everything()
    sent = {
        "action": "delete_selected",
        "_selected_action": [row.pk],
        "post": "yes",
        "_save": "1",
        "name": "改",
    }
    for address in addresses(model):
        assert administrator.post(address, sent).status_code in (200, 302, 403), address
        for method in ("put", "patch", "delete"):
            getattr(administrator, method)(address)
    for beside in ("add/", f"{row.pk}/delete/", f"{row.pk}/history/", f"{row.pk}/change/"):
        assert administrator.post(listed(model) + beside, sent).status_code == 404, beside
    assert administrator.post(row_of(model), sent).status_code == 403
    assert everything() == before


def test_no_noun_with_verbs_can_be_changed_here():
    """Whatever has a verb is changed by its verb alone; a register of it here only shows it."""
    from finance import verbs as finance
    from groups import verbs as groups
    from personnel import verbs as personnel

    tables = [t for m in (finance, groups, personnel) for t in vars(m).values() if isinstance(t, VerbTable)]
    assert len(tables) > 7
    for table in tables:
        each = admin.site._registry.get(table.model)
        assert each is None or isinstance(each, ReadOnlyAdmin), table.noun
    changing = {name for name, _entry in names(get_resolver().url_patterns) if name.startswith("admin:")}
    assert all(name.endswith(("_changelist", "_change", ":index", ":app_list")) for name in changing)


@pytest.mark.parametrize(
    "who", ["president", "leader", "personnel", "supervision", "clerk_a", "teacher", "parent"]
)
def test_to_everybody_else_it_does_not_exist(world, job, client, who):
    client.force_login(world.users[who], backend=BACKEND)
    nowhere = client.get("/there-is-no-such-page/")
    for model, _each in REGISTERS:
        for address in addresses(model):
            for answer in (client.get(address), client.post(address, {"idem": str(uuid.uuid4())})):
                assert answer.status_code == nowhere.status_code == 404, address
    assert "系统管理" not in client.get("/").content.decode()


def test_a_stranger_is_sent_to_our_own_sign_in(world, client):
    for address in ("/admin/", "/admin/core/user/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (302, f"/sign-in/?next={address}")
    for gone in ("login/", "logout/", "password_change/", "jsi18n/", "autocomplete/", "r/1/1/"):
        client.force_login(world.admin, backend=BACKEND)
        assert client.get(f"/admin/{gone}").status_code == 404, gone


def test_an_account_of_staff_that_is_closed_is_out(world, client):
    client.force_login(world.admin, backend=BACKEND)
    User.objects.filter(pk=world.admin.pk).update(is_active=False)
    assert client.get("/admin/").status_code == 302


def test_a_staff_account_without_rank_reads_too_and_sees_the_link(world, client):
    keeper = User.objects.create_user("keeper", PASSWORD, name="示例系统管理员", is_staff=True)
    client.force_login(keeper, backend=BACKEND)
    assert client.get("/admin/groups/school/").status_code == 200
    assert 'href="/admin/"' in client.get("/").content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "password__startswith=a",
        "is_superuser=1",
        "person__identity_hash=0",
        "appointment__post=x",
        "id__gt=1",
    ],
)
def test_an_address_cannot_ask_what_is_not_shown(administrator, query):
    """Django lets an address filter by any column of the model; a hidden one would tell itself letter by letter."""
    assert administrator.get(f"/admin/core/user/?{query}").status_code == 400


def test_what_is_shown_can_be_searched_and_narrowed(world, administrator):
    page = administrator.get("/admin/core/user/?q=president&is_active__exact=1").content.decode()
    assert "示例president" in page
    assert "示例clerk_a" not in page


def test_only_the_stylesheets_of_the_admin_come_with_it():
    assert finders.find("admin/css/base.css")
    for foreign in ("rest_framework/css/default.css", "guardian/img/icon-yes.svg"):
        assert not finders.find(foreign)
    assert "kunshan_edu.core.assets.AdminFinder" in settings.STATICFILES_FINDERS


def test_the_pages_keep_the_policy_in_chromium(world, page, live_site):
    """The `page` fixture fails on anything that the console complains of."""
    page.goto(f"{live_site}/sign-in/?next=/admin/")
    page.fill("[name=username]", "admin")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{live_site}/admin/")
    for model, _each in REGISTERS:
        page.goto(live_site + listed(model))
        if page.locator("#result_list tbody tr").count():
            page.click("#result_list tbody tr >> nth=0 >> th a")
            page.wait_for_selector(".change-form")
            assert page.locator("input:not([type=hidden]), textarea, select").count() == 0
