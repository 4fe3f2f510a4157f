"""Addresses of core: sign-in, appearance, notifications, jobs, profile; the demo switch only in a demo."""

from django.conf import settings
from django.urls import path

from kunshan_edu.core import records_views, views

app_name = "core"
urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("sign-out/", views.SignOut.as_view(), name="sign_out"),
    path("signed-out/", views.SignedOut.as_view(), name="signed_out"),
    path("language/", views.language, name="language"),
    path("appearance/", views.appearance, name="appearance"),
    path("profile/", views.profile, name="profile"),
    path("profile/password/", views.PasswordChange.as_view(), name="password"),
    path("jobs/<int:pk>/", records_views.job_detail, name="job_detail"),
    path("jobs/<int:pk>/again/", records_views.job_again, name="job_again"),
    path("audit/", records_views.AuditList.as_view(), name="audit_list"),
    path("notifications/", views.notification_list, name="notification_list"),
    path("notifications/read/", views.notifications_read, name="notifications_read"),
    path("notifications/<int:pk>/open/", views.notification_open, name="notification_open"),
]

if settings.DEMO:
    urlpatterns += [path("demo/switch/", views.demo_switch, name="demo_switch")]
