"""The site with the addresses of the tests' sheet beside it."""

from __future__ import annotations

from django import forms
from django.urls import include, path

from kunshan_edu.core.models import Notification
from kunshan_edu.core.pages import FilterForm, ListPage
from kunshan_edu.core.sheet_pages import ListExport, routes
from kunshan_edu.core.sheets import Column, Sheet
from kunshan_edu.urls import urlpatterns as of_the_site
from tests.core.account_sheet import ACCOUNTS


class WordsFilter(FilterForm):
    text = forms.CharField(required=False)
    lookups = {"text": "text__contains"}  # noqa: RUF012


class Words(ListPage):
    model, filter_form = Notification, WordsFilter


WORDS = Sheet("tests.words", "通知", (Column("text", "内容"),))
own = (
    [
        *routes(ACCOUNTS, "tests/accounts/", crumb=(("通知", "core:notification_list"),)),
        path(
            "tests/words.xlsx",
            ListExport.as_view(page=Words, sheet=WORDS, line=lambda row: [row.text]),
            name="words_export",
        ),
    ],
    "tests",
)
urlpatterns = [*of_the_site, path("", include(own))]
