"""Error pages: in Indonesian, in words that help, and without anything that may be broken."""

from uuid import uuid4

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.shortcuts import render
from django.test import Client
from django.urls import get_callable, get_resolver, path
from django.views.defaults import ERROR_PAGE_TEMPLATE

from lms.urls import handler403, urlpatterns  # noqa: F401  Django looks for them here
from people.access import WRITTEN
from people.models import Household
from tests import factories as make
from tests.pages import soup, text


def fails(error: Exception):
    def view(request):
        raise error

    return view


# The product's addresses, and some that go wrong.
urlpatterns = [
    path("rusak/400/", fails(SuspiciousOperation("rahasia"))),
    path("rusak/403/", fails(PermissionDenied("rahasia"))),
    path("rusak/404/", fails(Http404("rahasia"))),
    path("rusak/500/", fails(ZeroDivisionError("rahasia"))),
    *urlpatterns,
]
HEADINGS = {
    400: "Kiriman ini tidak terbaca",
    403: "Halaman ini bukan untuk akun ini",
    404: "Halaman ini tidak ada",
    500: "Ada yang salah di tempat kami",
}
CSRF = "Halaman ini sudah lama terbuka"
ENGLISH = ["Bad Request", "Forbidden", "Not Found", "Server Error", "rahasia", "Error", "error", "gagal", "Gagal"]


def reads_well(response, heading: str, *, names_companion: bool = True) -> None:
    page = soup(response)
    assert page.html["lang"] == "id"
    assert text(page.h1) == heading
    assert text(page.title) == f"{heading} · Belajar PENA"
    assert ("Masih bingung? Tanya pendamping." in text(page.main)) == names_companion
    assert [word for word in ENGLISH if word in text(page)] == []
    assert page.main.select("a.btn.main[href]"), "a way on"
    assert ERROR_PAGE_TEMPLATE.partition("%")[0] not in response.text


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("who", ["visitor", "learner"])
@pytest.mark.parametrize("status", HEADINGS)
def test_what_goes_wrong_is_said_in_indonesian(status, who):
    client = Client(raise_request_exception=False)
    if who == "learner":
        client.force_login(make.learner(pin=None).user)
    response = client.get(f"/rusak/{status}/")
    assert response.status_code == status
    reads_well(response, HEADINGS[status])


@pytest.mark.django_db
def test_an_unknown_address_gets_the_page(client):
    response = client.get("/tidak/ada/")
    assert response.status_code == 404
    reads_well(response, HEADINGS[404])


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/a%00b/", "/modul/a%00b/", "/jv/a%00b/", "/su/modul/%00/", "/media/a%00b"])
def test_so_does_one_with_a_mark_that_no_database_takes(client, path):
    response = client.get(path)
    assert response.status_code == 404
    reads_well(response, HEADINGS[404])


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/kelola/kuis/{}/impor/", "/kelola/pratinjau/kuis/{}/", "/kelola/periksa/{}/"])
def test_so_does_one_with_a_number_that_no_column_holds(client, path):
    client.force_login(make.staff("Penulis materi"))
    response = client.get(path.format("9" * 26))
    assert response.status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/belajar/", "/dampingan/", "/laporan/"])
def test_a_screen_of_another_role_gets_the_page(client, path):
    client.force_login(make.staff())
    response = client.get(path)
    assert response.status_code == 403
    reads_well(response, HEADINGS[403], names_companion=False)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/belajar/pelajaran/{0}/paham/", "/dampingan/pertemuan/{0}/batal/", "/bahasa/{0}/"])
@pytest.mark.parametrize("who", ["visitor", "learner"])
def test_an_address_that_only_takes_a_form_gets_the_page(client, who, path):
    """A phone that was short of memory asks for it anew, without what was sent."""
    if who == "learner":
        client.force_login(make.learner().user)
    response = client.get(path.format(uuid4()))
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    reads_well(response, "Halaman ini hanya untuk mengirim")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/tidak/ada/", "/belajar/", "/bahasa/3f2504e0-4f89-41d3-9a0c-0305e82c3301/"])
def test_staff_are_not_sent_to_a_companion(client, path):
    client.force_login(make.staff())
    page = soup(client.get(path))
    assert "Masih bingung?" not in text(page.main)
    assert page.main.select("a.btn.main[href]"), "a way on"


@pytest.mark.django_db
def test_a_foreign_host_gets_the_page(client):
    response = client.get("/", headers={"host": "orang-lain.example"})
    assert response.status_code == 400
    reads_well(response, HEADINGS[400])


@pytest.mark.django_db
def test_a_form_without_its_token_gets_a_page_that_says_what_to_do():
    response = Client(enforce_csrf_checks=True).post("/masuk/", {"login": "SAR1PENA", "password": make.PIN})
    assert response.status_code == 403
    reads_well(response, CSRF)
    assert "Demi keamanan, buka lagi halamannya. Lalu kirim sekali lagi." in text(soup(response).main)


@pytest.mark.parametrize("status", HEADINGS)
def test_the_page_needs_no_database_and_no_session(rf, status):
    """pytest refuses the database here, and the bare request has neither user nor session."""
    view = get_resolver().resolve_error_handler(status)
    response = view(rf.get("/"), *([] if status == 500 else [Exception("rahasia")]))
    assert response.status_code == status
    reads_well(response, HEADINGS[status])


def test_the_page_for_a_form_without_its_token_needs_neither(rf):
    response = get_callable(settings.CSRF_FAILURE_VIEW)(rf.get("/"))
    assert response.status_code == 403
    reads_well(response, CSRF)


FORMS = {
    "learner": ["/belajar/praktik/{lesson}/", "/belajar/data/perbaiki/"],
    "companion": [
        *("keluarga/baru/", "keluarga/{home}/", "keluarga/{home}/data/", "keluarga/{home}/pesan/"),
        *("keluarga/{home}/kunjungan/", "keluarga/{home}/pelajar/baru/", "pelajar/{learner}/", "tugaskan/"),
        *("pelajar/{learner}/praktik/{lesson}/", "praktik/{practice}/"),
    ],
}


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "address"), [(who, one) for who, some in FORMS.items() for one in some])
def test_a_form_that_takes_words_says_whose_they_are(client, who, address):
    """Where it comes too late, they are shown to her alone; who was not named by her form had lost them."""
    rina = make.companion()
    home = make.household(rina)
    Household.objects.filter(pk=home.pk).update(phone="+6281200001111", messages_welcome=True)
    sari = make.learner(home)
    lesson, sent = make.lessons()[1].translation_key, make.practised(sari)
    user = {"learner": sari.user, "companion": rina.user}[who]
    client.force_login(user)
    place = address.format(home=home.pk, learner=sari.pk, lesson=lesson, practice=sent.pk)
    main = soup(client.get(place if who == "learner" else f"/dampingan/{place}")).main
    taking = [
        form
        for form in main.select("form[method=post]")
        if {one.get("name") for one in form.select("input:not([type=hidden]), textarea")} & {*WRITTEN}
    ]
    assert taking
    assert [[one["value"] for one in form.select("[name=owner], [name=writer]")] for form in taking] == [
        [str(user.pk)]
    ] * len(taking)


def test_the_page_for_too_many_sign_ins_needs_neither(rf):
    response = render(rf.get("/"), "429.html", status=429)
    reads_well(response, "Tunggu sebentar")


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("status", HEADINGS)
def test_error_pages_are_as_strict_as_all_others(status):
    response = Client(raise_request_exception=False).get(f"/rusak/{status}/")
    assert "default-src 'none'" in response["Content-Security-Policy"]
