"""The address of the matrix."""

from django.urls import path

from kunshan_edu.rights.page import MatrixPage

app_name = "rights"
urlpatterns = [path("rights/matrix/", MatrixPage.as_view(), name="matrix")]
