"""``/dampingan/praktik/``: what waits for a companion, her answers, and practice recorded in a family's name."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from companions.practice_queue import PER_PAGE
from people.models import Consent
from practice.models import Evidence, Feedback, PracticeSubmission
from progress.rules import PracticeNeed
from tests import factories as make
from tests.pages import field_error, soup, text
from tests.practice.files import EXE, picture, upload, wav, written

pytestmark = pytest.mark.django_db
QUEUE = "/dampingan/praktik/"
SAID = {"praise": "Rapi.", "suggestion": "Lanjut.", "verdict": "right"}


@pytest.fixture
def sari(rina):
    return make.learner(make.household(rina), pin=None)


def at(sent: PracticeSubmission) -> str:
    return f"{QUEUE}{sent.pk}/"


def days_ago(sent: PracticeSubmission, days: int) -> PracticeSubmission:
    PracticeSubmission.objects.filter(pk=sent.pk).update(handed_in_at=timezone.now() - timedelta(days=days))
    return sent


def answer(client, sent, **said):
    return client.post(at(sent), {"id": str(uuid4())} | SAID | said)


def rows(response) -> list[str]:
    return [row["href"] for row in soup(response).select("a.row")]


# --- The queue ----------------------------------------------------------------------------------------------------


def test_what_waits_is_listed_the_oldest_first_grouped_by_module(client, rina, sari):
    new = days_ago(make.practised(sari, "merek"), 1)
    old = days_ago(make.practised(sari, "merek", 1), 5)
    middle = days_ago(make.practised(sari, "kemasan"), 3)
    page = client.get(QUEUE)
    assert rows(page) == [at(old), at(new), at(middle)]
    assert [text(title) for title in soup(page).select("h2")] == ["Merek Usaha", make.module("kemasan").title]
    assert soup(page).select_one("a.btn.main")["href"] == at(old)


def test_a_households_page_leads_to_its_own_practices_that_wait(client, rina, sari):
    make.practised(make.learner(make.household(rina), pin=None))
    make.feedback(make.practised(sari), rina)
    sent = make.practised(sari, number=1)
    page = soup(client.get(f"/dampingan/keluarga/{sari.household_id}/"))
    [row] = page.select("section[aria-labelledby=praktik] a.row")
    assert row["href"] == at(sent)
    assert make.lessons()[1].title in text(row)


def test_only_her_own_families_wait_and_only_what_is_not_answered(client, rina, sari):
    make.practised(make.learner(make.household(make.companion()), pin=None))
    make.feedback(make.practised(sari), rina)
    PracticeSubmission.objects.withdraw(make.practised(sari))
    mine = make.practised(sari)
    assert rows(client.get(QUEUE)) == [at(mine)]


def test_one_module_alone_can_be_asked_for(client, rina, sari):
    make.practised(sari, "kemasan")
    wanted = make.practised(sari, "merek")
    assert rows(client.get(f"{QUEUE}?modul={wanted.module_key}")) == [at(wanted)]
    assert len(rows(client.get(f"{QUEUE}?modul=x&sesudah=y"))) == 2


def test_a_part_of_the_queue_that_is_done_leads_to_the_rest(client, rina, sari):
    make.practised(sari)
    main = soup(client.get(f"{QUEUE}?modul={make.module('kemasan').translation_key}")).main
    assert "1 menunggu dicek" in text(main)
    assert "Tidak ada praktik yang menunggu" not in text(main)
    assert text(main.select_one(".card a")) == "Lihat yang lain"


def test_a_long_queue_goes_on_on_the_next_page(client, rina, sari):
    sent = [days_ago(make.practised(sari), 100 - number) for number in range(PER_PAGE + 2)]
    page = client.get(QUEUE)
    more = next(link for link in soup(page).select("a.btn") if "Berikutnya" in text(link))
    assert rows(page) + rows(client.get(QUEUE + more["href"])) == [at(one) for one in sent]


@pytest.mark.parametrize("number", [1, 20])
def test_the_queue_takes_the_same_queries_at_any_length(client, rina, number, django_assert_num_queries):
    for _ in range(number):
        make.practised(make.learner(make.household(rina), pin=None))
    client.get(QUEUE)
    with django_assert_num_queries(11):
        assert len(rows(client.get(QUEUE))) == number


# --- One practice -------------------------------------------------------------------------------------------------


def test_the_screen_shows_photo_note_task_and_rubric(client, rina, sari):
    photo = make.photo(sari)
    sent = make.practised(sari, note="Tiga <b>produk</b>.", files=[photo.pk])
    page = soup(client.get(at(sent)))
    assert page.find("img", src=f"/bukti/{photo.pk}/")
    words = text(page.main)
    assert "Tiga <b>produk</b>." in words
    assert "Cari 3 produk di rumah." in words
    assert all(point in words for point in make.module().rubric_points)


@pytest.mark.parametrize(
    "where", ["/luring.json", "/praktik/{sent}/", "/pelajar/{learner}/praktik/{lesson}/", "/lembar/merek/"]
)
def test_a_figure_in_the_task_reads_as_it_does_in_a_lesson(client, rina, sari, where):
    lesson = make.lessons("merek")[0]
    figure = make.figure_in_task(lesson)
    sent = make.practised(sari, note="Sudah.")
    assert sent.lesson_key == lesson.translation_key
    address = where.format(sent=sent.pk, learner=sari.pk, lesson=lesson.translation_key)
    response = client.get(f"/dampingan{address}")
    words = response.json()["practices"][0]["task"] if where.endswith("json") else text(soup(response).main)
    assert f"Bayar {figure.value} (per {figure.checked_month})" in words


@pytest.mark.parametrize("number", [1, 4])
def test_the_screen_takes_the_same_queries_for_any_number_of_photos(
    client, rina, sari, number, django_assert_num_queries
):
    sent = make.practised(sari, files=[make.photo(sari).pk for _ in range(number)])
    client.get(at(sent))
    with django_assert_num_queries(11):
        client.get(at(sent))


@pytest.mark.parametrize("verdict", Feedback.Verdict)
def test_an_answer_is_kept_and_the_next_one_opens(client, rina, sari, verdict):
    first, second = days_ago(make.practised(sari), 2), make.practised(sari, number=1)
    response = answer(client, first, verdict=verdict)
    assert response["Location"] == at(second)
    given = Feedback.objects.get()
    assert (given.submission, given.verdict, given.praise, given.suggestion, given.by) == (
        first,
        verdict,
        "Rapi.",
        "Lanjut.",
        rina.user,
    )
    assert answer(client, second)["Location"] == QUEUE


def test_the_next_one_is_of_the_same_module_while_there_is_one(client, rina, sari):
    days_ago(make.practised(sari, "kemasan"), 9)
    first, second = make.practised(sari, "merek"), make.practised(sari, "merek", 1)
    assert answer(client, first)["Location"] == at(second)


def test_a_tapped_phrase_counts_and_what_is_typed_wins(client, rina, sari):
    sent = make.practised(sari)
    ready = {"praise_ready": "Fotonya jelas.", "suggestion_ready": "Lanjut ke pelajaran berikut."}
    answer(client, sent, praise="", suggestion="Foto dari dekat.", **ready)
    given = Feedback.objects.get()
    assert (given.praise, given.suggestion) == ("Fotonya jelas.", "Foto dari dekat.")


def test_a_tapped_phrase_stays_tapped_where_something_else_is_missing(client, rina, sari):
    sent = make.practised(sari)
    response = answer(client, sent, praise="", suggestion="", praise_ready="Fotonya jelas.")
    assert field_error(response, "suggestion") == "Tulis atau ketuk satu saran dulu. Boleh juga dengan suara."
    assert [tap["value"] for tap in soup(response).select("[type=radio][checked]")] == ["Fotonya jelas."]


def test_a_voice_is_enough(client, rina, sari):
    answer(client, make.practised(sari), praise="", suggestion="", voice=upload(wav(2)))
    assert Feedback.objects.get().voice.kind == "voice"


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"praise": " "}, "praise", "Tulis atau ketuk satu pujian dulu. Boleh juga dengan suara."),
        ({"suggestion": ""}, "suggestion", "Tulis atau ketuk satu saran dulu. Boleh juga dengan suara."),
        ({"praise": "a" * 301}, "praise", "Ini terlalu panjang. Tulis satu kalimat saja."),
        ({"praise": "Bagus 3671014505800001"}, "praise", "Ini mirip nomor NIK, KK, atau KKS. Hapus nomornya dulu."),
        ({"suggestion": "4539148803436467"}, "suggestion", "Ini mirip nomor NIK, KK, atau KKS. Hapus nomornya dulu."),
        ({"voice": upload(EXE)}, "voice", "Berkas ini bukan rekaman suara, atau rusak. Rekam lagi."),
        ({"voice": upload(wav(90, 8000))}, "voice", "Rekaman ini lebih dari 60 detik. Rekam lagi lebih pendek."),
    ],
)
def test_what_is_missing_is_said_and_what_she_typed_stays(client, rina, sari, said, field, words):
    response = answer(client, make.practised(sari), **said)
    assert (response.status_code, field_error(response, field)) == (422, words)
    typed = {box["name"]: box["value"] for box in soup(response).select("input[name=praise], input[name=suggestion]")}
    for name, value in typed.items():
        assert value == (SAID | said)[name]
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("verdict", ["", "bagus"])
def test_an_answer_without_a_verdict_is_asked_for_one(client, rina, sari, verdict):
    response = answer(client, make.practised(sari), verdict=verdict)
    assert response.status_code == 422
    assert "Belum terkirim." in text(soup(response).main)


def test_answered_from_two_phones_there_is_one_answer(client, rina, sari):
    sent = make.practised(sari)
    answer(client, sent, praise="Pertama.")
    page = soup(client.post(at(sent), {"id": str(uuid4())} | SAID | {"praise": "Kedua."}, follow=True))
    assert f"Ini sudah dijawab {rina.user.first_name}. Tidak ada yang berubah." in text(page.main)
    assert Feedback.objects.get().praise == "Pertama."


def test_the_same_answer_sent_twice_goes_on_quietly(client, rina, sari):
    sent, following, id = make.practised(sari), make.practised(sari, number=1), str(uuid4())
    for _ in range(2):
        assert client.post(at(sent), {"id": id} | SAID)["Location"] == at(following)
    assert Feedback.objects.count() == 1


def test_a_badge_that_her_answer_brings_is_told_to_her_too(client, rina, sari):
    page = make.module("pengenalan-motivasi")
    page.practice_needed = PracticeNeed.BADGE
    page.save_revision().publish()
    make.finished(sari, "pengenalan-motivasi")
    response = client.post(at(make.practised(sari, "pengenalan-motivasi")), {"id": str(uuid4())} | SAID, follow=True)
    told = f"Jawaban untuk Bu Sari terkirim. Bu Sari meraih lencana {sari.badge_awards.get().badge.name}."
    assert told in text(soup(response).main)


def test_whoever_goes_back_to_her_answer_and_changes_it_is_told_that_the_first_one_counts(client, rina, sari):
    sent, id = make.practised(sari), str(uuid4())
    client.post(at(sent), {"id": id} | SAID, follow=True)
    page = soup(client.post(at(sent), {"id": id} | SAID | {"verdict": "to_improve"}, follow=True))
    assert "Jawaban yang tadi sudah terkirim. Yang ini tidak mengubahnya." in text(page.main)
    assert Feedback.objects.get().verdict == SAID["verdict"]


def test_what_was_taken_back_meanwhile_is_said_and_what_she_typed_stays(client, rina, sari):
    sent = make.practised(sari)
    PracticeSubmission.objects.withdraw(sent)
    response = answer(client, sent)
    assert response.status_code == 422
    assert "Bu Sari sudah menarik kiriman ini." in text(soup(response).main)
    assert soup(response).select_one("[name=praise]")["value"] == "Rapi."


@pytest.mark.parametrize("who", ["other companion", "former companion", "nobody's"])
def test_another_familys_practice_is_not_found(client, rina, sari, who):
    sent = make.practised(sari)
    if who == "other companion":
        client.force_login(make.companion().user)
    elif who == "former companion":
        sari.household.companionships.update(ended_at=timezone.now())
    else:
        sent.pk = uuid4()
    assert client.get(at(sent)).status_code == 404
    assert answer(client, sent).status_code == 404
    assert not Feedback.objects.exists()


# --- In the family's name -----------------------------------------------------------------------------------------


def record(client, person, **data):
    lesson = make.lessons()[0]
    path = f"/dampingan/pelajar/{person.pk}/praktik/{lesson.translation_key}/"
    return client.post(path, {"id": str(uuid4())} | data)


def test_she_records_a_practice_in_the_familys_name_and_then_answers_it(client, rina, sari):
    response = record(client, sari, note="Tiga mereknya ditunjukkan.", photo=upload(written(picture(), "JPEG")))
    sent = PracticeSubmission.objects.get()
    assert response["Location"] == at(sent)
    assert (sent.learner, sent.recorded_by, sent.note) == (sari, rina.user, "Tiga mereknya ditunjukkan.")
    assert sent.evidence.count() == 1
    assert f"Dicatat {rina.user.first_name} atas nama keluarga" in text(soup(client.get(at(sent))).main)


def test_what_she_records_again_after_going_back_is_one_unless_anything_differs(client, rina, sari):
    """The page of the form comes anew with another id, and the browser puts back what was typed."""
    first, again = (record(client, sari, note="Diceritakan di rumah.") for _ in range(2))
    assert first["Location"] == again["Location"]
    assert "Ini sudah tersimpan tadi." in text(soup(client.get(again["Location"])).main)
    record(client, sari, note="Diceritakan di rumah.", photo=upload(written(picture(), "JPEG")))
    record(client, sari, note="Tiga mereknya ditunjukkan.")
    assert PracticeSubmission.objects.count() == 3


def test_a_word_is_enough_where_the_lesson_wants_a_photo(client, rina, sari):
    assert record(client, sari, note="Diceritakan di rumah.").status_code == 302


def test_nothing_at_all_is_not(client, rina, sari):
    response = record(client, sari)
    assert field_error(response, "note") == "Tulis catatan dulu."


def test_what_she_records_is_no_sign_of_the_familys_phone(client, rina, sari):
    record(client, sari, note="Diceritakan di rumah.")
    sari.refresh_from_db()
    assert sari.phone_last_sent_at is None


def test_of_who_has_not_agreed_nothing_is_recorded(client, rina, sari):
    Consent.objects.filter(learner=sari).delete()
    assert record(client, sari, note="Diceritakan.").status_code == 404
    assert client.get(f"/dampingan/pelajar/{sari.pk}/praktik/").status_code == 404
    assert client.post(f"/dampingan/pelajar/{sari.pk}/bukti/{uuid4()}/", {"voice": upload(wav(1))}).status_code == 404
    assert not Evidence.objects.exists()


def test_all_tasks_are_there_to_choose_from_with_their_states(client, rina, sari):
    make.feedback(make.practised(sari), rina)
    page = soup(client.get(f"/dampingan/pelajar/{sari.pk}/praktik/"))
    assert len(page.select("a.row")) == 43
    assert [text(state) for state in page.select(".state")] == ["Sudah benar"]


def test_the_learners_page_leads_there(client, rina, sari):
    page = soup(client.get(f"/dampingan/pelajar/{sari.pk}/"))
    assert page.find("a", href=f"/dampingan/pelajar/{sari.pk}/praktik/")


def test_the_queue_leads_back_to_today_also_where_nothing_waits(client, rina):
    client.force_login(rina.user)
    assert [link["href"] for link in soup(client.get(QUEUE)).select("main > a.link:first-child")] == ["/dampingan/"]
