from django.urls import path

from . import views

app_name = "badges"
urlpatterns = [path("<uuid:id>/", views.award, name="award")]
