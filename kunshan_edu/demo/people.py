"""The accounts of the demonstration and the people behind them; every name is invented out of old poems."""

from __future__ import annotations

from random import Random

from django.contrib.auth.hashers import make_password

from kunshan_edu.core import clock
from kunshan_edu.core.models import User
from kunshan_edu.demo.cast import ADMIN, PASSWORD
from kunshan_edu.demo.city import City
from kunshan_edu.demo.posts import LATER, all_seats
from personnel import actions as personnel
from personnel.choices import CADRE_POSTS

SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜"
)
GIVEN_NAMES = (
    "望川知微清和思衡云岫若谷砚秋明澈景行清越书白映雪临溪安歌予宁听澜既白星野疏影问渠望舒南乔星河采薇子衿修远长青照野"
    "以墨初霁闻笛半夏千寻如晦鹤鸣松年杏林竹里远舟晚晴小满立夏秋实冬青春和木兰石泉青禾丹枫素问孟秋仲夏季冬远山云笺文渊"
)


def _draw_names(city: City, count: int) -> list[str]:
    """So many names for the accounts; the others are kept for the staff."""
    given = [GIVEN_NAMES[n : n + 2] for n in range(0, len(GIVEN_NAMES), 2)]
    every = [surname + name for surname in SURNAMES for name in given]
    drawn = city.rng.sample(every, count)
    city.names = sorted(set(every) - set(drawn))
    Random("names").shuffle(city.names)  # noqa: S311
    return drawn


def register_people(city: City) -> None:
    """An account and a person for everybody who holds a post; one password for all, hashed once."""
    hashed = make_password(PASSWORD)
    cadres = {seat.username for seat in all_seats(city) if seat.post in CADRE_POSTS}
    usernames = list(dict.fromkeys([*(seat.username for seat in all_seats(city)), *LATER]))
    names = _draw_names(city, len(usernames) + 1)
    first = personnel.install(bureau=city.bureau, username="personnel", name=names.pop())
    city.users["personnel"] = first.person.user
    rows = [
        User(username=u, name=n, password=hashed, date_joined=clock.now())
        for u, n in zip(usernames, names, strict=True)
    ]
    for user in User.objects.bulk_create(rows):
        city.users[user.username] = user
        city.people[user.username] = personnel.register_person(
            name=user.name, user=user, is_party_member=user.username in cadres, by=first.person.user
        )
    User.objects.create_superuser(ADMIN, None, name="系统管理员")
    User.objects.filter(username__in=["personnel", ADMIN]).update(password=hashed)
