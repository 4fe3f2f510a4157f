"""Addresses of personnel: people and appointments."""

from django.urls import path

from personnel import views

app_name = "personnel"
urlpatterns = [
    path("people/", views.PersonList.as_view(), name="person_list"),
    path("people/new/", views.PersonNew.as_view(), name="person_new"),
    path("people/<int:pk>/", views.PersonDetail.as_view(), name="person_detail"),
    path("appointments/", views.AppointmentList.as_view(), name="appointment_list"),
    path("appointments/new/", views.AppointmentNew.as_view(), name="appointment_new"),
    path("appointments/rederive/", views.rederive, name="rederive"),
    path("appointments/<int:pk>/", views.AppointmentDetail.as_view(), name="appointment_detail"),
    path("appointments/<int:pk>/<slug:verb>/", views.AppointmentVerb.as_view(), name="appointment_verb"),
]
