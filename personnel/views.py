"""The pages of personnel."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from kunshan_edu.core.pages import DetailPage, FormPage, ListPage, VerbPage


class PersonList(ListPage):
    """人员."""


class PersonNew(FormPage):
    """登记人员."""


class PersonDetail(DetailPage):
    """一个人."""


class AppointmentList(ListPage):
    """任职."""


class AppointmentNew(FormPage):
    """办理任职."""


class AppointmentDetail(DetailPage):
    """一项任职."""


class AppointmentVerb(VerbPage):
    """任职的办理."""


def rederive(request: HttpRequest) -> HttpResponse:
    """重新核对权限."""
    return HttpResponse()
