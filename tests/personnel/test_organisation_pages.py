"""The pages and the API of how groups and schools are set up: who reads, who is offered what, wrong input, cards."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from groups.models import Membership
from kunshan_edu.core import clock
from kunshan_edu.core.guideline import Clause
from personnel.actions import organisation as actions
from personnel.models import Deviation, GroupRuleSet, OrgUnit, PartyOrganisation, Plaque, PostQuota
from tests.api_client import Api, errors, refusal
from tests.api_client import rows as listed
from tests.personnel import setup
from tests.personnel.test_organisation import END_OF, NOUNS
from tests.personnel.visits import do, send, text
from tests.world import SINCE, fresh

pytestmark = pytest.mark.django_db
TODAY = clock.today()
A_DAY = dt.timedelta(days=1)
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xdc\xccY\xe7\x00\x00\x00\x00IEND\xaeB`\x82"
)


# 页面

LISTS = {
    "party_organisation": (setup.party, {"personnel"}, "中共示例教育集团委员会"),
    "org_unit": (setup.unit, {"president"}, "教学管理中心"),
    "plaque": (setup.plaque, {"principal_a", "vice_a"}, "示例A小学"),
    "post_quota": (setup.quota, {"personnel", "leader"}, "副校长"),
    "rule_set": (setup.rule_set, {"personnel"}, "书记、校长分设（2022 年规定）"),
    "deviation": (setup.deviation, {"personnel"}, "新校区过渡期"),
}


def address(noun: str, page: str, *args: Any) -> str:
    return reverse(f"personnel:{noun}_{page}", args=args)


@pytest.mark.parametrize("noun", LISTS)
@pytest.mark.parametrize(
    "who", ["personnel", "president", "principal_a", "vice_a", "leader", "teacher", "parent"]
)
def test_everybody_reads_the_register_and_only_who_may_is_offered_the_form(world, enter, noun, who):
    make, recorders, words = LISTS[noun]
    row = make(world)
    client = enter(who)
    shown = text(client.get(address(noun, "list")))
    assert words in shown
    assert "functools" not in shown
    may = who in recorders
    assert (address(noun, "new") in shown) is may
    assert client.get(address(noun, "new")).status_code == (200 if may else 403)
    answer = client.get(row.get_absolute_url())
    assert answer.status_code == 200
    assert words in text(answer)
    offered = {o.verb.name for o in answer.context["offers"] if not o.denial}
    ender = recorders if noun != "deviation" else {"personnel"}
    assert ("end" in offered) is (who in ender)


@pytest.mark.parametrize("noun", LISTS)
def test_strangers_read_nothing(world, client, noun):
    row = LISTS[noun][0](world)
    for where in (address(noun, "list"), address(noun, "new"), row.get_absolute_url()):
        assert client.get(where).status_code == 302, where


@pytest.mark.parametrize("noun", [noun for noun in LISTS if noun != "deviation"])
def test_lists_are_of_a_day(world, enter, noun):
    row = LISTS[noun][0](world)
    who = min(LISTS[noun][1])
    end, _verb, extra = END_OF[next(k for k, v in NOUNS.items() if v == noun)]
    end(row, valid_to=TODAY, **extra, by=fresh(world.users[who]))
    client = enter("teacher")
    found = [
        f'href="{row.get_absolute_url()}' in text(client.get(address(noun, "list") + query))
        for query in ("", f"?on={TODAY - A_DAY}", f"?on={SINCE - A_DAY}", "?show=all")
    ]
    assert found == [False, True, False, True]


def test_lists_make_few_queries_whatever_their_length(world, enter, django_assert_max_num_queries):
    for key in "abc":
        setup.party(world, school=world.schools[f"school_{key}"])
        setup.quota(world, school=world.schools[f"school_{key}"])
        setup.plaque(world, key)
        setup.deviation(world, school=world.schools[f"school_{key}"])
    client = enter("personnel")
    for noun in LISTS:
        client.get(address(noun, "list"))
        with django_assert_max_num_queries(11):
            client.get(address(noun, "list"))


def test_a_deviation_still_proposed_is_seen_by_those_it_concerns(world, enter):
    row = setup.deviation(world, school=world.school_a, confirmed=False)
    seen = {
        who
        for who in ("personnel", "leader", "principal_a", "president", "principal_b", "teacher", "parent")
        if enter(who).get(row.get_absolute_url()).status_code == 200
    }
    assert seen == {"personnel", "leader", "principal_a", "president"}


def typed(world: Any, noun: str) -> dict[str, Any]:
    """What is right in each form."""
    base = {"document": setup.DOCUMENT, "valid_from": SINCE.isoformat()}
    facts = {
        "party_organisation": {
            "group": world.group.pk,
            "kind": "committee",
            "name": "中共示例教育集团委员会",
        },
        "org_unit": {"group": world.group.pk, "name": "综合办公室", "line": "office"},
        "plaque": {
            "membership": Membership.objects.get(school=world.school_a).pk,
            "kind": 1,
            "text": "示例A小学",
            "valid_from": SINCE.isoformat(),
        },
        "post_quota": {"school": world.school_a.pk, "level": 1, "posts": 3},
        "rule_set": {"group": world.group.pk, "kind": "separated_2022"},
        "deviation": {"group": world.group.pk, "clause_id": "4.1.k", "reason": "过渡期", "valid_to": ""},
    }[noun]
    return facts if noun == "plaque" else {**base, **facts}


MODELS = {
    "party_organisation": PartyOrganisation,
    "org_unit": OrgUnit,
    "plaque": Plaque,
    "post_quota": PostQuota,
    "rule_set": GroupRuleSet,
    "deviation": Deviation,
}


@pytest.mark.parametrize("noun", LISTS)
def test_the_form_records_and_leads_to_the_row(world, enter, noun):
    who = max(LISTS[noun][1])
    answer = send(enter(who), address(noun, "new"), **typed(world, noun))
    row = MODELS[noun].objects.get()
    assert (answer.status_code, answer["Location"]) == (303, row.get_absolute_url())


WRONG = [
    ("party_organisation", {"group": ""}, "group", "请选择集团或学校，只选一个。"),
    ("party_organisation", {"school": "a"}, "group", "请选择集团或学校，只选一个。"),
    (
        "party_organisation",
        {"kind": "branch"},
        "kind",
        "集团成立党委或党总支部，成员学校设党支部，请核对类别和单位。",
    ),
    ("party_organisation", {"document": ""}, "document", "请填写批准文件。"),
    ("org_unit", {"name": ""}, "name", "请填写机构名称。"),
    ("org_unit", {"group": "other"}, "group", ""),
    ("org_unit", {"line": "nothing"}, "line", ""),
    ("plaque", {"text": "示例A小学东校区"}, "text", "原校名牌的文字须与登记的校名一致：成员学校保留原校名。"),
    (
        "plaque",
        {"valid_from": (SINCE - A_DAY).isoformat()},
        "valid_from",
        "只有成员学校在其加入期间挂集团牌匾。",
    ),
    ("plaque", {"valid_from": (TODAY + A_DAY).isoformat()}, "valid_from", ""),
    ("post_quota", {"posts": "-1"}, "posts", ""),
    ("post_quota", {"posts": "100"}, "posts", ""),
    ("post_quota", {"level": "9"}, "level", ""),
    ("rule_set", {"valid_from": "2024-02-30"}, "valid_from", ""),
    ("deviation", {"reason": ""}, "reason", "请填写原因。"),
    ("deviation", {"clause_id": "9.9"}, "clause_id", ""),
    ("deviation", {"valid_to": (SINCE - A_DAY).isoformat()}, "valid_to", "最后一日不能早于起始日期。"),
]


@pytest.mark.parametrize(("noun", "change", "field", "sentence"), WRONG)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    world, enter, noun, change, field, sentence
):
    keys = {"a": world.school_a.pk, "other": world.other_group.pk}
    given = {**typed(world, noun), **{k: keys.get(v, v) for k, v in change.items()}}
    answer = send(enter(max(LISTS[noun][1])), address(noun, "new"), **given)
    assert answer.status_code in (409, 422)
    form = answer.context["form"]
    assert field in form.errors
    assert not sentence or sentence in form.errors[field]
    assert {name: str(form.data.get(name, "")) for name in given} == {k: str(v) for k, v in given.items()}
    assert not MODELS[noun].objects.exists()


def test_what_the_database_refuses_stands_above_the_form(world, enter):
    setup.quota(world)
    answer = send(enter("personnel"), address("post_quota", "new"), **typed(world, "post_quota"))
    assert answer.status_code == 409
    assert "该校该层级在这段时间已核定职数，请先结束原职数。" in text(answer)
    assert Clause.C4_1_O.cite() in text(answer)


def test_a_quota_below_its_use_is_refused_on_the_page(world, enter):
    answer = send(
        enter("personnel"), address("post_quota", "new"), **{**typed(world, "post_quota"), "posts": 0}
    )
    assert answer.status_code == 409
    assert "超出核定职数" in text(answer)
    assert not PostQuota.objects.exists()


def test_the_address_fills_the_form(world, enter):
    form = (
        enter("personnel")
        .get(address("party_organisation", "new") + f"?school={world.school_b.pk}")
        .context["form"]
    )
    assert form["school"].value() == str(world.school_b.pk)
    client = enter("principal_a")
    form = client.get(address("plaque", "new") + f"?school={world.school_a.pk}").context["form"]
    assert form["membership"].value() == Membership.objects.get(school=world.school_a).pk
    for asked in (world.school_b.pk, "x", "9" * 30, "-1", ""):
        answer = client.get(address("plaque", "new") + f"?school={asked}")
        assert answer.status_code == 200, asked
        assert answer.context["form"]["membership"].value() is None, asked


def test_ending_by_an_inclusive_last_day(world, enter):
    row = setup.party(world)
    where = do(row, "end", "party_organisation")
    assert text(enter("personnel").get(where)).count('name="document"') == 1
    answer = send(enter("personnel"), where, valid_to=TODAY.isoformat(), document=setup.DOCUMENT)
    assert answer.status_code == 303
    row.refresh_from_db()
    assert row.valid_to == TODAY + A_DAY
    early = send(
        enter("president"),
        do(setup.unit(world), "end", "org_unit"),
        valid_to="2023-01-01",
        document=setup.DOCUMENT,
    )
    assert early.status_code == 422
    assert "截止日期不能早于起始日期。" in early.context["form"].errors["valid_to"]


def test_a_photograph_is_kept_and_shown_to_who_sees_the_plaque(world, enter):
    client = enter("principal_a")
    send(client, address("plaque", "new"), **typed(world, "plaque"), photo=SimpleUploadedFile("牌.png", PNG))
    row = Plaque.objects.get()
    assert row.has_photo
    where = reverse("personnel:plaque_photo", args=[row.pk])
    assert where in text(client.get(row.get_absolute_url()))
    picture = enter("teacher").get(where)
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")
    assert BytesIO(b"".join(picture)).getvalue() == PNG
    bare = setup.plaque(world, kind=2)
    assert client.get(reverse("personnel:plaque_photo", args=[bare.pk])).status_code == 404


def test_what_is_no_picture_is_refused_beside_the_field(world, enter):
    fake = SimpleUploadedFile("牌.png", b"MZ\x90\x00 this is a program")
    answer = send(enter("principal_a"), address("plaque", "new"), **typed(world, "plaque"), photo=fake)
    assert answer.status_code == 422
    assert "photo" in answer.context["form"].errors
    assert answer.context["form"].data["text"] == "示例A小学"
    assert not Plaque.objects.exists()


def test_cards_of_group_and_school_show_what_is_set_up_today(world, enter):
    setup.party(world)
    setup.unit(world)
    setup.quota(world)
    setup.plaque(world)
    over = setup.unit(world, name="已撤处室", line="office")
    actions.end_unit(over, valid_to=TODAY, document=setup.DOCUMENT, by=fresh(world.president))
    client = enter("teacher")
    cards = {str(c.title): c for c in client.get(world.group.get_absolute_url()).context["setup"]}
    assert {title: [(str(n), str(w)) for n, w, _url in card.rows] for title, card in cards.items()} == {
        "党组织": [("中共示例教育集团委员会", "党委")],
        "内设机构": [("教学管理中心", "教学")],
        "职数": [],
        "集团制度": [],
    }
    cards = {str(c.title): c for c in client.get(world.school_a.get_absolute_url()).context["setup"]}
    assert {title: [(str(n), str(w)) for n, w, _url in card.rows] for title, card in cards.items()} == {
        "党组织": [],
        "内设机构": [],
        "牌匾": [("示例A小学", "原校名牌")],
        "职数": [("副校长", "3")],
    }
    for card in cards.values():
        assert client.get(card.every).status_code == 200
        assert all(client.get(url).status_code == 200 for _name, _word, url in card.rows)


@pytest.mark.parametrize(
    ("who", "group", "school"),
    [
        ("president", {"内设机构", "集团制度"}, {"内设机构"}),
        ("principal_a", set(), {"牌匾"}),
        ("personnel", {"党组织", "职数"}, {"党组织", "职数"}),
        ("leader", {"职数"}, {"职数"}),
        ("other_president", set(), set()),
        ("teacher", set(), set()),
    ],
)
def test_cards_offer_the_form_to_who_may_use_it_here(world, enter, who, group, school):
    client = enter(who)
    for row, expected in ((world.group, group), (world.school_a, school)):
        cards = client.get(row.get_absolute_url()).context["setup"]
        assert {str(card.title) for card in cards if card.new} == expected
        for card in cards:
            assert not card.new or client.get(card.new).status_code == 200


# 接口


def test_a_program_records_lists_and_ends(world):
    api = Api(world.personnel)
    made = api.post("quotas/", typed(world, "post_quota"))
    assert made.status_code == 201, made.content
    assert (made.json()["level_label"], made.json()["used"], made.json()["school"]["name"]) == (
        "副校长",
        1,
        "示例A小",
    )
    key = made.json()["id"]
    assert [row["id"] for row in listed(api.get(f"quotas/?school={world.school_a.pk}&level=1"))] == [key]
    assert listed(api.get(f"quotas/?school={world.school_b.pk}")) == []
    assert [row["used"] for row in listed(api.get(f"quotas/?on={SINCE}"))] == [1]
    ended = api.post(f"quotas/{key}/end/", {"valid_to": TODAY.isoformat(), "document": setup.DOCUMENT})
    assert ended.json()["valid_to"] == (TODAY + A_DAY).isoformat()
    assert listed(api.get(f"quotas/?on={TODAY + A_DAY}")) == []


@pytest.mark.parametrize("noun", LISTS)
def test_a_program_is_judged_like_a_page(world, noun):
    plural = {
        "party_organisation": "party-organisations",
        "org_unit": "units",
        "plaque": "plaques",
        "post_quota": "quotas",
        "rule_set": "rule-sets",
        "deviation": "deviations",
    }[noun]
    body = {k: v for k, v in typed(world, noun).items() if v != ""}
    assert refusal(Api(world.teacher).post(f"{plural}/", body))[0] == 403
    made = Api(world.users[max(LISTS[noun][1])]).post(f"{plural}/", body)
    assert made.status_code == 201, made.content
    again = Api(world.users[max(LISTS[noun][1])]).post(f"{plural}/", {})
    assert errors(again)
    assert [row["id"] for row in listed(Api(world.teacher).get(f"{plural}/"))] == (
        [] if noun == "deviation" else [made.json()["id"]]
    )


def test_a_program_cannot_reach_past_its_form(world):
    """The form of the API takes the whole table; whose it is, the action asks."""
    body = {"name": "越界处", "line": "office", "document": setup.DOCUMENT, "valid_from": SINCE.isoformat()}
    answer = Api(world.president).post("units/", {**body, "group": world.other_group.pk})
    assert refusal(answer) == (403, "not_the_organiser", "4.3.g")
    membership = Membership.objects.get(school=world.school_b)
    answer = Api(world.principal_a).post(
        "plaques/",
        {"membership": membership.pk, "kind": 1, "text": "示例B小学", "valid_from": SINCE.isoformat()},
    )
    assert refusal(answer) == (403, "not_the_plaque_holder", "4.1.q")
    assert not OrgUnit.objects.exists()
    assert not Plaque.objects.exists()


def test_a_program_confirms_a_deviation_as_the_second_person(world):
    row = setup.deviation(world, confirmed=False)
    assert refusal(Api(world.personnel).post(f"deviations/{row.pk}/confirm/"))[:2] == (403, "not_a_confirmer")
    answer = Api(world.leader).post(f"deviations/{row.pk}/confirm/")
    assert (answer.json()["state"], answer.json()["clause"]["id"]) == ("confirmed", "4.1.o")
    assert refusal(Api(world.leader).post(f"deviations/{row.pk}/confirm/"))[:2] == (409, "decided_already")
