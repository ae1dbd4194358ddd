"""What a companion gave and said, and what a household chooses itself, as the learner sees it."""

import pytest
from django.test import Client

from people.models import HouseholdEvent
from progress.models import ModuleAssignment
from tests import factories as make
from tests.pages import soup, text

pytestmark = pytest.mark.django_db
HOME, WORD = "/belajar/", "Pelan-pelan saja, <b>Bu</b>."


@pytest.fixture
def sari(client, rina):
    person = make.learner(make.household(rina), pin=None)
    client.force_login(person.user)
    return person


def give(person, by, slug: str = "merek", **terms) -> None:
    ModuleAssignment.objects.assign([person.household], make.module(slug).translation_key, by=by.user, **terms)


def take(client, what: str = "ambil", slug: str = "merek"):
    return client.post(f"/belajar/modul/{make.module(slug).translation_key}/{what}/", follow=True)


def module_page(client, slug: str = "merek"):
    return soup(client.get(f"/modul/{slug}/")).main


def headings(client) -> dict[str, list[str]]:
    return {
        text(section.h2): [text(card.h3) for card in section.select("li.mod")]
        for section in soup(client.get(HOME)).select("main section:has(li.mod)")
    }


def choices(person) -> list[str]:
    return [str(key) for key in ModuleAssignment.objects.current().values_list("module_key", flat=True)]


# --- A companion's word -------------------------------------------------------------------------------------------


def test_the_word_stands_with_its_task_and_on_the_module(client, sari, rina):
    give(sari, rina, word=WORD)
    card = soup(client.get(HOME)).find("a", string=make.module().title).find_parent("li")
    assert WORD in text(card)
    assert f"Kata pendamping {WORD}" in text(module_page(client))


def test_a_word_taken_back_is_seen_no_more(client, sari, rina):
    give(sari, rina, word=WORD)
    ModuleAssignment.objects.withdraw(ModuleAssignment.objects.get(), by=rina.user)
    assert WORD not in client.get(HOME).text + client.get("/modul/merek/").text
    assert "Kata pendamping" not in text(module_page(client))


def test_anothers_word_is_not_seen(client, sari, rina):
    give(make.learner(make.household(rina), pin=None), rina, word=WORD)
    assert "Kata pendamping" not in text(module_page(client))
    assert "Kata pendamping" not in text(soup(Client().get("/modul/merek/")).main)


# --- Her own choice -----------------------------------------------------------------------------------------------


def test_a_module_that_the_household_takes_stands_under_its_own_heading(client, sari, rina):
    give(sari, rina, "kemasan")
    form = module_page(client).select_one("form[action$='/ambil/']")
    response = client.post(form["action"], follow=True)
    assert response.redirect_chain == [("/modul/merek/", 302)]
    assert f"{make.module().title} sekarang ada di Belajar." in text(soup(response).main)
    shown = headings(client)
    assert shown["Tugas dari pendamping"] == [make.module("kemasan").title]
    assert shown["Pilihan keluarga"] == [make.module().title]
    assert list(shown) == ["Tugas dari pendamping", "Pilihan keluarga", "Modul lain"]


def test_taken_twice_it_is_there_once(client, sari):
    take(client)
    response = take(client)
    assert "sudah ada di Belajar." in text(soup(response).main)
    assert len(choices(sari)) == 1


def test_the_companion_sees_that_the_household_chose_it(client, sari, rina):
    take(client)
    client.force_login(rina.user)
    page = text(soup(client.get(f"/dampingan/keluarga/{sari.household_id}/")).main)
    assert f"{make.module().title} Tanpa batas waktu · Dipilih keluarga" in page


def test_it_may_be_let_go_and_what_was_learned_stays(client, sari):
    take(client)
    make.read(sari)
    form = module_page(client).select_one("form[action$='/batal/']")
    response = client.post(form["action"], follow=True)
    assert "Pelajaran yang sudah selesai tetap tersimpan." in text(soup(response).main)
    assert choices(sari) == []
    assert sari.completions.count() == 5


def test_what_the_companion_gave_only_she_takes_back(client, sari, rina):
    give(sari, rina, word=WORD)
    assert not module_page(client).select("form[action$='/batal/'], form[action$='/ambil/']")
    response = client.post(f"/belajar/modul/{make.module().translation_key}/batal/", follow=True)
    assert "tugas dari pendamping. Tidak ada yang berubah." in text(soup(response).main)
    assert len(choices(sari)) == 1


def test_a_module_that_is_done_is_not_offered(client, sari):
    make.finished(sari, "pengenalan-motivasi")
    assert not module_page(client, "pengenalan-motivasi").select("form[action$='/ambil/']")


def test_a_visitor_is_offered_nothing(sari):
    assert not soup(Client().get("/modul/merek/")).select("form[action*='/modul/']")


@pytest.mark.parametrize("what", ["ambil", "batal"])
def test_what_is_not_published_is_not_found(client, sari, what):
    key = make.module().translation_key
    make.module().unpublish()
    assert client.post(f"/belajar/modul/{key}/{what}/").status_code == 404
    assert client.get(f"/belajar/modul/{key}/{what}/").status_code == 405
    assert choices(sari) == []


def test_another_household_gets_nothing(client, sari, rina):
    other = make.learner(make.household(rina), pin=None)
    take(client)
    assert not other.household.assignments.exists()
    assert not HouseholdEvent.objects.filter(household=other.household, by=sari.user).exists()
