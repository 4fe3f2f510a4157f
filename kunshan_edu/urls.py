"""Every address of the site: the apps' own, the home page, the API and its document."""

from django.urls import include, path

from kunshan_edu import home

urlpatterns = [
    path("", home.home, name="home"),
    path("", include("kunshan_edu.core.urls")),
    path("", include("groups.urls")),
    path("", include("personnel.urls")),
    path("", include("finance.urls")),
]
