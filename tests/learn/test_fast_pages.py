"""The fast way gives what its plain twin gives, to whom it belongs, and from the moment that anything changes."""

import gzip
import re
from datetime import date, timedelta
from importlib import reload

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import DatabaseError
from django.middleware import csrf
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale, Page, PageViewRestriction

import lms.wsgi
from badges import meetings
from courses.models import ContentVersion, Figure, LessonPage
from learn import fast_pages, intake, rights, twins
from learn.fast_pages import FastPages
from learn.shells import TOKEN, Shelf, Shell
from learn.twins import masked
from lms.asked_again import AskedAgain
from people.models import Learner, Session
from progress.models import ModuleAssignment
from tests import factories as make
from tests.fast_way import Site, bare

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashes")]
HOME = "/belajar/"


@pytest.fixture
def site():
    return Site(FastPages)


def phone_of(learner: Learner) -> Client:
    """Signed in, and with the secret of her forms, as after her first page."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(learner.user)
    client.get(HOME)
    return client


def give_stylesheet(client: Client, release: str = settings.STYLESHEET_RELEASE) -> None:
    client.cookies[settings.STYLESHEET_COOKIE] = release


@pytest.fixture
def sari(rina, group):
    return make.learner(make.household(rina, in_group=group), first_name="Zulaikha")  # no lesson tells of one


@pytest.fixture
def phone(sari):
    return phone_of(sari)


@pytest.fixture
def lesson():
    return make.lessons("merek")[1]


# --- The same as the twin --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("accepted", ["", "gzip", "gzip, deflate, br"])
def test_a_visitor_gets_the_twins_own_page(site, lesson, accepted):
    _, headers, plain = site.get(lesson.url, Client(), accepted="", plain=True)
    for _ in range(2):
        status, fast_headers, fast = site.get(lesson.url, Client(), accepted=accepted)
        assert (status, fast) == ("200 OK", plain)
        own = {"Content-Length", "Content-Encoding", "ETag"}
        assert {name: value for name, value in fast_headers.items() if name not in own} == {
            name: value for name, value in headers.items() if name not in own
        }
    assert site.asked_twin == 1


@pytest.mark.parametrize("path", ["/modul/", "/modul/merek/", "/modul/merek/memilih-nama/"])
def test_public_pages_are_learned_once(site, path):
    site.page(path, Client())


def test_a_visitor_who_has_the_page_is_told_that_it_has_not_changed(site, lesson):
    _, headers, _ = site.get(lesson.url, Client())
    status, again, body = site.get(lesson.url, Client(), HTTP_IF_NONE_MATCH=headers["ETag"])
    assert (status, body, again["ETag"]) == ("304 Not Modified", b"", headers["ETag"])
    assert site.get(lesson.url, Client(), accepted="br")[1]["ETag"] != headers["ETag"], "packed otherwise"


def nothing(sari, rina, group): ...


def first_done(sari, rina, group):
    intake.complete_lesson(sari, make.lessons("merek")[1].translation_key)


def all_done(sari, rina, group):
    make.read(sari)


def at_a_meeting(sari, rina, group):
    [lesson] = make.lessons("merek")[1:2]
    meetings.record(
        group,
        held_on=timezone.localdate(),
        place="Balai desa",
        lesson_keys=[lesson.translation_key],
        learner_ids=[sari.pk],
        by=rina.user,
    )


def passed(sari, rina, group):
    make.finished(sari, "pengenalan-motivasi", "merek")


def practised(sari, rina, group):
    make.practised(sari, number=1, note="Tiga nama.")


def answered(sari, rina, group):
    make.feedback(make.practised(sari, number=1, note="Tiga nama."), by=rina)


def assigned(sari, rina, group):
    due = date(2026, 12, 24)
    key = make.module("kemasan").translation_key
    ModuleAssignment.objects.assign([sari.household], key, by=rina.user, due_on=due, word="Pelan saja & <b>ya</b>.")


STATES = [nothing, first_done, all_done, at_a_meeting, passed, practised, answered, assigned]


@pytest.mark.parametrize("has_stylesheet", [False, True])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_a_learner_gets_the_twins_own_page_in_every_state(
    site, sari, rina, group, phone, lesson, state, has_stylesheet
):
    if has_stylesheet:
        give_stylesheet(phone)
    before = [site.page(path, phone) for path in (lesson.url, HOME)]
    state(sari, rina, group)
    after = [site.page(path, phone) for path in (lesson.url, HOME)]
    assert state is nothing or bare(b"".join(before)) != bare(b"".join(after)), "it shows at once"


@pytest.mark.parametrize("who", ["visitor", "learner"])
def test_only_a_phone_that_has_the_stylesheet_of_today_gets_a_page_that_links_to_it(site, phone, lesson, who):
    client = phone if who == "learner" else Client()
    whole = site.page(lesson.url, client)
    give_stylesheet(client)
    linked = site.page(lesson.url, client)
    give_stylesheet(client, release="of yesterday")
    assert bare(site.page(lesson.url, client)) == bare(whole)
    assert b"<style" in whole and b"<style" not in linked and b'<link rel="stylesheet"' in linked


@pytest.mark.parametrize("who", ["visitor", "learner"])
def test_only_a_phone_that_saves_data_gets_a_page_without_photographs(site, phone, lesson, committed, who):
    with committed():
        publish(lesson, body=[("picture", {"image": make.picture(), "alt_text": "Keripik", "caption": ""})])
    client = phone if who == "learner" else Client()
    whole = site.page(lesson.url, client)
    saving = site.page(lesson.url, client, HTTP_SAVE_DATA="on")
    assert bare(site.page(lesson.url, client)) == bare(whole)
    assert b"Lihat gambar" in saving and b"Lihat gambar" not in whole
    for headers in ({}, {"HTTP_SAVE_DATA": "on"}):
        assert "Save-Data" in site.get(lesson.url, client, **headers)[1]["Vary"]


def test_learners_in_the_same_state_share_a_shell_and_see_their_own(site, phone, lesson, sari):
    site.page(lesson.url, phone)
    other = make.learner(first_name="O'Neil <i>", address_form="bapak")
    client = phone_of(other)
    before = site.asked_twin
    *_, page = site.get(lesson.url, client)
    assert site.asked_twin == before
    assert bare(page) == bare(site.get(lesson.url, client, accepted="", plain=True)[2])
    assert f'name="owner" value="{other.user_id}"'.encode() in page
    assert b"Pak O&#x27;Neil &lt;i&gt;" in page and b"Zulaikha" not in page


def test_each_learner_is_led_to_her_own_badge(site, rina, group):
    """Whose badges are the same, not whose page."""
    for name in ("Zulaikha", "Zubaidah"):
        learner = make.learner(make.household(rina, in_group=group), first_name=name)
        make.finished(learner, "pengenalan-motivasi")
        page = site.page(HOME, phone_of(learner))
        assert learner.badge_awards.get().get_absolute_url().encode() in page


def test_a_form_on_a_fast_page_is_taken(site, phone, lesson, sari):
    page = site.page(lesson.url, phone).decode()
    token = re.search(r'csrfmiddlewaretoken" value="(\w{64})"', page)[1]
    other = re.search(r'csrfmiddlewaretoken" value="(\w{64})"', site.page(lesson.url, phone).decode())[1]
    assert token != other, "each answer has another token"
    path = f"/belajar/pelajaran/{lesson.translation_key}/paham/"
    assert phone.post(path, {"csrfmiddlewaretoken": token}).status_code == 302
    assert sari.completions.count() == 1


def test_tokens_are_such_as_django_reads_and_each_is_another():
    secret = csrf._get_new_csrf_string()
    tokens = {masked(secret) for _ in range(200)}
    assert len(tokens) == 200
    assert all(csrf._does_token_match(token, secret) for token in tokens)
    assert {letter for token in tokens for letter in token} == set(csrf.CSRF_ALLOWED_CHARS)


# --- To nobody else --------------------------------------------------------------------------------------------------


def test_who_has_signed_out_is_a_visitor_at_once(site, phone, lesson):
    site.page(lesson.url, phone)
    cookies = {name: morsel.value for name, morsel in phone.cookies.items()}
    phone.logout()
    phone.cookies.load(cookies)  # somebody kept them
    *_, page = site.get(lesson.url, phone)
    assert b"Masuk untuk menyimpan kemajuan" in page and b"Zulaikha" not in page


def close_account(sari):
    type(sari.user).objects.filter(pk=sari.user_id).update(is_active=False)


def change_pin(sari):
    sari.user.set_password("183746")
    sari.user.save()


@pytest.mark.parametrize("change", [close_account, change_pin])
def test_a_session_that_does_not_hold_any_more_opens_nothing(site, phone, lesson, sari, change):
    site.page(lesson.url, phone)
    change(sari)
    *_, page = site.get(lesson.url, phone)
    assert b"Masuk untuk menyimpan kemajuan" in page and b"Zulaikha" not in page


def test_who_asks_is_told_by_one_question(phone, sari, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert fast_pages.learner_of(phone.session.session_key).pk == sari.pk


def test_another_account_beside_her_session_shows_her_own_page(site, phone, lesson):
    """What is signed counts, and the twin reads it."""
    other = make.learner(first_name="Dedi")
    site.page(lesson.url, phone_of(other))
    Session.objects.filter(pk=phone.session.session_key).update(account_id=other.user_id)
    before = site.asked_twin
    *_, page = site.get(lesson.url, phone)
    assert b"Zulaikha" in page and b"Dedi" not in page and site.asked_twin == before + 1


def test_a_template_that_shows_more_of_a_person_stays_with_its_twin(site, phone, lesson, monkeypatch):
    monkeypatch.setattr(Learner, "greeting_name", property(lambda self: self.full_name))
    for _ in range(2):
        before = site.asked_twin
        *_, page = site.get(lesson.url, phone)
        assert b"Zulaikha Wulandari" in page and site.asked_twin == before + 1
    other = make.learner(first_name="Dedi", last_name="Kurnia")
    *_, page = site.get(lesson.url, phone_of(other))
    assert b"Dedi Kurnia" in page and b"Wulandari" not in page


@pytest.mark.parametrize("who", ["visitor", "learner"])
@pytest.mark.parametrize("number", range(0xE000, 0xE005))
def test_a_lesson_with_a_letter_that_stands_for_a_hole_stays_with_its_twin(site, phone, lesson, committed, number, who):
    with committed():
        publish(lesson, goal=f"Ini {chr(number)} itu.")
    client = phone if who == "learner" else Client()
    for _ in range(2):
        status, _, fast = site.get(lesson.url, client)
        *_, plain = site.get(lesson.url, client, accepted="", plain=True)
        assert (status, bare(fast)) == ("200 OK", bare(plain))


@pytest.mark.parametrize(
    ("cookie", "value"), [("messages", "x"), ("lain", "1"), ("csrftoken", "short"), ("csrftoken", "*" * 32)]
)
def test_whatever_else_a_browser_brings_is_for_the_twin(site, phone, lesson, cookie, value):
    site.page(lesson.url, phone)
    phone.cookies[cookie] = value
    before = site.asked_twin
    assert site.get(lesson.url, phone)[0] == "200 OK"
    assert site.asked_twin == before + 1


def test_a_visitor_who_chose_another_language_gets_the_list_of_modules_from_the_twin(site, committed):
    with committed():
        lesson_translated()
    assert b"/jv/modul/merek/" not in site.page("/modul/", Client())
    chose = Client()
    chose.cookies["bahasa"] = "jv"
    assert b"/jv/modul/merek/" in site.get("/modul/", chose)[2]


def test_what_a_learner_chose_before_her_sign_in_is_read_as_the_twin_reads_it(site, phone, sari, committed):
    with committed():
        lesson_translated()
    assert b"/jv/modul/merek/" not in site.page(HOME, phone)
    phone.cookies["bahasa"] = "jv"
    assert b"/jv/modul/merek/" in site.get(HOME, phone)[2]
    with committed():
        Learner.objects.choose_language(sari.pk, "id")
    assert b"/jv/modul/merek/" not in site.get(HOME, phone)[2]


@pytest.mark.parametrize("who", ["companion", "editor"])
def test_staff_get_their_own_pages_from_the_twin(site, rina, lesson, who):
    client = Client()
    client.force_login(rina.user if who == "companion" else make.staff("Peninjau materi"))
    client.get("/keluar/")
    for _ in range(2):
        before = site.asked_twin
        *_, page = site.get(lesson.url, client)
        assert b"Keluar</a>" in page and site.asked_twin == before + 1


@pytest.mark.parametrize("asked", [{"QUERY_STRING": "x=1"}, {"REQUEST_METHOD": "HEAD"}])
def test_another_kind_of_question_is_for_the_twin(site, phone, lesson, asked):
    site.page(lesson.url, phone)
    before = site.asked_twin
    site.get(lesson.url, phone, **asked)
    assert site.asked_twin == before + 1


def test_a_learner_without_a_pin_of_her_own_or_a_consent_is_led_there(site, phone, sari):
    site.page(HOME, phone)
    sari.consents.update(withdrawn_at=timezone.now())
    status, headers, _ = site.get(HOME, phone)
    assert (status, headers["Location"]) == ("302 Found", "/masuk/persetujuan/")


def test_a_database_in_trouble_leaves_it_to_the_twin(site, phone, lesson, monkeypatch):
    site.page(lesson.url, phone)

    def fails(*args, **kwargs):
        raise DatabaseError("gone")

    monkeypatch.setattr(fast_pages, "learners", fails)
    assert site.get(lesson.url, phone)[0] == "200 OK"


# --- From the moment that anything changes ---------------------------------------------------------------------------


def publish(page: Page, **values) -> None:
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision().publish()


def lesson_published():
    publish(make.lessons("merek")[1], goal="Berubah sekarang.")


def lesson_renamed_elsewhere():
    """The menu of languages and the module's page show other pages too."""
    publish(make.module("merek"), title="Berubah sekarang")


def lesson_taken_back():
    make.lessons("merek")[2].unpublish()


def lesson_moved():
    last = make.lessons("merek")[-1]
    last.move(make.lessons("merek")[0], pos="left")


def lesson_deleted():
    make.lessons("merek")[-1].delete()


def lesson_translated():
    language = Locale.objects.get_or_create(language_code="jv")[0]
    home = Page.objects.get(depth=2, locale__language_code="id")
    for page in (home, *home.get_descendants().filter(depth__lt=5)):
        if not page.get_translations().filter(locale=language).exists():
            page.specific.copy_for_translation(language, copy_parents=True, alias=True)
    told = make.lessons("merek")[1].copy_for_translation(language, copy_parents=True)
    publish(told, title="Milih jeneng")


CHANGES = [
    lesson_published,
    lesson_renamed_elsewhere,
    lesson_taken_back,
    lesson_moved,
    lesson_deleted,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_an_editor_changes_shows_at_once(site, phone, lesson, change, committed):
    paths = [lesson.url, "/modul/merek/"]
    before = b"".join(bare(site.page(path, Client())) for path in paths) + bare(site.page(lesson.url, phone))
    with committed():
        change()
    after = b"".join(bare(site.page(path, Client())) for path in paths) + bare(site.page(lesson.url, phone))
    assert before != after


def test_who_has_done_a_lesson_that_moved_to_another_module_shares_no_shell_with_who_has_not(
    site, phone, lesson, sari, committed
):
    intake.complete_lesson(sari, lesson.translation_key)
    with committed():
        lesson.move(make.module("kemasan"), pos="last-child")
    address = make.lessons("kemasan")[-1].get_url()
    assert "Pelajaran ini selesai" in site.page(address, phone).decode()
    assert "Sudah paham</button>" in site.page(address, phone_of(make.learner(sari.household))).decode()


def test_what_is_told_in_another_language_is_offered_at_once(site, phone, lesson, committed):
    """A visitor's page then has a form, and stays with its twin."""
    site.page(lesson.url, phone)
    with committed():
        lesson_translated()
    assert "Basa Jawa" in site.page(lesson.url, phone).decode()
    assert "Basa Jawa" in site.get(lesson.url, Client())[2].decode()


def test_a_lesson_that_is_closed_to_the_public_is_not_shown_any_more(site, lesson, committed):
    site.page(lesson.url, Client())
    with committed():
        PageViewRestriction.objects.create(page=lesson, restriction_type="login")
    assert site.get(lesson.url, Client())[0] == "302 Found"


@pytest.mark.parametrize("where", ["lesson", "module"])
def test_a_lesson_with_a_password_is_shown_to_nobody_who_has_not_typed_it(site, phone, lesson, committed, where):
    site.page(lesson.url, phone)
    page = lesson if where == "lesson" else make.module("merek")
    with committed():
        closed = PageViewRestriction.objects.create(page=page, restriction_type="password", password="kunci")
    session = phone.session
    session[PageViewRestriction.passed_view_restrictions_session_key] = [closed.pk]
    session.save()
    for _ in range(2):
        assert lesson.goal in site.get(lesson.url, phone)[2].decode()
    assert lesson.goal not in site.get(lesson.url, phone_of(make.learner()))[2].decode()
    with committed():
        closed.delete()
    site.page(lesson.url, phone)


def test_a_name_that_is_erased_goes_from_her_familys_page_at_once(site, phone, sari, rina):
    """P4: her companion's word to the family named her."""
    sister = make.learner(sari.household, first_name="Maimunah")
    key = make.module("kemasan").translation_key
    ModuleAssignment.objects.assign([sari.household], key, by=rina.user, word="Ayo, Bu Maimunah dan Bu Zulaikha!")
    assert b"Maimunah" in site.page(HOME, phone)
    rights.erase(sister)
    assert b"Maimunah" not in site.page(HOME, phone)


def test_a_figure_shows_its_new_value_at_once(site, committed):
    figure = Figure.objects.get(slug="tarif-merek-umum")
    lesson = next(page for page in LessonPage.objects.live() if figure.slug in str(list(page.body.raw_data)))
    site.page(lesson.url, Client())
    with committed():
        figure.value = "Rp123.456"
        figure.save()
    assert b"Rp123.456" in site.page(lesson.url, Client())


def test_a_badge_shows_its_new_name_at_once(site, phone, sari, committed):
    make.finished(sari, "pengenalan-motivasi", "merek")
    site.page(HOME, phone)
    badge = make.badge("merek")
    with committed():
        badge.name = "Juara Merek"
        badge.save()
    assert b"Juara Merek" in site.page(HOME, phone)


def test_a_picture_that_is_changed_shows_at_once(site, lesson, committed):
    picture = make.picture()
    with committed():
        publish(make.module("merek"), picture=picture)
    before = site.page("/modul/merek/", Client())
    with committed():
        picture.delete()
    assert bare(site.page("/modul/merek/", Client())) != bare(before)


def version():
    return ContentVersion.objects.get().name


def test_a_draft_begins_no_new_version(lesson, committed):
    before = version()
    with committed():
        lesson.goal = "Belum jadi."
        lesson.save_revision()
    assert version() == before


def test_what_learners_do_begins_no_new_version(sari, committed):
    before = version()
    with committed():
        make.finished(sari, "pengenalan-motivasi", "merek")
    assert version() == before


def test_an_hour_later_every_page_is_made_anew(site, lesson, monkeypatch):
    site.page(lesson.url, Client())
    later = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr(twins.time, "time", later.timestamp)
    before = site.asked_twin
    site.get(lesson.url, Client())
    assert site.asked_twin == before + 1


@pytest.mark.parametrize("asked", [{"PATH_INFO": "/modul/tidak-ada/"}, {"HTTP_HOST": "orang.lain"}])
def test_what_is_no_page_takes_no_room(site, lesson, asked):
    before = site.application.shelf.bytes
    for _ in range(2):
        path = asked.get("PATH_INFO", lesson.url)
        assert site.get(path, Client(), **{k: v for k, v in asked.items() if k != "PATH_INFO"})[0][:1] == "4"
    assert site.application.shelf.bytes == before


# --- The shelf, and the switch ---------------------------------------------------------------------------------------


def test_the_shelf_holds_no_more_than_its_limit(lesson):
    shelf = Shelf(10_000)
    for number in range(20):
        shelf.put(number, Shell("a" * 1000, []))
        shelf.get(0)
    assert shelf.bytes <= 10_000
    assert 0 in shelf and 19 in shelf and 1 not in shelf, "what was asked for last stays"


def test_what_comes_again_between_tokens_is_packed_once():
    rows = "".join(f'<li>Keluarga {number}{"x" * 200}<input value="{TOKEN}"></li>' for number in range(300))
    shell = Shell(rows, [("Content-Type", "text/html")])
    packed, tokens = [], [masked("a" * 32) for _ in range(2)]
    for token in tokens:
        [body] = shell.answer({TOKEN: token}, {"HTTP_ACCEPT_ENCODING": "gzip"}, lambda *told: None)
        assert gzip.decompress(body).decode() == rows.replace(TOKEN, token)
        packed.append(len(body))
    assert packed[0] == packed[1] < 300 * (64 + 50), "a token tells nothing by its length, and a row costs little more"


def test_the_environment_turns_it_off(settings):
    try:
        settings.FAST_PAGES = False
        assert isinstance(reload(lms.wsgi).application, WSGIHandler)
    finally:
        settings.FAST_PAGES = True
        application = reload(lms.wsgi).application
        assert (type(application), type(application.plain)) == (AskedAgain, FastPages)
