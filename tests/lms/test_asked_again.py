"""«Hari ini» comes from memory only while the database would tell its twin the very same."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from learn.models import RefusedWork
from lms import asked_again
from lms.asked_again import Asked, AskedAgain, answers_to, is_ordered, joined, question_about, with_arrays
from people.models import Companion, Consent, Coordinator, Household, HouseholdEvent, Learner
from progress.models import ModuleAssignment
from tests import factories as make
from tests.fast_way import Site, bare

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashes")]
TODAY = "/dampingan/"
FIRST = "pengenalan-motivasi"


@pytest.fixture
def site():
    return Site(AskedAgain, visits=2)


def phone_of(companion: Companion) -> Client:
    """Signed in, and with the secret of her forms, as after her first page with one."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(companion.user)
    client.get("/keluar/")
    return client


@pytest.fixture
def rina():
    return make.companion()


@pytest.fixture
def sari(rina):
    """Her household has been quiet for eight days."""
    person = make.learner(make.household(rina), pin=None, first_name="Zulaikha")
    for lesson in make.lessons(FIRST)[:2]:
        make.intake.complete_lesson(person, lesson.translation_key)
    make.moved_back(person, 8)
    return person


@pytest.fixture
def phone(rina, sari):
    return phone_of(rina)


# --- The same as the twin --------------------------------------------------------------------------------------------


def test_whoever_comes_back_gets_the_twins_own_page(site, phone):
    assert b"Zulaikha diam 8 hari" in site.page(TODAY, phone)


def test_who_comes_once_is_left_to_the_twin_and_pays_for_nothing(site, phone, monkeypatch):
    monkeypatch.setattr(asked_again, "question_about", None)
    assert site.get(TODAY, phone)[0] == "200 OK"


def test_each_form_on_a_kept_page_is_taken(site, phone, rina, sari):
    for _ in range(3):
        other = make.learner(make.household(rina), pin=None)
        ModuleAssignment.objects.assign(
            [other.household], make.module(FIRST).translation_key, by=rina.user, due_on=timezone.localdate()
        )
    tokens = [re.findall(rb'csrfmiddlewaretoken" value="(\w{64})"', site.page(TODAY, phone)) for _ in range(2)]
    assert [len(found) for found in tokens] == [4, 4]
    assert tokens[0] != tokens[1], "each answer has another token"
    sent = {"csrfmiddlewaretoken": tokens[0][-1].decode(), "cara": "telepon"}
    assert phone.post(f"/dampingan/keluarga/{sari.household_id}/dihubungi/", sent).status_code == 302
    assert sari.household.events.filter(kind=HouseholdEvent.Kind.CONTACTED).count() == 1


def test_a_phone_that_can_unpack_nothing_gets_it_whole(site, phone):
    site.page(TODAY, phone)
    _, headers, page = site.get(TODAY, phone, accepted="")
    assert "Content-Encoding" not in headers and b"Zulaikha" in page


@pytest.mark.parametrize("number", range(0xE000, 0xE004))
def test_a_name_with_a_letter_that_stands_for_a_hole_is_shown_by_the_twin(site, phone, sari, number):
    Household.objects.filter(pk=sari.household_id).update(name=f"Ibu {chr(number)}")
    for times in range(1, 4):
        *_, page = site.get(TODAY, phone)
        assert site.asked_twin == times
        assert bare(page) == bare(site.get(TODAY, phone, accepted="", plain=True)[2])
        assert f"Ibu {chr(number)}".encode() in page


def test_no_cache_on_the_way_may_keep_it(site, phone):
    site.page(TODAY, phone)
    assert "no-store" in site.get(TODAY, phone)[1]["Cache-Control"]


# --- From the moment that anything changes ---------------------------------------------------------------------------


def contacted(sari, rina):
    HouseholdEvent.objects.record(sari.household, HouseholdEvent.Kind.CONTACTED, by=rina.user)


def lesson_done_long_ago(sari, rina):
    """From a phone that was without a signal: where she stopped changes, and not when."""
    key = make.lessons(FIRST)[2].translation_key
    make.intake.complete_lesson(sari, key)
    sari.completions.filter(lesson_key=key).update(completed_at=timezone.now() - timedelta(days=9))
    moment = sari.completions.latest("completed_at").completed_at
    sari.module_progress.update(last_fact_at=moment)
    Learner.objects.filter(pk=sari.pk).update(phone_last_sent_at=moment)


def quiz_tried_twice(sari, rina):
    make.read(sari, FIRST)
    for _ in range(2):
        make.tried(sari, FIRST, right=0)


def task_due(sari, rina):
    key = make.module("merek").translation_key
    ModuleAssignment.objects.assign([sari.household], key, by=rina.user, due_on=timezone.localdate())


def pin_about_to_lapse(sari, rina):
    now = timezone.now()
    sari.temporary_pins.create(issued_by=rina.user, issued_at=now, expires_at=now + timedelta(hours=23))


def practice_handed_in(sari, rina):
    make.practised(sari, FIRST)


def household_renamed(sari, rina):
    Household.objects.filter(pk=sari.household_id).update(name="Keluarga Baru")


def phone_number_given(sari, rina):
    Household.objects.filter(pk=sari.household_id).update(phone="+6281200001111", messages_welcome=True)


def learner_renamed(sari, rina):
    Learner.objects.filter(pk=sari.pk).update(first_name="Murniati")


def phone_sent_something(sari, rina):
    Learner.objects.sent(sari.pk)


def consent_withdrawn(sari, rina):
    Consent.objects.withdraw(sari, by=sari.user)


def handed_over(sari, rina):
    sari.household.companionships.update(ended_at=timezone.now())


def household_added(sari, rina):
    make.household(rina)


def work_refused(sari, rina):
    RefusedWork.objects.create(user=sari.user, reason="shape", refused_at=timezone.now())


def own_name_changed(sari, rina):
    type(rina.user).objects.filter(pk=rina.user_id).update(first_name="Rahayu")


def coordinates_too(sari, rina):
    Coordinator.objects.create(user=rina.user, scope_region=make.region())


def edits_too(sari, rina):
    rina.user.groups.add(Group.objects.get(name="Penulis materi"))


def lesson_renamed(sari, rina):
    page = make.lessons(FIRST)[2]
    page.title = "Judul baru"
    page.save_revision().publish()


CHANGES = [
    contacted,
    lesson_done_long_ago,
    quiz_tried_twice,
    task_due,
    pin_about_to_lapse,
    practice_handed_in,
    household_renamed,
    phone_number_given,
    learner_renamed,
    phone_sent_something,
    consent_withdrawn,
    handed_over,
    household_added,
    work_refused,
    own_name_changed,
    coordinates_too,
    edits_too,
    lesson_renamed,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_changes_shows_at_once(site, phone, sari, rina, change, django_capture_on_commit_callbacks):
    before = site.page(TODAY, phone)
    with django_capture_on_commit_callbacks(execute=True):
        change(sari, rina)
    *_, fast = site.get(TODAY, phone)
    *_, plain = site.get(TODAY, phone, accepted="", plain=True)
    assert bare(fast) == bare(plain) != bare(before)


def test_what_somebody_writes_while_the_page_is_made_shows_the_next_time(site, phone):
    site.get(TODAY, phone)
    plain = site.plain

    def with_others_at_work(*asked):
        answer = plain(*asked)
        connection.connection.execute("UPDATE people_household SET name = 'Keluarga Baru'")
        return answer

    site.plain = with_others_at_work
    assert b"Keluarga Baru" not in site.get(TODAY, phone)[2]
    assert b"Keluarga Baru" in site.get(TODAY, phone)[2]


def test_in_the_next_five_minutes_it_is_made_anew(site, phone, monkeypatch):
    site.page(TODAY, phone)
    later = timezone.now() + timedelta(minutes=5)
    monkeypatch.setattr(asked_again.time, "time", later.timestamp)
    before = site.asked_twin
    site.get(TODAY, phone)
    assert site.asked_twin == before + 1


# --- To nobody else --------------------------------------------------------------------------------------------------


def signs_out(phone, rina):
    cookies = {name: morsel.value for name, morsel in phone.cookies.items()}
    phone.logout()
    phone.cookies.load(cookies)  # somebody kept them


def session_runs_out(phone, rina):
    type(phone.session).get_model_class().objects.update(expire_date=timezone.now())


def account_is_closed(phone, rina):
    type(rina.user).objects.filter(pk=rina.user_id).update(is_active=False)


def password_is_changed(phone, rina):
    rina.user.set_password("panjang-sekali-2026")
    rina.user.save()


ENDS = [signs_out, session_runs_out, account_is_closed, password_is_changed]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_whose_session_has_ended_is_led_to_the_sign_in(site, phone, rina, end):
    site.page(TODAY, phone)
    end(phone, rina)
    for _ in range(3):
        status, headers, body = site.get(TODAY, phone)
        assert status == "302 Found" and headers["Location"].startswith("/masuk/") and b"Zulaikha" not in body


def test_who_is_no_companion_any_more_is_refused(site, phone, rina):
    site.page(TODAY, phone)
    rina.companionships.all().delete()
    rina.delete()
    assert site.get(TODAY, phone)[0] == "403 Forbidden"


def test_another_companion_gets_her_own(site, phone):
    site.page(TODAY, phone)
    assert b"Zulaikha" not in site.page(TODAY, phone_of(make.companion()))


def test_a_learner_is_refused(site, phone, sari):
    site.page(TODAY, phone)
    client = Client()
    client.force_login(sari.user)
    client.get("/keluar/")
    for _ in range(3):
        assert site.get(TODAY, client)[0] == "403 Forbidden"


def test_a_message_that_waits_is_shown_once(site, phone, sari):
    site.page(TODAY, phone)
    token = phone.cookies["csrftoken"].value
    phone.post(f"/dampingan/keluarga/{sari.household_id}/dihubungi/", {"csrfmiddlewaretoken": token, "cara": "telepon"})
    _, headers, page = site.get(TODAY, phone)
    assert b"Dicatat: " in page and "messages" in headers["Set-Cookie"]
    del phone.cookies["messages"]
    assert b"Dicatat: " not in site.page(TODAY, phone)


@pytest.mark.parametrize("asked", [{"QUERY_STRING": "x=1"}, {"REQUEST_METHOD": "HEAD"}, {"HTTP_HOST": "orang.lain"}])
def test_another_kind_of_request_is_for_the_twin(site, phone, asked):
    site.page(TODAY, phone)
    before = site.asked_twin
    site.get(TODAY, phone, **asked)
    assert site.asked_twin == before + 1


def fails(*args, **kwargs):
    raise DatabaseError("gone")


def test_a_database_in_trouble_leaves_it_to_the_twin(site, phone, monkeypatch):
    site.page(TODAY, phone)
    monkeypatch.setattr(asked_again, "answers_to", fails)
    before = site.asked_twin
    assert (site.get(TODAY, phone)[0], site.asked_twin) == ("200 OK", before + 1)


def test_a_page_that_asks_what_cannot_be_asked_again_is_never_kept(site, phone, monkeypatch):
    monkeypatch.setattr(asked_again, "question_about", fails)
    for times in range(1, 4):
        assert (site.get(TODAY, phone)[0], site.asked_twin) == ("200 OK", times)


def test_addresses_that_do_not_exist_take_no_room(site, phone):
    before = site.application.shelf.bytes
    for number in range(3):
        assert site.get(TODAY, phone, HTTP_HOST=f"{number}.orang.lain")[0][:1] == "4"
    assert site.application.shelf.bytes == before


# --- Questions and answers -------------------------------------------------------------------------------------------

NULL = "CAST(NULL AS varchar(9))"
ROWS = [
    "SELECT 1 AS a WHERE 1 = 0",
    f"SELECT {NULL} AS a",
    "SELECT '' AS a",
    "SELECT 'NULL' AS a",
    "SELECT 'a' AS a",
    "SELECT 'a' AS a UNION ALL SELECT 'a'",
    "SELECT 'a,a' AS a",
    "SELECT 'b' AS a, '' AS c",
    f"SELECT 'b' AS a, {NULL} AS c",
    "SELECT '' AS a, 'b' AS c",
    "SELECT 'a,b' AS a, 'c' AS c",
    "SELECT 'a' AS a, 'b,c' AS c",
    "SELECT 'a\",\"b' AS a, 'c' AS c",
    "SELECT 'a' AS a, 'b' AS c UNION ALL SELECT 'c', 'd'",
    "SELECT 'a' AS a, 'b' AS a",  # two of one name, as where tables are joined
    "SELECT 1 AS told, 1 AS a",
    "SELECT 1 AS told, 2 AS a",
    "SELECT a FROM (SELECT 'a' AS a, 1 AS place UNION ALL SELECT 'b', 2) AS two ORDER BY place",
    "SELECT a FROM (SELECT 'a' AS a, 1 AS place UNION ALL SELECT 'b', 2) AS two ORDER BY place DESC",
]


def test_no_two_answers_are_alike_that_tell_different_things():
    answers = answers_to([question_about(sql, ()) for sql in ROWS])
    assert len(set(answers)) == len(ROWS)
    assert answers == answers_to([question_about(sql, ()) for sql in ROWS])


@pytest.mark.parametrize(
    ("sql", "ordered"),
    [
        ("SELECT a FROM b", False),
        ("SELECT a FROM b ORDER BY a", True),
        ("SELECT a FROM (SELECT a FROM b ORDER BY lower(a) LIMIT 1) AS c", False),
        ("SELECT EXISTS(SELECT 1 FROM b ORDER BY (a)) FROM c WHERE (a = (1)) ORDER BY c", True),
    ],
)
def test_only_a_statement_that_asks_for_an_order_is_told_in_one(sql, ordered):
    """The rows of another are found in another order by another plan, and nothing has changed."""
    assert is_ordered(sql) is ordered


@pytest.mark.parametrize(
    ("sql", "params", "question"),
    [
        ("a IN (%s, %s) AND b = %s", (1, 2, "x"), ("a = ANY(%s) AND b = %s", ("{1,2}", "x"))),
        ("a IN (%s) AND b = ANY(%s)", (1, "{2,3}"), ("a = ANY(%s) AND b = ANY(%s)", ("{1}", "{2,3}"))),
        ("a IN (%s, %s)", ("x", "y"), ("a IN (%s, %s)", ("x", "y"))),
        ("a IN (%s, %s)", (True, False), ("a IN (%s, %s)", (True, False))),
        ("a = %s OR a IN (SELECT %s)", (1, 2), ("a = %s OR a IN (SELECT %s)", (1, 2))),
    ],
)
def test_a_list_of_ids_is_one_array_so_that_its_statement_is_planned_once(sql, params, question):
    assert with_arrays(sql, params) == question


def test_many_questions_become_one_statement_whose_places_are_numbered():
    whole = joined(("SELECT a WHERE b = %s", "SELECT '100%%'", "SELECT c WHERE d = %s AND e = %s"))
    assert whole == "SELECT (SELECT a WHERE b = $1), (SELECT '100%'), (SELECT c WHERE d = $2 AND e = $3)"


@pytest.mark.parametrize("ids", [[1], [1, 2, 3], []])
def test_a_list_of_ids_is_the_same_list_to_the_database(ids, rina):
    households = [make.household(rina) for _ in range(3)]
    asked = Asked()
    with connection.execute_wrapper(asked):
        list(Household.objects.filter(pk__in=[households[place - 1].pk for place in ids]).values_list("pk", "name"))
    answers = answers_to(asked.questions)
    assert (asked.answers, len(answers), asked.is_all) == (answers, bool(ids), True)
    household_renamed(make.learner(households[0], pin=None), rina)
    assert (answers_to(asked.questions) == answers) is not bool(ids)


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_asked_again_is_answered_all_the_same():
    for sql, params in [("SELECT 1 AS a;", None), ("SELECT %(a)s AS a", {"a": 1})]:
        asked = Asked()
        with connection.execute_wrapper(asked), connection.cursor() as cursor:
            cursor.execute(sql, params)
            assert (cursor.fetchone(), asked.is_all) == ((1,), False)


def test_a_page_that_writes_is_never_kept(rina):
    asked = Asked()
    with connection.execute_wrapper(asked):
        type(rina.user).objects.filter(pk=rina.user_id).update(last_name="Wati")
    assert not asked.is_all
