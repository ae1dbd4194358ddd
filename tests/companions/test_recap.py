"""``/dampingan/rekap/``: a companion's month in numbers, the same as text for her report, and no names."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format

from badges import meetings
from companions.recap import Recap, Row
from people.models import Companion, Companionship, Consent, HouseholdEvent, HouseholdGroup, Learner
from people.months import Month, last_months
from practice.models import Feedback, PracticeSubmission
from progress.meetings import today_in
from progress.models import GroupSession, LessonCompletion
from tests import factories as make
from tests.factories import A_DAY
from tests.pages import links, soup, text

pytestmark = pytest.mark.django_db
RECAP = "/dampingan/rekap/"
FIRST = "pengenalan-motivasi"
CALLED, VISITED = HouseholdEvent.Kind.CONTACTED, HouseholdEvent.Kind.VISITED


@pytest.fixture
def sari(rina, group) -> Learner:
    return make.learner(make.household(rina, in_group=group), pin=None)


@pytest.fixture
def dedi(rina, group) -> Learner:
    return make.learner(make.household(rina, in_group=group), first_name="Dedi", last_name="Kurnia", pin=None)


def page(client, month: str = ""):
    response = client.get(RECAP, {"bulan": month} if month else {})
    assert response.status_code == 200
    return soup(response)


def figures(client, month: str = "") -> dict[str, str]:
    """By their labels, those that are not nothing."""
    rows = [[text(cell) for cell in row.select("th, td")] for row in page(client, month).select(".grid tr")]
    return {label: number for label, number in rows if number[0] != "0"}


def groups(client, month: str = "") -> list[tuple[str, str]]:
    """A row a group: its name, and what is told of it."""
    rows = page(client, month).select("main ul.rows > li")
    return [(text(row.b), text(row.select_one(".soft"))) for row in rows]


def copied(client, month: str = "") -> list[str]:
    return page(client, month).select_one("textarea").text.split("\n")


def reached(by: Companion, person: Learner, kind=CALLED, text: str = "") -> None:
    HouseholdEvent.objects.note(person.household, kind, by=by.user, text=text)


def met(by: Companion, group: HouseholdGroup, *present: Learner, held_on: date | None = None) -> GroupSession:
    session, _ = meetings.record(
        group,
        held_on=held_on or today_in(group),
        place="Balai desa",
        lesson_keys=[make.lessons()[0].translation_key],
        learner_ids=[learner.pk for learner in present],
        by=by.user,
    )
    return session


def withdraw(person: Learner) -> None:
    Consent.objects.withdraw(person, by=person.user)


def handed_over(person: Learner, old: Companion, new: Companion) -> None:
    Companionship.objects.hand_over([person.household], old, new, by=old.user)


def this_month() -> str:
    return f"{timezone.localdate():%Y-%m}"


def told(day: date) -> str:
    return f"Pertemuan {date_format(day, 'j M')}"


# --- What counts --------------------------------------------------------------------------------------------------


def nothing(rina, agus, sari, dedi):
    pass


def a_call_and_a_visit(rina, agus, sari, dedi):
    reached(rina, sari)
    reached(rina, sari, text="Lagi")
    reached(rina, sari, VISITED)
    reached(rina, dedi)


def a_colleagues_visit(rina, agus, sari, dedi):
    reached(agus, sari, VISITED)


def a_meeting(rina, agus, sari, dedi):
    met(rina, sari.household.group, sari)


def an_undone_meeting(rina, agus, sari, dedi):
    meetings.undo(met(rina, sari.household.group, sari))


def a_colleagues_meeting_without_hers(rina, agus, sari, dedi):
    group = sari.household.group
    met(agus, group, make.learner(make.household(agus, in_group=group), pin=None))


def a_colleagues_meeting_with_hers(rina, agus, sari, dedi):
    meetings.correct(met(rina, sari.household.group, sari, dedi), [sari.pk, dedi.pk], by=rina.user)
    GroupSession.objects.update(recorded_by=agus.user)


def lessons(rina, agus, sari, dedi):
    make.read(sari)
    LessonCompletion.objects.record(dedi, make.lessons()[0].translation_key, make.module().translation_key)


def a_module(rina, agus, sari, dedi):
    make.finished(sari, FIRST)


def a_quiz_not_passed(rina, agus, sari, dedi):
    make.read(sari, FIRST)
    make.moved_back(sari, 40)
    make.tried(sari, FIRST, right=0)


def practices(rina, agus, sari, dedi):
    make.feedback(make.practised(sari), rina)
    make.feedback(make.practised(sari, number=1), rina, Feedback.Verdict.TO_IMPROVE)
    make.feedback(make.practised(sari, number=2), agus)
    PracticeSubmission.objects.withdraw(make.practised(sari, number=3))


def work_of_one_who_withdrew(rina, agus, sari, dedi):
    met(rina, sari.household.group, sari)
    make.finished(sari, FIRST)
    make.feedback(make.practised(sari), rina)
    withdraw(sari)


def work_before_the_hand_over_to_her(rina, agus, sari, dedi):
    wati = make.learner(make.household(agus, in_group=sari.household.group), first_name="Wati", pin=None)
    met(agus, sari.household.group, wati)
    reached(agus, wati, VISITED)
    handed_over(wati, agus, rina)


def work_before_the_hand_over_to_a_colleague(rina, agus, sari, dedi):
    make.finished(sari, FIRST)
    make.feedback(make.practised(sari), rina)
    reached(rina, sari, VISITED)
    handed_over(sari, rina, agus)


def of_two(done: Callable, learned: int, **more) -> tuple[Callable, dict[str, str]]:
    return done, {"Pelajar yang belajar": f"{learned} dari 2"} | {
        label.replace("_", " "): str(number) for label, number in more.items()
    }


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        (nothing, {}),
        (a_call_and_a_visit, {"Keluarga dihubungi": "2", "Keluarga dikunjungi": "1"}),
        (a_colleagues_visit, {}),
        of_two(a_meeting, 1, Pertemuan_kelompok=1, Pelajaran_selesai=1),
        (an_undone_meeting, {}),
        (a_colleagues_meeting_without_hers, {}),
        of_two(a_colleagues_meeting_with_hers, 2, Pertemuan_kelompok=1, Pelajaran_selesai=2),
        of_two(lessons, 2, Pelajaran_selesai=6),
        of_two(a_module, 1, Pelajaran_selesai=5, Modul_selesai=1),
        of_two(a_quiz_not_passed, 1),
        of_two(practices, 1, Praktik_dikirim=3, Praktik_dijawab=2, Praktik_sudah_benar=1),
        (work_of_one_who_withdrew, {"Pertemuan kelompok": "1"}),
        (
            work_before_the_hand_over_to_her,
            {
                "Keluarga dampingan": "3",
                "Pertemuan kelompok": "1",
                "Pelajar yang belajar": "1 dari 3",
                "Pelajaran selesai": "1",
            },
        ),
        (
            work_before_the_hand_over_to_a_colleague,
            {
                "Keluarga dampingan": "1",
                "Keluarga dikunjungi": "1",
                "Praktik dijawab": "1",
                "Praktik sudah benar": "1",
            },
        ),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_what_is_counted(client, rina, agus, sari, dedi, done, expected):
    """Z1"""
    done(rina, agus, sari, dedi)
    shown = figures(client)
    families = {"Keluarga dampingan": "2"} if shown else {}  # a month without anything has one sentence instead
    assert shown == families | expected


def test_who_has_handed_over_all_her_families_still_has_what_she_did(client, rina, agus, sari):
    reached(rina, sari, VISITED)
    handed_over(sari, rina, agus)
    assert figures(client) == {"Keluarga dikunjungi": "1"}


def test_who_has_handed_over_all_her_families_can_choose_the_month_before(client, rina, agus, sari):
    handed_over(sari, rina, agus)
    assert soup(client.get("/dampingan/")).find("a", href="/dampingan/rekap/")
    assert page(client).main.select("select")


def test_families_and_learners_of_others_are_not_counted(client, rina, agus, sari):
    make.read(make.learner(make.household(agus, in_group=sari.household.group), pin=None))
    make.read(make.learner(pin=None))
    make.read(sari)
    assert figures(client) == {
        "Keluarga dampingan": "1",
        "Pelajar yang belajar": "1 dari 1",
        "Pelajaran selesai": "5",
    }


def test_each_group_has_a_row_with_its_meetings_and_the_families_without_one_have_the_last(client, rina, sari, dedi):
    mawar = make.group()
    nia = make.learner(make.household(rina, in_group=mawar), first_name="Nia", pin=None)
    eka = make.learner(make.household(rina), first_name="Eka", pin=None)
    make.finished(sari, FIRST)
    make.read(eka)
    last = date.fromisoformat(f"{this_month()}-01") - A_DAY
    earlier = last - 8 * A_DAY
    met(rina, sari.household.group, sari, dedi, held_on=last)
    met(rina, sari.household.group, dedi, held_on=earlier)
    assert nia.household.group == mawar
    nothing = "0 pelajaran dan 0 modul selesai"
    assert groups(client, f"{last:%Y-%m}") == [
        (
            sari.household.group.name,
            f"2 keluarga · {told(earlier)}: 1 hadir · {told(last)}: 2 hadir · 2 pelajaran dan 0 modul selesai",
        ),
        (mawar.name, f"1 keluarga · Tanpa pertemuan · {nothing}"),
        ("Tanpa kelompok", f"1 keluarga · {nothing}"),
    ]
    assert groups(client) == [
        (sari.household.group.name, "2 keluarga · Tanpa pertemuan · 5 pelajaran dan 1 modul selesai"),
        (mawar.name, f"1 keluarga · Tanpa pertemuan · {nothing}"),
        ("Tanpa kelompok", "1 keluarga · 5 pelajaran dan 0 modul selesai"),
    ]


def test_who_moved_counts_where_she_lives_now(client, rina, sari, dedi):
    make.read(sari)
    Learner.objects.move(sari, make.household(rina, in_group=make.group()), by=rina.user)
    assert [told.split(" · ")[-1] for _, told in groups(client)] == [
        "0 pelajaran dan 0 modul selesai",
        "5 pelajaran dan 0 modul selesai",
    ]


# --- The edges of a month -----------------------------------------------------------------------------------------

ZONES = {"36.71": "Asia/Jakarta", "73.71": "Asia/Makassar", "91.03": "Asia/Jayapura"}
A_MOMENT = timedelta(seconds=1)


@pytest.mark.parametrize(("place", "zone"), ZONES.items())
def test_a_month_begins_and_ends_at_midnight_where_she_works(client, rina, place, zone):
    sari = make.learner(make.household(rina, place=make.region(place, place)), pin=None)
    make.read(sari)
    with timezone.override(zone):
        [now, last, *_] = last_months(timezone.localdate())
    begins, ends = (datetime(day.year, day.month, 1, tzinfo=ZoneInfo(zone)) for day in (last.first, now.first))
    moments = [begins - A_MOMENT, begins, ends - A_MOMENT, ends, ends]
    for done, moment in zip(sari.completions.all(), moments, strict=True):
        sari.completions.filter(pk=done.pk).update(completed_at=moment)
    assert figures(client, last.value)["Pelajaran selesai"] == "2"
    assert figures(client, now.value)["Pelajaran selesai"] == "2"


def test_a_meeting_counts_in_the_month_of_its_day(client, rina, sari):
    first = timezone.localdate().replace(day=1)
    last = first - A_DAY
    for day in (last.replace(day=1), last, first):
        met(rina, sari.household.group, sari, held_on=day)
    assert figures(client, f"{last:%Y-%m}")["Pertemuan kelompok"] == "2"
    assert figures(client) == {"Keluarga dampingan": "1", "Pertemuan kelompok": "1"}


def test_everything_counts_in_its_own_month_and_in_no_other(client, rina, agus, sari, dedi):
    for done in (a_call_and_a_visit, a_module, practices):
        done(rina, agus, sari, dedi)
    now = figures(client)
    make.moved_back(sari, 40)
    HouseholdEvent.objects.update(at=F("at") - 40 * A_DAY)
    assert figures(client) == {}
    assert figures(client, f"{timezone.localtime() - 40 * A_DAY:%Y-%m}") == now


# --- Choosing a month ---------------------------------------------------------------------------------------------


def chosen(found) -> list[str]:
    return [option["value"] for option in found.select("select[name=bulan] option[selected]")]


def test_this_month_is_shown_and_a_year_of_others_can_be_chosen(client, rina, sari):
    found = page(client)
    assert chosen(found) == [this_month()]
    assert len(found.select("select[name=bulan] option")) == 1 + 12
    assert not found.select(".wrong")


def test_another_month_stays_chosen(client, rina, sari):
    last = page(client).select("select[name=bulan] option")[-1]["value"]
    assert chosen(page(client, last)) == [last]


@pytest.mark.parametrize(
    "typed", ["x", "2026-13", "1999-01", "2999-01", "11", "\x00", "٢٠٢٦-١١", "2026-11-01"], ids=ascii
)
def test_a_month_that_is_not_offered_is_told_and_this_one_shown(client, rina, sari, typed):
    found = page(client, typed)
    assert [text(wrong) for wrong in found.select(".wrong")] == ["Bulan itu tidak ada di daftar. Ini rekap bulan ini."]
    assert chosen(found) == [this_month()]
    assert found.select_one("select")["aria-describedby"] == found.select_one(".wrong")["id"]


# --- The text -----------------------------------------------------------------------------------------------------


def everything(rina, agus, sari, dedi) -> None:
    for done in (a_call_and_a_visit, a_meeting, a_module, practices):
        done(rina, agus, sari, dedi)
    make.household(rina)


def test_the_text_tells_the_same_as_the_page(client, rina, agus, sari, dedi):
    everything(rina, agus, sari, dedi)
    found = page(client)
    expected = [text(found.select_one("#angka"))]
    expected += [": ".join(text(cell) for cell in row.select("th, td")) for row in found.select(".grid tr")]
    for name, told in groups(client):
        expected += ["", name, *told.split(" · ")]
    assert copied(client) == expected
    assert len(expected) == 1 + 10 + 5 + 4  # with a meeting, and without a group


def test_the_text_names_groups_and_nobody(client, rina, agus, sari, dedi):
    everything(rina, agus, sari, dedi)
    said = "\n".join(copied(client))
    assert sari.household.group.name in said
    assert [name for name in ("Sari", "Dedi", sari.household.name, dedi.household.name) if name in said] == []


def test_its_lines_are_short_and_plain(client, rina, agus, sari, dedi):
    everything(rina, agus, sari, dedi)
    HouseholdGroup.objects.update(name="<b>Melati</b> & Co")
    lines = copied(client)
    assert "<b>Melati</b> & Co" in lines
    assert max(map(len, lines)) <= 40


NUMBERS = {"contacted": 0, "visited": 0, "practices": 0, "answered": 0, "right": 0}
NOVEMBER = Month(date(2026, 11, 1))


@pytest.mark.parametrize(
    ("today", "title"),
    [
        (date(2026, 11, 1), "Rekap November 2026 (sampai 1 November)"),
        (date(2026, 11, 30), "Rekap November 2026 (sampai 30 November)"),
        (date(2026, 12, 1), "Rekap November 2026"),
    ],
)
def test_only_the_month_that_still_runs_says_until_when(today, title):
    shown = Recap(NOVEMBER, today, [], learners=1, learned=1, **NUMBERS)
    assert shown.text.startswith(f"{title}\n")


def test_large_numbers_are_written_as_we_write_them():
    row = Row("Melati 1", households=25, meetings=[], lessons=1234, modules=0)
    shown = dict(Recap(NOVEMBER, date(2026, 12, 1), [row], learners=2000, learned=1000, **NUMBERS).figures)
    assert row.told[-1] == "1.234 pelajaran dan 0 modul selesai"
    assert (shown["Pelajaran selesai"], shown["Pelajar yang belajar"]) == ("1.234", "1.000 dari 2.000")


# --- Where there is nothing ---------------------------------------------------------------------------------------


def test_without_households_it_says_what_will_stand_here(client, rina):
    found = page(client)
    assert "Nanti kunjungan, pertemuan, dan pelajaran mereka dihitung di sini." in text(found.main)
    assert not found.main.select("form, table, textarea")


def test_a_month_with_nothing_says_so_and_another_can_be_chosen(client, rina, sari):
    found = page(client)
    assert "Belum ada catatan di " in text(found.main)
    assert found.main.select("select")
    assert not found.main.select("table, textarea")


def test_without_a_group_it_says_what_will_stand_here_and_the_text_ends_with_the_figures(client, rina):
    reached(rina, make.learner(make.household(rina), pin=None))
    assert "Belum ada kelompok." in text(page(client).main)
    assert groups(client) == []
    assert "" not in copied(client)


# --- The doors ----------------------------------------------------------------------------------------------------


def test_a_visitor_is_sent_to_sign_in_and_back(client):
    assert client.get(RECAP)["Location"] == f"/masuk/?next={RECAP}"


@pytest.mark.parametrize("who", [lambda: make.learner(pin=None), lambda: make.coordinator(make.region())])
def test_others_are_refused(client, who):
    client.force_login(who().user)
    assert client.get(RECAP).status_code == 403


def test_it_is_only_read_and_never_kept_in_a_cache(client, rina):
    assert client.post(RECAP).status_code == 405
    assert "no-store" in client.get(RECAP)["Cache-Control"]


@pytest.mark.parametrize("start", ["/dampingan/", "/dampingan/pertemuan/"])
def test_it_is_found_from_where_she_works(client, rina, start):
    make.household(rina)
    assert RECAP in links(client.get(start))


@pytest.mark.parametrize("number", [1, 8])
def test_many_groups_take_as_many_queries_as_one(client, rina, number, django_assert_num_queries):
    for _ in range(number):
        place = make.group()
        person = make.learner(make.household(rina, in_group=place), pin=None)
        met(rina, place, person)
    with django_assert_num_queries(16):
        client.get(RECAP)
