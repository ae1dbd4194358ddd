"""Several requests at the same moment, each on its own database connection, as in production."""

import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from uuid import UUID

import pytest
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from wagtail.models import Page

from badges import meetings
from badges.consequences import answer_practice, follow_lessons
from badges.models import BadgeAward
from courses import search
from courses.content_files import ContentError
from courses.loader import load
from courses.models import LessonPage, ModulePage
from courses.moving import export_module, import_module
from learn import intake, rights
from learn.management.commands.apply_retention import WITHDRAWN_KEPT
from people.importing import steps
from people.importing.rows import HouseholdRow, LearnerRow, Writing
from people.models import (
    Companion,
    Companionship,
    Consent,
    Household,
    HouseholdEvent,
    HouseholdGroup,
    Learner,
    Region,
    SendingKey,
)
from practice.models import PracticeSubmission
from progress.facts import outline
from progress.meetings import today_in
from progress.models import GroupSession, LessonCompletion, ModuleAssignment, ModuleProgress, QuizOpening
from quizzes.models import Answer, Attempt, AttemptClosed
from tests import factories as make
from tests.learn.phone import phone_of
from tests.people.importing.files import checked, xlsx

pytestmark = pytest.mark.django_db(transaction=True)
SLUG = "pengenalan-motivasi"  # five lessons, no prerequisite
THREADS = 4


def at_once(*works: Callable) -> list:
    """The results of ``works``, each in a thread of its own, all let go together. Raises what one of them raises."""
    start = threading.Barrier(len(works))

    def run(work: Callable):
        try:
            connection.ensure_connection()
            start.wait(30)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(60) for future in [pool.submit(run, work) for work in works]]


@pytest.fixture
def sari():
    return make.learner(pin=None)


def test_different_lessons_of_one_learner_are_all_kept(sari):
    first, *others = [lesson.translation_key for lesson in make.lessons(SLUG)]
    intake.complete_lesson(sari, first)
    outcomes = at_once(*[lambda key=key: intake.complete_lesson(sari, key) for key in others])
    assert len(others) == THREADS
    assert LessonCompletion.objects.filter(learner=sari).count() == 5
    assert [bool(outcome.opened) for outcome in outcomes].count(True) == 1
    assert QuizOpening.objects.filter(learner=sari).count() == 1
    summary = ModuleProgress.objects.get(learner=sari)
    assert summary.quiz_opened_at == QuizOpening.objects.get().opened_at
    call_command("rebuild_progress", "--check")


def test_the_same_lesson_is_stored_once(sari):
    lesson = make.lessons(SLUG)[0]
    key = make.module(SLUG).translation_key
    new = at_once(*[lambda: LessonCompletion.objects.record(sari, lesson.translation_key, key)] * THREADS)
    assert sorted(new) == [False, False, False, True]
    assert LessonCompletion.objects.count() == 1
    call_command("rebuild_progress", "--check")


def test_a_quiz_is_begun_once(sari):
    make.read(sari, SLUG)
    attempts = at_once(*[lambda: intake.begin_attempt(sari, make.quiz(SLUG))] * THREADS)
    assert len({attempt.pk for attempt in attempts}) == 1
    assert Attempt.objects.count() == 1


def test_the_last_answer_sent_again_while_the_attempt_is_judged_stops_neither(sari):
    make.read(sari, SLUG)
    for _ in range(5):
        attempt = make.answered(sari, SLUG)
        last = attempt.asked[-1]

        def again(attempt=attempt, last=last) -> None:
            with suppress(AttemptClosed):
                intake.answer(attempt, last.id, last.rule.key)

        at_once(again, lambda attempt=attempt: intake.submit_attempt(attempt), again)
        attempt.refresh_from_db()
        assert (attempt.passed, attempt.right) == (True, 10)


def test_an_attempt_sent_several_times_is_judged_and_rewarded_once(sari):
    make.read(sari, SLUG)
    attempt = make.answered(sari, SLUG)
    outcomes = at_once(*[lambda: intake.submit_attempt(attempt)] * THREADS)
    attempt.refresh_from_db()
    assert (attempt.passed, attempt.right, attempt.total) == (True, 10, 10)
    assert Answer.objects.count() == 10
    assert sum(len(outcome.awards) for outcome in outcomes) == 1
    assert BadgeAward.objects.filter(learner=sari).count() == 1
    assert ModuleProgress.objects.get(learner=sari).passed_at == attempt.submitted_at
    call_command("rebuild_progress", "--check")


def test_lessons_answers_and_the_end_of_a_quiz_do_not_disturb_each_other(sari):
    make.read(sari, SLUG)
    attempt = make.answered(sari, SLUG)
    other = make.lessons("merek")
    at_once(
        lambda: intake.submit_attempt(attempt),
        lambda: intake.complete_lesson(sari, other[0].translation_key),
        lambda: intake.complete_lesson(sari, other[1].translation_key),
        lambda: intake.submit_attempt(attempt),
    )
    assert BadgeAward.objects.count() == 1
    assert LessonCompletion.objects.count() == 7
    call_command("rebuild_progress", "--check")


def test_a_module_assigned_by_several_at_once_is_assigned_once():
    rina = make.companion()
    homes = [make.household(rina) for _ in range(3)]
    key = make.module(SLUG).translation_key
    new = at_once(*[lambda: ModuleAssignment.objects.assign(homes, key, by=rina.user)] * THREADS)
    assert sorted(new) == [0, 0, 0, 3]
    assert ModuleAssignment.objects.count() == 3


def test_an_assignment_taken_back_by_several_is_taken_back_once():
    rina = make.companion()
    ModuleAssignment.objects.assign([make.household(rina)], make.module(SLUG).translation_key, by=rina.user)
    given = ModuleAssignment.objects.get()
    done = at_once(*[lambda: ModuleAssignment.objects.withdraw(given, by=rina.user)] * THREADS)
    assert sorted(done) == [False, False, False, True]


# --- The summary, when two transactions meet in the worst moment ---------------------------------------------------


def opens(person, lessons, attempt):
    QuizOpening.objects.record(person, make.module(SLUG).translation_key)


def completes(person, lessons, attempt):
    LessonCompletion.objects.record(person, lessons[1].translation_key, make.module(SLUG).translation_key)


def submits(person, lessons, attempt):
    intake.submit_attempt(attempt)


def takes_back(person, lessons, attempt):
    intake.withdraw_practice(person, person.practices.get())


@pytest.mark.parametrize("verb", [opens, completes, submits, takes_back])
def test_a_fact_stored_by_another_transaction_meanwhile_is_not_lost_from_the_summary(sari, verb):
    """The other one has stored a lesson and not yet committed when this one wants the learner, or writes its summary
    without having asked for her."""
    lessons = make.lessons(SLUG)
    key = make.module(SLUG).translation_key
    attempt = Attempt.objects.begin(sari, make.quiz(SLUG), key)
    Attempt.objects.answer(attempt, attempt.asked[0].id, attempt.asked[0].rule.key)
    LessonCompletion.objects.record(sari, lessons[2].translation_key, key)  # there is a summary already
    make.practised(sari, SLUG)
    is_there = threading.Event()

    def watch(execute, sql, params, many, context):
        if sql.startswith("BEGIN") or "people_learner" in sql or "progress_moduleprogress" in sql:
            is_there.set()
        return execute(sql, params, many, context)

    def other():
        try:
            connection.ensure_connection()
            with connection.execute_wrapper(watch):
                verb(sari, lessons, attempt)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            LessonCompletion.objects.record(sari, lessons[0].translation_key, key)
            meanwhile = pool.submit(other)
            assert is_there.wait(30)
        meanwhile.result(60)
    call_command("rebuild_progress", "--check")


# --- Meetings -----------------------------------------------------------------------------------------------------


@pytest.fixture
def meeting():
    """What records a meeting of a group with one learner, as often as it is called, under one id."""
    rina, group = make.companion(), make.group()
    learner = make.learner(make.household(rina, in_group=group), pin=None)
    lessons = [lesson.translation_key for lesson in make.lessons(SLUG)]
    sent = {"held_on": today_in(group), "place": "Balai desa", "lesson_keys": lessons, "learner_ids": [learner.pk]}
    return learner, lambda: meetings.record(group, **sent, by=rina.user, id=MEETING)


MEETING = UUID(int=7)


def test_the_same_meeting_sent_at_once_is_stored_once(meeting):
    learner, record = meeting
    new = [is_new for _, is_new in at_once(*[record] * THREADS)]
    assert sorted(new) == [False, False, False, True]
    assert (GroupSession.objects.count(), learner.attendance.count(), learner.completions.count()) == (1, 1, 5)
    assert learner.quiz_openings.count() == 1
    call_command("rebuild_progress", "--check")


def test_a_meeting_undone_at_once_twice_takes_nothing_of_the_learners_own(meeting):
    learner, record = meeting
    session, _ = record()
    lesson = make.lessons(SLUG)[0]

    def undo() -> bool:
        try:
            meetings.undo(session)
        except meetings.TooLate:
            return False
        return True

    _, *undone = at_once(lambda: intake.complete_lesson(learner, lesson.translation_key), undo, undo)
    assert sorted(undone) == [False, True]
    assert list(learner.completions.values_list("lesson_key", "session")) == [(lesson.translation_key, None)]
    assert not learner.quiz_openings.exists()
    call_command("rebuild_progress", "--check")


def test_the_same_new_household_sent_at_once_is_made_once():
    rina, place = make.companion(), make.region()
    sent = {"by": rina.user, "form_id": UUID(int=7)}

    def record() -> Household:
        with transaction.atomic():
            home = Household.objects.make(companion=rina, name="Keluarga Erik", region=place, **sent)
            Learner.objects.enrol(home, first_name="Erik", **sent)
        return home

    assert len(set(at_once(*[record] * THREADS))) == 1
    assert (Household.objects.count(), Learner.objects.count()) == (1, 1)


def test_households_that_several_companions_get_at_once_get_one():
    homes, companions = [make.household() for _ in range(3)], [make.companion() for _ in range(THREADS)]
    by = companions[0].user
    works = [lambda one=one: Companionship.objects.hand_over(homes, None, one, by=by) for one in companions]
    assert sorted(at_once(*works)) == [0, 0, 0, 3]
    assert [home.companionships.count() for home in homes] == [1, 1, 1]


def test_a_learner_is_corrected_while_she_takes_and_leaves_a_module(sari):
    """Each wants the account and the learner: in two orders they would wait for each other for ever."""
    [module, *_] = make.lessons(SLUG)[0].get_ancestors().type(ModulePage).specific()

    def correct():
        for number in range(12):
            Learner.objects.correct(sari, by=None, first_name=f"Sari {number}")

    def take_and_leave():
        for _ in range(12):
            intake.take_module(sari, module)
            intake.leave_module(sari, module)

    at_once(correct, take_and_leave)
    assert Learner.objects.get().first_name == "Sari 11"
    assert not ModuleAssignment.objects.current().exists()


def test_learners_are_erased_while_they_take_a_module():
    """Each wants the account and the learner: in two orders they would wait for each other for ever."""
    people = [make.learner(pin=None) for _ in range(8)]
    module = make.module(SLUG)

    def take(learner: Learner) -> None:
        with suppress(ObjectDoesNotExist):  # she was erased first
            intake.take_module(learner, module)

    for one in people:
        at_once(lambda one=one: rights.erase(one), lambda one=one: take(one))
    assert not Learner.objects.exists()


def test_learners_are_erased_while_their_consent_is_withdrawn():
    """Each wants the account and the consent: in two orders they would wait for each other for ever."""
    people = [make.learner(pin=None) for _ in range(8)]

    def withdraw(learner: Learner) -> None:
        with suppress(ObjectDoesNotExist):  # she was erased first
            rights.withdraw(learner, by=learner.user)

    for one in people:
        at_once(lambda one=one: rights.erase(one), lambda one=one: withdraw(one))
    assert not Learner.objects.exists()


@pytest.mark.parametrize(
    "hold",
    [
        lambda home, rina, sari: ModuleAssignment.objects.assign([home], make.module(SLUG).translation_key, by=None),
        lambda home, rina, sari: ModuleAssignment.objects.choose(sari, make.module(SLUG).translation_key),
        lambda home, rina, sari: Household.objects.correct(home, by=None, name="Keluarga Baru"),
        lambda home, rina, sari: HouseholdEvent.objects.note(home, HouseholdEvent.Kind.VISITED, by=None),
        lambda home, rina, sari: Companionship.objects.start(home, rina, by=None),
        lambda home, rina, sari: HouseholdRow.write([Writing({"name": "Keluarga Baru"}, home, ["name"])], by=None),
        lambda home, rina, sari: Companion.objects.correct(rina, user_fields={}),
    ],
)
def test_whoever_changes_a_household_or_a_companion_lets_rows_that_point_to_them_be_written(sari, hold):
    home, rina, agus = sari.household, make.companion(), make.companion()

    def meanwhile():
        try:
            Companionship.objects.create(household=make.household(), companion=rina)
            HouseholdEvent.objects.record(home, HouseholdEvent.Kind.CONTACTED, by=agus.user)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            hold(home, rina, sari)
            written = pool.submit(meanwhile)
            if connection.features.has_select_for_update:  # SQLite has one writer at a time
                written.result(20)
        written.result(60)


def test_learners_of_a_file_are_moved_while_a_meeting_brings_them_lessons():
    """Each holds all of them: in the order of the file and in that of their ids they would wait for each other."""
    homes = [make.household() for _ in range(2)]
    people = [make.learner(homes[0], pin=None) for _ in range(12)]
    lessons = {lesson.translation_key: make.module(SLUG).translation_key for lesson in make.lessons(SLUG)}
    group, ids = make.group(), [one.pk for one in people]
    told = {"held_on": today_in(group), "place": "Balai desa", "by": make.companion().user}
    GroupSession.objects.record(group, **told, lessons=lessons, learner_ids=ids)

    def move():
        for number in range(6):
            stored = [Learner.objects.select_related("household").get(pk=one.pk) for one in reversed(people)]
            with transaction.atomic():
                to = {"household": homes[(number + 1) % 2]}
                LearnerRow.write([Writing(dict(to), one, ["household"]) for one in stored], by=None)

    def bring():
        for _ in range(6):
            for lesson, key in lessons.items():
                LessonCompletion.objects.settle(ids, {lesson: key})

    at_once(move, bring)
    assert LessonCompletion.objects.count() == len(people) * len(lessons)
    assert {one.household for one in Learner.objects.select_related("household")} == {homes[0]}


# --- Whoever holds several at once ----------------------------------------------------------------------------------


def while_held(hold: Callable, other: Callable, want: Callable):
    """The result of ``other``, which begins after ``hold`` and goes as far as that lets it, before the same transaction
    wants more: what ``other`` held by then would stop both."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            hold()
            result = pool.submit(at_once, other)
            while connection.features.has_select_for_update and not (result.done() or somebody_waits()):
                time.sleep(0.05)  # SQLite has one writer at a time
            want()
        return result.result(60)[0]


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchall())


@pytest.fixture
def pair():
    """Rina, and two learners of hers who meet in one group, the one made first and the other."""
    rina, group = make.companion(), make.group()
    return rina, *(make.learner(make.household(rina, in_group=group), pin=None) for _ in range(2))


def test_a_companions_phone_sends_answers_in_any_order_while_both_learners_are_held(pair):
    rina, first, second = pair
    phone = phone_of(rina)
    said = {"verdict": "right", "praise": "Bagus.", "suggestion": "Lanjut.", "voice": None}
    answers = [
        phone.item("feedback", {"practice": str(make.practised(one, SLUG).pk)} | said) for one in (second, first)
    ]
    hold, want = (lambda one=one: Learner.objects.hold(one.pk) for one in (first, second))
    assert while_held(hold, lambda: phone.statuses(*answers), want) == ["sent", "sent"]


def test_a_companions_phone_sends_a_visit_before_an_answer_while_the_household_takes_a_module(pair):
    rina, sari, _ = pair
    phone = phone_of(rina)
    said = {"verdict": "right", "praise": "Bagus.", "suggestion": "Lanjut.", "voice": None}
    items = [
        phone.item("visit", {"household": sari.household_id, "text": "Baik."}),
        phone.item("feedback", {"practice": str(make.practised(sari, SLUG).pk)} | said),
    ]
    key = make.module(SLUG).translation_key
    hold, want = lambda: Learner.objects.hold(sari.pk), lambda: ModuleAssignment.objects.choose(sari, key)
    assert while_held(hold, lambda: phone.statuses(*items), want) == ["sent", "sent"]


def test_a_companions_phone_sends_meetings_of_two_groups_in_any_order_while_both_groups_are_held(pair):
    """By another companion's phone, whose families meet there, too."""
    rina, sari, wati = pair
    phone, groups = phone_of(rina), [sari.household.group, make.group()]
    Household.objects.filter(pk=wati.household_id).update(group=groups[1])
    told = {"held_on": today_in(groups[0]).isoformat(), "place": "Balai desa"}
    told["lessons"] = [str(make.lessons(SLUG)[0].translation_key)]
    meetings = [
        phone.item("attendance", told | {"group": group.pk, "learners": [one.pk]})
        for group, one in ((groups[1], wati), (groups[0], sari))
    ]
    hold, want = (
        lambda one=one: HouseholdGroup.objects.select_for_update(no_key=True).get(pk=one.pk) for one in groups
    )
    assert while_held(hold, lambda: phone.statuses(*meetings), want) == ["sent", "sent"]


def test_a_meeting_is_recorded_while_one_who_leads_the_group_is_erased(pair):
    """Who erases her holds her first, and then wants her group, which she leads no more."""
    rina, sari, wati = pair
    group = sari.household.group
    HouseholdGroup.objects.filter(pk=group.pk).update(leader=sari)
    told = {"held_on": today_in(group), "place": "Balai desa", "learner_ids": [sari.pk, wati.pk]}
    told["lesson_keys"] = [make.lessons(SLUG)[0].translation_key]

    def meet():
        with pytest.raises(meetings.NotExpected):
            meetings.record(group, **told, by=rina.user)

    while_held(lambda: Learner.objects.select_for_update().get(pk=sari.pk), meet, lambda: rights.erase(sari))
    assert not group.sessions.exists()


def test_a_module_that_a_learner_takes_while_she_is_moved_is_her_new_familys(pair):
    rina, sari, wati = pair
    mine = Learner.objects.select_related("household", "user").get(pk=sari.pk)  # as her page has read her
    module = make.module(SLUG)

    def move():
        Learner.objects.move(sari, wati.household, by=rina.user)

    assert while_held(move, lambda: intake.take_module(mine, module), lambda: None)
    assert wati.household.assignments.get().module_key == module.translation_key


@pytest.mark.parametrize("is_undone", [True, False])
def test_a_meeting_is_changed_while_one_who_was_there_is_erased(pair, is_undone):
    rina, sari, wati = pair
    group, lesson = sari.household.group, make.lessons(SLUG)[0].translation_key
    told = {"held_on": today_in(group), "place": "Rumah Bu Sari", "lesson_keys": [lesson], "by": rina.user}
    session, _ = meetings.record(group, **told, learner_ids=[sari.pk, wati.pk])

    def change():
        if is_undone:
            meetings.undo(session)
        else:
            meetings.correct(session, [wati.pk], by=rina.user)

    while_held(lambda: Learner.objects.select_for_update().get(pk=sari.pk), change, lambda: rights.erase(sari))
    assert wati.completions.exists() != is_undone


def test_of_two_in_a_household_who_withdraw_at_once_the_last_ends_the_leave_to_write():
    home = make.household()
    Household.objects.filter(pk=home.pk).update(phone="+628123456789", messages_welcome=True)
    sari, dedi = (make.learner(home, pin=None) for _ in range(2))
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            rights.withdraw(sari, by=sari.user)
            other = pool.submit(at_once, lambda: rights.withdraw(dedi, by=dedi.user))
            while connection.features.has_select_for_update and not (other.done() or somebody_waits()):
                time.sleep(0.05)
        other.result(60)
    home.refresh_from_db()
    assert not home.messages_welcome


def test_a_meeting_is_undone_while_another_that_brought_the_same_is_corrected(pair):
    """What the one had brought is the other's now, and points to it: that waits for nobody who changes the other."""
    rina, sari, _ = pair
    group = sari.household.group
    lesson, module = make.lessons(SLUG)[0].translation_key, make.module(SLUG).translation_key
    told = {"place": "Balai desa", "lesson_keys": [lesson], "learner_ids": [sari.pk], "by": rina.user}
    days = today_in(group) - make.A_DAY, today_in(group)
    first, second = (meetings.record(group, held_on=day, **told)[0] for day in days)

    def settle():
        LessonCompletion.objects.settle([sari.pk], {lesson: module})

    while_held(lambda: meetings._hold(second, Learner.objects.none()), lambda: meetings.undo(first), settle)
    assert list(sari.completions.values_list("session", flat=True)) == [second.pk]


def test_the_parts_of_a_long_file_hold_its_households_in_everybodys_order(monkeypatch):
    monkeypatch.setattr(steps, "STEP", 1)
    rina, admin = make.companion(), make.administrator()
    first, second = homes = [make.household(rina) for _ in range(2)]
    header = ["Nomor keluarga", "Nama keluarga", "Kode wilayah"]
    rows = [[f"#{home.pk}", "Keluarga Baru", home.region_id] for home in (second, first)]
    file = checked("keluarga", xlsx(header, *rows), admin)
    hold, want = (lambda one=one: Household.objects.select_for_update(no_key=True).get(pk=one.pk) for one in homes)
    while_held(hold, lambda: steps.save(file, by=admin), want)
    assert {home.name for home in Household.objects.filter(companions=rina)} == {"Keluarga Baru"}


def test_the_parts_of_a_long_file_hold_all_learners_before_the_household_that_one_leaves(monkeypatch):
    """Whoever stays there may take a module just then: she is held first, and then her household."""
    rina, admin = make.companion(), make.administrator()
    old, new = (make.household(rina) for _ in range(2))
    _, wati = people = [make.learner(old, pin=None) for _ in range(2)]
    key = make.module(SLUG).translation_key
    rows = [[f"#{new.pk}", f"#{one.pk}", one.first_name, one.last_name] for one in people]
    file = checked("pelajar", xlsx(["Nomor keluarga", "Nomor pelajar", "Nama depan", "Nama belakang"], *rows), admin)
    monkeypatch.setattr(steps, "STEP", 1)

    def take():
        assert ModuleAssignment.objects.choose(wati, key)

    while_held(lambda: Learner.objects.hold(wati.pk), lambda: steps.save(file, by=admin), take)
    assert {one.household for one in Learner.objects.select_related("household")} == {new}


def test_a_learner_is_erased_while_her_phone_sends(sari):
    """The phone holds its key first, and then her."""
    key = SendingKey.objects.get(user=phone_of(sari).owner)
    lesson = make.lessons(SLUG)[0].translation_key
    hold, want = lambda: SendingKey.objects.hold(key.pk), lambda: intake.complete_lesson(sari, lesson)
    assert while_held(hold, lambda: rights.erase(sari), want)
    assert not Learner.objects.exists()


def test_two_who_have_lived_together_are_erased_at_once_and_the_history_names_neither(pair):
    """Each wrote anew the lines that it had read before the other's name was gone."""
    rina, _, wati = pair
    Household.objects.filter(pk=wati.household_id).update(region=make.region("73.71", "Kota Makassar"))
    home = make.household(rina)
    melati, kenanga = (Learner.objects.enrol(home, first_name=name) for name in ("Melati", "Kenanga"))
    HouseholdEvent.objects.note(home, HouseholdEvent.Kind.VISITED, by=rina.user, text="Melati dan Kenanga berjualan.")
    Learner.objects.move(kenanga, Household.objects.get(pk=wati.household_id), by=rina.user)
    have_read = threading.Barrier(2)

    def erase(learner: Learner):
        def watch(execute, sql, params, many, context):
            if sql.startswith("UPDATE") and "people_householdevent" in sql:
                with suppress(threading.BrokenBarrierError):  # the other one waits until this is done
                    have_read.wait(2)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(watch):
            rights.erase(learner)

    at_once(lambda: erase(melati), lambda: erase(kenanga))
    assert not [line.text for line in home.events.all() if "Melati" in line.text or "Kenanga" in line.text]


def test_two_long_files_bring_new_villages_in_different_orders(monkeypatch):
    monkeypatch.setattr(steps, "STEP", 1)
    admin, codes = make.administrator(), ["36.71.01.1001", "36.71.02.1001"]
    make.region()

    def file(kind: str, codes: list[str]):
        header = [f"Nomor {kind}", f"Nama {kind}", "Kode wilayah"]
        rows = [[f"A{number}", "Nama Baru", code] for number, code in enumerate(codes)]
        return checked(kind, xlsx(header, *rows), admin)

    files = [file("keluarga", codes), file("kelompok", codes[::-1])]
    Region.objects.filter(code__in=codes).delete()
    keep, have_kept = steps._keep_villages, threading.Barrier(2)

    def keep_and_wait(writings):
        keep(writings)
        with suppress(threading.BrokenBarrierError):  # the other one waits until this is done
            have_kept.wait(2)

    monkeypatch.setattr(steps, "_keep_villages", keep_and_wait)
    at_once(*[lambda one=one: steps.save(one, by=admin) for one in files])
    assert (Household.objects.count(), HouseholdGroup.objects.count()) == (2, 2)


@pytest.mark.parametrize("is_answered", [True, False])
def test_a_practice_is_answered_or_taken_back_while_the_night_moves_it_with_its_lesson(pair, is_answered):
    """Who read it before knows its old module, and the summary of the new one is to agree with it."""
    rina, sari, _ = pair
    practice = make.practised(sari, SLUG)
    lesson = LessonPage.objects.original().get(translation_key=practice.lesson_key)

    def move():
        lesson.move(make.module("merek"), pos="last-child")
        follow_lessons(outline(pages=False))

    def write():
        read = PracticeSubmission.objects.select_related("learner").get(pk=practice.pk)
        if is_answered:
            answer_practice(read, "to_improve", by=rina.user, praise="Bagus.", suggestion="Lanjut.")
        else:
            intake.withdraw_practice(sari, read)

    while_held(move, write, lambda: None)
    call_command("rebuild_progress", "--check")


def test_a_lesson_that_is_published_twice_at_once_is_found_once():
    lesson = make.lessons(SLUG)[0]
    sentences = lesson.passages.count()
    at_once(*[lambda: search.index(lesson)] * THREADS)
    assert lesson.passages.count() == sentences


def test_a_module_arrives_while_an_editor_moves_one_of_its_lessons(tmp_path):
    """Written where it had stood, the lesson would be below a module that does not count it."""
    export_module(SLUG, tmp_path / "modul.zip")
    lesson = make.lessons(SLUG)[0]
    lesson.goal = "Warung buka tiap pagi."
    lesson.save_revision().publish()  # so that the file has something to write

    def take_in():
        with suppress(ContentError):  # it is another module's now
            import_module(tmp_path / "modul.zip")

    while_held(lambda: lesson.move(make.module("merek"), pos="last-child"), take_in, lambda: None)
    assert LessonPage.objects.get(pk=lesson.pk).get_parent().slug == "merek"
    assert not any(Page.find_problems())


def test_the_products_lessons_are_loaded_while_an_editor_moves_one_of_them(tmp_path):
    lesson = make.lessons(SLUG)[0]
    folder = shutil.copytree(settings.BASE_DIR / "content", tmp_path / "content")
    file = folder / f"01-{SLUG}.yaml"
    file.write_text(file.read_text().replace(lesson.goal, "Warung buka tiap pagi."))
    while_held(lambda: lesson.move(make.module("merek"), pos="last-child"), lambda: load(folder), lambda: None)
    moved = LessonPage.objects.get(pk=lesson.pk)
    assert (moved.goal, moved.get_parent().slug) == ("Warung buka tiap pagi.", "merek")
    assert not any(Page.find_problems())


def test_who_agrees_anew_at_the_moment_of_being_erased_stays(pair):
    rina, sari, _ = pair
    Consent.objects.withdraw(sari, by=sari.user)
    Consent.objects.filter(learner=sari).update(withdrawn_at=timezone.now() - 2 * WITHDRAWN_KEPT)

    def agree():
        Consent.objects.give(sari, method=Consent.Method.AT_THE_DOOR, by=rina.user)

    while_held(agree, lambda: call_command("apply_retention"), lambda: None)
    assert Learner.objects.active().filter(pk=sari.pk).exists()


def test_a_lesson_goes_out_at_its_hour_while_an_editor_moves_it():
    lesson = make.lessons(SLUG)[0]
    lesson.goal = "Warung buka tiap pagi."
    revision = lesson.save_revision(approved_go_live_at=timezone.now() - make.A_DAY)
    asked = LessonPage.objects.get(pk=lesson.pk)
    move = partial(asked.move, make.module("merek"), pos="last-child")
    while_held(move, lambda: call_command("publish_scheduled"), lambda: None)
    moved = LessonPage.objects.get(pk=lesson.pk)
    assert (moved.live_revision, moved.goal) == (revision, "Warung buka tiap pagi.")
    assert moved.get_parent().slug == "merek"
    assert not any(Page.find_problems())
