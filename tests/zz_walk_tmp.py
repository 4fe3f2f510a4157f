"""Prints what Chinese is left, readable."""
from tests.test_english_pages import *
import pytest
from tests.test_english_pages import english, busy_world
seen=set()
@pytest.mark.django_db
@pytest.mark.parametrize("who", READERS)
def test_w(english, busy_world, who):
    client = Client(); client.force_login(busy_world.users[who], backend="django.contrib.auth.backends.ModelBackend")
    known=data()
    try:
        for address, page in walk(client):
            for w in chinese_left(page.words, known):
                k=(kind_of(address),w)
                if k not in seen:
                    seen.add(k)
                    open('/tmp/h/tr/left.txt','a').write(f'{who}\t{address}\t{w[:300]!r}\n')
    except AssertionError as e:
        open('/tmp/h/tr/left.txt','a').write(f'{who}\tASSERT {e}\n'); raise
