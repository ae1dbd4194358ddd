"""«Praktik di rumah»: a learner hands in, sees the answer, and takes back."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from courses.models import ModulePage
from practice.models import Evidence, Feedback, PracticeSubmission
from practice.rules import MAX_WAITING
from tests import factories as make
from tests.pages import field_error, soup, text
from tests.practice.files import EXE, GOOD_PHOTOS, picture, upload, wav, written

pytestmark = pytest.mark.django_db
PHOTO, NOTE, VOICE = ("merek", 0), ("merek", 1), ("merek", 3)  # what the lesson's task is shown with
RUPIAH, RATING = ("literasi-keuangan", 2), ("riset-pasar", 3)


@pytest.fixture
def sari(client, rina):
    person = make.learner(make.household(rina), pin=None)
    client.force_login(person.user)
    return person


def task(kind: tuple[str, int]):
    slug, number = kind
    return make.lessons(slug)[number]


def address(kind) -> str:
    return f"/belajar/praktik/{task(kind).translation_key}/"


def send(client, kind, **data):
    return client.post(address(kind), {"id": str(uuid4())} | data)


def jpeg() -> bytes:
    return written(picture(), "JPEG")


def test_the_lessons_of_the_tests_ask_for_what_they_are_taken_for():
    kinds = [task(kind).practice[0].value["evidence"] for kind in (PHOTO, NOTE, VOICE, RUPIAH, RATING)]
    assert kinds == [["photo", "note"], ["note"], ["voice"], ["note", "number"], ["number"]]


def test_a_figure_in_the_task_reads_as_it_does_in_the_lesson(client, sari):
    figure = make.figure_in_task(task(NOTE))
    assert f"Bayar {figure.value} (per {figure.checked_month})" in text(soup(client.get(address(NOTE))).main)


# --- Handing in ---------------------------------------------------------------------------------------------------


def test_photos_are_handed_in_by_a_plain_form(client, sari):
    answer = send(client, PHOTO, photo=[upload(jpeg()), upload(jpeg())])
    assert answer["Location"] == address(PHOTO)
    sent = PracticeSubmission.objects.get()
    assert [file.kind for file in sent.evidence.all()] == ["photo", "photo"]
    assert (sent.learner, sent.lesson_key) == (sari, task(PHOTO).translation_key)
    page = soup(client.get(address(PHOTO)))
    assert "Sudah dikirim. Pendamping akan mengecek." in text(page.main)
    assert text(page.select_one(".state")) == "Menunggu dicek"


def test_a_recording_is_handed_in_by_a_plain_form(client, sari):
    assert send(client, VOICE, voice=upload(wav(3))).status_code == 302
    assert PracticeSubmission.objects.get().evidence.get().kind == "voice"


def test_a_note_is_handed_in(client, sari):
    assert send(client, NOTE, note="Harga <Rp10.000 dan >5 unit").status_code == 302
    assert "Harga <Rp10.000 dan >5 unit" in text(soup(client.get(address(NOTE))).main)


def test_a_note_keeps_no_identity_number_and_the_photos_beside_it_go_along_after_it(client, sari):
    typed = "KTP saya 3671014505800001."
    response = send(client, PHOTO, note=typed, photo=[upload(jpeg()), upload(jpeg())])
    assert response.status_code == 422
    assert field_error(response, "note") == "Ini mirip nomor NIK, KK, atau KKS. Hapus nomornya dulu."
    page = soup(response)
    assert text(page.select_one("textarea")) == typed
    assert not PracticeSubmission.objects.exists()
    kept = page.select("[name=evidence][checked]")
    shown = [image["src"] for image in page.select("take-photos label img")]
    assert shown == [f"/bukti/{box['value']}/" for box in kept]
    assert [client.get(address).status_code for address in shown] == [200, 200]
    own_id = page.select_one("[name=id]")["value"]
    send(client, PHOTO, id=own_id, note="Sudah.", evidence=[box["value"] for box in kept])
    assert PracticeSubmission.objects.get().evidence.count() == 2


def test_photos_of_forms_that_were_refused_do_not_fill_the_disk(client, sari):
    for _ in range(MAX_WAITING - 1):
        make.voice(sari)
    response = send(client, PHOTO, note="KTP saya 3671014505800001.", photo=[upload(jpeg()), upload(jpeg())])
    assert field_error(response, "photo").startswith("Terlalu banyak foto atau suara yang belum dikirim.")
    assert Evidence.objects.count() == MAX_WAITING


def test_the_form_asks_for_what_the_lesson_names_alone(client, sari):
    form = soup(client.get(address(NOTE))).select_one("form[enctype]")
    to_wait = {"owner", "next", "title"}  # on the phone, where there is no signal
    assert {field["name"] for field in form.select("[name]")} == {"csrfmiddlewaretoken", "id", "note"} | to_wait
    send(client, NOTE, note="Tiga nama.", photo=upload(jpeg()))
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("kind", "typed", "number", "words"),
    [
        (RUPIAH, "7500", 7500, "Rp7.500"),
        (RUPIAH, "7.500", 7500, "Rp7.500"),
        (RUPIAH, "Rp7.500", 7500, "Rp7.500"),
        (RATING, "4,2", Decimal("4.2"), "4,2"),
    ],
)
def test_a_number_in_full_goes_at_once_and_is_shown_back(client, sari, kind, typed, number, words):
    assert send(client, kind, number=typed).status_code == 302
    assert PracticeSubmission.objects.get().number == number
    assert words in text(soup(client.get(address(kind))).main)


@pytest.mark.parametrize(("kind", "keyboard"), [(RUPIAH, "text"), (RATING, "decimal")], ids=["rupiah", "rating"])
def test_the_phones_keyboard_is_the_one_that_a_number_is_written_with(client, sari, kind, keyboard):
    """«7rb» wants letters."""
    assert soup(client.get(address(kind))).select_one("#id_number")["inputmode"] == keyboard


@pytest.mark.parametrize(("typed", "words", "number"), [("7rb", "Rp7.000", 7000), ("1,2jt", "Rp1.200.000", 1_200_000)])
def test_a_short_number_is_shown_for_checking_first(client, sari, typed, words, number):
    answer = send(client, RUPIAH, number=typed)
    assert not PracticeSubmission.objects.exists()
    form = soup(answer).select_one("form[enctype]")
    assert f"Kami baca: {words}. Kalau benar, kirim sekali lagi." in text(form)
    again = {field["name"]: field["value"] for field in form.select("input[name]")}
    assert again["number"] == typed
    assert client.post(address(RUPIAH), again).status_code == 302
    assert PracticeSubmission.objects.get().number == number


@pytest.mark.parametrize(
    ("kind", "field", "data", "words"),
    [
        (PHOTO, "photo", {}, "Ambil foto dulu. Belum bisa? Tanya pendamping."),
        (NOTE, "note", {"note": "  "}, "Tulis catatan dulu. Belum bisa? Tanya pendamping."),
        (NOTE, "note", {"note": "a" * 2001}, "Catatan ini terlalu panjang. Tulis yang penting saja."),
        (NOTE, "note", {"note": "NIK 3671014505800001"}, "Ini mirip nomor NIK, KK, atau KKS. Hapus nomornya dulu."),
        (RUPIAH, "number", {"number": "banyak"}, "Tulis angka saja, misalnya 7.500."),
        (RUPIAH, "number", {"number": "9999999999999jt"}, "Tulis angka saja, misalnya 7.500."),
        (VOICE, "voice", {}, "Rekam suara dulu. Belum bisa? Tanya pendamping."),
    ],
)
def test_what_is_missing_is_said_at_its_field(client, sari, kind, field, data, words):
    answer = send(client, kind, **data)
    assert (answer.status_code, field_error(answer, field)) == (422, words)
    assert not PracticeSubmission.objects.exists()


@pytest.mark.parametrize(
    ("kind", "field", "data", "words"),
    [
        (PHOTO, "photo", lambda: EXE, "Berkas ini bukan foto, atau rusak. Pilih foto lain."),
        (PHOTO, "photo", lambda: b"", "Berkas ini bukan foto, atau rusak. Pilih foto lain."),
        (PHOTO, "photo", lambda: bytes(30 * 1024 * 1024), "Foto ini lebih dari 12 MB."),
        (VOICE, "voice", lambda: EXE, "Berkas ini bukan rekaman suara, atau rusak. Rekam lagi."),
        (VOICE, "voice", lambda: wav(90, 8000), "Rekaman ini lebih dari 60 detik. Rekam lagi lebih pendek."),
    ],
)
def test_a_file_that_cannot_be_kept_is_told_at_its_field(client, sari, kind, field, data, words):
    """U1"""
    answer = send(client, kind, **{field: upload(data())})
    assert answer.status_code == 422
    assert field_error(answer, field).startswith(words)
    assert not Evidence.objects.exists()


def test_what_could_be_kept_is_not_sent_again(client, sari):
    """A good photo beside a bad one stays, and the form remembers it."""
    answer = send(client, PHOTO, photo=[upload(jpeg()), upload(EXE)])
    kept = Evidence.objects.get()
    form = soup(answer).select_one("form[enctype]")
    assert [box["value"] for box in form.select("[name=evidence][checked]")] == [str(kept.pk)]
    assert send(client, PHOTO, evidence=str(kept.pk)).status_code == 302
    assert list(PracticeSubmission.objects.get().evidence.all()) == [kept]


def test_five_photos_are_too_many(client, sari):
    answer = send(client, PHOTO, photo=[upload(jpeg()) for _ in range(5)])
    assert field_error(answer, "photo") == "Paling banyak 4 foto."
    assert Evidence.objects.count() == 4


def test_the_same_form_sent_twice_is_one(client, sari):
    id = str(uuid4())
    for _ in range(2):
        assert send(client, NOTE, id=id, note="Tiga nama.").status_code == 302
    assert PracticeSubmission.objects.count() == 1


def test_a_file_sent_ahead_goes_with_the_form_and_the_form_sent_again_changes_nothing(client, sari):
    id, photo = str(uuid4()), make.photo(sari)
    for _ in range(2):
        assert send(client, PHOTO, id=id, evidence=str(photo.pk)).status_code == 302
    assert list(PracticeSubmission.objects.get().evidence.all()) == [photo]


@pytest.mark.parametrize("change", [{"note": "Empat nama."}, {"evidence": []}])
def test_what_she_changed_on_the_form_that_she_went_back_to_is_another_practice(client, sari, change):
    first = {"id": str(uuid4()), "note": "Tiga nama.", "evidence": [str(make.photo(sari).pk)]}
    for form in (first, first | change, first | change):
        assert send(client, PHOTO, **form).status_code == 302
    assert PracticeSubmission.objects.count() == 2


def test_a_photo_that_she_added_on_the_form_that_she_went_back_to_arrives_once(client, sari):
    """A phone sends it twice: to know that it has arrived, and to be led on."""
    one, another = (str(make.photo(sari).pk) for _ in range(2))
    id = str(uuid4())
    for evidence in ([one], [one, another], [one, another]):
        assert send(client, PHOTO, id=id, evidence=evidence).status_code == 302
    assert [str(file.pk) for file in PracticeSubmission.objects.get().evidence.all()] == [one, another]


def test_a_photo_that_she_added_after_the_answer_is_another_practice(client, sari):
    one, another = (str(make.photo(sari).pk) for _ in range(2))
    id = str(uuid4())
    send(client, PHOTO, id=id, evidence=[one])
    make.feedback(PracticeSubmission.objects.get(), make.companion())
    send(client, PHOTO, id=id, evidence=[one, another])
    assert PracticeSubmission.objects.count() == 2


def test_a_number_that_cannot_be_read_is_asked_for_though_the_form_came_before_without_one(client, sari):
    id = str(uuid4())
    assert send(client, RUPIAH, id=id, note="Sudah.").status_code == 302
    answer = send(client, RUPIAH, id=id, note="Sudah.", number="kira-kira")
    assert field_error(answer, "number") == "Tulis angka saja, misalnya 7.500."


@pytest.mark.parametrize("wrong", ["another learner's", "nobody's", "not an id"])
def test_a_file_that_is_not_hers_is_not_taken(client, sari, wrong):
    ids = {"another learner's": str(make.photo(make.learner(pin=None)).pk), "nobody's": str(uuid4()), "not an id": "x"}
    assert send(client, PHOTO, evidence=ids[wrong]).status_code == 422


@pytest.mark.parametrize("id", ["", "x", "another's"])
def test_a_form_under_a_wrong_id_never_breaks(client, sari, id):
    if id == "another's":
        id = str(make.practised(make.learner(pin=None)).pk)
    answer = send(client, NOTE, id=id, note="Tiga nama.")
    assert answer.status_code in (302, 422)
    assert "Tiga nama." in text(soup(client.get(address(NOTE)) if answer.status_code == 302 else answer).main)


def test_place_and_camera_are_gone_from_what_is_kept(client, sari):
    """U2, through the form."""
    send(client, PHOTO, photo=upload(GOOD_PHOTOS["a JPEG on its side, with place and camera"][0]()))
    assert b"Exif" not in Evidence.objects.get().file.read()


@pytest.mark.parametrize("what", ["lesson", "module"])
def test_an_unpublished_task_is_not_found(client, sari, what):
    path = address(NOTE)
    (task(NOTE) if what == "lesson" else make.module()).unpublish()
    assert client.get(path).status_code == 404
    assert client.post(path, {"note": "Tiga nama."}).status_code == 404


# --- The answer ---------------------------------------------------------------------------------------------------


@pytest.fixture
def answered(sari, rina):
    sent = make.practised(sari)
    make.feedback(sent, rina, Feedback.Verdict.TO_IMPROVE, praise="Rapi.", suggestion="Foto lebih dekat.")
    return sent


@pytest.mark.parametrize("where", ["/belajar/", "lesson", "practice"])
def test_the_answer_is_seen_with_its_praise_and_suggestion(client, sari, answered, where):
    path = {"lesson": task(PHOTO).url, "practice": address(PHOTO)}.get(where, where)
    words = text(soup(client.get(path)).main)
    for part in ("Perlu diperbaiki", "Rapi.", "Foto lebih dekat."):
        assert part in words


def test_a_spoken_answer_can_be_heard(client, sari, rina):
    voice = make.voice(sari)
    make.feedback(make.practised(sari), rina, praise="", suggestion="", voice=voice.pk)
    for path in ("/belajar/", task(PHOTO).url, address(PHOTO)):
        assert soup(client.get(path)).find("audio", src=f"/bukti/{voice.pk}/")


def test_what_must_be_improved_is_the_next_step(client, sari, answered):
    home = soup(client.get("/belajar/"))
    [button] = home.main.select("a.btn.main")
    assert (text(button), button["href"]) == ("Perbaiki praktik", address(PHOTO))


def test_handed_in_again_the_earlier_one_stays_to_be_seen(client, sari, answered):
    send(client, PHOTO, photo=upload(jpeg()))
    page = soup(client.get(address(PHOTO)))
    assert text(page.select_one("section .state")) == "Menunggu dicek"
    assert "Kiriman sebelumnya (1)" in text(page.main)
    assert "Foto lebih dekat." in text(page.main)


def test_the_module_shows_how_each_practice_stands(client, sari, answered, rina):
    make.practised(sari, number=1)
    make.feedback(make.practised(sari, number=3), rina)
    rows = [text(row) for row in soup(client.get(make.module().url)).select("a.row")]
    states = [next((word for word in ("diperbaiki", "dicek", "benar") if word in row), "") for row in rows]
    assert states == ["diperbaiki", "dicek", "", "benar", ""]


def test_what_was_just_handed_in_is_shown_before_what_was_right_long_ago(client, sari, rina):
    slug = "pengenalan-motivasi"
    for number in range(3):
        make.feedback(make.practised(sari, slug, number), rina)
    make.practised(sari, slug, 3)
    shown = soup(client.get("/belajar/")).select("section[aria-labelledby=praktik] li")
    assert text(shown[0].h3) == make.lessons(slug)[3].title
    assert len(shown) == 3


def test_a_practice_whose_task_was_taken_out_of_its_lesson_leads_nowhere(client, sari):
    make.practised(sari)
    lesson = make.lessons()[0]
    lesson.practice = []
    lesson.save_revision().publish()
    assert client.get(address(("merek", 0))).status_code == 404
    assert soup(client.get("/belajar/")).select("section[aria-labelledby=praktik]") == []


def test_a_practice_recorded_by_the_companion_says_so(client, sari, rina):
    make.practised(sari, by=rina.user)
    assert f"Dicatat pendamping {rina.user.first_name} atas nama keluarga" in text(
        soup(client.get(address(PHOTO))).main
    )


# --- Taking back --------------------------------------------------------------------------------------------------


def test_she_takes_back_what_nobody_has_answered(client, sari):
    sent = make.practised(sari, files=[make.photo(sari).pk])
    button = soup(client.get(address(PHOTO))).select_one("form[action$='/tarik/']")
    page = soup(client.post(button["action"], follow=True))
    assert "Kiriman sudah ditarik. Fotonya sudah dihapus." in text(page.main)
    sent.refresh_from_db()
    assert sent.withdrawn_at
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "Kiriman sudah ditarik."),
        ([make.photo], "Kiriman sudah ditarik. Fotonya sudah dihapus."),
        ([make.voice], "Kiriman sudah ditarik. Rekamannya sudah dihapus."),
        ([make.photo, make.voice], "Kiriman sudah ditarik. Foto dan rekamannya sudah dihapus."),
    ],
)
def test_taking_back_says_what_went_with_it_and_a_second_tap_that_nothing_did(client, sari, files, words):
    sent = make.practised(sari, files=[file(sari).pk for file in files])
    pages = [client.post(f"/belajar/praktik/{sent.pk}/tarik/", follow=True) for _ in range(2)]
    said = [[str(message) for message in page.context["messages"]] for page in pages]
    assert said == [[words], ["Kiriman ini sudah ditarik tadi. Tidak ada yang berubah."]]


def test_what_is_answered_stays(client, sari, answered):
    page = soup(client.post(f"/belajar/praktik/{answered.pk}/tarik/", follow=True))
    assert "Pendamping sudah menjawab. Kiriman ini tetap tersimpan." in text(page.main)
    answered.refresh_from_db()
    assert answered.withdrawn_at is None


# --- What an approved practice is needed for ----------------------------------------------------------------------


def wants(need: str, slug: str = "pengenalan-motivasi") -> None:
    module = ModulePage.objects.get(slug=slug)
    module.practice_needed = need
    module.save()


def test_a_quiz_that_waits_for_a_practice_says_so_with_a_link(client, sari):
    wants("quiz")
    make.read(sari, "pengenalan-motivasi")
    answer = client.get(make.quiz("pengenalan-motivasi").url)
    assert answer.status_code == 403
    [button] = soup(answer).main.select("a.btn.main")
    assert button["href"] == address(("pengenalan-motivasi", 0))
    assert "Perlu satu praktik yang sudah benar" in text(soup(answer).main)


def test_the_companions_approval_opens_the_quiz(client, sari, rina):
    wants("quiz")
    make.read(sari, "pengenalan-motivasi")
    sent = make.practised(sari, "pengenalan-motivasi")
    make.feedback(sent, rina, Feedback.Verdict.TO_IMPROVE)
    assert client.get(make.quiz("pengenalan-motivasi").url).status_code == 403
    make.feedback(make.practised(sari, "pengenalan-motivasi"), rina)
    assert sari.quiz_openings.filter(module_key=sent.module_key).exists()
    assert client.get(make.quiz("pengenalan-motivasi").url).status_code == 200


def test_the_companions_approval_earns_the_badge(client, sari, rina):
    wants("badge")
    make.finished(sari, "pengenalan-motivasi")
    assert not sari.badge_awards.exists()
    result = client.get(f"/belajar/percobaan/{sari.attempts.get().pk}/hasil/")
    assert "Lencananya menunggu satu praktik yang benar" in text(soup(result).main)
    shown = client.get(make.module("pengenalan-motivasi").url)
    assert "Lencananya menunggu satu praktik yang benar" in text(soup(shown).main)
    sent = make.practised(sari, "pengenalan-motivasi")
    make.feedback(sent, rina)
    award = sari.badge_awards.get()
    assert award.badge == make.badge("pengenalan-motivasi")
    home, task = (soup(client.get(path)).main for path in ("/belajar/", f"/belajar/praktik/{sent.lesson_key}/"))
    assert f"Lencana {award.badge.name} sudah diraih" in text(home.select_one("[aria-labelledby=praktik]"))
    assert f"Selamat, Bu Sari! Lencana {award.badge.name} sudah diraih." in text(task)
    assert award.get_absolute_url() in [link["href"] for link in task.select("a")]


def test_a_badge_that_came_with_the_quiz_is_not_told_as_if_a_practice_had_brought_it(client, sari, rina):
    make.finished(sari, "pengenalan-motivasi")
    sari.badge_awards.update(awarded_at=timezone.now() - timedelta(minutes=2))
    sent = make.practised(sari, "pengenalan-motivasi")
    make.feedback(sent, rina)
    assert "Lencana" not in text(soup(client.get(f"/belajar/praktik/{sent.lesson_key}/")).main)


def test_who_has_the_badge_is_asked_for_no_practice_that_it_came_to_want_later(client, sari):
    make.finished(sari, "pengenalan-motivasi")
    wants("badge")
    module = make.module("pengenalan-motivasi")
    assert "Perlu satu praktik" not in text(soup(client.get(module.url)).main)
    for other in ModulePage.objects.exclude(pk=module.pk):
        other.unpublish()
    assert "Semua modul selesai" in text(soup(client.get("/belajar/")).main)


# --- Queries ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 8])
def test_the_page_takes_the_same_queries_for_any_history(client, sari, rina, number, django_assert_num_queries):
    for _ in range(number):
        make.feedback(make.practised(sari, files=[make.photo(sari).pk]), rina)
    client.get(address(PHOTO))
    with django_assert_num_queries(11):
        assert client.get(address(PHOTO)).status_code == 200
