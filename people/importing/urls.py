from django.urls import path

from . import views

urlpatterns = [
    path("", views.start, name="import"),
    path("contoh/<slug:kind>.xlsx", views.template, name="import_template"),
    path("ekspor/<slug:kind>.<slug:form>", views.export, name="export"),
    path("<int:pk>/", views.batch, name="import_batch"),
    path("<int:pk>/periksa/", views.check, name="import_check"),
    path("<int:pk>/simpan/", views.save, name="import_save"),
    path("<int:pk>/ditolak.xlsx", views.refused, name="import_refused"),
    path("<int:pk>/buang/", views.discard, name="import_discard"),
]
