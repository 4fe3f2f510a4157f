"""Addresses of the register: groups, memberships, schools, districts."""

from django.urls import path

from groups import views

app_name = "groups"
urlpatterns = [
    path("groups/", views.GroupList.as_view(), name="group_list"),
    path("groups/new/", views.GroupNew.as_view(), name="group_new"),
    path("groups/<int:pk>/", views.GroupDetail.as_view(), name="group_detail"),
    path("groups/<int:pk>/<slug:verb>/", views.GroupVerb.as_view(), name="group_verb"),
    path("memberships/<int:pk>/<slug:verb>/", views.MembershipVerb.as_view(), name="membership_verb"),
    path("schools/", views.SchoolList.as_view(), name="school_list"),
    path("schools/new/", views.SchoolNew.as_view(), name="school_new"),
    path("schools/<int:pk>/", views.SchoolDetail.as_view(), name="school_detail"),
    path("schools/<int:pk>/<slug:verb>/", views.SchoolVerb.as_view(), name="school_verb"),
    path("policies/", views.PolicyList.as_view(), name="policy_list"),
    path("policies/board/", views.PolicyBoard.as_view(), name="policy_board"),
    path("policies/new/", views.PolicyNew.as_view(), name="policy_new"),
    path("policies/<int:pk>/", views.PolicyDetail.as_view(), name="policy_detail"),
    path("policies/<int:pk>/attachment/", views.PolicyAttachment.as_view(), name="policy_attachment"),
    path("policies/<int:pk>/<slug:verb>/", views.PolicyVerb.as_view(), name="policy_verb"),
    path("districts/", views.DistrictList.as_view(), name="district_list"),
]
