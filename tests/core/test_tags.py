"""Template tags: what is shown for money, dates, states, clauses, fields, and verbs that are refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from kunshan_edu.core import assets, clock
from kunshan_edu.core.denials import Denial
from kunshan_edu.core.forms import PlainForm
from kunshan_edu.core.guideline import Clause
from kunshan_edu.core.verbs import Offer, Verb
from tests.words import compiled


def show(source: str, **context: Any) -> str:
    return Template("{% load kg %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("source", "value", "shown"),
    [
        ("{{ v|money }}", Decimal(1234), "1,234.00"),
        ("{{ v|money }}", Decimal("-1234.5"), "-1,234.50"),
        ("{{ v|money }}", None, "—"),
        ("{{ v|wan }}", Decimal(38600), "3.86"),
        ("{{ v|rmb_upper }}", Decimal(38600), "叁万捌仟陆佰元整"),
        ("{{ v|date_cn }}", dt.date(2026, 11, 3), "2026年11月3日"),
        ("{{ v|date_cn }}", dt.datetime(2026, 11, 22, 17, tzinfo=dt.UTC), "2026年11月23日"),
        ("{{ v|date_cn }}", None, "—"),
        ("{{ v|cite }}", "4.2.k", "昆政办发〔2019〕132号 四、2"),
        ("{{ v|cite }}", None, ""),
    ],
)
def test_what_is_shown(source: str, value: Any, shown: str) -> None:
    assert show(source, v=value) == shown


def test_an_enumeration_is_in_the_language_of_its_reader(tmp_path: Path) -> None:
    stored = Denial("x", "可以填：%(words)s。", params={"words": "是、否"})
    listed = Denial("x", "可以填：%(words)s。", params={"words": ("是", "示例小学")})
    typed = Denial("x", "可以填：%(words)s。", params={"words": "笔、墨"})
    assert show("{{ v|say }}", v=stored) == "可以填：是、否。"
    assert show("{{ v|say }}", v=listed) == "可以填：是、示例小学。"
    with compiled(tmp_path), translation.override("en"):
        assert "Yes, No" in show("{{ v|say }}", v=stored)
        assert "Yes, 示例小学" in show("{{ v|say }}", v=listed)
        assert "笔、墨" in show("{{ v|say }}", v=typed)


def test_an_english_date() -> None:
    with translation.override("en"):
        assert show("{{ v|date_cn }}", v=dt.date(2026, 11, 23)) == "23 Nov 2026"


def test_a_moment_is_in_shanghai_and_names_another_year() -> None:
    with clock.at(dt.date(2026, 11, 23)):
        assert show("{{ v|moment }}", v=dt.datetime(2026, 11, 23, 2, 12, tzinfo=dt.UTC)) == "11-23 10:12"
        assert show("{{ v|moment }}", v=dt.datetime(2025, 12, 31, 16, 1, tzinfo=dt.UTC)) == "01-01 00:01"
        assert (
            show("{{ v|moment }}", v=dt.datetime(2025, 12, 31, 15, 59, tzinfo=dt.UTC)) == "2025-12-31 23:59"
        )


@pytest.mark.parametrize("thing", [("ok", "已支付"), SimpleNamespace(chip=("ok", "已支付"))])
def test_a_state_is_icon_word_and_colour(thing: Any) -> None:
    drawn = show("{% status v %}", v=thing)
    assert 'class="st ok"' in drawn
    assert "#check" in drawn
    assert "已支付" in drawn


def test_a_state_takes_words_and_another_icon() -> None:
    assert "#clock" in show('{% status "go" "明日到期" "clock" %}')


def test_a_bar_is_attributes_only() -> None:
    drawn = show(
        "{% stack v t '经费' %}",
        v=[("a", Decimal(25), "已支付"), ("b", Decimal(50), "审批中")],
        t=Decimal(100),
    )
    assert 'x="0.00%" y="0" width="24.65%"' in drawn
    assert 'x="25.00%" y="0" width="49.65%"' in drawn
    assert "已支付 25.00 元（25.0%）" in drawn
    assert "style" not in drawn


def test_a_bar_of_nothing_is_empty() -> None:
    assert 'width="0.00%"' in show("{% stack v t 'x' %}", v=[("a", Decimal(0), "x")], t=Decimal(0))


def test_a_clause_is_quoted_with_its_citation() -> None:
    drawn = show("{% clause_quote v %}", v="4.2.k")
    assert Clause.C4_2_K.quote in drawn
    assert "昆政办发〔2019〕132号 四、2" in drawn
    assert Clause.C4_2_K.gloss not in drawn
    with translation.override("en"):
        assert Clause.C4_2_K.gloss in show("{% clause_quote v %}", v=Clause.C4_2_K)


class Sample(PlainForm):
    amount = forms.CharField(label="金额", help_text="写明单位元。")
    kind = forms.ChoiceField(label="类别", choices=[("", ""), ("a", "会议费")])
    note = forms.CharField(label="备注", required=False)
    way = forms.ChoiceField(label="方式", choices=[("a", "转账")], widget=forms.RadioSelect)


def test_a_field_ties_hint_and_error_to_the_input() -> None:
    form = Sample({"amount": "", "kind": ""})
    drawn = show("{% field f.amount %}", f=form)
    assert 'aria-describedby="id_amount_hint id_amount_error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert '<label for="id_amount">' in drawn
    assert "请填写金额。" in drawn
    assert "请选择类别。" in show("{% field f.kind %}", f=form)
    assert " required" not in drawn


def test_a_field_without_fault_says_nothing() -> None:
    drawn = show("{% field f.note %}", f=Sample())
    assert "aria-" not in drawn
    assert "（选填）" in drawn


def test_a_group_of_choices_has_a_legend() -> None:
    drawn = show("{% field f.way %}", f=Sample())
    assert "<legend>方式" in drawn
    assert 'type="radio"' in drawn


def test_what_was_typed_is_escaped() -> None:
    drawn = show("{% field f.amount %}", f=Sample({"amount": '"><script>'}))
    assert "<script>" not in drawn


class OpinionForm(forms.Form):
    opinion = forms.CharField()


def offer(name: str, label: str, denial: Denial | None = None, form: Any = None) -> Offer:
    verb = Verb(name, label, rule=lambda _: denial, action=lambda row: row, form=form, style="p", key=name[0])
    return Offer(verb, f"/x/{name}/", denial)


OWN = Denial("own_request", "不能审批自己的申请。", Clause.C4_2_L)


def test_a_verb_on_offer_is_a_button_to_its_address() -> None:
    drawn = show("{% verb_buttons v %}", v=[offer("approve", "批准")])
    assert 'formaction="/x/approve/"' in drawn
    assert "disabled" not in drawn
    assert 'class="why"' not in drawn


def test_a_verb_with_an_opinion_is_sent_from_here_and_one_with_more_has_its_own_form() -> None:
    offers = [offer("reject", "驳回", form=OpinionForm), offer("pay", "登记支付", form=Sample)]
    drawn = show("{% verb_buttons v %}", v=offers)
    assert 'formaction="/x/reject/"' in drawn
    assert '<a class="btn p" href="/x/pay/"' in drawn
    refused = show("{% verb_buttons v %}", v=[offer("pay", "登记支付", OWN, Sample)])
    assert "<a " not in refused
    assert " disabled " in refused


def test_a_refused_verb_is_disabled_and_says_why() -> None:
    drawn = show("{% verb_buttons v '#main' %}", v=[offer("approve", "批准", OWN), offer("withdraw", "撤回")])
    assert drawn.count(" disabled ") == 1
    assert 'aria-describedby="why-1"' in drawn
    assert '<li id="why-1">' in drawn
    assert "不能审批自己的申请。" in drawn
    assert Clause.C4_2_L.cite() in drawn
    assert 'hx-post="/x/withdraw/"' in drawn
    assert 'hx-post="/x/approve/"' not in drawn


def test_verbs_refused_for_one_reason_share_the_sentence() -> None:
    drawn = show("{% verb_buttons v %}", v=[offer("approve", "批准", OWN), offer("reject", "驳回", OWN)])
    assert drawn.count("不能审批自己的申请。") == 1
    assert "批准、驳回" in drawn


def test_every_icon_that_is_named_is_drawn() -> None:
    names = assets.icon_names()
    assert {"check", "bell", "moon"} <= names
    drawing = assets.sprite(names)
    assert drawing.count("<symbol ") == len(names)
    assert "stroke=" not in drawing


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(LookupError, match="no-such-thing"):
        assets.sprite({"check", "no-such-thing"})


def test_missing_assets_are_reported_with_the_remedy(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "NODE_MODULES", tmp_path)
    monkeypatch.setattr(assets, "ICON_SOURCE", tmp_path / "icons.json")
    finder = assets.NpmFinder()
    assert len(finder.check()) == len(assets.settings.NPM_FILES) + 1
    assert all("make assets" in warning.msg for warning in finder.check())
    assert finder.find("vendor/htmx.min.js") == []
    with pytest.raises(FileNotFoundError, match="make assets"):
        list(finder.list([]))


def test_the_sprite_is_built_when_it_is_wanted(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "SPRITE", tmp_path / "new/icons.svg")
    assets.build_sprite.cache_clear()
    found = assets.NpmFinder().find("kg/icons.svg")
    assert found == str(tmp_path / "new/icons.svg")
    assert 'id="check"' in (tmp_path / "new/icons.svg").read_text("utf-8")
    assert {name for name, _ in assets.NpmFinder().list([])} == {"kg/icons.svg", *assets.settings.NPM_FILES}
    assets.build_sprite.cache_clear()


def test_nothing_else_leaves_node_modules() -> None:
    assert assets.NpmFinder().find("vendor/../../package.json") == []
    assert assets.NpmFinder().find("htmx.org/package.json") == []
