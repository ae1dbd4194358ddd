"""``load_content``: all or nothing, as often as one likes, and never over an editor."""

import re
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from wagtail.models import Page

from badges.models import Badge
from courses.loader import load
from courses.models import Figure, LessonPage, LoadedContent, ModulePage
from quizzes.models import QuizPage
from quizzes.rules import Kind
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def content(tmp_path) -> Path:
    """A copy of the lessons that come with the product, to be changed."""
    return shutil.copytree(settings.BASE_DIR / "content", tmp_path / "content")


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Replaces the first ``old`` in a file."""
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))


def said(folder: Path) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("load_content", folder, stdout=out)
    return out.getvalue()


def everything() -> dict[str, list]:
    """All rows, as they are stored, of all tables that hold content."""
    apps_ = [apps.get_app_config(app) for app in ("wagtailcore", "courses", "quizzes", "badges")]
    rows = {}
    with connection.cursor() as cursor:
        for table in (model._meta.db_table for app in apps_ for model in app.get_models()):
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')  # noqa: S608
            rows[table] = cursor.fetchall()
    return rows


def lesson(slug: str = "memilih-nama") -> LessonPage:
    return LessonPage.objects.get(slug=slug)


# --- What comes with the product ---------------------------------------------------------------------------------


def test_eight_modules_43_lessons_and_79_questions_come_with_the_product():
    assert ModulePage.objects.live().count() == 8
    assert LessonPage.objects.live().count() == 43
    assert QuizPage.objects.live().count() == 8
    assert sum(len(quiz.asked) for quiz in QuizPage.objects.live()) == 79


def test_all_six_kinds_of_question_are_used():
    assert {asked.rule.kind for quiz in QuizPage.objects.all() for asked in quiz.asked} == set(Kind)


def test_modules_and_lessons_stand_in_the_order_of_the_path():
    codes = [module.slug for module in ModulePage.objects.order_by("path")]
    assert codes == [
        "pengenalan-motivasi",
        "merek",
        "kemasan",
        "riset-pasar",
        "literasi-keuangan",
        "foto-produk",
        "videografi",
        "pemasaran-digital",
    ]
    assert [page.slug for page in factories.lessons("merek")] == re.findall(
        r"(?m)^    slug: (\S+)", (settings.BASE_DIR / "content" / "02-merek.yaml").read_text()
    )


def test_the_addresses_are_those_of_the_tree():
    assert lesson().url == "/modul/merek/memilih-nama/"
    assert factories.quiz("merek").url == "/modul/merek/kuis/"


def test_every_module_says_something_to_companions_and_has_its_badge():
    for module in ModulePage.objects.all():
        assert len(module.guide) == 4, module
        assert Badge.objects.filter(is_path=False, required_modules__module=module).count() == 1, module
    assert Badge.objects.get(is_path=True).required_modules.count() == 5


def test_every_question_explains_itself_and_names_a_lesson_of_its_module():
    for quiz in QuizPage.objects.all():
        for asked in quiz.asked:
            assert asked.value["explanation"]
            assert asked.value["lesson"].get_parent().pk == quiz.get_parent().pk, asked.value["question"]


def figures_of_the_files() -> list[str]:
    return re.findall(r"(?m)^- slug: (\S+)", (settings.BASE_DIR / "content" / "figures.yaml").read_text())


def test_every_figure_of_the_files_is_shown_by_a_lesson():
    """Editors check each one again by its date; nobody should for what nobody reads."""
    lessons = "".join(str([page.goal, page.body.raw_data[:]]) for page in LessonPage.objects.all())
    assert [slug for slug in figures_of_the_files() if f"{{{slug}}}" not in lessons] == []


def test_every_figure_of_the_files_is_there_with_its_source_and_dates():
    slugs = figures_of_the_files()
    assert sorted(Figure.objects.values_list("slug", flat=True)) == sorted(slugs)
    for figure in Figure.objects.all():
        figure.full_clean()
        assert figure.checked_on < figure.check_again_by


def test_a_task_that_says_write_takes_what_is_written_or_a_photo_of_it():
    """Its form has only the fields that its evidence names."""
    for page in LessonPage.objects.exclude(practice=[]):
        task = page.practice[0].value
        _, write, then = task["instruction"].lower().rpartition("tulis")
        assert not write or "note" in task["evidence"] or ("foto" in then and "photo" in task["evidence"]), page


def test_no_mark_of_the_writers_is_left_in_a_lesson():
    """[cek 2026] became a figure with its date; [pengetahuan] stays out until someone has checked it."""
    for page in [*LessonPage.objects.all(), *QuizPage.objects.all()]:
        stored = str(page.specific_class.objects.filter(pk=page.pk).values().get())
        assert not re.search(r"\[(cek|pengetahuan)", stored, re.IGNORECASE), page


# --- Again, and over editors -------------------------------------------------------------------------------------


def test_loading_again_changes_nothing(content):
    before = everything()
    assert said(content) == "Materi: 0 baru, 0 diperbarui, 59 sama.\n"
    assert everything() == before


def test_a_changed_file_changes_its_page_alone(content):
    edit(content, "02-merek.yaml", "Nama pendek lebih baik.", "Nama pendek selalu lebih baik.")
    assert said(content) == "Materi: 0 baru, 1 diperbarui, 58 sama.\n"
    assert "Nama pendek selalu lebih baik." in str(lesson().body)
    assert lesson().live
    assert not lesson().has_unpublished_changes
    assert said(content) == "Materi: 0 baru, 0 diperbarui, 59 sama.\n"


def test_the_learner_reads_the_change(client, content):
    edit(content, "02-merek.yaml", "Nama pendek lebih baik.", "Nama pendek selalu lebih baik.")
    load(content)
    assert "Nama pendek selalu lebih baik." in client.get(lesson().url).content.decode()


def test_a_page_keeps_its_identity_when_its_file_changes(content):
    """So what learners have done stays theirs."""
    page, quiz = lesson(), factories.quiz("merek")
    edit(content, "02-merek.yaml", 'title: "Memilih nama"', 'title: "Memilih nama usaha"')
    edit(content, "02-merek.yaml", "Apa guna utama merek?", "Apa guna merek?")
    load(content)
    assert lesson().translation_key == page.translation_key
    assert lesson().title == "Memilih nama usaha"
    changed = factories.quiz("merek")
    assert changed.asked[0].value["question"] == "Apa guna merek?"
    assert [asked.rule for asked in changed.asked] == [asked.rule for asked in quiz.asked]


def test_a_module_changes_with_all_that_belongs_to_it(content):
    edit(content, "03-kemasan.yaml", "  level: dasar", "  level: lanjut")
    edit(content, "03-kemasan.yaml", "prerequisites: [pengenalan-motivasi]", "prerequisites: [merek]")
    edit(content, "03-kemasan.yaml", "business_types: []", "business_types: [kuliner, jasa]")
    edit(content, "03-kemasan.yaml", "topic: kemasan", "topic: merek")
    load(content)
    module = factories.module("kemasan")
    assert (module.level, module.topic) == ("lanjut", "merek")
    assert [row.module.slug for row in module.prerequisites.all()] == ["merek"]
    assert [row.code for row in module.business_types.all()] == ["kuliner", "jasa"]


def change_as_editor(page: Page, title: str = "Judul penyunting") -> Page:
    page.title = title
    return page.save_revision(user=factories.staff("Penulis materi"))


@pytest.mark.parametrize("file_changed", [False, True])
@pytest.mark.parametrize("is_published", [False, True])
def test_what_an_editor_has_changed_is_left_and_said(content, is_published, file_changed):
    revision = change_as_editor(lesson())
    if is_published:
        revision.publish()
    before = lesson()
    if file_changed:
        edit(content, "02-merek.yaml", "Nama pendek lebih baik.", "Nama pendek selalu lebih baik.")
    words = said(content)
    assert "Dibiarkan, karena sudah diubah penyunting: " + before.title in words
    assert "0 baru, 0 diperbarui, 58 sama" in words
    after = lesson()
    assert (after.title, after.body.raw_data[:], after.latest_revision_id, after.live_revision_id) == (
        before.title,
        before.body.raw_data[:],
        before.latest_revision_id,
        before.live_revision_id,
    )
    assert after.get_latest_revision_as_object().title == "Judul penyunting"


def test_a_module_that_an_editor_has_changed_still_gets_its_lessons(content):
    change_as_editor(factories.module("merek")).publish()
    edit(content, "02-merek.yaml", "Nama pendek lebih baik.", "Nama pendek selalu lebih baik.")
    load(content)
    assert factories.module("merek").title == "Judul penyunting"
    assert "Nama pendek selalu lebih baik." in str(lesson().body)


def test_a_module_that_an_editor_has_given_another_address_keeps_its_one_quiz(content):
    before = list(QuizPage.objects.values_list("pk", flat=True))
    module = factories.module("merek")
    module.slug = "merek-usaha"
    module.save_revision().publish()
    assert load(content).kept == [module.title]
    assert list(QuizPage.objects.values_list("pk", flat=True)) == before


def test_an_editors_new_title_touches_no_other_module(content):
    """The others ask for «pengenalan-motivasi» first, whatever its title. Its quiz may bear the title too."""
    change_as_editor(factories.module("pengenalan-motivasi")).publish()
    assert set(load(content).updated) <= {"Kuis: Judul penyunting"}


def test_a_page_that_an_editor_has_taken_down_stays_down(content):
    lesson().unpublish()
    edit(content, "02-merek.yaml", "Nama pendek lebih baik.", "Nama pendek selalu lebih baik.")
    assert load(content).kept == ["Memilih nama"]
    assert not lesson().live


def test_a_deleted_lesson_stays_deleted_and_is_said(content):
    lesson().delete()
    assert "Memilih nama (dihapus penyunting)" in said(content)
    assert not LessonPage.objects.filter(slug="memilih-nama").exists()


def test_a_deleted_quiz_stays_deleted(content):
    factories.quiz("merek").delete()
    assert load(content).kept == ["Kuis: Merek Usaha (dihapus penyunting)"]
    assert QuizPage.objects.count() == 7


def test_a_deleted_module_stays_deleted_with_its_lessons(content):
    factories.module("videografi").delete()
    run = load(content)
    assert run.kept == ["Video Produk dengan HP (dihapus penyunting)"]
    assert run.created == []


def test_a_deleted_module_that_others_ask_for_stays_deleted_too(content):
    factories.module("pengenalan-motivasi").delete()
    run = load(content)
    assert len(run.kept) == 1
    assert run.created == []
    assert not factories.module("merek").prerequisites.exists()


def test_a_moved_page_is_not_made_again(content):
    lesson().move(factories.module("kemasan"), pos="last-child")
    assert load(content).created == []
    assert lesson().get_parent().pk == factories.module("kemasan").pk


def test_a_figure_that_its_checker_has_changed_is_left(content):
    Figure.objects.filter(slug="tarif-merek-umk").update(value="Rp600.000")
    edit(content, "figures.yaml", "Rp500.000", "Rp700.000")
    load(content)
    assert Figure.objects.get(slug="tarif-merek-umk").value == "Rp600.000"


def test_a_badge_that_its_editor_has_named_is_left(content):
    Badge.objects.filter(name="Pandai Merek").update(name="Jago Merek")
    load(content)
    assert Badge.objects.filter(name="Jago Merek").exists()
    assert not Badge.objects.filter(name="Pandai Merek").exists()


# --- A module more -----------------------------------------------------------------------------------------------

SMALL = """\
module:
  code: contoh
  order: 9
  title: Modul contoh
  summary: Tentang contoh.
  outcome: Satu contoh.
  pictogram: umum
  audience: [learner]
  level: dasar
  business_types: [kuliner]
  prerequisites: [merek]
  companion_guide: {rubric: [Cek praktiknya.]}

lessons:
  - id: "9.1"
    slug: pelajaran-contoh
    title: Pelajaran contoh
    goal: Bisa memberi contoh.
    minutes: 6
    body:
      - key_points: [Satu butir., "Biayanya {harga-contoh}."]
      - paragraph: <p>Satu <b>paragraf</b>.</p>
      - example: {title: Contoh, text: Bu Sari bercerita.}
      - tip: Coba hari ini.
      - figure: harga-contoh
      - steps: [Pilih nama., {text: Cek nama.}]
      - table: {caption: Harga, columns: [Barang, Harga], rows: [[Nasi, Rp5.000]]}
      - quick_check:
          question: "Mana yang benar?"
          choices:
            - {text: Ini, correct: true, feedback: Betul.}
            - {text: Itu, correct: false, feedback: Belum tepat.}
    practice: {instruction: Coba di rumah., evidence: [photo]}

quiz:
  pass_mark: 70
  attempts_per_day: 5
  questions:
    - {id: q1, lesson: "9.1", question: Ya, explanation: Ya., type: true_false, answer: true}
    - {id: q2, lesson: "9.1", question: Mana, explanation: Ini., type: single_choice, options: {a: Ini, b: Itu}, answer: [a]}
    - {id: q3, lesson: "9.1", question: Apa, explanation: Itu., type: multi_select, options: {a: A, b: B, c: C}, answer: [a, b]}
    - {id: q4, lesson: "9.1", question: Urut, explanation: Satu., type: ordering, items: {a: A, b: B, c: C}, answer: [a, b, c]}
    - {id: q5, lesson: "9.1", question: Pasang, explanation: Pas., type: matching, left: {1: A, 2: B}, right: {a: C, b: D}, answer: {1: a, 2: b}}
    - {id: q6, lesson: "9.1", question: Hitung, explanation: Lima., type: numeric, answer: 5000, tolerance: 0, unit: rupiah}

badge: {name: Pandai Contoh}
"""  # noqa: E501  one question a line

FIGURES = """\
- slug: harga-contoh
  label: Harga contoh
  value: Rp5.000
  year: 2026
  source: pasar
  checked_on: 2026-11-22
  check_again_by: 2027-02-22
  checker: Tim materi
"""


@pytest.fixture
def small(tmp_path) -> Path:
    """A folder with one short module and one figure."""
    folder = tmp_path / "kecil"
    folder.mkdir()
    (folder / "modul.yaml").write_text(SMALL)
    (folder / "figures.yaml").write_text(FIGURES)
    return folder


def test_a_new_module_comes_with_all_its_parts(client, small):
    assert said(small) == "Materi: 3 baru, 0 diperbarui, 0 sama.\n"
    module = factories.module("contoh")
    assert module.get_parent().slug == "modul"
    assert [row.module.slug for row in module.prerequisites.all()] == ["merek"]
    assert [row.code for row in module.business_types.all()] == ["kuliner"]
    assert {asked.rule.kind for asked in factories.quiz("contoh").asked} == set(Kind)
    assert Badge.objects.get(required_modules__module=module).name == "Pandai Contoh"
    html = client.get(lesson("pelajaran-contoh").url).content.decode()
    for words in ("Satu butir.", "<b>paragraf</b>", "Bu Sari bercerita.", "Pilih nama.", "Nasi", "Betul.", "Foto"):
        assert words in html
    assert 'Biayanya <span class="num">Rp5.000 <small>(per November 2026)</small></span>.' in html


def test_a_new_lesson_gives_way_to_an_editors_own_of_the_same_address(small):
    load(small)
    LoadedContent.objects.get(pk=lesson("pelajaran-contoh").translation_key).delete()  # as if it had never been there
    lesson("pelajaran-contoh").delete()
    own = LessonPage(title="Milik penyunting", slug="pelajaran-contoh", goal="Tujuan.", body=[])
    factories.module("contoh").add_child(instance=own)
    assert load(small).created == ["Pelajaran contoh"]
    assert lesson("pelajaran-contoh").title == "Milik penyunting"
    edit(small, "modul.yaml", "Bisa memberi contoh.", "Bisa memberi dua contoh.")
    assert load(small).updated == ["Pelajaran contoh"]
    assert lesson("pelajaran-contoh-2").goal == "Bisa memberi dua contoh."


def test_the_files_give_the_same_keys_on_every_server(small):
    load(small)
    first = lesson("pelajaran-contoh"), factories.quiz("contoh")
    keys = [page.translation_key for page in first], first[0].body.raw_data[:], first[1].questions.raw_data[:]
    factories.module("contoh").delete()
    apps.get_model("courses.LoadedContent").objects.all().delete()
    load(small)
    again = lesson("pelajaran-contoh"), factories.quiz("contoh")
    assert ([page.translation_key for page in again], again[0].body.raw_data[:]) == keys[:2]
    ids = [[question["id"] for question in questions] for questions in (keys[2], again[1].questions.raw_data[:])]
    assert ids[0] == ids[1]


def test_markup_of_a_file_is_cleaned(small):
    edit(small, "modul.yaml", "Satu <b>paragraf</b>.", "<script>alert(1)</script><b onclick=x>paragraf</b>")
    load(small)
    (paragraph,) = (block for block in lesson("pelajaran-contoh").body if block.block_type == "paragraph")
    assert paragraph.value.source == "<p>alert(1)<b>paragraf</b></p>"


# --- Broken files ------------------------------------------------------------------------------------------------

BROKEN = [
    # the module
    ("module:\n", "modul:\n", 1, "«modul» tidak dikenal"),
    ("  order: 9\n", "", 2, "«order» belum ada"),
    ("order: 9", "order: sembilan", 3, "isi «order» tidak sesuai"),
    ("  code: contoh\n", "", 2, "«code» belum ada"),
    ("code: contoh", "code: Modul Contoh", 2, "«slug»"),
    ("title: Modul contoh", "title: ''", 4, "«title»"),
    ("title: Modul contoh", "title: 5", 4, "isi «title» tidak sesuai"),
    ("title: Modul contoh", f"title: {'x' * 256}", 4, "«title»"),
    ("summary: Tentang contoh.", f"summary: {'x' * 301}", 5, "«summary»"),
    ("pictogram: umum", "pictogram: kuda", 7, "«pictogram»"),
    ("audience: [learner]", "audience: learner", 8, "isi «audience» tidak sesuai"),
    ("audience: [learner]", "audience: [pelajar]", 8, "pelajar"),
    ("level: dasar", "level: sulit", 9, "«level»"),
    ("business_types: [kuliner]", "business_types: [tidak-ada-jenis-begitu]", 10, "tidak-ada-jenis-begitu"),
    ("business_types: [kuliner]", "business_types: [kuliner, kuliner]", 10, "kuliner"),
    ("prerequisites: [merek]", "prerequisites: [mrek]", 11, "modul «mrek» belum ada"),
    ("prerequisites: [merek]", "prerequisites: [merek, merek]", 11, "merek"),
    ("{rubric: [Cek praktiknya.]}", "{rubric: [5]}", 12, "«rubric» berisi yang tidak dikenal: 5"),
    ("{rubric: [Cek praktiknya.]}", "{rubrik: [Cek.]}", 12, "«rubrik» tidak dikenal"),
    ("{rubric: [Cek praktiknya.]}", "[Cek praktiknya.]", 12, "isi «companion_guide» tidak sesuai"),
    ("level: dasar", "level: dasar\n  topic: memasak", 10, "«topic»"),
    ("level: dasar", "level: dasar\n  warna: merah", 10, "«warna» tidak dikenal"),
    # a lesson
    ("lessons:\n", "pelajaran:\n", 14, "«pelajaran» tidak dikenal"),
    ('  - id: "9.1"\n', '  - judul saja\n  - id: "9.1"\n', 15, ""),
    ('id: "9.1"', "id: 9.1", 15, "isi «id» tidak sesuai"),
    ("    slug: pelajaran-contoh\n", "", 15, "«slug» belum ada"),
    ("slug: pelajaran-contoh", "slug: Pelajaran Contoh", 16, "«slug»"),
    ("title: Pelajaran contoh", "titel: Pelajaran contoh", 17, "«titel» tidak dikenal"),
    ("goal: Bisa memberi contoh.", f"goal: {'x' * 201}", 18, "«goal»"),
    ("minutes: 6", "minutes: 31", 19, "«minutes»"),
    ("minutes: 6", "minutes: enam", 19, "isi «minutes» tidak sesuai"),
    ("minutes: 6", "minutes: -1", 19, "«minutes»"),
    # its blocks
    ("      - key_points: [Satu", "      - butir: [Satu", 21, "blok «butir» tidak dikenal"),
    ("      - tip: Coba hari ini.", "      - tip: Coba hari ini.\n        warning: Awas.", 24, "satu blok saja"),
    ("      - tip: Coba hari ini.", "      - Coba hari ini.", 24, "seharusnya daftar «kunci: isi»"),
    ("      - tip: Coba hari ini.", "      - tip: [Coba]", 24, "seharusnya teks"),
    ("      - tip: Coba hari ini.", "      - tip: ''", 24, ""),
    ("      - tip: Coba hari ini.", "      - tip: '{tidak-ada}'", 24, "Angka {tidak-ada} belum ada"),
    ("      - tip: Coba hari ini.", "      - audio: {title: A, transcript: B, media: 1}", 24, "seharusnya teks"),
    ("{harga-contoh}", "{tidak-ada}", 21, "Angka {tidak-ada} belum ada"),
    ("[Satu butir., ", "[5, ", 21, "seharusnya teks"),
    ("Satu <b>paragraf</b>.", "x" * 10_000, 22, "lebih panjang dari 10000 huruf"),
    ("Satu <b>paragraf</b>.", "Hanya {tidak-ada}.", 22, "Angka {tidak-ada} belum ada"),
    ("{title: Contoh, text: Bu Sari bercerita.}", "{title: Contoh}", 23, ""),
    ("{title: Contoh, text: Bu Sari bercerita.}", "{judul: Contoh}", 23, "«judul» tidak dikenal"),
    ("figure: harga-contoh", "figure: tidak-ada", 25, "angka «tidak-ada» belum ada"),
    ("[Pilih nama., {text: Cek nama.}]", "[Pilih nama.]", 26, ""),
    ("[[Nasi, Rp5.000]]", "[[Nasi]]", 27, "harus punya 2 kolom"),
    ("[[Nasi, Rp5.000]]", "[Nasi]", 27, "harus punya 2 kolom"),
    ("correct: true", "correct: ya sekali", 31, "seharusnya true atau false"),
    ("correct: true", "correct: false", 28, "Tandai tepat satu pilihan benar"),
    ("correct: false", "correct: true", 28, "Tandai tepat satu pilihan benar"),
    ("            - {text: Itu, correct: false, feedback: Belum tepat.}\n", "", 28, ""),
    # its practice
    ("evidence: [photo]", "evidence: [video]", 33, ""),
    ("evidence: [photo]", "evidence: []", 33, ""),
    ("evidence: [photo]", "evidence: photo", 33, ""),
    ("evidence: [photo]", "evidence: 1", 33, ""),
    ("instruction: Coba di rumah.", "instruction: ''", 33, ""),
    # the quiz
    ("pass_mark: 70", "pass_mark: 170", 36, "«pass_mark»"),
    ("pass_mark: 70", "pass_mark: true", 36, "isi «pass_mark» tidak sesuai"),
    ("attempts_per_day: 5", "attempts_per_day: -1", 37, "«attempts_per_day»"),
    ("    - {id: q1,", "    - soal\n    - {id: q1,", 39, ""),
    ("{id: q1, ", "{", 39, "«id» belum ada"),
    ("type: true_false", "type: ya_tidak", 39, "jenis soal «ya_tidak» tidak dikenal"),
    ("type: true_false, answer: true", "type: true_false, answer: benar", 39, "isi «answer» tidak sesuai"),
    ("type: true_false, answer: true", "type: true_false, answer: true, unit: kg", 39, "«unit» tidak dikenal"),
    ("question: Ya, explanation: Ya.", "question: Ya, explanation: ''", 39, ""),
    ("question: Ya, explanation: Ya.", "explanation: Ya.", 39, "«question» belum ada"),
    ('{id: q1, lesson: "9.1"', '{id: q1, lesson: "9.7"', 39, "9.7"),
    ("{id: q2,", "{id: q1,", 40, "q1"),
    ("b: Itu}, answer: [a]", "b: Itu}, answer: [c]", 40, "jawaban «c» tidak ada di pilihan"),
    ("b: Itu}, answer: [a]", "b: Itu}, answer: []", 40, "Tandai tepat satu pilihan benar"),
    ("b: Itu}, answer: [a]", "b: Itu}, answer: [a, b]", 40, "Tandai tepat satu pilihan benar"),
    ("b: Itu}, answer: [a]", "b: Itu}, answer: [[a]]", 40, ""),
    ("options: {a: Ini, b: Itu}", "options: {a: Ini}", 40, ""),
    ("options: {a: Ini, b: Itu}", "options: {a: Ini, b: ''}", 40, ""),
    ("c: C}, answer: [a, b]}", "c: C}, answer: [a]}", 41, "Tandai dua pilihan benar atau lebih"),
    ("c: C}, answer: [a, b]}", "c: C}, answer: [a, b, c]}", 41, "sisakan yang salah"),
    ("answer: [a, b, c]}", "answer: [a, b]}", 42, "urutan harus memakai semua isi"),
    ("answer: [a, b, c]}", "answer: [a, b, b]}", 42, "urutan harus memakai semua isi"),
    ("answer: [a, b, c]}", "answer: [a, b, d]}", 42, "jawaban «d» tidak ada di pilihan"),
    ("{1: a, 2: b}", "{1: a, 2: a}", 43, "dipasangkan tepat sekali"),
    ("{1: a, 2: b}", "{1: a, 3: b}", 43, "dipasangkan tepat sekali"),
    ("{1: a, 2: b}", "{1: a, 2: c}", 43, "jawaban «c» tidak ada di pilihan"),
    ("{1: a, 2: b}", "{1: a, x: b}", 43, "dipasangkan tepat sekali"),
    ("answer: 5000", "answer: lima ribu", 44, "isi «answer» tidak sesuai"),
    ("answer: 5000", "answer: true", 44, "isi «answer» tidak sesuai"),
    ("answer: 5000", "answer: .nan", 44, ""),
    ("answer: 5000", "answer: .inf", 44, ""),
    ("tolerance: 0", "tolerance: -1", 44, ""),
    # the badge
    ("badge: {name: Pandai Contoh}", "badge: {nama: Pandai Contoh}", 46, "«nama» tidak dikenal"),
    ("badge: {name: Pandai Contoh}", "badge: Pandai Contoh", 46, ""),
    ("badge: {name: Pandai Contoh}", f"badge: {{name: {'x' * 200}}}", 46, ""),
]

BROKEN_FIGURES = [
    ("- slug: harga-contoh\n", "- label: Harga\n", 2, "«label» ditulis dua kali"),
    ("slug: harga-contoh", "slug: Harga Contoh", 1, "«slug»"),
    ("  value: Rp5.000\n", "", 1, "«value» belum ada"),
    ("value: Rp5.000", "nilai: Rp5.000", 3, "«nilai» tidak dikenal"),
    ("checked_on: 2026-11-22", "checked_on: besok", 6, "«checked_on»"),
    ("checked_on: 2026-11-22", "checked_on: 2026-11-31", 6, ""),
    ("checked_on: 2026-11-22", "checked_on: 20261122", 6, "«checked_on»"),
    ("checker: Tim materi", "checker:", 8, "«checker»"),
    ("checker: Tim materi\n", f"checker: Tim materi\n{FIGURES}", 9, "«slug»"),
    ("- slug", "angka:\n- slug", 1, ""),
    ("- slug: harga-contoh\n", "- harga-contoh\n- slug: harga-contoh\n", 1, "tiap angka adalah daftar «kunci: isi»"),
]


def names(rows) -> list[str]:
    return [f"{line}: {' '.join(new.split())[:50] or 'without ' + old.strip()}" for old, new, line, _ in rows]


def refusal(folder: Path) -> str:
    """What the command says of a broken folder. Nothing may have changed then."""
    before = everything()
    with pytest.raises(CommandError) as error:
        call_command("load_content", folder)
    assert everything() == before
    return str(error.value)


@pytest.mark.parametrize(("old", "new", "line", "reason"), BROKEN, ids=names(BROKEN))
def test_a_broken_module_is_refused_with_file_line_and_reason(small, old, new, line, reason):
    edit(small, "modul.yaml", old, new)
    words = refusal(small)
    assert words.startswith(f"kecil/modul.yaml, baris {line}: ")
    assert reason in words
    assert words.endswith(" Tidak ada yang diubah.")


@pytest.mark.parametrize(("old", "new", "line", "reason"), BROKEN_FIGURES, ids=names(BROKEN_FIGURES))
def test_a_broken_list_of_figures_is_refused_with_file_line_and_reason(small, old, new, line, reason):
    edit(small, "figures.yaml", old, new)
    words = refusal(small)
    assert words.startswith(f"kecil/figures.yaml, baris {line}: ")
    assert reason in words


def twice(text: str) -> str:
    """The lesson of ``SMALL`` two times, under two addresses."""
    start, end = text.index('  - id: "9.1"'), text.index("quiz:")
    return text[:end] + text[start:end].replace("slug: pelajaran-contoh", "slug: pelajaran-kedua") + text[end:]


def test_two_lessons_under_one_id_are_refused(small):
    """The second would take the place of the first."""
    (small / "modul.yaml").write_text(twice(SMALL))
    assert "9.1" in refusal(small)


def test_two_lessons_under_one_address_are_refused(small):
    (small / "modul.yaml").write_text(
        twice(SMALL).replace("pelajaran-kedua", "pelajaran-contoh").replace('"9.1"', '"9.2"', 1)
    )
    assert "«slug»" in refusal(small)


def test_two_modules_under_one_code_are_refused(small):
    (small / "modul-lain.yaml").write_text(SMALL.replace("Modul contoh", "Modul lain"))
    assert "contoh" in refusal(small)


def test_a_lesson_without_a_body_is_refused(small):
    before, rest = SMALL.split("    body:\n")
    (small / "modul.yaml").write_text(f"{before}    body: []\n    practice:{rest.split('    practice:')[1]}")
    assert refusal(small).startswith("kecil/modul.yaml, baris 20: «body»")


def test_a_quiz_without_questions_is_refused(small):
    before, rest = SMALL.split("  questions:\n")
    (small / "modul.yaml").write_text(f"{before}  questions: []\n\nbadge:{rest.split('badge:')[1]}")
    assert refusal(small).startswith("kecil/modul.yaml, baris 38: «questions»")


def test_a_module_file_that_is_a_list_is_refused(small):
    (small / "modul.yaml").write_text("- module\n")
    assert refusal(small).startswith("kecil/modul.yaml, baris 1: ")


def test_a_folder_without_files_is_refused(tmp_path):
    assert "tidak ada berkas materi" in refusal(tmp_path)


def test_one_broken_file_keeps_all_others_from_being_loaded(content):
    """The first file has a good change, the last a mistake."""
    edit(content, "01-pengenalan-motivasi.yaml", "minutes: ", "minutes: 1")
    edit(content, "08-pemasaran-digital.yaml", "pass_mark: 70", "pass_mark: 170")
    assert refusal(content).startswith("content/08-pemasaran-digital.yaml, baris ")
