from django.urls import path

from . import views

app_name = "reports"
urlpatterns = [
    path("", views.region, name="region"),
    path("unduh/", views.workbook, name="workbook"),
    path("serah-terima/", views.hand_over, name="first_companion"),
    path("serah-terima/<int:pk>/", views.hand_over, name="hand_over"),
]
