"""smoke"""
import pytest
from django.test import Client
from django.urls import reverse
from tests.finance.requests import make
from finance.actions import submitting
pytestmark = pytest.mark.django_db

def test_smoke(world):
    c=Client(); c.force_login(world.clerk_a)
    d=make(world,"clerk_a","4860.00")
    s=submitting.submit(make(world,"clerk_a","34860.00",category="office"), by=world.clerk_a)
    for name,args in [("fund_request_list",[]),("fund_request_new",[]),("fund_request_detail",[d.pk]),("fund_request_detail",[s.pk]),("fund_request_edit",[d.pk]),("fund_list",[]),("fund_detail",[world.fund.pk]),("measures_list",[]),("measures_detail",[world.measures.pk]),("fund_request_verb",[s.pk,"withdraw"])]:
        r=c.get(reverse("finance:"+name,args=args))
        print(name, r.status_code, len(r.content))
        assert r.status_code==200
    c.force_login(world.users["finance_1"])
    for name,args in [("fund_request_list",[]),("fund_list",[]),("fund_new",[]),("measures_new",[]),("fund_detail",[world.fund.pk]),("measures_list",[]),("measures_detail",[world.measures.pk]),("fund_request_detail",[s.pk]),("fund_verb",[world.fund.pk,"allocate"])]:
        r=c.get(reverse("finance:"+name,args=args))
        print(name, r.status_code, len(r.content))
        assert r.status_code==200
