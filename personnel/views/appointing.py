"""The forms that begin an appointment: recorded by the personnel section, nominated by a group, school or district."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kunshan_edu.core.denials import Denial
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.pages import FormPage
from personnel import actions, forms, rules
from personnel.choices import CADRE_POSTS, SCOPE_OF, Method, Post
from personnel.models import Person
from personnel.views.people import cannot_appoint

CRUMB = ((pgettext_lazy("列表", "任职"), "personnel:appointment_list"),)
CLAUSES = {
    Post.GROUP_PRESIDENT: Clause.C4_1_B,
    Post.GROUP_SECRETARY: Clause.C4_1_D,
    Post.DEPUTY_SECRETARY: Clause.C4_1_G,
    Post.EXECUTIVE_PRINCIPAL: Clause.C4_1_K,
    Post.DEPARTMENT_HEAD: Clause.C6_3_B,
}


def cannot_nominate(user: Any) -> Denial | None:
    """Why this person nominates nobody."""
    return rules.cannot_nominate(rules.Case(may_nominate=bool(actions.posts_to_nominate(user))))


class AppointmentNew(FormPage):
    """办理任职, in two steps: the post, then everything else; both work without scripts."""

    template = "personnel/appointment_form.html"
    title, crumb = _("办理任职"), CRUMB
    done = _("任职已登记；干部任职经局领导审定后生效，其他任职随任职日期生效。")

    def refusal(self) -> Denial | None:
        return cannot_appoint(self.request.user)

    def posts(self) -> tuple[Post, ...]:
        """The posts to choose from."""
        return tuple(Post)

    def post_chosen(self) -> Post | None:
        typed = self.request.POST.get("post") or self.request.GET.get("post")
        return Post(typed) if typed in Post.values else None

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.refusal() or self.post_chosen():
            return super().get(request, **kwargs)
        shown = {**self.frame(), "form": forms.PostForm(self.posts()), "kept": self.kept(), "step": 1}
        return render(request, "personnel/post_form.html", shown)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return super().post(request, **kwargs) if self.post_chosen() else self.get(request, **kwargs)

    def kept(self) -> dict[str, str]:
        """What the page one came from already knows: the person, or where the post is held."""
        return {
            name: self.request.GET[name] for name in ("person", "container") if self.request.GET.get(name)
        }

    def people(self) -> Any:
        return Person.objects.visible_to(self.request.user)

    def make_form(self, data: Any = None) -> forms.NominateForm:
        post = self.post_chosen()
        return forms.AppointForm(data, post=post, people=self.people(), initial={"post": post, **self.kept()})

    def perform(self, cleaned: Mapping[str, Any]) -> models.Model:
        facts = dict(cleaned)
        return actions.appoint(facts.pop("person"), **facts, by=self.request.user)

    def context(self, form: Any) -> dict[str, Any]:
        post = self.post_chosen()
        return {
            "draft": f"{self.request.path}{post}",
            "chosen": post,
            "scope": SCOPE_OF[post],
            "again": self.request.path,
            "clause": CLAUSES.get(post, Clause.C6_3_A),
            "afterwards": self.next_steps(post),
            "step": 2,
        }

    def next_steps(self, post: Post) -> tuple[Any, ...]:
        """What comes after the form, for this post."""
        if post in CADRE_POSTS:
            return (
                _("聘任、任命的，可以先公示，再由局领导审定；登记人不能审定自己登记的任职。"),
                _("竞聘的，先公告，再登记人选成绩，公示期满后审定。"),
                _("审定后权限从任职日期零时起生效。"),
            )
        if post == Post.DEPARTMENT_HEAD:
            return (_("由集团总校长审定；总校长空缺的，由局领导审定。"),)
        return (_("登记后权限从任职日期零时起生效，不需要另行授权。"),)


class AppointmentNominate(AppointmentNew):
    """提名: by the group, the school or the district for their own; others decide."""

    title = _("提名")
    done = _("提名已提交，办理结果会通知您。")

    def refusal(self) -> Denial | None:
        return cannot_nominate(self.request.user)

    def posts(self) -> tuple[Post, ...]:
        return tuple(actions.posts_to_nominate(self.request.user))

    def post_chosen(self) -> Post | None:
        """The one asked for, or the only one that there is to choose."""
        chosen = super().post_chosen()
        if self.request.method != "GET" or chosen in self.posts():
            return chosen
        return self.posts()[0] if len(self.posts()) == 1 else None

    def make_form(self, data: Any = None) -> forms.NominateForm:
        post = self.post_chosen()
        return forms.NominateForm(
            data,
            post=post,
            people=self.people(),
            containers=actions.nominable(post, self.request.user),
            initial={"post": post, "method": Method.ASSIGNED, **self.kept()},
        )

    def perform(self, cleaned: Mapping[str, Any]) -> models.Model:
        facts = dict(cleaned)
        return actions.nominate(facts.pop("person"), **facts, by=self.request.user)

    def next_steps(self, post: Post) -> tuple[Any, ...]:
        if post == Post.DEPARTMENT_HEAD:
            return (_("由集团总校长审定；总校长空缺的，由局领导审定。"), _("审定后随任职日期生效。"))
        return (_("市教育局人事科采纳后登记为拟任，由局领导审定。"), _("提名不等于任命，审定前不产生权限。"))
