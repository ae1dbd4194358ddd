from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from courses.languages import OTHERS
from learn import door_views, language_views, offline_views, refused_views, search_views
from progress.views import spoken_word

from . import errors
from .media_files import media_file

admin.site.site_header = admin.site.site_title = "Belajar PENA: akun dan keluarga"

urlpatterns = [
    path("belajar/", include("learn.urls")),  # they are looked through in this order, and most ask for these
    path("", include("people.urls")),
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}img/icon.svg")),
    path("sw.js", offline_views.service_worker, name="service_worker"),  # at the root: it answers for the whole site
    path("manifest.webmanifest", offline_views.manifest, name="manifest"),
    path("luring/", offline_views.page, {"name": "offline"}, name="offline"),
    path("luring/kuis/", offline_views.page, {"name": "offline_quiz"}, name="offline_quiz"),
    path("luring/praktik/", offline_views.page, {"name": "offline_practice"}, name="offline_practice"),
    path("luring/dampingan/", offline_views.page, {"name": "offline_road"}, name="offline_road"),
    path("modul-luring/<uuid:key>.json", offline_views.module_files, name="module_files"),
    path("cari/", search_views.search, name="search"),
    path("bahasa/<uuid:key>/", language_views.choose, name="choose_language"),
    *(re_path(rf"^{code}/(?P<path>(?:[\w-]+/)+)$", language_views.page, {"language": code}) for code in OTHERS),
    path("lencana/", include("badges.urls")),
    path("bukti/", include("practice.urls")),
    path("kata/<uuid:id>/", spoken_word, name="spoken_word"),
    path("dampingan/kiriman/", refused_views.refused, name="refused"),
    path("dampingan/kiriman/<int:pk>/dilihat/", refused_views.see_refused, name="see_refused"),
    path("dampingan/pelajar/<int:pk>/persetujuan/tarik/", door_views.withdraw, name="withdraw_at_the_door"),
    path("dampingan/", include("companions.urls")),
    path("laporan/", include("reports.urls")),
    path("kelola/", include(wagtailadmin_urls)),
    path("django-admin/", admin.site.urls),
    path("dokumen/", include(wagtaildocs_urls)),
    # Editors' pictures and recordings only; learners' files never lie here.
    path("media/<path:path>", media_file),
    path("", include(wagtail_urls)),
]

handler403 = errors.permission_denied
