"""A lesson's page with its learner's state, and «Sudah paham»."""

import uuid

import pytest
from django.test import Client

from badges import meetings
from learn import intake
from progress.meetings import today_in
from progress.models import LessonCompletion
from tests import factories as make
from tests.pages import sends, soup, text

pytestmark = pytest.mark.django_db
FIRST = "pengenalan-motivasi"


@pytest.fixture
def lesson():
    return make.lessons(FIRST)[0]


def understood(lesson) -> str:
    return f"/belajar/pelajaran/{lesson.translation_key}/paham/"


# --- The page -----------------------------------------------------------------------------------------------------


def test_a_visitor_may_read_and_is_asked_to_sign_in_to_keep_progress(client, lesson):
    page = soup(client.get(lesson.url))
    assert text(page.h1) == lesson.title
    assert page.select_one("main a.btn.main")["href"] == f"/masuk/?next={lesson.url}"
    assert page.main.form is None


def test_a_learner_finds_sudah_paham_as_a_form(client, sari, lesson):
    form = soup(client.get(lesson.url)).main.form
    assert (form["method"], form["action"]) == ("post", understood(lesson))
    # For a phone without a signal: whose it is, where to go on, and what to call it in the list of unsent work.
    sent = sends(form)
    assert sent.keys() == {"owner", "next", "title"}
    assert (sent["owner"], sent["title"]) == ([str(sari.user.pk)], [lesson.title])
    assert text(form.button) == "Sudah paham"


def test_a_companion_reads_without_sudah_paham(client, lesson):
    client.force_login(make.companion().user)
    response = client.get(lesson.url)
    assert response.status_code == 200
    assert soup(response).main.form is None


def test_a_lesson_that_is_done_says_so(client, sari, lesson):
    client.post(understood(lesson))
    page = soup(client.get(lesson.url))
    assert text(page.select_one(".note.good h2")) == "Sudah paham"
    assert page.main.form is None


def test_reading_a_lesson_does_not_complete_it(client, sari, lesson):
    client.get(lesson.url)
    assert not LessonCompletion.objects.exists()


# --- «Sudah paham» ------------------------------------------------------------------------------------------------


def test_it_is_recorded_and_leads_to_the_next_lesson(client, sari, lesson):
    response = client.post(understood(lesson), follow=True)
    assert LessonCompletion.objects.get().lesson_key == lesson.translation_key
    assert response.redirect_chain == [(make.lessons(FIRST)[1].url, 302)]
    assert "Bagus! 1 dari 5 pelajaran selesai." in text(soup(response).main)


def test_the_last_lesson_leads_to_the_quiz_that_it_opened(client, sari):
    for lesson in make.lessons(FIRST):
        response = client.post(understood(lesson), follow=True)
    assert response.redirect_chain == [(make.quiz(FIRST).url, 302)]
    assert "Hebat! Semua 5 pelajaran selesai. Kuis sudah terbuka." in text(soup(response).main)
    assert "Mulai kuis" in text(soup(response).main)


def test_the_last_lesson_leads_to_what_is_still_missing(client, sari):
    for lesson in make.lessons("merek"):
        response = client.post(understood(lesson), follow=True)
    assert response.status_code == 403
    assert "Kuis sudah terbuka" not in text(soup(response).main)
    assert soup(response).main.find("a", href=make.module(FIRST).url)


def test_after_a_lesson_in_the_middle_comes_the_next_one_not_done(client, sari):
    lessons = make.lessons(FIRST)
    client.post(understood(lessons[3]))
    assert client.post(understood(lessons[2]))["Location"] == lessons[4].url
    assert client.post(understood(lessons[4]))["Location"] == lessons[0].url


def test_said_twice_it_changes_nothing(client, sari, lesson):
    client.post(understood(lesson))
    before = list(LessonCompletion.objects.values())
    assert client.post(understood(lesson)).status_code == 302
    assert list(LessonCompletion.objects.values()) == before


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_only_post_records(client, sari, lesson, method):
    assert getattr(client, method)(understood(lesson)).status_code == 405
    assert not LessonCompletion.objects.exists()


def test_an_unknown_lesson_is_not_found(client, sari):
    assert client.post(f"/belajar/pelajaran/{uuid.UUID(int=5)}/paham/").status_code == 404


@pytest.mark.parametrize("what", ["lesson", "module"])
def test_an_unpublished_lesson_is_not_found_and_not_recorded(client, sari, lesson, what):
    (lesson if what == "lesson" else make.module(FIRST)).unpublish()
    assert client.post(understood(lesson)).status_code == 404
    assert not LessonCompletion.objects.exists()


@pytest.mark.parametrize("who", ["visitor", "learner"])
def test_an_unpublished_lesson_cannot_be_read(client, lesson, who):
    if who == "learner":
        client.force_login(make.learner(pin=None).user)
    address = lesson.url
    lesson.unpublish()
    assert client.get(address).status_code == 404


def test_a_visitor_is_sent_to_sign_in(client, lesson):
    response = client.post(understood(lesson))
    assert response.status_code == 302
    assert response["Location"].startswith("/masuk/")
    assert not LessonCompletion.objects.exists()


@pytest.mark.parametrize("who", ["companion", "coordinator", "editor"])
def test_staff_are_refused(client, lesson, who):
    people = {
        "companion": lambda: make.companion().user,
        "coordinator": lambda: make.coordinator(make.region()).user,
        "editor": make.staff,
    }
    client.force_login(people[who]())
    assert client.post(understood(lesson)).status_code == 403
    assert not LessonCompletion.objects.exists()


def test_without_the_token_of_its_form_nothing_is_recorded(sari, lesson):
    """W3."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(sari.user)
    response = client.post(understood(lesson))
    assert response.status_code == 403
    assert "Halaman ini sudah lama terbuka" in response.text
    assert not LessonCompletion.objects.exists()


def test_with_the_token_of_its_form_it_is(sari, lesson):
    client = Client(enforce_csrf_checks=True)
    client.force_login(sari.user)
    token = soup(client.get(lesson.url)).main.form.select_one("[name=csrfmiddlewaretoken]")["value"]
    assert client.post(understood(lesson), {"csrfmiddlewaretoken": token}).status_code == 302
    assert LessonCompletion.objects.exists()


# --- A lesson that came later -------------------------------------------------------------------------------------


def test_a_lesson_that_came_later_shows_as_new(client, sari):
    new = make.lessons(FIRST)[4]
    new.unpublish()
    make.read(sari, FIRST)
    new.save_revision().publish()
    page = soup(client.get(make.module(FIRST).url))
    marked = [text(row.b) for row in page.select("a.row") if "Baru" in text(row)]
    assert marked == [new.title]
    assert "Kuis sudah terbuka" in text(page.main)


def test_a_lesson_that_a_meeting_took_back_is_not_new_though_its_quiz_stays_open(client, rina, group, lesson):
    person = make.learner(make.household(rina, in_group=group), pin=None)
    told = {"held_on": today_in(group), "place": "Balai desa", "lesson_keys": [lesson.translation_key]}
    session, _ = meetings.record(group, **told, learner_ids=[person.pk], by=rina.user)
    rest = {one.translation_key: make.module(FIRST).translation_key for one in make.lessons(FIRST)[1:]}
    LessonCompletion.objects.record_all(person, rest)
    intake.begin_attempt(person, make.quiz(FIRST))
    meetings.undo(session)
    client.force_login(person.user)
    row = soup(client.get(make.module(FIRST).url)).select_one("ol.rows a.row")
    assert "Selesai" not in text(row) and "Baru" not in text(row)


def test_no_lesson_is_new_to_who_has_not_opened_the_quiz(client, sari):
    make.read(sari, "merek")
    assert "Baru" not in text(soup(client.get(make.module(FIRST).url)).main)
