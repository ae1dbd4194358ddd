"""Below ``/kelola/kuis/``: quizzes as files, and what their answers tell."""

from django.urls import path

from . import admin_views

app_name = "quiz_desk"
urlpatterns = [
    path("", admin_views.quizzes, name="quizzes"),
    path("soal/", admin_views.questions, name="questions"),
    path("contoh.xlsx", admin_views.template, name="template"),
    path("<int:page>/impor/", admin_views.start, name="import"),
    path("<int:page>/impor/<int:pk>/", admin_views.preview, name="preview"),
    path("<int:page>/impor/<int:pk>/simpan/", admin_views.save, name="save"),
    path("<int:page>/impor/<int:pk>/buang/", admin_views.discard, name="discard"),
    path("<int:page>/ekspor/", admin_views.export, name="export"),
    path("<int:page>/ekspor/<slug:code>/", admin_views.download, name="download"),
]
