"""What a browser does, for the tests of the pages: sign in, get, send what a form holds."""

from __future__ import annotations

import uuid

from django.test import Client
from django.urls import reverse

from tests.finance.test_forms import draft_data


def url(name, *args):
    return reverse(f"finance:{name}", args=args)


def signed_in(world, who):
    client = Client()
    client.force_login(world.users[who])
    return client


def get(world, who, name, *args, **kwargs):
    return signed_in(world, who).get(url(name, *args), **kwargs)


def send(world, who, address, data=None, *, client=None, **headers):
    """A POST as a page sends it: with a key of its own unless one is given."""
    data = {"idem": str(uuid.uuid4()), **(data or {})}
    return (client or signed_in(world, who)).post(address, data, headers=headers)


def seen(row):
    """What the page of a request puts into its decision form."""
    version = row.versions.get(number=row.current)
    return {"version": row.current, "digest": version.digest, "amount": str(version.amount)}


def text(response):
    return response.content.decode()


def draft_post(world, who="clerk_a", rows=None, verb="save", **fields):
    """The content of the form of a new request, as that person would send it."""
    source = f"{world.fund.pk}-{0 if who == 'office' else world.schools['school_' + who[-1]].pk}"
    rows = rows or [("讲座劳务费", world.school_a.pk, world.categories["research"].pk, "4,860.00")]
    data = draft_data(source, rows, **fields).dict()
    return {**data, verb: "1", "idem": str(uuid.uuid4())}
