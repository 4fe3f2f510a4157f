"""Addresses of the special fund: fund requests, funds with their budget lines, Measures."""

from django.urls import path

from finance import views

app_name = "finance"
urlpatterns = [
    path("fund-requests/", views.FundRequestList.as_view(), name="fund_request_list"),
    path("fund-requests/new/", views.FundRequestNew.as_view(), name="fund_request_new"),
    path("fund-requests/preview/", views.FundRequestPreview.as_view(), name="fund_request_preview"),
    path("fund-requests/<int:pk>/", views.FundRequestDetail.as_view(), name="fund_request_detail"),
    path("fund-requests/<int:pk>/edit/", views.FundRequestEdit.as_view(), name="fund_request_edit"),
    path("fund-requests/<int:pk>/<slug:verb>/", views.FundRequestVerb.as_view(), name="fund_request_verb"),
    path("funds/", views.FundList.as_view(), name="fund_list"),
    path("funds/new/", views.FundNew.as_view(), name="fund_new"),
    path("funds/<int:pk>/", views.FundDetail.as_view(), name="fund_detail"),
    path("funds/<int:pk>/<slug:verb>/", views.FundVerb.as_view(), name="fund_verb"),
    path("budget-lines/<int:pk>/<slug:verb>/", views.BudgetLineVerb.as_view(), name="budget_line_verb"),
    path("measures/", views.MeasuresList.as_view(), name="measures_list"),
    path("measures/new/", views.MeasuresNew.as_view(), name="measures_new"),
    path("measures/<int:pk>/", views.MeasuresDetail.as_view(), name="measures_detail"),
    path("measures/<int:pk>/<slug:verb>/", views.MeasuresVerb.as_view(), name="measures_verb"),
]
