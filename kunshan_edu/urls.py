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

handler400 = "kunshan_edu.core.views.bad_request"
handler403 = "kunshan_edu.core.views.permission_denied"
handler404 = "kunshan_edu.core.views.not_found"
handler500 = "kunshan_edu.core.views.server_error"
