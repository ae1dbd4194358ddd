"""``export_module`` and ``import_module``: one module as one file, the same twice, refused whole where it is broken."""

import json
import shutil
import zipfile
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models.signals import post_save
from django.test import TestCase
from django.utils import timezone
from wagtail.models import Page, ReferenceIndex, Revision

from badges.models import Badge
from courses.carried import CarriedFile
from courses.models import Figure, LessonPage, LoadedContent, ModulePage, Picture, PictureRendition, Recording
from courses.moving import VERSION, page_fields
from progress.models import LessonCompletion
from quizzes.models import Attempt, QuizPage
from tests import factories
from tests.courses.test_images import SECRET, photo, stored
from tests.practice.files import sound

pytestmark = pytest.mark.django_db

MODULE = "pengenalan-motivasi"


def furnished() -> ModulePage:
    """The module with a picture, a recording and a changing figure in one lesson, and a picture of its own."""
    module, lesson = factories.module(MODULE), factories.lessons(MODULE)[0]
    picture = factories.picture(factories.image_file(60, 40))
    recording = Recording.objects.create(
        title="Salam", type="video", duration=3, file=ContentFile(b"film", "salam.mp4")
    )
    lesson.body = [
        *lesson.body.get_prep_value(),
        {"type": "picture", "id": "a1", "value": {"image": picture.pk, "alt_text": "Bu Sari", "caption": ""}},
        {"type": "video", "id": "a2", "value": {"title": "Salam", "transcript": "Halo.", "media": recording.pk}},
        {"type": "figure", "id": "a3", "value": Figure.objects.first().pk},
        {
            "type": "paragraph",
            "id": "a4",
            "value": f'<p data-block-key="x">Baca <a id="{module.pk}" linktype="page">modul</a> ini.</p>',
        },
    ]
    lesson.save_revision().publish()
    module.picture = picture
    module.save_revision().publish()
    return module


@pytest.fixture
def module() -> ModulePage:
    return furnished()


@pytest.fixture
def file(module, tmp_path) -> Path:
    """The module as a file."""
    path = tmp_path / "modul.zip"
    call_command("export_module", MODULE, path, stdout=StringIO())
    return path


@pytest.fixture(scope="module")
def from_elsewhere(django_db_setup, django_db_blocker, tmp_path_factory) -> bytes:
    """The file of a server whose pictures have never been here."""
    path = tmp_path_factory.mktemp("elsewhere") / "modul.zip"
    with django_db_blocker.unblock(), transaction.atomic():
        furnished()
        call_command("export_module", MODULE, path, stdout=StringIO())
        transaction.set_rollback(True)
    return path.read_bytes()


@pytest.fixture
def foreign(from_elsewhere, tmp_path) -> Path:
    path = tmp_path / "modul.zip"
    path.write_bytes(from_elsewhere)
    return path


def taken(path: Path) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("import_module", path, stdout=out)
    return out.getvalue()


def refused(path: Path) -> str:
    """The one sentence with which a file is refused, and nothing has changed."""
    before = everything()
    with pytest.raises(CommandError) as error, TestCase.captureOnCommitCallbacks(execute=True):
        taken(path)
    assert everything() == before
    return str(error.value)


def everything() -> dict[str, list]:
    models = (Page, LessonPage, ModulePage, QuizPage, Revision, Figure, Picture, Recording, Badge, CarriedFile)
    rows = {model.__name__: list(model.objects.order_by("pk").values()) for model in models}
    return rows | {"files": sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())}


def elsewhere(module: ModulePage) -> None:
    """As on another server, where nobody has heard of the module."""
    Badge.objects.filter(required_modules__module=module, is_path=False).delete()
    LoadedContent.objects.all().delete()
    ReferenceIndex.objects.all().delete()
    ModulePage.objects.get(pk=module.pk).delete()
    Picture.objects.all().delete()
    Recording.objects.all().delete()
    CarriedFile.objects.all().delete()


def changed(path: Path, edit) -> Path:
    """The file with its text changed by ``edit``, which gets it as JSON."""
    content = parts(path)
    text = json.loads(content["modul.json"])
    edit(text)
    return written(path, content | {"modul.json": json.dumps(text).encode()})


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def written(path: Path, content: dict[str, bytes]) -> Path:
    made = path.with_name("lain.zip")
    with zipfile.ZipFile(made, "w") as file:
        for name, data in content.items():
            file.writestr(name, data)
    return made


def picture_in(content: dict[str, bytes]) -> str:
    return next(name for name in content if name.endswith((".jpg", ".jpeg")))


# --- There and back ------------------------------------------------------------------------------------------------


def test_a_module_arrives_whole_where_nobody_knew_it(client, module, file):
    before = {lesson.translation_key: client.get(lesson.url).text for lesson in factories.lessons(MODULE)}
    questions = factories.quiz(MODULE).questions.get_prep_value()
    elsewhere(module)
    assert taken(file) == "Modul: 7 halaman baru, 0 diperbarui, 0 sama.\n"
    arrived = factories.module(MODULE)
    assert (arrived.translation_key, arrived.live) == (module.translation_key, True)
    assert arrived.rubric_points == module.rubric_points != []
    assert arrived.picture.title == module.picture.title
    assert list(arrived.business_types.values_list("code")) == list(module.business_types.values_list("code"))
    assert [lesson.translation_key for lesson in factories.lessons(MODULE)] == list(before)
    body = factories.lessons(MODULE)[0].body
    assert [block.value["media"].file.read() for block in body if block.block_type == "video"] == [b"film"]
    assert [stored(block.value["image"].file)[:3] for block in body if block.block_type == "picture"] == [
        b"\xff\xd8\xff"
    ]
    assert f'<a href="{arrived.url}">' in client.get(factories.lessons(MODULE)[0].url).text
    assert Badge.objects.filter(required_modules__module=arrived, is_path=False).exists()
    again = factories.quiz(MODULE).questions.get_prep_value()
    assert [one["id"] for one in again] == [one["id"] for one in questions]


@pytest.mark.parametrize(
    "link", ['<a href="tel:+6281157157157">Telepon OJK</a>', '<a href="mailto:konsumen@ojk.go.id">Surel</a>']
)
def test_a_telephone_and_an_e_mail_arrive_as_links(client, link, tmp_path):
    lesson = factories.lessons(MODULE)[0]
    lesson.body = [*lesson.body.get_prep_value(), {"type": "paragraph", "id": "a1", "value": f"<p>{link}</p>"}]
    lesson.save_revision().publish()
    call_command("export_module", MODULE, tmp_path / "modul.zip", stdout=StringIO())
    elsewhere(factories.module(MODULE))
    taken(tmp_path / "modul.zip")
    assert link in client.get(factories.lessons(MODULE)[0].url).text


def test_a_voice_arrives_with_its_twin(module, tmp_path):
    voice = File(BytesIO(sound(1)), "salam.mp3")
    lesson = factories.lessons(MODULE)[1]
    lesson.voice = Recording.objects.create(title="Salam", type="audio", duration=1, file=voice)
    lesson.save_revision().publish()
    path = tmp_path / "modul.zip"
    call_command("export_module", MODULE, path, stdout=StringIO())
    elsewhere(module)
    taken(path)
    arrived = factories.lessons(MODULE)[1].voice
    assert (arrived.title, arrived.file.name[-5:], arrived.twin.name[-4:]) == ("Salam", ".webm", ".m4a")
    assert taken(path).endswith(" 7 sama.\n")


def test_the_same_file_twice_changes_nothing(module, file):
    elsewhere(module)
    taken(file)
    before = everything()
    assert taken(file) == "Modul: 0 halaman baru, 0 diperbarui, 7 sama.\n"
    assert everything() == before


def test_where_it_came_from_it_changes_nothing(module, file):
    before = everything()
    assert taken(file) == "Modul: 0 halaman baru, 0 diperbarui, 7 sama.\n"
    assert everything() == before


def test_the_same_module_gives_the_same_file(module, file, tmp_path):
    call_command("export_module", MODULE, tmp_path / "lagi.zip", stdout=StringIO())
    assert (tmp_path / "lagi.zip").read_bytes() == file.read_bytes()


def test_it_goes_on_from_server_to_server(module, file, tmp_path):
    """A picture is written anew at each; it is still the same picture."""
    elsewhere(module)
    taken(file)
    call_command("export_module", MODULE, tmp_path / "lagi.zip", stdout=StringIO())
    assert sorted(parts(tmp_path / "lagi.zip")) == sorted(parts(file))
    assert taken(tmp_path / "lagi.zip").endswith(" 7 sama.\n")


def test_what_has_changed_is_a_new_revision_and_what_has_not_is_none(module, file):
    lesson = factories.lessons(MODULE)[1]
    lesson.goal = "Tujuan yang lain."
    lesson.save_revision().publish()
    revisions = Revision.objects.count()
    assert taken(file) == "Modul: 0 halaman baru, 1 diperbarui, 6 sama.\n"
    assert Revision.objects.count() == revisions + 1
    assert LessonPage.objects.get(pk=lesson.pk).goal != "Tujuan yang lain."


def test_what_learners_did_still_points_at_it(module, file):
    person = factories.learner()
    factories.finished(person, MODULE)
    done = set(LessonCompletion.objects.values_list("lesson_key", flat=True))
    lesson = factories.lessons(MODULE)[1]
    lesson.goal = "Tujuan yang lain."
    lesson.save_revision().publish()
    taken(file)
    assert set(LessonCompletion.objects.values_list("lesson_key", flat=True)) == done
    assert done == {lesson.translation_key for lesson in factories.lessons(MODULE)}
    assert Attempt.objects.get(learner=person).quiz_key == factories.quiz(MODULE).translation_key


def test_a_draft_that_it_passes_over_is_named_and_kept(module, file):
    lesson = factories.lessons(MODULE)[1]
    lesson.goal = "Tujuan terbit."
    lesson.save_revision().publish()
    lesson.goal = "Tujuan draf."
    draft = lesson.save_revision()
    assert f"Draf yang belum terbit sekarang ada di riwayat halaman: {lesson.title}" in taken(file)
    assert Revision.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize("hour", ["go_live_at", "expire_at"])
def test_an_hour_that_was_set_here_keeps_no_page_from_being_published(module, file, hour):
    lesson = factories.lessons(MODULE)[1]
    lesson.unpublish()
    setattr(lesson, hour, timezone.now() + timedelta(days=3 if hour == "go_live_at" else -3))
    lesson.save()
    lesson.save_revision().publish()
    call_command("publish_scheduled")
    assert not LessonPage.objects.get(pk=lesson.pk).live
    taken(file)
    call_command("publish_scheduled")
    assert LessonPage.objects.get(pk=lesson.pk).live


def test_lessons_come_in_the_order_of_the_file(module, file):
    wanted = [lesson.pk for lesson in factories.lessons(MODULE)]
    factories.lessons(MODULE)[0].move(module, pos="last-child")
    taken(file)
    assert [lesson.pk for lesson in factories.lessons(MODULE)] == wanted


@pytest.mark.parametrize(("checked", "value"), [("2020-01-01", "Baru"), ("2030-01-01", "Lama")])
def test_the_figure_that_was_checked_later_wins(module, file, checked, value):
    slug = Figure.objects.first().slug
    Figure.objects.filter(slug=slug).update(value="Lama", checked_on=checked)

    def newly_checked(content):
        next(one for one in content["figures"] if one["slug"] == slug)["value"] = "Baru"

    taken(changed(file, newly_checked))
    assert Figure.objects.get(slug=slug).value == value


def test_a_picture_tells_no_place_even_where_the_file_did(foreign):
    """U2"""
    content = parts(foreign)
    taken(written(foreign, content | {picture_in(content): photo("JPEG").read()}))
    assert SECRET.encode() not in stored(Picture.objects.get().file)


def test_hostile_html_arrives_without_its_script(foreign):
    """W5"""

    def hostile(content):
        block = next(one for one in content["pages"][1]["fields"]["body"] if one["type"] == "paragraph")
        block["value"] = "<p onclick=alert(1)>Baik<script>alert(1)</script></p>"

    taken(changed(foreign, hostile))
    paragraphs = [one.value.source for one in factories.lessons(MODULE)[0].body if one.block_type == "paragraph"]
    assert paragraphs == ["<p>Baikalert(1)</p>"]


def test_every_field_of_a_page_can_be_carried():
    """A relation to something else would need a name that lasts."""
    allowed = (Page, *(model for model in (Picture, Recording)))
    for model in (ModulePage, LessonPage, QuizPage):
        for field in page_fields(model):
            assert field.related_model is None or issubclass(field.related_model, allowed), field


# --- Refused whole --------------------------------------------------------------------------------------------------


def body(content: dict) -> list[dict]:
    return content["pages"][1]["fields"]["body"]


def edits():
    """(what is wrong, how it is written, a piece of the sentence)"""
    yield "no format", lambda it: it.pop("format"), "bukan modul dari Belajar PENA"
    yield "other version", lambda it: it.update(version=VERSION + 1), f"dari versi lain ({VERSION + 1})"
    yield "no pages", lambda it: it.update(pages=[]), "bukan modul dari Belajar PENA"
    yield "pages are no list", lambda it: it.update(pages={}), "«pages» tidak sesuai bentuknya"
    yield "unknown key", lambda it: it.update(rahasia=1), "«rahasia» tidak dikenal"
    yield "a page is a text", lambda it: it["pages"].__setitem__(2, "x"), "tidak sesuai bentuknya"
    yield "kind of page", lambda it: it["pages"][1].update(type="courses.HomePage"), "jenis halaman ini tidak dikenal"
    yield "key", lambda it: it["pages"][1].update(key="../x"), "tidak sesuai bentuknya"
    yield "no title", lambda it: it["pages"][1]["fields"].pop("title"), "«title» belum ada"
    yield "empty title", lambda it: it["pages"][1]["fields"].update(title=""), "«title»"
    yield "long goal", lambda it: it["pages"][1]["fields"].update(goal="x" * 201), "lebih panjang dari 200 huruf"
    yield "minutes", lambda it: it["pages"][1]["fields"].update(minutes=10**30), "«minutes»"
    yield "endless minutes", lambda it: it["pages"][1]["fields"].update(minutes=float("inf")), "angka ini terlalu besar"
    yield "NUL", lambda it: it["pages"][1]["fields"].update(goal="a\0b"), "huruf yang tidak bisa disimpan"
    yield "half a letter", lambda it: it["pages"][1]["fields"].update(goal="\ud800"), "huruf yang tidak bisa disimpan"
    yield "body is a text", lambda it: it["pages"][1]["fields"].update(body="<b>"), "tidak sesuai bentuknya"
    yield "unknown block", lambda it: body(it)[0].update(type="raw_html"), "tidak sesuai bentuknya"
    yield "block without id", lambda it: body(it)[0].pop("id"), "tidak sesuai bentuknya"
    yield "block of another shape", lambda it: body(it)[0].update(value=5), "tidak sesuai bentuknya"
    yield "list for a text", lambda it: body(it)[-4]["value"].update(alt_text=["x"]), "tidak sesuai bentuknya"
    yield "no alt text", lambda it: body(it)[-4]["value"].update(alt_text=""), "harus diisi"
    yield "picture not there", lambda it: body(it)[-4]["value"].update(image="x.jpg"), "tidak ada di dalam berkas"
    yield "unknown figure", lambda it: body(it)[-2].update(value="tidak-ada"), "harus diisi"
    yield "long HTML", lambda it: body(it)[-1].update(value="<b>" * 20_000), "lebih panjang dari"
    yield "date", lambda it: it["figures"][0].update(checked_on="2026-02-31"), "tanggal ini tidak ada"
    yield "file of no kind", lambda it: [one.update(kind="x") for one in it["files"].values()], "tidak ada di dalam"
    yield "file not listed", lambda it: it["files"].popitem(), "tidak sama dengan daftarnya"
    yield "business type", lambda it: it["pages"][0]["children"].update(business_types=[{"code": "x"}]), "bentuknya"
    yield "answer", lambda it: it["pages"][-1]["fields"]["questions"][0]["value"].update(explanation=""), "harus diisi"
    yield "badge", lambda it: it.update(badge=[]), "seharusnya daftar"


@pytest.mark.parametrize(("edit", "sentence"), [pytest.param(*case[1:], id=case[0]) for case in edits()])
def test_a_wrong_text_is_refused_with_one_sentence(foreign, edit, sentence):
    assert sentence in refused(changed(foreign, edit))


def test_a_module_that_must_be_done_before_has_to_be_there(module, tmp_path):
    call_command("export_module", "merek", tmp_path / "merek.zip", stdout=StringIO())
    Page.objects.filter(pk=module.pk).update(translation_key="00000000-0000-4000-8000-000000000000")
    factories.module("merek").delete()
    assert "belum ada di sini. Impor itu dulu." in refused(tmp_path / "merek.zip")


def test_a_question_of_a_lesson_that_is_not_published_arrives_without_it(tmp_path):
    module, lesson = factories.module(MODULE), factories.lessons(MODULE)[0]
    lesson.unpublish()
    path = tmp_path / "modul.zip"
    call_command("export_module", MODULE, path, stdout=StringIO())
    assert taken(path).endswith(" 6 sama.\n")
    elsewhere(module)
    assert taken(path) == "Modul: 6 halaman baru, 0 diperbarui, 0 sama.\n"
    assert taken(path).endswith(" 6 sama.\n")


@pytest.mark.parametrize("kept", [0, 40, 5000], ids=["empty", "its head", "half"])
def test_what_is_cut_off_is_refused(foreign, kept):
    foreign.write_bytes(foreign.read_bytes()[:kept])
    assert "rusak atau terpotong" in refused(foreign)


def test_a_damaged_picture_is_refused_and_what_had_arrived_is_gone(foreign):
    content = parts(foreign)
    assert "tidak terbaca" in refused(written(foreign, content | {picture_in(content): b"GIF89a"}))


def test_the_files_that_had_arrived_go_where_the_rest_is_refused(foreign):
    assert "harus diisi" in refused(
        changed(foreign, lambda it: it["pages"][-1]["fields"]["questions"][0]["value"].update(explanation=""))
    )


def test_pictures_are_made_before_the_transaction_for_which_others_wait(foreign):
    held = []

    def note(**kwargs):
        held.append(bool(connection.savepoint_ids))

    post_save.connect(note, sender=Picture)
    try:
        taken(foreign)
    finally:
        post_save.disconnect(note, sender=Picture)
    assert held and not any(held)


def test_a_picture_that_another_import_has_published_by_now_stays(foreign):
    """The same file, twice at once: the one that came first is interrupted after the other one has published."""
    others = []

    def interrupted(execute, sql, *rest):
        if PictureRendition._meta.db_table in sql and not others:
            others.append("begun")
            others.append(taken(foreign))
            raise KeyboardInterrupt
        return execute(sql, *rest)

    with connection.execute_wrapper(interrupted), pytest.raises(KeyboardInterrupt):
        call_command("import_module", foreign)
    assert "0 halaman baru, 0 diperbarui" in taken(foreign)


def test_a_disk_that_takes_no_picture_is_not_blamed_on_the_file(foreign, settings):
    settings.MEDIA_ROOT = foreign  # no folder: nothing goes in
    with pytest.raises(CommandError, match="tidak bisa disimpan"):
        call_command("import_module", foreign)


def test_a_bomb_is_refused_before_it_unpacks(foreign):
    """U1"""
    bomb = foreign.with_name("bom.zip")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("modul.json", b" " * 60_000_000)
    assert "terlalu besar" in refused(bomb)


@pytest.mark.parametrize("text", [b"", b"{", b"[" * 100_000, b"\xff\xfe", b"null"], ids=repr)
def test_a_text_that_is_none_is_refused(foreign, text):
    said = refused(written(foreign, parts(foreign) | {"modul.json": text}))
    assert "rusak atau terpotong" in said or "bukan modul" in said


def test_another_zip_is_refused(foreign):
    assert "bukan modul dari Belajar PENA" in refused(written(foreign, {"../../etc/passwd": b"x"}))


def test_a_module_that_is_not_published_is_not_exported(tmp_path):
    factories.module("merek").unpublish()
    for slug in ("merek", "tidak-ada"):
        with pytest.raises(CommandError, match="tidak ada atau belum terbit"):
            call_command("export_module", slug, tmp_path / "x.zip")
    assert list(tmp_path.iterdir()) == []


def test_what_another_export_to_the_same_file_has_half_written_is_left_to_it(module, tmp_path):
    others = tmp_path / "x.zip.sebagian"
    others.write_bytes(b"half")
    call_command("export_module", MODULE, tmp_path / "x.zip")
    assert others.exists()


def test_a_lost_picture_is_said_and_no_file_is_left(module, tmp_path):
    shutil.rmtree(default_storage.path("original_images"))
    with pytest.raises(CommandError, match="sudah hilang"):
        call_command("export_module", MODULE, tmp_path / "x.zip")
    assert list(tmp_path.iterdir()) == []


def test_a_picture_that_its_editor_has_deleted_is_said_too(module, tmp_path):
    Picture.objects.all().delete()
    with pytest.raises(CommandError, match="sudah hilang"):
        call_command("export_module", MODULE, tmp_path / "x.zip")


def test_a_page_whose_picture_was_deleted_here_gets_it_again(module, file):
    Picture.objects.all().delete()
    assert "0 halaman baru, 0 diperbarui" not in taken(file)
    assert "0 halaman baru, 0 diperbarui" in taken(file)


def test_a_paragraph_that_grew_too_long_is_said_and_no_file_is_left(tmp_path):
    lesson = factories.lessons(MODULE)[0]
    link = f'<a linktype="page" id="{lesson.pk}">{"kata " * 1990}</a>'
    lesson.body = [*lesson.body.get_prep_value(), {"type": "paragraph", "id": "a1", "value": f"<p>{link}</p>"}]
    lesson.save_revision().publish()
    with pytest.raises(CommandError, match="lebih panjang dari 10000 huruf"):
        call_command("export_module", MODULE, tmp_path / "x.zip")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError, match="tidak bisa dibaca"):
        call_command("import_module", tmp_path / "x.zip")
