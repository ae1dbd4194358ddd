"""An editor brings questions in and takes them out at /kelola/kuis/: seen first, saved as a draft, never published."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from wagtail.models import Locale
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from people.models import User
from quizzes.formats.excel import EXAMPLES
from quizzes.formats.files import FORMATS, read
from quizzes.models import QuizImport, QuizPage
from tests import factories
from tests.pages import soup, text
from tests.quizzes.formats.questions import upload

pytestmark = pytest.mark.django_db

GIFT = "// [id:baru]\nApa itu kas?{=Catatan uang ~Baju####Kas adalah catatan uang.}\n\nCeritakan.{}\n"


@pytest.fixture
def quiz() -> QuizPage:
    return factories.quiz()


@pytest.fixture
def writer(client):
    """Signed in, and allowed to write but not to publish."""
    user = factories.staff("Penulis materi")
    client.force_login(user)
    return user


def address(quiz: QuizPage, *parts) -> str:
    return "/".join(["/kelola/kuis", str(quiz.pk), *map(str, parts), ""])


def send(client, quiz: QuizPage, content: str | bytes = GIFT, name: str = "soal.gift"):
    return client.post(address(quiz, "impor"), {"file": upload(name, content)})


def sent(client, quiz: QuizPage, *file) -> str:
    """The address of the preview."""
    return send(client, quiz, *file)["Location"]


def listed(items: list[dict]) -> dict:
    """The fields of a list of blocks as Wagtail's editor sends them."""
    return streamfield([("item", item) for item in items])


def states(page) -> list[str]:
    return [text(state) for state in soup(page).select(".quiz-lines .quiz-state")]


def questions(quiz: QuizPage, *, draft: bool) -> list[str]:
    quiz = QuizPage.objects.get(pk=quiz.pk)
    quiz = quiz.get_latest_revision_as_object() if draft else quiz
    return [asked.value["question"] for asked in quiz.asked]


# --- Seen first --------------------------------------------------------------------------------------------------


def test_the_preview_shows_every_question_and_saves_nothing(client, quiz, writer):
    before = quiz.revisions.count()
    page = client.get(sent(client, quiz))
    assert states(page) == ["Baru", "Ditolak"]
    shown = text(soup(page).select_one(".quiz-lines"))
    for words in ("Baris 2", "Apa itu kas?", "Kunci: Catatan uang", "Baris 4", "Soal uraian belum bisa dipakai"):
        assert words in shown
    assert text(soup(page).select_one(".quiz-save button")) == "Simpan 1 soal"
    assert quiz.revisions.count() == before


def test_the_preview_can_be_narrowed(client, quiz, writer):
    page = client.get(sent(client, quiz) + "?lihat=ditolak")
    assert states(page) == ["Ditolak"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("soal.pdf", b"%PDF", "Jenis berkas ini belum dikenal."),
        ("soal.gift", b"", "Berkas ini kosong."),
        ("soal.xml", b'<!DOCTYPE q [<!ENTITY a "b">]><quiz>&a;</quiz>', "Demi keamanan"),
        ("soal.xlsx", b"x" * (31 * 1024 * 1024), "lebih dari 10 MB"),
    ],
    ids=["wrong type", "empty", "entities", "31 MB"],
)
def test_what_cannot_be_read_is_refused_at_the_field(client, quiz, writer, name, content, reason):
    page = send(client, quiz, content, name)
    assert page.status_code == 422
    assert reason in text(soup(page).select_one(".w-field__errors, .error-message"))
    assert not QuizImport.objects.exists()


def test_no_file_is_asked_for(client, quiz, writer):
    page = client.post(address(quiz, "impor"))
    assert (page.status_code, "Pilih berkasnya dulu." in page.text) == (422, True)


def test_hostile_words_are_shown_as_words(client, quiz, writer):
    """W5."""
    page = client.get(sent(client, quiz, '<script>alert(1)</script>?{="><img src\\=x onerror\\=alert(1)> ~b}'))
    assert "<script>alert(1)" not in page.text
    assert "<img src" not in page.text


# --- Saved -------------------------------------------------------------------------------------------------------


def test_saving_makes_a_draft_and_publishes_nothing(client, quiz, writer):
    live = questions(quiz, draft=False)
    response = client.post(sent(client, quiz) + "simpan/")
    assert response["Location"] == f"/kelola/pages/{quiz.pk}/edit/"
    assert questions(quiz, draft=True) == [*live, "Apa itu kas?"]
    assert questions(quiz, draft=False) == live
    assert QuizPage.objects.get(pk=quiz.pk).latest_revision.user == writer
    said = "1 soal baru dan 0 soal berubah tersimpan sebagai draf. Periksa, lalu kirim untuk ditinjau."
    assert said in client.get(response["Location"]).text


def test_who_may_publish_is_told_to(client, quiz):
    client.force_login(factories.staff("Peninjau materi"))
    response = client.post(sent(client, quiz) + "simpan/")
    assert "tersimpan sebagai draf. Periksa, lalu terbitkan." in client.get(response["Location"]).text


def test_the_draft_of_somebody_else_is_built_upon(client, quiz, writer):
    quiz.pass_mark = 90
    quiz.save_revision()
    client.post(sent(client, quiz) + "simpan/")
    assert QuizPage.objects.get(pk=quiz.pk).get_latest_revision_as_object().pass_mark == 90


@pytest.mark.parametrize("again", ["the button", "the file"])
def test_the_same_again_changes_nothing(client, quiz, writer, again):
    preview = sent(client, quiz)
    client.post(preview + "simpan/")
    revisions = quiz.revisions.count()
    preview = preview if again == "the button" else sent(client, quiz)
    assert states(client.get(preview)) == ["Sama", "Ditolak"]
    client.post(preview + "simpan/")
    assert quiz.revisions.count() == revisions


def test_a_lesson_that_a_file_writes_in_small_letters_is_no_change_the_second_time(client, quiz, writer):
    of_a_lesson = GIFT.replace("[id:baru]", f"[id:baru] [tag:pelajaran:{factories.lessons()[0].title.lower()}]")
    client.post(sent(client, quiz, of_a_lesson) + "simpan/")
    assert states(client.get(sent(client, quiz, of_a_lesson)))[0] == "Sama"


def test_a_draft_without_an_explanation_waits_for_one_before_it_is_published(client, quiz):
    client.force_login(factories.staff("Peninjau materi"))
    client.post(sent(client, quiz, "Merek itu janji.{T}") + "simpan/")
    edit = client.get(f"/kelola/pages/{quiz.pk}/edit/")
    assert edit.status_code == 200
    assert questions(quiz, draft=True)[-1] == "Merek itu janji."


@pytest.mark.parametrize("code", ["excel", "moodle", "gift", "aiken"])
def test_what_was_exported_comes_back_as_the_same(client, quiz, writer, code):
    form = FORMATS[code]
    content = b"".join(client.get(address(quiz, "ekspor", code)))
    preview = client.get(sent(client, quiz, content, f"kuis{form.suffix}"))
    assert set(states(preview)) == {"Sama"}
    assert "Tidak ada yang perlu disimpan." in preview.text


def test_a_question_changed_in_the_sheet_is_changed_in_its_place(client, quiz, writer):
    content = b"".join(client.get(address(quiz, "ekspor", "moodle"))).replace(b"Merek", b"Jenama")
    client.post(sent(client, quiz, content, "kuis.xml") + "simpan/")
    before, after = questions(quiz, draft=False), questions(quiz, draft=True)
    assert after == [question.replace("Merek", "Jenama") for question in before] != before
    drafted = QuizPage.objects.get(pk=quiz.pk).get_latest_revision_as_object()
    assert [asked.rule for asked in drafted.asked] == [asked.rule for asked in quiz.asked]


def test_a_locked_quiz_is_not_written(client, quiz, writer):
    preview = sent(client, quiz)
    other = factories.staff("Peninjau materi")
    QuizPage.objects.filter(pk=quiz.pk).update(locked=True, locked_by=other, locked_at=timezone.now())
    response = client.post(preview + "simpan/", follow=True)
    assert "Kuis ini sedang dikunci atau ditinjau." in response.text
    assert "Apa itu kas?" not in questions(quiz, draft=True)


def test_files_are_forgotten_after_a_week(client, quiz, writer):
    sent(client, quiz)
    QuizImport.objects.update(made_at=timezone.now() - QuizImport.KEPT - factories.A_DAY)
    sent(client, quiz)
    assert QuizImport.objects.count() == 1


def test_a_file_that_is_thrown_away_is_gone(client, quiz, writer):
    preview = sent(client, quiz)
    assert client.post(preview + "buang/")["Location"] == address(quiz, "impor")
    assert client.get(preview).status_code == 404


def test_five_hundred_questions_are_read_shown_and_saved(client, quiz, writer):
    """Within seconds: 2.6 on two busy cores, most of it openpyxl's."""
    many = (replace(EXAMPLES[place % 6], question=f"Soal {place}?") for place in range(500))
    preview = sent(client, quiz, FORMATS["excel"].write(many), "besar.xlsx")
    assert states(client.get(preview)) == ["Baru"] * 500
    client.post(preview + "simpan/")
    assert len(questions(quiz, draft=True)) == 510


def test_a_quiz_of_five_hundred_questions_can_be_saved_in_the_editor(client, quiz, writer):
    """Wagtail sends about thirty fields a question, and Django refuses a form of too many."""
    choices = [{"text": f"Pilihan {letter}", "correct": letter == "a"} for letter in "abcd"]
    fields = [
        ("single_choice", {"question": f"Soal {place}?", "choices": choices, "explanation": "Begitu.", "lesson": ""})
        for place in range(500)
    ]
    data = nested_form_data(
        {
            "title": quiz.title,
            "slug": quiz.slug,
            "pass_mark": 70,
            "attempts_per_day": 5,
            "draw": 0,
            "questions": streamfield([(kind, value | {"choices": listed(value["choices"])}) for kind, value in fields]),
            "comments": inline_formset([]),
        }
    )
    assert len(data) > 10_000
    assert client.post(f"/kelola/pages/{quiz.pk}/edit/", data).status_code == 302
    assert len(questions(quiz, draft=True)) == 500


# --- Taken out ---------------------------------------------------------------------------------------------------


def test_the_export_says_what_each_format_leaves_out(client, quiz, writer):
    cards = [text(card) for card in soup(client.get(address(quiz, "ekspor"))).select(".quiz-cards > li")]
    assert [card.partition(" Ambil")[0].split(" ", 1)[0] for card in cards] == ["Excel", "Moodle", "GIFT", "Aiken"]
    assert "Semua soal ikut." in cards[0] and "Semua soal ikut." in cards[1]
    assert "9 dari 10 soal ikut. 1 soal tidak ikut: GIFT tidak punya soal urutan." in cards[2]
    assert "soal tidak ikut: Aiken hanya punya soal pilih satu." in cards[3]
    assert "Penjelasan, pelajaran, dan nomor soal tidak ikut." in cards[3]


def test_an_unknown_format_is_not_found(client, quiz, writer):
    assert client.get(address(quiz, "ekspor", "pdf")).status_code == 404


def test_the_template_holds_a_question_of_each_kind(client, writer):
    entries = read(upload("contoh.xlsx", client.get("/kelola/kuis/contoh.xlsx").content))
    assert [entry.question for entry in entries] == [example.question for example in EXAMPLES]


def test_the_editor_of_a_quiz_leads_there(client, quiz, writer):
    links = {link["href"] for link in soup(client.get(f"/kelola/pages/{quiz.pk}/edit/")).select("a[href]")}
    assert {address(quiz, "impor"), address(quiz, "ekspor")} <= links
    elsewhere = soup(client.get(f"/kelola/pages/{factories.module().pk}/edit/"))
    assert not elsewhere.select('a[href*="/impor/"]')
    assert '"/kelola/kuis/"' in client.get("/kelola/").text, "in the menu, which Wagtail's script draws"


@pytest.mark.parametrize("quizzes", [1, 8])
def test_the_list_of_quizzes_costs_the_same_for_few_and_many(client, writer, quizzes, django_assert_num_queries):
    for page in QuizPage.objects.all()[quizzes:]:
        page.delete()
    client.get("/kelola/kuis/")
    with django_assert_num_queries(13):
        cards = soup(client.get("/kelola/kuis/")).select(".quiz-cards > li")
    assert len(cards) == quizzes


def test_a_quiz_stands_in_the_list_once_however_many_languages_it_was_copied_to(client, quiz, writer):
    quiz.copy_for_translation(Locale.objects.get(language_code="jv"), copy_parents=True)
    assert client.get("/kelola/kuis/").text.count(f"/kelola/kuis/{quiz.pk}/impor/") == 1
    assert len(soup(client.get("/kelola/kuis/")).select(".quiz-cards > li")) == QuizPage.objects.original().count()


# --- Who may -----------------------------------------------------------------------------------------------------

PATHS = ["impor", "ekspor", "ekspor/gift"]


@pytest.fixture
def stranger():
    """Gets into /kelola/, but may not edit any page."""
    user = factories.staff()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user


@pytest.mark.parametrize("path", PATHS)
def test_a_member_of_staff_without_the_page_is_sent_away(client, quiz, stranger, path):
    """Z1."""
    client.force_login(stranger)
    for response in (client.get(address(quiz, path)), send(client, quiz)):
        assert (response.status_code, response["Location"]) == (302, "/kelola/")
    assert not QuizImport.objects.exists()
    assert not soup(client.get("/kelola/kuis/")).select(".quiz-cards")
    assert client.get("/kelola/kuis/soal/").status_code == 200


@pytest.mark.parametrize("path", [*PATHS, "../../kuis/soal", ".."])
@pytest.mark.parametrize("make", [factories.companion, factories.learner])
def test_companions_and_learners_do_not_get_in(client, quiz, make, path):
    """Z1."""
    client.force_login(make().user)
    assert client.get(address(quiz, path)).status_code == 403
    assert send(client, quiz).status_code == 403


def test_a_file_is_its_senders_own(client, quiz, writer):
    """Z1: not even another writer's, who may edit the same quiz."""
    preview = sent(client, quiz)
    client.force_login(factories.staff("Penulis materi"))
    assert client.get(preview).status_code == 404
    assert client.post(preview + "simpan/").status_code == 404
    assert client.post(preview + "buang/").status_code == 404


def test_a_file_is_found_at_its_own_quiz_only(client, quiz, writer):
    preview = sent(client, quiz)
    other = factories.quiz("kemasan")
    assert client.post(preview.replace(f"/{quiz.pk}/", f"/{other.pk}/") + "simpan/").status_code == 404


def test_opening_the_saving_saves_nothing(client, quiz, writer):
    """W3."""
    preview = sent(client, quiz)
    assert client.get(preview + "simpan/").status_code == 405
    assert client.get(preview + "buang/").status_code == 405


def test_an_administrator_may(client, quiz):
    client.force_login(User.objects.create_superuser("admin.uji"))
    assert states(client.get(sent(client, quiz))) == ["Baru", "Ditolak"]
