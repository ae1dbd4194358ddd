"""``/dampingan/``: who needs the companion today, one ready action a row, and the row steps back once it is done."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format

from courses.models import ModulePage
from learn import intake, rights
from people.models import Consent, Household, HouseholdEvent, Learner
from progress.models import ModuleAssignment, QuizOpening
from tests import factories as make
from tests.pages import sends, soup, text

pytestmark = pytest.mark.django_db
TODAY = "/dampingan/"
FIRST = "pengenalan-motivasi"
CONTACTED, VISITED = HouseholdEvent.Kind.CONTACTED, HouseholdEvent.Kind.VISITED


def quiet(by, days: float = 8, *, lessons: int = 2, **contact) -> Learner:
    """A learner whose household has been quiet for so many days."""
    home = make.household(by)
    Household.objects.filter(pk=home.pk).update(**contact)
    sari = make.learner(Household.objects.get(pk=home.pk), pin=None)
    for lesson in make.lessons(FIRST)[:lessons]:
        make.intake.complete_lesson(sari, lesson.translation_key)
    make.moved_back(sari, days)
    return sari


def assigned(home, by, slug: str = FIRST, **terms) -> None:
    ModuleAssignment.objects.assign([home], make.module(slug).translation_key, by=by.user, **terms)


def page(client):
    response = client.get(TODAY)
    assert response.status_code == 200
    return soup(response)


def blocks(client) -> dict[str, list[str]]:
    """The households under each heading."""
    return {
        text(section.h2): [text(row.h3) for row in section.select("ul.grid > li")]
        for section in page(client).select("main > section:has(ul.grid)")
    }


def row(client, person):
    return page(client).find("a", string=person.household.name).find_parent("li")


# --- Nobody -------------------------------------------------------------------------------------------------------


def test_where_nobody_waits_it_is_calm(client, rina):
    make.read(make.learner(make.household(rina), pin=None))
    assert blocks(client) == {}
    assert "Semua baik hari ini" in text(page(client).main)


def test_a_quiz_that_the_editors_take_back_makes_nobody_quiet(client, rina):
    """Its lessons are all done: there is nothing that she could go on with, or try again."""
    sari = make.learner(make.household(rina), pin=None)
    make.finished(sari, FIRST)
    make.moved_back(sari, 40)
    make.quiz(FIRST).unpublish()
    assert blocks(client) == {}


def test_a_quiz_that_the_editors_open_is_no_work_of_a_family_that_is_quiet(client, rina):
    """It was called well for a week, and in the coordinator's report for a month."""
    lessons = make.lessons(FIRST)
    quiet(rina, 20, lessons=len(lessons) - 1)
    lessons[-1].unpublish()
    call_command("catch_up")
    assert QuizOpening.objects.exists()
    assert set(blocks(client)) == {"Diam 14 hari lebih (1)"}
    call_command("rebuild_progress", "--check")


@pytest.mark.parametrize("screen", ["", "keluarga/", "kartu/", "tugaskan/", "rekap/"])
def test_without_households_each_screen_says_who_gives_them_and_offers_nothing_that_needs_them(client, rina, screen):
    main = soup(client.get(f"/dampingan/{screen}")).main
    assert "Koordinator atau administrator memberi keluarga" in text(main)
    assert main.select(".card a[href='/dampingan/keluarga/baru/']")
    assert not main.select("form, a[href^='/dampingan/tugaskan/'], a[href^='/dampingan/kartu/']")


def test_families_without_a_module_are_counted_and_one_tap_from_being_given_one(client, rina):
    for _ in range(2):
        make.learner(make.household(rina), pin=None)
    withdrawn, empty = make.learner(make.household(rina), pin=None), make.household(rina)
    rights.withdraw(withdrawn, by=rina.user)
    card = page(client).find(id="tanpa-modul").parent
    assert text(card.h2) == "2 keluarga belum punya modul"
    form = soup(client.get(TODAY + "tugaskan/" + card.a["href"].partition("tugaskan/")[2])).main.form
    client.post(TODAY + "tugaskan/", sends(form) | {"module": str(make.module().translation_key), "pasti": "ya"})
    given = set(ModuleAssignment.objects.values_list("household", flat=True))
    assert len(given) == 2 and not given & {withdrawn.household_id, empty.pk}
    assert "belum punya modul" not in text(page(client).main)


def test_a_family_that_began_by_itself_needs_no_first_module(client, rina):
    make.read(make.learner(make.household(rina), pin=None))
    assert "belum punya modul" not in text(page(client).main)


def test_families_that_have_done_all_they_had_are_counted_and_one_tap_from_the_next_module(client, rina):
    """Nobody learned any more, and all was well for months."""
    done, begun = (make.learner(make.household(rina), pin=None) for _ in range(2))
    make.finished(done, FIRST)
    make.read(begun)
    card = page(client).find(id="selesai").parent
    assert text(card.h2) == "1 keluarga sudah selesai semua"
    assert "Semua baik" not in text(page(client).main)
    [home] = soup(client.get(card.a["href"])).main.select("ul.grid > li")
    assert done.household.name in text(home)
    assigned(done.household, rina, "merek")
    assert "selesai semua" not in text(page(client).main)


def test_who_has_done_all_there_is_waits_for_no_other_module(client, rina):
    make.finished(make.learner(make.household(rina), pin=None), FIRST)
    for other in ModulePage.objects.live().exclude(slug=FIRST):
        other.unpublish()
    assert "selesai semua" not in text(page(client).main)


def test_it_is_never_kept_in_a_cache(client, rina):
    assert "no-store" in client.get(TODAY)["Cache-Control"]


# --- Whose --------------------------------------------------------------------------------------------------------


def test_only_her_own_households_are_there(client, rina):
    mine = quiet(rina)
    quiet(make.companion())
    handed_over = quiet(rina)
    handed_over.household.companionships.update(ended_at=timezone.now())
    assert blocks(client) == {"Diam 7 hari lebih (1)": [mine.household.name]}


def test_who_withdrew_is_spoken_of_no_more(client, rina):
    """P2"""
    sari = quiet(rina)
    Consent.objects.withdraw(sari, by=sari.user)
    assert blocks(client) == {}
    assert sari.first_name not in text(page(client).main)


@pytest.mark.parametrize("away", ["learner", "household"])
def test_who_goes_away_between_two_questions_is_left_out(client, rina, away):
    now = timezone.now()
    sari = make.learner(make.household(rina), pin=None)
    sari.temporary_pins.create(issued_by=rina.user, issued_at=now, expires_at=now + timedelta(hours=23))
    stays, gone = quiet(rina), []

    def goes_away(execute, sql, *rest):
        answer = execute(sql, *rest)
        if "people_householdevent" in sql and not gone:  # the last of the facts
            gone.append(sari)
            rights.erase(sari)
            if away == "household":
                sari.household.events.all().delete()
                sari.household.companionships.all().delete()
                sari.household.delete()
        return answer

    with connection.execute_wrapper(goes_away):
        assert blocks(client) == {"Diam 7 hari lebih (1)": [stays.household.name], "PIN sementara (1)": []}


# --- What ---------------------------------------------------------------------------------------------------------


def test_a_quiet_family_says_how_long_where_it_stopped_and_what_the_phone_did(client, rina):
    sari = quiet(rina, 8)
    words = text(row(client, sari))
    sent = date_format(timezone.localtime() - timedelta(days=8), "j M Y")
    assert "Bu Sari diam 8 hari" in words
    assert f"Berhenti di «{make.lessons(FIRST)[2].title}»." in words
    assert f"HP terakhir mengirim {sent}. Bisa jadi tidak ada sinyal." in words


def test_a_phone_that_still_sends_has_a_signal(client, rina):
    sari = quiet(rina, 8)
    Learner.objects.sent(sari.pk)
    words = text(row(client, sari))
    assert f"HP terakhir mengirim {date_format(timezone.localtime(), 'j M Y')}." in words
    assert "sinyal" not in words


def test_one_that_stopped_before_the_quiz_says_so(client, rina):
    sari = quiet(rina, 8, lessons=5)
    assert f"Berhenti di kuis «{make.module(FIRST).title}»." in text(row(client, sari))


def test_one_whose_practice_is_to_be_mended_says_so(client, rina):
    sari = quiet(rina, 0)
    make.feedback(make.practised(sari, FIRST), rina, "to_improve")
    make.moved_back(sari, 8)
    assert f"Berhenti di praktik «{make.lessons(FIRST)[0].title}»." in text(row(client, sari))


@pytest.mark.parametrize(("lessons", "waits"), [(5, {}), (4, {"Diam 7 hari lebih (1)"})])
def test_a_family_that_can_only_await_her_answer_is_not_quiet(client, rina, lessons, waits):
    module = make.module(FIRST)
    module.practice_needed = "quiz"
    module.save()
    sari = quiet(rina, 0, lessons=lessons)
    sent = make.practised(sari, FIRST)
    make.moved_back(sari, 9)
    assert set(blocks(client)) == set(waits)
    page = client.get(f"/dampingan/keluarga/?cari={sari.first_name}")
    assert "Selesai semua" not in text(soup(page).select_one("ul.grid"))
    make.feedback(sent, rina, "to_improve")
    assert not blocks(client), "the nine days were her companion's"
    make.moved_back(sari, 8)
    assert set(blocks(client)) == {"Diam 7 hari lebih (1)"}


def test_a_family_that_is_to_mend_one_practice_is_quiet_while_another_has_no_answer(client, rina):
    """Her page Belajar says «Perbaiki praktik»."""
    module = make.module(FIRST)
    module.practice_needed = "quiz"
    module.save()
    sari = quiet(rina, 0, lessons=5)
    make.feedback(make.practised(sari, FIRST), rina, "to_improve")
    make.practised(sari, FIRST, 1)
    make.moved_back(sari, 20)
    assert set(blocks(client)) == {"Diam 14 hari lebih (1)"}


def test_who_awaits_an_answer_is_not_quiet_where_the_lesson_has_moved(client, rina):
    module = make.module("merek")
    module.practice_needed = "quiz"
    module.save()
    sari = quiet(rina, 0, lessons=0)
    make.read(sari, "merek")
    lesson = make.lessons(FIRST)[0]
    intake.complete_lesson(sari, lesson.translation_key)
    make.practised(sari, FIRST)
    make.finished(sari, FIRST)
    lesson.move(module, pos="last-child")
    make.moved_back(sari, 20)
    assert blocks(client) == {}


def test_work_in_a_module_that_the_editors_took_back_was_work_all_the_same(client, rina):
    """The coordinator's report says so, too."""
    sari = quiet(rina, 20)
    intake.complete_lesson(sari, make.lessons("merek")[0].translation_key)
    make.module("merek").unpublish()
    assert blocks(client) == {}
    make.moved_back(sari, 8)
    assert set(blocks(client)) == {"Diam 7 hari lebih (1)"}


def test_a_family_that_never_began_says_what_was_given_to_it(client, rina):
    sari = quiet(rina, 0, lessons=0)
    assigned(sari.household, rina)
    make.moved_back(sari, 9)
    words = text(row(client, sari))
    assert "Diam 9 hari" in words
    assert f"Belum mulai «{make.module(FIRST).title}»." in words
    assert "HP belum pernah mengirim." in words
    page = client.get("/dampingan/keluarga/?keadaan=diam-7&tunggu=ya")
    assert "Diam 9 hari" in text(soup(page).select_one("ul.grid")), "as many as in Hari ini"
    assert client.get("/dampingan/luring.json").json()["households"][0]["state"] == "Diam 9 hari"


def test_a_family_that_was_given_another_module_has_not_stopped_in_it(client, rina):
    sari = make.learner(make.household(rina), pin=None)
    make.finished(sari, FIRST)
    assigned(sari.household, rina, "merek")
    make.moved_back(sari, 9)
    assert f"Belum mulai «{make.lessons('merek')[0].title}»." in text(row(client, sari))


def test_a_quiz_handed_in_twice_and_not_passed(client, rina):
    sari = quiet(rina, 0, lessons=5)
    make.tried(sari, FIRST, right=0)
    assert blocks(client) == {}
    make.tried(sari, FIRST, right=0)
    assert blocks(client) == {"Kuis belum lulus (1)": [sari.household.name]}
    assert "Bu Sari sudah mencoba 2 kali" in text(row(client, sari))
    make.tried(sari, FIRST)
    assert blocks(client) == {}


@pytest.mark.parametrize(
    ("days", "words"), [(-2, "Tenggat lewat 2 hari"), (0, "Tenggat hari ini"), (1, "Tenggat besok"), (3, "Tenggat")]
)
def test_a_due_date_that_is_near_or_past(client, rina, days, words):
    sari = make.learner(make.household(rina), pin=None)
    due = timezone.localdate() + timedelta(days=days)
    assigned(sari.household, rina, due_on=due)
    shown = text(row(client, sari))
    assert words in shown
    assert days != 3 or date_format(due, "j M") in shown
    assert f"«{make.module(FIRST).title}» belum selesai." in shown


def test_a_temporary_pin_in_its_last_day_leads_to_a_new_one(client, rina):
    sari = make.learner(make.household(rina), pin=None)
    now = timezone.now()
    sari.temporary_pins.create(issued_by=rina.user, issued_at=now, expires_at=now + timedelta(hours=23))
    assert blocks(client) == {"PIN sementara (1)": [sari.household.name]}
    assert row(client, sari).find("a", href=f"/dampingan/pelajar/{sari.pk}/")


def test_one_household_is_one_row_under_what_presses_most(client, rina):
    sari = quiet(rina, 15, lessons=5)
    for _ in range(2):
        make.tried(sari, FIRST, right=0)
    make.moved_back(sari, 15)
    assigned(sari.household, rina, due_on=timezone.localdate())
    assert blocks(client) == {"Diam 14 hari lebih (1)": [sari.household.name]}
    words = text(row(client, sari))
    assert "sudah mencoba 2 kali" in words
    assert "Tenggat hari ini" in words


def test_the_most_pressing_come_first_and_of_these_who_waits_longest(client, rina):
    eight, nine, twenty = quiet(rina, 8), quiet(rina, 9), quiet(rina, 20)
    assert list(blocks(client).items()) == [
        ("Diam 14 hari lebih (1)", [twenty.household.name]),
        ("Diam 7 hari lebih (2)", [nine.household.name, eight.household.name]),
    ]


def test_a_long_block_shows_its_beginning_and_leads_to_the_rest(client, rina):
    for _ in range(10):
        quiet(rina)
    [(heading, shown)] = blocks(client).items()
    assert (heading, len(shown)) == ("Diam 7 hari lebih (10)", 8)
    rest = page(client).find("a", href="/dampingan/keluarga/?keadaan=diam-7&tunggu=ya")
    assert text(rest) == "Lihat semua 10 keluarga"


def test_the_rest_of_a_block_is_who_waits_under_it_and_nobody_else(client, rina):
    waiting = [quiet(rina) for _ in range(9)]
    reached, also_failed = quiet(rina), quiet(rina, 8, lessons=5)
    HouseholdEvent.objects.record(reached.household, CONTACTED, by=rina.user)
    for _ in range(2):
        make.tried(also_failed, FIRST, right=0)
    make.moved_back(also_failed, 8)
    rest = page(client).select_one("a[href*=tunggu]")
    assert text(rest) == "Lihat semua 9 keluarga"
    shown = soup(client.get(rest["href"]))
    assert [text(name) for name in shown.select("ul.grid h2")] == [person.household.name for person in waiting]
    assert "9 keluarga menunggu hari ini" in text(shown.main)
    assert shown.select_one("input[name=tunggu]")["value"] == "ya", "a name is looked for among them"


LIST = "/dampingan/keluarga/?keadaan=diam-7&tunggu=ya"


def test_in_the_list_of_a_block_each_is_reached_with_one_tap_and_she_stays_there(client, rina):
    first, second = quiet(rina), quiet(rina)
    for left in (second, None):
        button = soup(client.get(LIST)).select_one("ul.grid form button")
        done = client.post(button.parent["action"], {"perihal": "diam-7", "cara": button["value"]})
        assert done.headers["Location"] == LIST
        shown = soup(client.get(LIST)).main
        names = [text(name) for name in shown.select("ul.grid h2")]
        assert names == ([left.household.name] if left else [])
    assert "Semua sudah dihubungi." in text(shown)
    assert first.household.events.filter(kind="visited").count() == 1


def test_a_message_written_from_the_list_leads_back_to_it(client, rina):
    sari = quiet(rina, phone=PHONE, messages_welcome=True)
    address = soup(client.get(LIST)).select_one("ul.grid a.ready")["href"]
    shown = soup(client.get(address)).main
    assert text(shown.find("a", href=LIST)) == "Keluarga"
    assert client.post(address, {"text": "Apa kabar?", "catat": "ya"}).headers["Location"] == LIST
    assert sari.household.events.filter(kind="contacted").count() == 1


def test_in_the_list_of_all_nothing_is_pressed_by_mistake(client, rina):
    quiet(rina)
    assert not soup(client.get("/dampingan/keluarga/?keadaan=diam-7")).select("ul.grid form")


# --- One ready action ---------------------------------------------------------------------------------------------

PHONE = "+6281200001111"


@pytest.mark.parametrize(
    ("contact", "action", "leads_to"),
    [
        ({"phone": PHONE, "messages_welcome": True}, "Pesan", "/dampingan/keluarga/{}/pesan/?perihal=diam-7"),
        ({"phone": PHONE}, "Telepon", f"tel:{PHONE}"),
        ({"messages_welcome": True}, "Kunjungan", "/dampingan/keluarga/{}/kunjungan/"),
        ({}, "Kunjungan", "/dampingan/keluarga/{}/kunjungan/"),
    ],
)
def test_the_action_is_one_that_the_household_allows(client, rina, contact, action, leads_to):
    sari = quiet(rina, **contact)
    [button] = row(client, sari).select("a.btn")
    assert (text(button), button["href"]) == (action, leads_to.format(sari.household_id))


@pytest.mark.parametrize(
    ("contact", "kind", "line"),
    [
        ({"phone": PHONE, "messages_welcome": True}, CONTACTED, "tentang lama diam"),
        ({"phone": PHONE}, CONTACTED, "Telepon, tentang lama diam"),
        ({}, VISITED, "tentang lama diam"),
    ],
)
def test_one_tap_notes_it_and_the_row_steps_back(client, rina, contact, kind, line):
    sari = quiet(rina, **contact)
    form = row(client, sari).form
    button = form.select_one("button[name]")
    response = client.post(form["action"], sends(form) | {button["name"]: button["value"]}, follow=True)
    assert response.redirect_chain == [(TODAY, 302)]
    assert text(soup(response).select_one("main > .note")).startswith("Dicatat: ")
    event = sari.household.events.latest("pk")
    assert (event.kind, event.text, event.by) == (kind, line, rina.user)
    assert blocks(client) == {}
    assert "1 keluarga baru saja dihubungi" in text(page(client).main)
    history = client.get(f"/dampingan/keluarga/{sari.household_id}/riwayat/")
    assert event.get_kind_display() in text(soup(history).main)


@pytest.mark.parametrize(("kind", "days"), [(CONTACTED, 3), (VISITED, 7)])
def test_it_comes_back_after_a_while(client, rina, kind, days):
    sari = quiet(rina, 20)
    HouseholdEvent.objects.record(sari.household, kind, by=rina.user)
    for ago, waits in [(days - 0.1, False), (days, True)]:
        sari.household.events.update(at=timezone.now() - timedelta(days=ago))
        assert bool(blocks(client)) is waits


def test_a_row_that_came_back_says_when_somebody_was_there(client, rina):
    sari = quiet(rina, 20)
    HouseholdEvent.objects.record(sari.household, CONTACTED, by=rina.user)
    day = timezone.now() - timedelta(days=4)
    sari.household.events.update(at=day)
    assert f"Dihubungi {date_format(timezone.localtime(day), 'j M')}." in text(row(client, sari))


def test_tapped_twice_it_is_noted_once(client, rina):
    sari = quiet(rina)
    for _ in range(2):
        client.post(f"/dampingan/keluarga/{sari.household_id}/dihubungi/", {"cara": "telepon"})
    assert sari.household.events.filter(kind=CONTACTED).count() == 1


@pytest.mark.parametrize("sent", [{}, {"cara": "merpati"}, {"cara": "telepon", "perihal": "x\x00"}])
def test_a_strange_tap_is_a_contact_and_nothing_more(client, rina, sent):
    sari = quiet(rina)
    assert client.post(f"/dampingan/keluarga/{sari.household_id}/dihubungi/", sent).status_code == 302
    assert sari.household.events.filter(kind=CONTACTED).count() == 1


# --- Practice -----------------------------------------------------------------------------------------------------


def test_practice_that_waits_comes_first_with_the_oldest(client, rina):
    sari = make.learner(make.household(rina), pin=None)
    make.practised(sari, FIRST)
    make.moved_back(sari, 5)
    make.practised(sari, FIRST, 1)
    make.practised(make.learner(make.household(make.companion()), pin=None), FIRST)
    first = page(client).select_one("main section")
    assert text(first.h2) == "2 praktik menunggu dicek"
    assert "5\xa0hari yang lalu" in first.get_text()


def test_a_household_that_handed_in_practice_is_not_quiet(client, rina):
    sari = quiet(rina, 9)
    make.practised(sari, FIRST)
    assert blocks(client) == {}
