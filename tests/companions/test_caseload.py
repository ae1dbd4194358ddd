"""``/dampingan/keluarga/``: all households of a companion, and nobody else's."""

from datetime import date
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from people.models import Consent
from progress.models import LessonCompletion, ModuleAssignment
from tests import factories as make
from tests.pages import soup, text

pytestmark = pytest.mark.django_db
LIST = "/dampingan/keluarga/"
FIRST = "pengenalan-motivasi"


def page(client, address: str = LIST):
    response = client.get(address)
    assert response.status_code == 200
    return soup(response)


def names(found) -> list[str]:
    return [text(name) for name in found.select("ul.grid > li h2")]


def end(household, companion) -> None:
    household.companionships.filter(companion=companion).update(ended_at=timezone.now())


# --- Whose --------------------------------------------------------------------------------------------------------


def test_a_companion_sees_her_households_and_nobody_elses(client, rina, agus):
    mine = [make.household(rina) for _ in range(2)]
    make.household(agus)
    make.household()
    assert names(page(client)) == [home.name for home in mine]


def test_two_companions_may_share_a_household(client, rina, agus):
    home = make.household(rina)
    home.companionships.create(companion=agus)
    assert names(page(client)) == [home.name]
    client.force_login(agus.user)
    assert names(page(client)) == [home.name]


def test_an_ended_companionship_is_gone_at_once(client, rina, agus):
    home = make.household(rina)
    home.companionships.create(companion=agus)
    assert names(page(client)) == [home.name]
    end(home, rina)
    assert names(page(client)) == []
    client.force_login(agus.user)
    assert names(page(client)) == [home.name]


def test_a_companionship_begun_anew_is_there_again_once(client, rina):
    home = make.household(rina)
    end(home, rina)
    home.companionships.create(companion=rina)
    assert names(page(client)) == [home.name]


def test_a_visitor_is_sent_to_sign_in_and_back(client):
    assert client.get(LIST)["Location"] == f"/masuk/?next={LIST}"


@pytest.mark.parametrize("who", ["learner", "coordinator", "editor"])
def test_others_are_refused(client, who):
    people = {
        "learner": lambda: make.learner(pin=None).user,
        "coordinator": lambda: make.coordinator(make.region()).user,
        "editor": make.staff,
    }
    client.force_login(people[who]())
    assert client.get(LIST).status_code == 403


def test_it_is_never_kept_in_a_cache(client, rina):
    assert "no-store" in client.get(LIST)["Cache-Control"]


# --- What ---------------------------------------------------------------------------------------------------------


def row(client, home):
    return page(client).find("a", string=home.name).find_parent("li")


def test_a_household_shows_its_region_and_group(client, rina):
    home = make.household(rina, in_group=make.group())
    assert f"Kota Tangerang · {home.group.name}" in text(row(client, home))


def test_a_household_shows_each_learner_and_how_far_she_is(client, rina):
    home = make.household(rina)
    sari, dedi, wati = (
        make.learner(home, first_name=name, address_form=form, pin=None)
        for name, form in (("Sari", "ibu"), ("Dedi", "bapak"), ("Wati", "ibu"))
    )
    make.finished(sari, FIRST)
    make.read(sari, "merek")
    make.finished(dedi, FIRST)
    people = {text(li.span): text(li) for li in row(client, home).select("li.person")}
    assert people == {
        "Pak Dedi": "Pak Dedi 1 modul selesai",
        "Bu Sari": f"Bu Sari {make.module().title}: 5 dari 5 1 modul selesai",
        "Bu Wati": "Bu Wati Belum mulai",
    }
    assert wati.household == home


def test_who_has_handed_in_a_practice_alone_has_begun_on_every_screen(client, rina):
    home = make.household(rina)
    sari = make.learner(home, pin=None)
    make.practised(sari)
    assert f"{make.module().title}: 0 dari 5" in text(row(client, home))
    assert f"{make.module().title} 0 dari 5 pelajaran" in text(page(client, f"{LIST}{home.pk}/").main)
    client.force_login(sari.user)
    card = page(client, "/belajar/").find("a", string=make.module().title).find_parent("li")
    assert "Sedang dikerjakan" in text(card)


def test_the_module_that_she_worked_on_last_is_shown(client, rina):
    home = make.household(rina)
    sari = make.learner(home, pin=None)
    for slug in (FIRST, "merek"):
        lesson = make.lessons(slug)[0]
        LessonCompletion.objects.record(sari, lesson.translation_key, make.module(slug).translation_key)
    assert f"{make.module('merek').title}: 1 dari 5" in text(row(client, home))


def test_a_lesson_taken_out_of_the_module_is_not_counted_beyond_its_total(client, rina):
    home = make.household(rina)
    make.read(make.learner(home, pin=None), "merek")
    make.lessons("merek")[0].unpublish()
    assert "4 dari 4" in text(row(client, home))


def test_where_a_lesson_took_anothers_place_the_list_counts_as_the_familys_page_does(client, rina):
    home = make.household(rina)
    make.read(make.learner(home, pin=None), "merek")
    gone, come = make.lessons("merek")[0], make.lessons(FIRST)[0]
    gone.unpublish()
    come.move(make.module("merek"), pos="last-child")
    title = make.module("merek").title
    assert f"{title} 4 dari 5 pelajaran" in text(page(client, f"{LIST}{home.pk}/").main)
    assert f"{title}: 4 dari 5" in text(row(client, home))


def test_a_module_that_lost_its_quiz_is_done_in_the_list_no_more(client, rina):
    home = make.household(rina)
    make.finished(make.learner(home, pin=None), FIRST)
    make.quiz(FIRST).unpublish()
    assert "modul selesai" not in text(row(client, home))


def test_a_household_shows_what_is_assigned_now(client, rina):
    home = make.household(rina)
    for slug in (FIRST, "merek"):
        ModuleAssignment.objects.assign([home], make.module(slug).translation_key, by=rina.user)
    ModuleAssignment.objects.withdraw(ModuleAssignment.objects.first(), by=rina.user)
    assert f"Tugas: {make.module('merek').title}" in text(row(client, home))
    assert make.module(FIRST).title not in text(row(client, home))


def test_what_is_done_is_no_task_any_more(client, rina):
    home = make.household(rina)
    ModuleAssignment.objects.assign([home], make.module(FIRST).translation_key, by=rina.user)
    make.finished(make.learner(home, pin=None), FIRST)
    assert "Tugas:" not in text(row(client, home))


def test_names_are_shown_as_text(client, rina):
    home = make.household(rina)
    home.name = "<script>alert(1)</script>"
    home.save()
    assert names(page(client)) == ["<script>alert(1)</script>"]


# --- Finding ------------------------------------------------------------------------------------------------------


def chosen(found, name: str) -> str:
    option = found.select_one(f"select[name={name}] option[selected]")
    return text(option) if option else ""


def test_a_group_shows_only_her_own_households_in_it(client, rina, agus):
    melati, kenanga = make.group(), make.group()
    mine = make.household(rina, in_group=melati)
    make.household(agus, in_group=melati)
    make.household(rina, in_group=kenanga)
    found = page(client, f"{LIST}?kelompok={melati.pk}")
    assert names(found) == [mine.name]
    assert chosen(found, "kelompok") == melati.name


def test_a_group_in_which_she_has_nobody_is_not_offered_and_filters_nothing(client, rina, agus):
    foreign = make.group()
    make.household(agus, in_group=foreign)
    mine = make.household(rina)
    found = page(client, f"{LIST}?kelompok={foreign.pk}")
    assert names(found) == [mine.name]
    assert foreign.name not in text(found)


@pytest.mark.parametrize(
    "typed",
    ["sari", "Sari Wulandari", "sari  wulan", "SARI", " Sari ", "wulan", "Bu Sari", "ibu sari w", "Keluarga Satu"],
)
def test_a_household_is_found_by_its_name_or_a_learners(client, rina, agus, typed):
    home, other = make.household(rina), make.household(rina)
    type(home).objects.filter(pk=home.pk).update(name="Keluarga Satu")
    make.learner(home, pin=None)
    make.learner(other, first_name="Dedi", last_name="Kurnia", pin=None)
    make.learner(make.household(agus), pin=None)
    found = page(client, f"{LIST}?{urlencode({'cari': typed})}")
    assert names(found) == ["Keluarga Satu"]
    assert found.select_one("input[name=cari]")["value"] == " ".join(typed.split())


def test_who_withdrew_is_not_found_by_her_name(client, rina):
    """P2"""
    sari = make.learner(make.household(rina), pin=None)
    Consent.objects.withdraw(sari, by=sari.user)
    assert names(page(client, f"{LIST}?cari=sari")) == []


@pytest.mark.parametrize("query", ["cari=tidak-ada", "cari=%25", "cari=_", "cari=%3Cb%3E"])
def test_where_nothing_is_found_it_says_so_and_leads_back(client, rina, query):
    make.household(rina)
    found = page(client, f"{LIST}?{query}")
    assert names(found) == []
    assert "Tidak ada keluarga seperti itu." in text(found.main)
    assert found.main.select_one(f"ul.grid a[href='{LIST}']")


@pytest.fixture
def every_state(rina) -> dict[str, str]:
    """The name of a household in each state."""
    homes = {name: make.household(rina) for name in ("new", "at work", "quiet", "long quiet", "done", "failed", "due")}
    homes["pin"] = make.household(rina)
    people = {name: make.learner(home, pin=None) for name, home in homes.items()}
    for name, days in {"at work": 1, "quiet": 8, "long quiet": 15}.items():
        make.read(people[name])
        make.moved_back(people[name], days)
    make.finished(people["done"], FIRST)
    make.read(people["failed"], FIRST)
    for _ in range(2):
        make.tried(people["failed"], FIRST, right=0)
    ModuleAssignment.objects.assign([homes["due"]], make.module().translation_key, by=rina.user, due_on=date.today())
    now = timezone.now()
    people["pin"].temporary_pins.create(issued_by=rina.user, issued_at=now, expires_at=now)
    return {name: home.name for name, home in homes.items()}


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("tanpa-modul", ["new", "pin"]),
        ("belum-mulai", ["new", "due", "pin"]),
        ("sedang", ["at work", "failed"]),
        ("diam-7", ["quiet", "long quiet"]),
        ("diam-14", ["long quiet"]),
        ("selesai", ["done"]),
        ("kuis", ["failed"]),
        ("tenggat", ["due"]),
        ("pin", ["pin"]),
    ],
)
def test_households_are_found_by_how_they_stand(client, every_state, place, found):
    shown = page(client, f"{LIST}?keadaan={place}")
    assert names(shown) == [every_state[name] for name in found]
    assert shown.select_one("select[name=keadaan] option[selected]")["value"] == place


def test_the_quiet_and_the_done_show_it(client, rina, every_state):
    rows = {text(row.h2): text(row) for row in page(client).select("ul.grid > li")}
    assert "Diam 8 hari" in rows[every_state["quiet"]]
    assert "Selesai semua" in rows[every_state["done"]]
    assert not {"Diam", "Selesai"} & set(rows[every_state["at work"]].split())


@pytest.mark.parametrize(
    "query",
    ["kelompok=x", "kelompok=", "sesudah=x", "sesudah=0", f"sesudah={'9' * 30}", "keadaan=x", "kelompok=%00&cari=%00"],
)
def test_a_strange_query_shows_the_list(client, rina, query):
    home = make.household(rina)
    assert names(page(client, f"{LIST}?{query}")) == [home.name]


# --- Pages --------------------------------------------------------------------------------------------------------


def page_links(found) -> dict[str, str]:
    return {text(link): LIST + link["href"] for link in found.select("nav[aria-label=Halaman] a")}


def next_page(found) -> str:
    return page_links(found)["Berikutnya"]


def test_more_than_thirty_households_come_in_pages(client, rina):
    homes = [make.household(rina) for _ in range(33)]
    first = page(client)
    second = page(client, next_page(first))
    assert len(names(first)) == 30
    assert names(first) + names(second) == [home.name for home in homes]
    assert list(page_links(second)) == ["Dari awal"]


def test_households_of_the_same_name_are_each_shown_once(client, rina):
    homes = [make.household(rina) for _ in range(33)]
    type(homes[0]).objects.update(name="Keluarga Sama")
    first = page(client)
    second = page(client, next_page(first))
    shown = [link["href"] for found in (first, second) for link in found.select("ul.grid h2 a")]
    assert shown == [f"/dampingan/keluarga/{home.pk}/" for home in homes]


def test_one_that_is_added_meanwhile_makes_nobody_skipped(client, rina):
    homes = [make.household(rina) for _ in range(33)]
    following = next_page(page(client))
    early = make.household(rina)
    type(early).objects.filter(pk=early.pk).update(name="Keluarga 0")
    assert names(page(client, following)) == [home.name for home in homes[30:]]


def test_a_page_goes_on_within_what_was_looked_for(client, rina, agus):
    melati = make.group()
    homes = [make.household(rina, in_group=melati) for _ in range(33)]
    make.household(rina)
    found = page(client, f"{LIST}?kelompok={melati.pk}&keadaan=belum-mulai&cari=keluarga")
    assert names(page(client, next_page(found))) == [home.name for home in homes[30:]]


def test_a_page_after_a_foreign_household_begins_at_the_start(client, rina, agus):
    foreign, mine = make.household(agus), make.household(rina)
    assert names(page(client, f"{LIST}?sesudah={foreign.pk}")) == [mine.name]
