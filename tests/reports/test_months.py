"""What happened in a month, at ``/laporan/?bulan=…``."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from badges import meetings
from courses.models import ModulePage
from learn import intake
from people.models import Consent, Household, HouseholdEvent, Learner
from people.months import Month, last_months
from practice.models import Feedback
from progress.models import GroupSession, LessonCompletion, ModuleProgress
from reports import sums
from tests import factories as make
from tests.pages import sends, text

from .reading import companions, counts, named, page, told

pytestmark = pytest.mark.django_db
FIRST = "pengenalan-motivasi"


@pytest.fixture
def last() -> Month:
    return last_months(timezone.localdate())[1]


@pytest.fixture
def rina():
    return named("Rina")


@pytest.fixture
def sari(rina, places) -> Learner:
    district = places["36.71.01"]
    return make.learner(make.household(rina, place=district, in_group=make.group(district)), pin=None)


@pytest.fixture
def hadi(client, places):
    """Signed in."""
    made = make.coordinator(places["36.71"])
    client.force_login(made.user)
    return made


def told_of(found) -> str:
    """What the page says of the month."""
    return text(found.select_one("[aria-labelledby=bulanan]"))


def everything_at(learner: Learner, moment: datetime) -> None:
    """As if all that the learner has done had been done then."""
    learner.completions.update(completed_at=moment)
    learner.quiz_openings.update(opened_at=moment)
    learner.attempts.update(started_at=moment, submitted_at=moment)
    learner.practices.update(handed_in_at=moment)
    modules = list(learner.module_progress.values_list("module_key", flat=True))
    ModuleProgress.objects.refresh([learner.pk], modules)


def test_a_month_tells_who_began_and_what_was_done_in_it(client, hadi, sari, last):
    make.finished(sari, FIRST)
    everything_at(sari, last.begins + timedelta(days=14))
    make.read(sari, "merek")
    dedi = make.learner(sari.household, pin=None)
    make.read(dedi, FIRST)
    first, second = len(make.lessons(FIRST)), len(make.lessons("merek"))
    assert f"1 pelajar baru mulai. {first} pelajaran dan 1 modul selesai." in told_of(page(client, bulan=last.value))
    assert f"1 pelajar baru mulai. {first + second} pelajaran dan 0 modul selesai." in told_of(page(client))
    assert counts(page(client)) == counts(page(client, bulan=last.value)), "what is so today does not hang on the month"


def test_who_handed_in_a_practice_first_began_then(client, hadi, sari, last):
    make.practised(sari, FIRST)
    everything_at(sari, last.begins)
    make.read(sari, FIRST)
    assert "1 pelajar baru mulai. 0 pelajaran" in told_of(page(client, bulan=last.value))
    assert "0 pelajar baru mulai" in told_of(page(client))


def test_who_took_her_only_practice_back_has_not_begun(client, hadi, sari):
    intake.withdraw_practice(sari, make.practised(sari, FIRST))
    found = page(client)
    assert counts(found)["sudah mulai"] == 0
    assert "Belum ada kegiatan di bulan ini." in told_of(found)


def test_practices_tell_how_many_were_right_and_how_long_they_waited(client, hadi, rina, sari, last):
    for slug, verdict, days in ((FIRST, "right", 1), ("merek", "to_improve", 2)):
        make.feedback(make.practised(sari, slug), rina, Feedback.Verdict(verdict))
        answer = Feedback.objects.filter(submission__module_key=make.module(slug).translation_key)
        answer.update(given_at=last.begins + timedelta(days=3 + days))
    sari.practices.update(handed_in_at=last.begins + timedelta(days=3))
    make.practised(sari, "kemasan")
    found = page(client, bulan=last.value)
    assert "2 praktik masuk. 2 dijawab, 1 sudah benar. Jawaban ditunggu rata-rata 1,5 hari." in told_of(found)
    assert told(companions(found)["Rina Uji"], "Dijawab", "Hari menunggu", "Praktik menunggu") == ["2", "1,5", "1"]
    assert "1 praktik masuk. 0 dijawab, 0 sudah benar." in told_of(page(client))


def test_meetings_that_stand_and_households_that_were_reached_are_counted(client, hadi, rina, sari, last):
    far = make.region("73.71", "Kota Makassar")
    beyond = make.learner(make.household(rina, place=far, in_group=make.group(far)), pin=None)
    for day, learner in ((2, beyond), (3, sari), (4, sari)):
        held, _ = meetings.record(
            learner.household.group,
            held_on=last.first.replace(day=day),
            place="Balai",
            lesson_keys=[make.lessons(FIRST)[0].translation_key],
            learner_ids=[learner.pk],
            by=rina.user,
        )
    GroupSession.objects.undo(held)
    for _ in range(2):
        event = HouseholdEvent.objects.record(sari.household, HouseholdEvent.Kind.CONTACTED, by=rina.user)
        HouseholdEvent.objects.filter(pk=event.pk).update(at=last.begins)
    found = page(client, bulan=last.value)
    assert "1 pertemuan kelompok, 1 kali hadir. 1 keluarga dihubungi atau dikunjungi." in told_of(found)
    assert "Belum ada kegiatan di bulan ini." in told_of(page(client))


def test_who_has_withdrawn_counts_at_no_meeting_more(client, hadi, rina, sari, last):
    dedi = make.learner(sari.household, pin=None)
    meetings.record(
        sari.household.group,
        held_on=last.first,
        place="Balai",
        lesson_keys=[make.lessons(FIRST)[0].translation_key],
        learner_ids=[sari.pk, dedi.pk],
        by=rina.user,
    )
    Consent.objects.withdraw(dedi, by=dedi.user)
    assert "1 pertemuan kelompok, 1 kali hadir." in told_of(page(client, bulan=last.value))


def test_a_month_begins_at_midnight_where_the_region_is(client, last):
    """01.00 in Jayapura is still yesterday in Jakarta."""
    place = make.region("91.71", "Kota Jayapura")
    sari = make.learner(make.household(place=place), pin=None)
    make.read(sari, FIRST)
    midnight = datetime(last.first.year, last.first.month, 1, tzinfo=UTC) - timedelta(hours=9)
    LessonCompletion.objects.update(completed_at=midnight + timedelta(hours=1))
    client.force_login(make.coordinator(place).user)
    assert f"{len(make.lessons(FIRST))} pelajaran" in told_of(page(client, bulan=last.value))
    assert "kegiatan" in told_of(page(client, bulan=last.before.value))


def test_quiet_is_who_left_a_module_half_done_thirty_days_ago(client, hadi, sari):
    dedi, wati, _ = (make.learner(sari.household, pin=None) for _ in range(3))
    for learner, days in ((sari, 31), (dedi, 29), (wati, 31)):
        make.read(learner, FIRST)
        if learner == wati:
            make.tried(wati, FIRST)
        make.moved_back(learner, days)
    assert told(companions(page(client))["Rina Uji"], "Diam 30 hari", "Sudah mulai", "Pelajar") == ["1", "3", "4"]


def how_many_are_quiet(client) -> str:
    return companions(page(client))["Rina Uji"]["Diam 30 hari"]


@pytest.mark.parametrize("gone", [make.quiz, make.module])
def test_who_stopped_at_what_the_editors_took_back_is_not_quiet(client, hadi, sari, gone):
    """Nobody can go on with it."""
    make.read(sari, FIRST)
    make.moved_back(sari, 31)
    assert how_many_are_quiet(client) == "1"
    gone(FIRST).unpublish()
    assert how_many_are_quiet(client) == "0"


def test_where_nothing_is_published_nobody_is_quiet(client, hadi, sari):
    make.read(sari, FIRST)
    make.moved_back(sari, 31)
    for module in ModulePage.objects.live():
        module.unpublish()
    assert how_many_are_quiet(client) == "0"


def test_who_still_has_a_lesson_to_read_is_quiet_without_a_quiz_too(client, hadi, sari):
    intake.complete_lesson(sari, make.lessons(FIRST)[0].translation_key)
    make.moved_back(sari, 31)
    make.quiz(FIRST).unpublish()
    assert how_many_are_quiet(client) == "1"


def test_who_can_only_await_her_companions_answer_is_not_quiet(client, hadi, rina, sari):
    module = make.module(FIRST)
    module.practice_needed = "quiz"
    module.save()
    make.read(sari, FIRST)
    sent = make.practised(sari, FIRST)
    make.moved_back(sari, 31)
    assert how_many_are_quiet(client) == "0"
    make.feedback(sent, rina, Feedback.Verdict.TO_IMPROVE)
    assert how_many_are_quiet(client) == "0", "the month was her companion's"
    make.moved_back(sari, 31)
    assert how_many_are_quiet(client) == "1"


def test_who_is_to_mend_one_practice_is_quiet_while_another_has_no_answer(client, hadi, rina, sari):
    module = make.module(FIRST)
    module.practice_needed = "quiz"
    module.save()
    make.read(sari, FIRST)
    make.feedback(make.practised(sari, FIRST), rina, Feedback.Verdict.TO_IMPROVE)
    make.practised(sari, FIRST, 1)
    make.moved_back(sari, 31)
    assert how_many_are_quiet(client) == "1"


def test_who_has_lessons_left_is_quiet_though_others_that_she_read_are_gone(client, hadi, sari):
    """As many as are there today."""
    lessons = make.lessons(FIRST)
    for lesson in lessons[:3]:
        intake.complete_lesson(sari, lesson.translation_key)
    make.moved_back(sari, 31)
    make.quiz(FIRST).unpublish()
    for lesson in lessons[:2]:
        lesson.unpublish()
    assert how_many_are_quiet(client) == "1"


def test_a_module_that_has_lost_its_quiz_and_got_a_lesson_is_done_no_more(client, hadi, sari):
    make.finished(sari, FIRST)
    make.moved_back(sari, 31)
    make.quiz(FIRST).unpublish()
    make.lessons("merek")[0].move(make.module(FIRST), pos="last-child")
    assert how_many_are_quiet(client) == "1"


@pytest.mark.parametrize("lessons", [1, 5])
def test_an_undone_meeting_leaves_nobody_quiet(client, hadi, rina, sari, lessons):
    """Nor the quiz that it had opened."""
    held, _ = meetings.record(
        sari.household.group,
        held_on=timezone.localdate() - timedelta(days=40),
        place="Balai",
        lesson_keys=[lesson.translation_key for lesson in make.lessons(FIRST)[:lessons]],
        learner_ids=[sari.pk],
        by=rina.user,
    )
    sari.quiz_openings.update(opened_at=timezone.now() - timedelta(days=40))
    ModuleProgress.objects.refresh([sari.pk], [make.module(FIRST).translation_key])
    assert how_many_are_quiet(client) == "1"
    sari.quiz_openings.update(opened_at=timezone.now())
    meetings.undo(held)
    assert how_many_are_quiet(client) == "0"


def test_what_those_did_who_withdrew_is_not_told(client, hadi, sari):
    make.read(sari, FIRST)
    sari.user.is_active = False
    sari.user.save()
    found = page(client)
    assert counts(found) == {"keluarga": 1, "pelajar": 0, "sudah mulai": 0, "modul selesai": 0}
    assert "Belum ada kegiatan di bulan ini." in told_of(found)


@pytest.mark.parametrize("wrong", ["2019-01", "2026-13", "Juni", "'\x00"])
def test_a_month_that_is_not_offered_is_said_and_this_one_is_shown(client, hadi, sari, wrong):
    found = page(client, bulan=wrong)
    this = last_months(timezone.localdate())[0]
    assert f"Bulan itu tidak ada di daftar. Yang tampil {this}." in text(found.main)
    assert text(found.select_one("[aria-labelledby=bulanan] h2")) == str(this)


def test_the_form_keeps_region_and_month(client, hadi, places, last):
    make.household(place=places["36.71.01"])
    found = page(client, wilayah="36.71.01", bulan=last.value)
    assert sends(found.select_one("main form")) == {"wilayah": ["36.71.01"], "bulan": [last.value]}


def test_no_learner_is_looked_for_among_all_the_others(hadi):
    """Once a module wanted a practice, 12,000 learners took twenty seconds on PostgreSQL, and twice as many four times
    as long. SQLite looks each up in an index that it makes."""
    ModulePage.objects.filter(slug="merek").update(practice_needed="quiz")
    with CaptureQueriesContext(connection) as asked:
        sums.sums(Household.objects.for_coordinator(hadi.user), last_months(timezone.localdate())[1])
    [statement] = [query["sql"] for query in asked if query["sql"].lstrip().startswith("WITH homes")]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}")
        plan = "\n".join(str(row) for row in cursor.fetchall())
    assert plan.count("Full Join") == (3 if connection.vendor == "postgresql" else 0)
