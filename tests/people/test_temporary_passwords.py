"""A password that somebody else gave is replaced by one's own before anything else, as a learner's temporary PIN is."""

from urllib.parse import quote

import pytest
from django.test import Client

from people.importing import steps
from people.models import ImportBatch, User
from people.spreadsheets import to_xlsx
from tests import factories, pages
from tests.people.importing.files import checked, header, upload
from tests.people.test_signing_in import sign_in

pytestmark = pytest.mark.django_db

CHANGE = "/akun/ganti-pin/"
GIVEN, OWN = "dari-administrator", "hanya-saya-yang-tahu"


@pytest.fixture
def admin(client) -> User:
    admin = factories.administrator()
    client.force_login(admin)
    return admin


@pytest.fixture
def desk(client, admin) -> Client:
    return client


@pytest.fixture
def siti(admin) -> tuple[str, str]:
    """The name and the password of a companion who came from a file."""
    rows = [["siti.rahayu", "Siti", "", "", ""]]
    batch = checked("pendamping", upload(to_xlsx(header("pendamping"), rows)), admin)
    return next(iter(steps.save(batch, by=admin).items()))


def signed_in(name: str, password: str) -> Client:
    client = Client()
    assert sign_in(client, name, password).status_code == 302
    return client


def choose(client: Client, old: str, new: str, path: str = CHANGE):
    return client.post(path, {"oldpassword": old, "password1": new, "password2": new})


def must_choose(client: Client, path: str = "/dampingan/") -> bool:
    return client.get(path).headers.get("Location") == f"{CHANGE}?next={quote(path)}"


# --- Who has one -------------------------------------------------------------------------------------------------


def test_whoever_came_from_a_file_chooses_her_own_first(siti):
    assert must_choose(signed_in(*siti))


def test_so_does_whoever_got_another_because_the_first_was_lost(admin, siti):
    batch = ImportBatch.objects.get()
    User.objects.update(must_choose_password=False)
    assert must_choose(signed_in(*next(iter(steps.renew_passwords(batch, by=admin).items()))))


def given_at_the_administrators_desk(desk: Client, user: User) -> None:
    path = f"/django-admin/people/user/{user.pk}/password/"
    answers = {"usable_password": "true", "password1": GIVEN, "password2": GIVEN}
    assert desk.post(path, answers).status_code == 302


def given_at_the_editors_desk(desk: Client, user: User) -> None:
    account = {"username": user.username, "first_name": "S", "last_name": "R", "email": "s@r.id", "is_active": "on"}
    answers = account | {"password1": GIVEN, "password2": GIVEN}
    assert desk.post(f"/kelola/users/edit/{user.pk}/", answers).status_code == 302


@pytest.mark.parametrize("give", [given_at_the_administrators_desk, given_at_the_editors_desk])
def test_so_does_whoever_got_one_from_an_administrator(desk, give):
    rina = factories.companion().user
    give(desk, rina)
    assert must_choose(signed_in(rina.username, GIVEN))


def test_an_account_changed_without_a_new_password_keeps_its_own(desk):
    rina = factories.companion().user
    account = {"username": rina.username, "first_name": "S", "last_name": "R", "email": "s@r.id", "is_active": "on"}
    assert desk.post(f"/kelola/users/edit/{rina.pk}/", account).status_code == 302
    assert not must_choose(signed_in(rina.username, factories.PASSWORD))


@pytest.mark.parametrize("give", [given_at_the_administrators_desk, given_at_the_editors_desk])
def test_an_administrator_who_changes_her_own_has_chosen_it(desk, admin, give):
    give(desk, admin)
    assert not must_choose(signed_in(admin.username, GIVEN), "/kelola/")


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/django-admin/people/user/add/", {"usable_password": "true"}),
        ("/kelola/users/new/", {"first_name": "L", "last_name": "P", "email": "l@p.id", "is_superuser": "on"}),
    ],
)
def test_so_does_whoever_was_made_by_hand(desk, path, more):
    answers = {"username": "lestari.baru", "password1": GIVEN, "password2": GIVEN} | more
    assert desk.post(path, answers).status_code == 302
    assert must_choose(signed_in("lestari.baru", GIVEN), "/kelola/")


def test_whoever_has_made_her_account_at_the_server_has_chosen_it():
    User.objects.create_superuser("admin.pertama", password=OWN)
    assert not must_choose(signed_in("admin.pertama", OWN), "/kelola/")


# --- What she sees -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/", "/saya/", "/akun/", "/akun/pengaman/", "/akun/pengaman/totp/activate/", "/dampingan/", "/modul/", "/impor/"],
)
def test_every_page_leads_to_choosing(siti, settings, path):
    """Also those of the second factor: whoever gave the password could set one up."""
    settings.REQUIRE_SECOND_FACTOR = True
    assert must_choose(signed_in(*siti), path)


def test_nothing_is_written_before(siti):
    client = signed_in(*siti)
    assert client.post("/dampingan/keluarga/baru/", {"name": "Keluarga Sari"}).headers["Location"].startswith(CHANGE)


@pytest.mark.parametrize("path", ["/sw.js", "/manifest.webmanifest", "/keluar/"])
def test_what_a_phone_needs_and_the_way_out_stay_open(siti, path):
    assert signed_in(*siti).get(path).status_code == 200


def test_the_page_says_why_and_leads_nowhere_else(siti):
    page = pages.soup(signed_in(*siti).get(CHANGE))
    assert pages.text(page.h1) == "Buat kata sandi sendiri"
    assert [pages.text(label) for label in page.select("main label")] == [
        "Kata sandi sementara",
        "Kata sandi baru",
        "Ulangi yang baru",
    ]
    assert page.select("main a, nav a") == []


def test_with_one_of_her_own_she_is_where_she_wanted_to_go(siti):
    name, password = siti
    client = signed_in(name, password)
    answer = choose(client, password, OWN, client.get("/dampingan/").headers["Location"])
    assert answer.headers["Location"] == "/dampingan/"
    assert client.get("/dampingan/").status_code == 200
    assert not must_choose(signed_in(name, OWN))


def test_the_temporary_one_is_no_password_of_her_own(siti):
    name, password = siti
    client = signed_in(name, password)
    answer = choose(client, password, password)
    assert pages.field_error(answer, "password1") == "Ini masih kata sandi sementara. Pilih yang lain."
    assert must_choose(client)
