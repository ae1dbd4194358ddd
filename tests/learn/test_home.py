"""``/belajar/``: the greeting, the one thing to do next, all modules, the badges."""

from datetime import date

import pytest

from badges.models import BadgeAward
from courses.models import ModulePage
from progress.models import ModuleAssignment
from quizzes.models import Attempt
from tests import factories as make
from tests.pages import soup, text

pytestmark = pytest.mark.django_db
FIRST = "pengenalan-motivasi"
HOME = "/belajar/"


def page(client):
    response = client.get(HOME)
    assert response.status_code == 200
    return soup(response)


def assign(person, *slugs: str, by, due_on=None) -> None:
    for slug in slugs:
        key = make.module(slug).translation_key
        ModuleAssignment.objects.assign([person.household], key, by=by.user, due_on=due_on)


def main_button(home) -> tuple[str, str]:
    buttons = home.main.select("a.btn.main, button.main")
    assert len(buttons) == 1, "one big button"
    return text(buttons[0]), buttons[0]["href"]


def next_title(home) -> str:
    return text(home.select_one(".next h2"))


def sections(home) -> dict[str, list[str]]:
    """The titles of the modules under each heading."""
    return {
        text(section.h2): [text(title) for title in section.select("li.mod h3")]
        for section in home.main.select("section")
        if section.select("li.mod")
    }


def card(home, slug: str):
    return home.find("a", string=make.module(slug).title).find_parent("li")


# --- The greeting -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address_form", "name", "greeting"),
    [("ibu", "Sari", "Bu Sari"), ("bapak", "Dedi", "Pak Dedi"), ("kak", "Nia", "Kak Nia"), ("none", "Rudi", "Rudi")],
)
def test_the_learner_is_greeted_by_name(client, address_form, name, greeting):
    client.force_login(make.learner(first_name=name, address_form=address_form, pin=None).user)
    assert text(page(client).h1) == f"Selamat datang, {greeting}"


def test_a_name_is_shown_as_text(client):
    client.force_login(make.learner(first_name="<b>Sari</b>", pin=None).user)
    assert text(page(client).h1) == "Selamat datang, Bu <b>Sari</b>"


# --- What next ----------------------------------------------------------------------------------------------------


def test_a_new_learner_begins_with_the_first_lesson(client, sari):
    lesson = make.lessons(FIRST)[0]
    home = page(client)
    assert main_button(home) == ("Mulai belajar", lesson.url)
    assert next_title(home) == lesson.title


def test_then_comes_the_next_lesson(client, sari):
    first, second, *_ = make.lessons(FIRST)
    client.post(f"/belajar/pelajaran/{first.translation_key}/paham/")
    home = page(client)
    assert main_button(home) == ("Lanjut", second.url)
    assert next_title(home) == second.title


def test_after_the_last_lesson_comes_the_quiz(client, sari):
    make.read(sari, FIRST)
    assert main_button(page(client)) == ("Kerjakan kuis", make.quiz(FIRST).url)


def test_a_quiz_that_she_left_in_the_middle_comes_before_all_else(client, sari, rina):
    make.read(sari, FIRST)
    assign(sari, "kemasan", by=rina)
    attempt = Attempt.objects.begin(sari, make.quiz(FIRST), make.module(FIRST).translation_key)
    assert main_button(page(client)) == ("Lanjutkan kuis", make.quiz(FIRST).url)
    Attempt.objects.submit(attempt)
    assert main_button(page(client)) == ("Lanjut", make.lessons("kemasan")[0].url)


def test_after_the_quiz_comes_the_next_module(client, sari):
    make.finished(sari, FIRST)
    assert main_button(page(client)) == ("Lanjut", make.lessons("merek")[0].url)


def test_an_assigned_module_comes_before_the_path(client, sari, rina):
    assign(sari, "kemasan", by=rina)
    assert main_button(page(client)) == ("Mulai belajar", make.lessons("kemasan")[0].url)


def test_when_all_is_done_it_says_so_and_leads_to_what_she_has_not_tried_at_home(client, sari):
    for module in ModulePage.objects.exclude(slug=FIRST):
        module.unpublish()
    make.finished(sari, FIRST)
    home = page(client)
    assert next_title(home) == "Semua modul selesai"
    task = next(lesson for lesson in make.lessons(FIRST) if lesson.practice)
    assert main_button(home) == ("Kirim praktik", f"/belajar/praktik/{task.translation_key}/")
    assert task.title in text(home)
    assert home.select_one(".next a[href='/modul/']"), "she may read again, too"


def test_when_all_is_done_and_tried_it_says_that_all_may_be_read_again(client, sari):
    for module in ModulePage.objects.exclude(slug=FIRST):
        module.unpublish()
    make.finished(sari, FIRST)
    for number, lesson in enumerate(make.lessons(FIRST)):
        if lesson.practice:
            make.practised(sari, FIRST, number)
    home = page(client)
    assert next_title(home) == "Semua modul selesai"
    assert main_button(home) == ("Baca lagi", "/modul/")


@pytest.mark.parametrize("what", ["practice", "quiz"])
def test_when_the_rest_waits_for_others_it_does_not_call_all_done(client, sari, what):
    for module in ModulePage.objects.exclude(slug=FIRST):
        module.unpublish()
    if what == "practice":
        ModulePage.objects.filter(slug=FIRST).update(practice_needed=ModulePage.PracticeNeeded.QUIZ)
        make.practised(sari, FIRST)
    else:
        make.quiz(FIRST).unpublish()
    make.read(sari, FIRST)
    home = page(client)
    assert next_title(home) == "Tinggal menunggu"
    assert main_button(home) == ("Baca lagi", "/modul/")


def test_without_any_module_it_says_so(client, sari):
    ModulePage.objects.get_queryset().update(live=False)
    home = page(client)
    assert next_title(home) == "Belum ada pelajaran"
    assert sections(home) == {}


# --- The modules --------------------------------------------------------------------------------------------------


def test_all_modules_are_there_in_the_order_of_the_path(client, sari):
    titles = [module.title for module in ModulePage.objects.order_by("path")]
    assert sections(page(client)) == {"Modul": titles}


def test_assigned_modules_come_first_by_due_date(client, sari, rina):
    assign(sari, "kemasan", by=rina, due_on=date(2030, 3, 1))
    assign(sari, "foto-produk", by=rina)
    assign(sari, "merek", by=rina, due_on=date(2030, 2, 1))
    found = sections(page(client))
    assert found["Tugas dari pendamping"] == [make.module(slug).title for slug in ("merek", "kemasan", "foto-produk")]
    assert len(found["Modul lain"]) == 5


def test_a_due_date_is_shown_at_its_module(client, sari, rina):
    assign(sari, "kemasan", by=rina, due_on=date(2030, 3, 1))
    assign(sari, "merek", by=rina)
    home = page(client)
    assert "Paling lambat 1 Mar 2030" in text(card(home, "kemasan"))
    assert "Paling lambat" not in text(card(home, "merek"))


def test_an_assignment_to_another_household_is_not_hers(client, sari, rina):
    assign(make.learner(pin=None), "kemasan", by=rina)
    assert list(sections(page(client))) == ["Modul"]


def test_an_assignment_taken_back_is_not_shown(client, sari, rina):
    assign(sari, "kemasan", by=rina)
    ModuleAssignment.objects.withdraw(ModuleAssignment.objects.get(), by=rina.user)
    assert list(sections(page(client))) == ["Modul"]


def test_an_assigned_module_that_is_not_published_is_not_shown(client, sari, rina):
    assign(sari, "kemasan", by=rina)
    make.module("kemasan").unpublish()
    assert list(sections(page(client))) == ["Modul"]


@pytest.mark.parametrize(
    ("work", "words", "done"),
    [
        pytest.param(lambda person: None, "Belum mulai", 0, id="nothing"),
        pytest.param(lambda person: make.read(person, FIRST), "Sedang dikerjakan", 5, id="read"),
        pytest.param(lambda person: make.finished(person, FIRST), "Selesai", 5, id="finished"),
    ],
)
def test_progress_is_said_in_words_and_as_a_bar(client, sari, work, words, done):
    work(sari)
    found = card(page(client), FIRST)
    assert text(found.select_one(".state")) == words
    assert (found.progress["max"], found.progress["value"]) == ("5", str(done))
    assert (f"{done} dari 5 pelajaran" if done else "5 pelajaran") in text(found)


# --- The badges ---------------------------------------------------------------------------------------------------


def test_without_badges_it_says_how_to_get_one(client, sari):
    assert "Belum ada lencana. Lulus satu kuis untuk meraih yang pertama." in text(page(client).main)


def test_a_badge_is_shown_with_its_name_and_page(client, sari):
    make.finished(sari, FIRST)
    award = BadgeAward.objects.get()
    found = page(client).select(".badges a")
    assert [(text(link), link["href"]) for link in found] == [(award.badge.name, award.get_absolute_url())]


def test_a_badge_of_an_unpublished_module_is_kept(client, sari):
    make.finished(sari, FIRST)
    make.module(FIRST).unpublish()
    assert len(page(client).select(".badges a")) == 1


# --- Who, and at what cost ----------------------------------------------------------------------------------------


def test_a_visitor_is_sent_to_sign_in_and_back(client):
    response = client.get(HOME)
    assert (response.status_code, response["Location"]) == (302, "/masuk/?next=/belajar/")


@pytest.mark.parametrize("who", ["companion", "coordinator", "editor"])
def test_staff_are_refused(client, who):
    people = {
        "companion": lambda: make.companion().user,
        "coordinator": lambda: make.coordinator(make.region()).user,
        "editor": make.staff,
    }
    client.force_login(people[who]())
    assert client.get(HOME).status_code == 403


def test_it_is_never_kept_in_a_cache(client, sari):
    assert "no-store" in client.get(HOME)["Cache-Control"]


@pytest.mark.parametrize("published", [1, 8])
def test_it_takes_the_same_queries_at_any_number_of_modules(client, sari, rina, published, django_assert_num_queries):
    for module in ModulePage.objects.order_by("path")[published:]:
        module.unpublish()
    for module in ModulePage.objects.live():
        assign(sari, module.slug, by=rina, due_on=date(2030, 1, 1))
        make.read(sari, module.slug)
        BadgeAward.objects.create(learner=sari, badge=make.badge(module.slug))
    client.get(HOME)  # Wagtail remembers where its site is
    with django_assert_num_queries(14):
        home = page(client)
    assert len(home.select("li.mod")) == published
    assert len(home.select(".badges a")) == published
