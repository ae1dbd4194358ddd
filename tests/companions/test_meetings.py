"""``/dampingan/pertemuan/``: a companion records a meeting, corrects it, undoes it; a learner sees the mark; a stranger
finds nothing."""

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from badges import meetings
from people.models import Consent, Learner
from progress.meetings import today_in
from progress.models import Attendance, GroupSession, LessonCompletion
from tests import factories as make
from tests.factories import A_DAY
from tests.pages import field_error, links, sends, soup, text

pytestmark = pytest.mark.django_db
LIST = "/dampingan/pertemuan/"
NEW = "/dampingan/pertemuan/baru/"


@pytest.fixture
def sari(rina, group):
    return make.learner(make.household(rina, in_group=group), pin=None)


@pytest.fixture
def dedi(rina, group):
    return make.learner(make.household(rina, in_group=group), first_name="Dedi", address_form="bapak", pin=None)


def new(group) -> str:
    return f"{NEW}?kelompok={group.pk}"


def data(*present, lessons=None, **more) -> dict:
    lessons = make.lessons()[:2] if lessons is None else lessons
    return {
        "id": str(uuid4()),
        "held_on": timezone.localdate().isoformat(),
        "place": "Balai desa",
        "lessons": [str(lesson.translation_key) for lesson in lessons],
        "present": [learner.pk for learner in present],
    } | more


def met(by, group, *present, lessons=None, held_on=None) -> GroupSession:
    lessons = make.lessons()[:2] if lessons is None else lessons
    session, _ = meetings.record(
        group,
        held_on=held_on or today_in(group),
        place="Balai desa",
        lesson_keys=[lesson.translation_key for lesson in lessons],
        learner_ids=[learner.pk for learner in present],
        by=by.user,
    )
    return session


def url(session) -> str:
    return f"{LIST}{session.pk}/"


def messages(response) -> str:
    return " ".join(text(note) for note in soup(response).select("main > .note"))


def wrong(response) -> list[str]:
    return [text(note) for note in soup(response).select(".wrong")]


def a_day_later(session) -> None:
    GroupSession.objects.filter(pk=session.pk).update(recorded_at=session.recorded_at - A_DAY)


# --- Recording ----------------------------------------------------------------------------------------------------


def test_a_meeting_is_recorded_and_its_lessons_are_done_for_those_present(client, group, sari, dedi):
    response = client.post(new(group), data(sari), follow=True)
    session = GroupSession.objects.get()
    assert response.redirect_chain == [(url(session), 302)]
    assert messages(response) == "Pertemuan tersimpan. 1 orang hadir."
    assert set(LessonCompletion.objects.values_list("learner", "session")) == {(sari.pk, session.pk)}
    assert [lesson.title for lesson in make.lessons()[:2]] == [
        text(point) for point in soup(response).select("li.point")
    ]


def test_everyone_of_hers_in_the_group_has_a_tile_with_face_and_name(client, rina, agus, group, sari, dedi):
    make.learner(make.household(agus, in_group=group), first_name="Wati", pin=None)
    make.learner(make.household(rina, in_group=make.group()), first_name="Nia", pin=None)
    tiles = soup(client.get(new(group))).select("label.tick")
    assert [text(tile) for tile in tiles] == ["Pak Dedi Wulandari", "Bu Sari Wulandari"]
    assert all(tile.svg and tile.input["type"] == "checkbox" and not tile.input.has_attr("checked") for tile in tiles)


def test_the_day_and_the_place_of_last_time_stand_there_already(client, rina, group, sari):
    met(rina, group, sari)
    form = sends(soup(client.get(new(group))).main.form)
    assert (form["held_on"], form["place"]) == ([timezone.localdate().isoformat()], ["Balai desa"])


def test_with_one_group_the_form_is_there_at_once_and_with_two_the_choice(client, rina, group, sari):
    assert f"Pertemuan {group.name}" in text(soup(client.get(NEW)).h1)
    other = make.household(rina, in_group=make.group()).group
    assert {new(group), new(other)} <= set(links(client.get(NEW)))


def test_without_a_group_it_says_who_adds_one(client, rina):
    assert "Belum ada kelompok." in text(soup(client.get(NEW)).main)
    assert "Belum ada kelompok." in text(soup(client.get(LIST)).main)
    assert NEW not in links(client.get(LIST))


def test_a_second_group_that_she_gets_while_she_writes_takes_nothing_from_her(client, rina, group, sari):
    form = sends(soup(client.get(NEW)).main.form)
    make.household(rina, in_group=make.group())
    client.post(NEW, data(sari) | {"group": form["group"]})
    assert GroupSession.objects.get().group == group


def test_saved_again_after_going_back_it_is_one_meeting_unless_anything_differs(client, group, sari, dedi):
    """The page of the form comes anew with another id, and the browser puts back what was typed."""
    first, again = (client.post(new(group), data(sari, dedi)) for _ in range(2))
    assert first["Location"] == again["Location"]
    assert messages(client.get(again["Location"])).endswith("sudah tersimpan tadi. Tidak ada yang berubah.")
    client.post(new(group), data(sari))
    client.post(new(group), data(sari, dedi, lessons=make.lessons()[:1]))
    client.post(new(group), data(sari, dedi, place="Rumah ketua"))
    assert GroupSession.objects.count() == 4


def test_an_undone_meeting_can_be_recorded_again(client, rina, group, sari):
    meetings.undo(met(rina, group, sari))
    client.post(new(group), data(sari))
    assert GroupSession.objects.filter(undone_at=None).count() == 1


def test_sent_twice_it_is_one_meeting(client, group, sari):
    sent = data(sari)
    client.post(new(group), sent, follow=True)
    response = client.post(new(group), sent, follow=True)
    assert messages(response) == "Pertemuan ini sudah tersimpan tadi. Tidak ada yang berubah."
    assert GroupSession.objects.count() == 1


def test_who_has_not_agreed_is_named_with_the_way_to_her_consent(client, group, sari, dedi):
    Consent.objects.filter(learner=dedi).delete()
    response = client.get(new(group))
    assert [text(tile) for tile in soup(response).select("label.tick")] == ["Bu Sari Wulandari"]
    assert f"/dampingan/pelajar/{dedi.pk}/" in links(response)
    assert client.post(new(group), data(sari, dedi)).status_code == 422
    assert not GroupSession.objects.exists()


# --- Wrong input --------------------------------------------------------------------------------------------------


def way_to_what_is_wrong(response) -> str | None:
    """The name of the field to which the note at the top leads."""
    page = soup(response)
    way = page.select_one(".note.warn a")
    at = way and page.select_one(way["href"])
    return at and (at if at.has_attr("name") else at.select_one("input"))["name"]


def test_a_long_form_leads_from_its_top_to_what_is_wrong(client, rina, group, sari):
    """At its top, a phone would look as if nothing had been pressed."""
    assert way_to_what_is_wrong(client.post(new(group), data(sari, place=""))) == "place"
    assert way_to_what_is_wrong(client.post(new(group), data(sari, lessons=[]))) == "lessons"
    assert way_to_what_is_wrong(client.post(new(group), data())) == "present"
    assert way_to_what_is_wrong(client.post(url(met(rina, group, sari)), {})) == "present"
    family = {"name": "Keluarga Siti", "region": sari.household.region_id}
    assert way_to_what_is_wrong(client.post("/dampingan/keluarga/baru/", family)) == "first_name"
    assert way_to_what_is_wrong(client.post("/dampingan/keluarga/baru/", {"first_name": "Siti"})) == "name"
    past = {"module": str(make.module().translation_key), "due_on": "2020-01-01"}
    assert way_to_what_is_wrong(client.post("/dampingan/tugaskan/", past)) == "due_on"
    assert way_to_what_is_wrong(client.get("/dampingan/tugaskan/")) is None


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("held_on", "", "Tulis tanggalnya dulu."),
        ("held_on", "2026-02-30", "Tulis tanggal seperti 30/11/2026."),
        ("held_on", "kemarin\x00", "Tulis tanggal seperti 30/11/2026."),
        ("held_on", "2099-01-01", "Tanggal ini belum tiba. Pilih hari ini atau sebelumnya."),
        ("held_on", "1926-11-24", "Tanggal ini sudah lebih dari setahun. Periksa tahunnya."),
        ("place", " ", "Tulis tempatnya dulu, misalnya balai desa."),
        ("place", "Rumah 3671014505800001", "Ini mirip nomor NIK, KK, atau KKS. Hapus nomornya dulu."),
    ],
)
def test_each_mistake_gets_one_sentence_at_its_field_and_what_was_typed_stays(
    client, group, sari, field, typed, message
):
    response = client.post(new(group), data(sari) | {field: typed})
    assert response.status_code == 422
    assert field_error(response, field) == message
    form = sends(soup(response).main.form)
    assert form["present"] == [str(sari.pk)]
    assert len(form["lessons"]) == 2
    assert form["place"] == [typed if field == "place" else "Balai desa"]
    assert not GroupSession.objects.exists()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"present": []}, "Tandai siapa yang hadir dulu."),
        ({"present": ["999999"]}, "Ada yang sekarang tidak di kelompok ini. Periksa lagi yang hadir."),
        ({"present": ["x"]}, "Ada yang sekarang tidak di kelompok ini. Periksa lagi yang hadir."),
        ({"lessons": []}, "Pilih pelajaran yang dibahas dulu."),
        ({"lessons": ["x"]}, "Ada pelajaran yang sedang tidak terbit. Pilih lagi pelajarannya."),
    ],
)
def test_nobody_there_or_nothing_treated_is_told_at_its_place(client, group, sari, more, message):
    response = client.post(new(group), data(sari) | more)
    assert (response.status_code, wrong(response)) == (422, [message])
    assert not GroupSession.objects.exists()


def test_a_lesson_that_is_no_longer_published_is_refused(client, group, sari):
    lesson = make.lessons()[0]
    lesson.unpublish()
    response = client.post(new(group), data(sari, lessons=[lesson]))
    assert wrong(response) == ["Ada pelajaran yang sedang tidak terbit. Pilih lagi pelajarannya."]


@pytest.mark.parametrize("whose", ["foreign", "0", "abc"])
def test_a_group_that_is_not_hers_is_not_found(client, rina, agus, sari, whose):
    """Z1"""
    foreign = make.household(agus, in_group=make.group()).group
    address = f"{NEW}?kelompok={foreign.pk if whose == 'foreign' else whose}"
    assert client.get(address).status_code == 404
    assert client.post(address, data(sari)).status_code == 404
    assert not GroupSession.objects.exists()


def test_the_id_of_a_colleagues_meeting_is_not_found(client, agus, group, sari):
    wati = make.learner(make.household(agus, in_group=group), pin=None)
    theirs = met(agus, group, wati)
    assert client.post(new(group), data(sari, id=str(theirs.pk))).status_code == 404
    assert list(Attendance.objects.values_list("learner", flat=True)) == [wati.pk]


# --- Correcting and undoing ---------------------------------------------------------------------------------------


def test_on_its_day_the_attendance_is_corrected_by_tapping(client, rina, group, sari, dedi):
    session = met(rina, group, sari)
    ticked = {
        text(tile): tile.input.has_attr("checked") for tile in soup(client.get(url(session))).select("label.tick")
    }
    assert ticked == {"Pak Dedi Wulandari": False, "Bu Sari Wulandari": True}
    response = client.post(url(session), {"present": [dedi.pk]}, follow=True)
    assert messages(response) == "Kehadiran sudah diperbaiki."
    assert set(LessonCompletion.objects.values_list("learner", flat=True)) == {dedi.pk}


def test_who_was_there_and_left_the_group_since_is_told_and_stays(client, rina, group, sari, dedi):
    session = met(rina, group, sari, dedi)
    Learner.objects.move(dedi, make.household(rina), by=rina.user)
    page = soup(client.get(url(session)))
    assert [tile["value"] for tile in page.select("[name=present]")] == [str(sari.pk)]
    assert "Tetap tercatat hadir: Pak Dedi Wulandari. Sekarang tidak di kelompok ini." in text(page.main)
    client.post(url(session), {"present": [sari.pk]})
    assert session.attendance.count() == 2


def test_taking_the_last_one_out_is_refused(client, rina, group, sari):
    session = met(rina, group, sari)
    response = client.post(url(session), {})
    assert (response.status_code, wrong(response)) == (422, ["Tandai siapa yang hadir dulu."])
    assert Attendance.objects.count() == 1


def test_her_last_one_is_taken_out_where_a_colleagues_were_there(client, rina, agus, group, sari):
    wati = make.learner(make.household(agus, in_group=group), pin=None)
    session = met(rina, group, sari)
    meetings.correct(session, [wati.pk], by=agus.user)
    response = client.post(url(session), {}, follow=True)
    assert messages(response) == "Kehadiran sudah diperbaiki."
    assert list(Attendance.objects.values_list("learner", flat=True)) == [wati.pk]


def test_it_is_undone_as_a_whole_on_its_day(client, rina, group, sari):
    session = met(rina, group, sari)
    response = client.post(f"{url(session)}batal/", follow=True)
    assert messages(response).startswith("Pertemuan dibatalkan. Yang dipelajari sendiri tetap tersimpan.")
    assert not LessonCompletion.objects.exists()
    assert not soup(response).select("main form")
    assert "Dibatalkan" in text(soup(client.get(LIST)).main)


@pytest.mark.parametrize("action", ["", "batal/"])
def test_from_the_next_day_on_it_stays_and_says_so(client, rina, group, sari, action):
    session = met(rina, group, sari)
    a_day_later(session)
    page = soup(client.get(url(session))).main
    assert not page.select("form")
    assert "Kehadiran hanya bisa diubah di hari mencatatnya." in text(page)
    response = client.post(f"{url(session)}{action}", {}, follow=True)
    assert "tidak" in messages(response)
    assert Attendance.objects.count() == 1
    assert LessonCompletion.objects.count() == 2


def test_only_who_recorded_it_undoes_it(client, rina, agus, group, sari):
    wati = make.learner(make.household(agus, in_group=group), pin=None)
    session = met(agus, group, wati)
    assert "Batalkan pertemuan" not in text(soup(client.get(url(session))).main)
    assert client.post(f"{url(session)}batal/").status_code == 404
    assert not GroupSession.objects.get().undone_at


# --- Three people -------------------------------------------------------------------------------------------------


def test_a_stranger_finds_no_meeting(rina, agus, group, sari):
    """Z1"""
    session = met(rina, group, sari)
    stranger = Client()
    stranger.force_login(agus.user)
    assert stranger.get(url(session)).status_code == 404
    assert stranger.post(url(session), {"present": []}).status_code == 404
    assert stranger.post(f"{url(session)}batal/").status_code == 404
    assert str(session.pk) not in stranger.get(LIST).text


def test_a_new_companion_sees_the_history_and_the_old_one_nothing(client, rina, agus, group, sari):
    """Z4"""
    session = met(rina, group, sari)
    sari.household.companionships.update(ended_at=timezone.now())
    sari.household.companionships.create(companion=agus)
    assert client.get(url(session)).status_code == 404
    successor = Client()
    successor.force_login(agus.user)
    assert "1 hadir · 2 pelajaran" in text(soup(successor.get(LIST)).main)


def test_the_learner_sees_which_lessons_were_done_at_the_meeting(rina, group, sari):
    met(rina, group, sari, lessons=make.lessons()[:1])
    phone = Client()
    phone.force_login(sari.user)
    rows = [text(row) for row in soup(phone.get(make.module().url)).select("ol.rows li")]
    assert ["Selesai di pertemuan" in row for row in rows] == [True, False, False, False, False]
    assert "Pelajaran ini selesai di pertemuan." in text(soup(phone.get(make.lessons()[0].url)).main)
    mine = text(soup(phone.get("/belajar/data/")).main)
    assert "di pertemuan" in mine
    assert f"Balai desa {group.name}" in mine


def test_the_household_says_how_many_lessons_came_from_meetings(client, rina, group, sari):
    met(rina, group, sari)
    assert "2 di pertemuan" in text(soup(client.get(f"/dampingan/keluarga/{sari.household.pk}/")).main)


# --- Many ---------------------------------------------------------------------------------------------------------


def test_past_meetings_are_listed_by_day_with_counts_in_pages(client, rina, group, sari):
    days = [today_in(group) - number * A_DAY for number in range(25)]
    for day in days:
        met(rina, group, sari, held_on=day)
    seen, address = [], LIST
    while address:
        page = soup(client.get(address))
        seen += [row["href"] for row in page.select("a.row")]
        older = [link["href"] for link in page.select("nav a.btn") if "sebelum=" in link["href"]]
        address = LIST + older[0] if older else None
    assert len(seen) == len(set(seen)) == 25
    in_order = GroupSession.objects.order_by("-held_on").values_list("pk", flat=True)
    assert seen == [f"{LIST}{pk}/" for pk in in_order]


def test_the_list_counts_whom_the_meeting_shows(client, rina, group, sari, dedi):
    session = met(rina, group, sari, dedi)
    a_day_later(session)
    Consent.objects.withdraw(dedi, by=dedi.user)
    assert "1 hadir" in text(soup(client.get(url(session))).main)
    assert "1 hadir" in text(soup(client.get(LIST)).main)


NOBODYS = "11111111-1111-4111-8111-111111111111"


@pytest.mark.parametrize("place", ["x", "2026-11-24_x", "_", f"2026-11-24_{NOBODYS}", f"2026-99-99_{NOBODYS}"])
def test_any_place_in_the_list_can_be_asked_for(client, rina, group, sari, place):
    met(rina, group, sari)
    assert client.get(LIST, {"sebelum": place}).status_code == 200


@pytest.mark.parametrize("count", [1, 50])
def test_fifty_learners_take_as_many_queries_as_one(client, rina, group, count, django_assert_num_queries):
    home = make.household(rina, in_group=group)
    people = [make.learner(home, pin=None) for _ in range(count)]
    session = met(rina, group, *people)
    for address, queries in ((LIST, 10), (new(group), 14), (url(session), 11)):
        client.get(address)
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200
