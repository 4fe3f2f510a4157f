"""The pages of personnel: people, appointments, what each confers, and setting the rights right again."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from groups.choices import Authority
from kunshan_edu.core import clock, jobs
from kunshan_edu.core.denials import Denial, demand
from kunshan_edu.core.pages import DetailPage, FormPage, ListPage, VerbPage, performed
from personnel import actions, forms, rules, verbs
from personnel.choices import SCOPE_OF, Post
from personnel.models import Appointment, Person
from personnel.querysets import SCOPES, rights_from


def cannot_appoint(user: Any) -> Denial | None:
    return rules.cannot_appoint(actions.case_for(None, user))


class PersonList(ListPage):
    """人员, each with the posts of today."""

    model = Person
    filter_form = forms.PersonFilter
    template = "personnel/person_list.html"
    related = ("user",)

    def rows(self) -> Any:
        today = Appointment.objects.in_force().select_related(*SCOPES)
        return super().rows().prefetch_related(Prefetch("appointments", today, to_attr="posts"))

    def context(self, rows: Any) -> dict[str, Any]:
        return {"may_appoint": cannot_appoint(self.request.user) is None}


class PersonDetail(DetailPage):
    """一个人: account and every post, past, present and to come."""

    model = Person
    template = "personnel/person_detail.html"
    related = ("user",)

    def context(self, row: Person) -> dict[str, Any]:
        posts = row.appointments.select_related("person", *SCOPES)
        return {"posts": posts, "may_appoint": cannot_appoint(self.request.user) is None}


class PersonNew(FormPage):
    """登记人员."""

    template = "personnel/person_form.html"
    form = forms.PersonForm
    done = _("人员已登记。")

    def refusal(self) -> Denial | None:
        return cannot_appoint(self.request.user)

    def perform(self, cleaned: Mapping[str, Any]) -> models.Model:
        return actions.register_person(**cleaned, by=self.request.user)

    def context(self, form: Any) -> dict[str, Any]:
        return {"draft": self.request.path}


class AppointmentList(ListPage):
    """任职."""

    model = Appointment
    filter_form = forms.AppointmentFilter
    template = "personnel/appointment_list.html"
    related = ("person", *SCOPES)

    def context(self, rows: Any) -> dict[str, Any]:
        may = cannot_appoint(self.request.user) is None
        return {"may_appoint": may, "today": clock.today(), "idem": uuid.uuid4()}


class AppointmentDetail(DetailPage):
    """一项任职: its document and days, and the rights that it confers today, each with its clause."""

    model = Appointment
    template = "personnel/appointment_detail.html"
    related = ("person", "person__user", *SCOPES)
    table = verbs.APPOINTMENT

    def context(self, row: Appointment) -> dict[str, Any]:
        held = [(Authority(grant.permission.codename).label, grant) for grant in rights_from(row)]
        return {"held": held}


class AppointmentNew(FormPage):
    """办理任职, in two steps: the post, then everything else; both work without scripts."""

    template = "personnel/appointment_form.html"
    done = _("任职已登记，权限随任职日期生效。")

    def refusal(self) -> Denial | None:
        return cannot_appoint(self.request.user)

    def post_chosen(self) -> Post | None:
        typed = self.request.POST.get("post") or self.request.GET.get("post")
        return Post(typed) if typed in Post.values else None

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.refusal() or self.post_chosen():
            return super().get(request, **kwargs)
        return render(request, "personnel/post_form.html", {"form": forms.PostForm(), "kept": self.kept()})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return super().post(request, **kwargs) if self.post_chosen() else self.get(request, **kwargs)

    def kept(self) -> dict[str, str]:
        """What the page one came from already knows: the person, or where the post is held."""
        return {
            name: self.request.GET[name] for name in ("person", "container") if self.request.GET.get(name)
        }

    def make_form(self, data: Any = None) -> forms.AppointForm:
        post = self.post_chosen()
        return forms.AppointForm(data, post=post, initial={"post": post, **self.kept()})

    def perform(self, cleaned: Mapping[str, Any]) -> models.Model:
        facts = dict(cleaned)
        return actions.appoint(facts.pop("person"), **facts, by=self.request.user)

    def context(self, form: Any) -> dict[str, Any]:
        post = self.post_chosen()
        return {"draft": f"{self.request.path}{post}", "chosen": post, "scope": SCOPE_OF[post]}


class AppointmentVerb(VerbPage):
    """任职的办理."""

    table = verbs.APPOINTMENT


@require_POST
def rederive(request: HttpRequest) -> HttpResponse:
    """重新核对权限: a background job that makes every right say what the appointments confer."""
    demand(cannot_appoint(request.user))
    return performed(request, lambda: jobs.start("personnel.rederive", by=request.user), "")
