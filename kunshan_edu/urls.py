"""Every address of the site: the apps' own, the home page, the administrator's reading room, the API."""

from django.contrib import admin
from django.urls import include, path

from finance.api import ENDPOINTS as FINANCE
from groups.api import ENDPOINTS as GROUPS
from kunshan_edu import home
from kunshan_edu.core.api.inbox import ENDPOINTS as CORE
from kunshan_edu.core.api.reference import SchemaDocument, reference
from kunshan_edu.core.api.routes import routes
from personnel.api import ENDPOINTS as PERSONNEL

urlpatterns = [
    path("", home.home, name="home"),
    path("", include("kunshan_edu.core.urls")),
    path("", include("groups.urls")),
    path("", include("personnel.urls")),
    path("", include("finance.urls")),
    path("", include("kunshan_edu.rights.urls")),
    path("admin/", admin.site.urls),
    path("api/", reference, name="api_reference"),
    path("api/schema/", SchemaDocument.as_view(), name="schema"),
    path("api/v1/", include((routes(GROUPS, PERSONNEL, FINANCE, CORE), "api"))),
]

handler400 = "kunshan_edu.core.views.bad_request"
handler403 = "kunshan_edu.core.views.permission_denied"
handler404 = "kunshan_edu.core.views.not_found"
handler500 = "kunshan_edu.core.views.server_error"
