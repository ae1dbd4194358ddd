"""What is said before a lesson or module is published: courses/checks.py as tables."""

from datetime import date, timedelta

import pytest

from courses.checks import (
    FigureUse,
    Kind,
    Lesson,
    LinkUse,
    Module,
    PictureUse,
    RecordingUse,
    Severity,
    Text,
    is_address,
    lesson_findings,
    module_findings,
    reads_like_a_file_name,
)

TODAY = date(2026, 11, 22)
A_DAY = timedelta(days=1)
GOOD_PICTURE = PictureUse("body.a.alt_text", "Label keripik dengan tujuh bagian", 900)
GOOD_AUDIO = RecordingUse("body.b.transcript", is_video=False, transcript="Nama pendek.", size=200_000, seconds=55)


def found(lesson: Lesson) -> set[tuple[Kind, Severity]]:
    """What is found beside the note that nobody has recorded a voice."""
    return {(one.kind, one.severity) for one in lesson_findings(lesson, TODAY) if one.kind != Kind.NO_VOICE}


WARN, BLOCK = Severity.WARNING, Severity.BLOCKING


@pytest.mark.parametrize(
    ("lesson", "expected"),
    [
        (Lesson(), set()),
        (Lesson(texts=(Text("goal", "Bisa memilih satu nama."),)), set()),
        (Lesson(texts=(Text("goal", "kata " * 16),)), {(Kind.LONG_SENTENCE, WARN)}),
        (Lesson(texts=(Text("goal", "satu dua tiga empat lima enam. " * 7),)), set()),
        (Lesson(texts=(Text("goal", "kau dan aku ke pasar di hari ini. " * 7),)), set()),  # eight words
        (Lesson(texts=(Text("goal", "kau dan aku ke pasar di hari ini lagi. " * 7),)), {(Kind.HARD_TO_READ, WARN)}),
        (Lesson(texts=(Text("goal", "pendampingan berkelanjutan. " * 21),)), {(Kind.HARD_TO_READ, WARN)}),
        (Lesson(texts=(Text("goal", "pendampingan berkelanjutan."),)), set()),  # too short to judge
        (Lesson(pictures=(GOOD_PICTURE,)), set()),
        (Lesson(pictures=(PictureUse("p", " ", 900),)), {(Kind.ALT_TEXT, WARN)}),
        (Lesson(pictures=(PictureUse("p", "IMG_2034.jpg", 900),)), {(Kind.ALT_TEXT, WARN)}),
        (Lesson(pictures=(PictureUse("p", "Label keripik", 719),)), {(Kind.SMALL_PICTURE, WARN)}),
        (Lesson(pictures=(PictureUse("p", "Label keripik", 720),)), set()),
        (Lesson(pictures=(PictureUse("p", "Label keripik", None),)), {(Kind.GONE, BLOCK)}),
        (Lesson(recordings=(GOOD_AUDIO,)), set()),
        (Lesson(recordings=(RecordingUse("r", True, "", 9_000_000),)), {(Kind.TRANSCRIPT, WARN)}),
        (Lesson(recordings=(RecordingUse("r", True, "Isi.", 9_000_000),)), set()),  # a video asks before it loads
        (Lesson(recordings=(RecordingUse("r", True, "Isi.", 10_200_000),)), {(Kind.HEAVY_RECORDING, WARN)}),
        (Lesson(recordings=(RecordingUse("r", True, "Isi.", 900, is_shown=False),)), {(Kind.NOT_SHOWN, BLOCK)}),
        (Lesson(recordings=(RecordingUse("r", False, "Isi.", 260_000, 50),)), {(Kind.HEAVY_RECORDING, WARN)}),
        (Lesson(recordings=(RecordingUse("r", False, "Isi.", 490_000, 120),)), set()),
        (Lesson(recordings=(RecordingUse("r", False, "Isi.", None),)), {(Kind.GONE, BLOCK)}),
        (Lesson(figures=(FigureUse("f", "Biaya merek", TODAY),)), set()),
        (Lesson(figures=(FigureUse("f", "Biaya merek", TODAY - A_DAY),)), {(Kind.OLD_FIGURE, WARN)}),
        (Lesson(figures=(FigureUse("f", "biaya-merek", None),)), {(Kind.GONE, BLOCK)}),
        (Lesson(links=(LinkUse("l", "/modul/merek/", True),)), set()),
        (Lesson(links=(LinkUse("l", "/modul/tidak-ada/", False),)), {(Kind.DEAD_LINK, WARN)}),
        (Lesson(links=(LinkUse("l", "https://oss.go.id/"),)), set()),
        (Lesson(links=(LinkUse("l", "https://oss"),)), {(Kind.DEAD_LINK, WARN)}),
        (Lesson(page_bytes=200_000), set()),
        (Lesson(page_bytes=200_001), {(Kind.HEAVY, WARN)}),
    ],
)
def test_a_lesson(lesson, expected):
    assert found(lesson) == expected


@pytest.mark.parametrize(
    ("recordings", "is_said"),
    [
        ((), True),
        ((GOOD_AUDIO,), False),
        ((RecordingUse("v", True, "Isi.", 9_000_000),), True),  # a video does not read the lesson out
    ],
)
def test_a_lesson_without_a_voice_is_a_note_and_no_fault(recordings, is_said):
    notes = [one for one in lesson_findings(Lesson(recordings=recordings), TODAY) if one.severity == Severity.NOTE]
    assert [one.kind for one in notes] == ([Kind.NO_VOICE] if is_said else [])


def test_a_finding_names_its_field_and_what_to_do():
    (one,) = (
        it
        for it in lesson_findings(Lesson(pictures=(PictureUse("body.a.alt_text", "foto 1", 900),)), TODAY)
        if it.severity == Severity.WARNING
    )
    assert one.place == "body.a.alt_text"
    assert one.sentence == "«foto 1» terbaca seperti nama berkas. Tulis apa yang terlihat di gambar."


@pytest.mark.parametrize(
    ("alt", "is_name"),
    [
        ("IMG_2034", True),
        ("IMG-20241122-WA0003", True),
        ("DSC 0012", True),
        ("foto 1", True),
        ("gambar", True),
        ("Screenshot 2026-11-22", True),
        ("label.jpg", True),
        ("Label.WEBP ", True),
        ("label_keripik", True),
        ("20241122", True),
        ("Foto Bu Sari memegang keripik", False),
        ("Gambar label dengan tujuh bagian", False),
        ("Label keripik", False),
    ],
)
def test_a_description_that_reads_like_a_file_name(alt, is_name):
    assert reads_like_a_file_name(alt) == is_name


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://oss.go.id", True),
        ("http://merek.dgip.go.id/baru?x=1", True),
        ("https://", False),
        ("https://oss", False),
        ("https://oss go.id", False),
        ("https://[oss", False),
        ("oss.go.id", False),
        ("javascript:alert(1)", False),
        ("mailto:halo@pena.go.id", True),
        ("mailto:halo", False),
        ("tel:+62 812-3456-789", True),
        ("tel:halo", False),
        ("", False),
    ],
)
def test_an_address_elsewhere_is_judged_by_its_form(address, is_one):
    assert is_address(address) == is_one


def test_a_module_without_lessons_is_said():
    assert [one.kind for one in module_findings(Module(lessons=0))] == [Kind.NO_LESSONS]
    assert module_findings(Module(lessons=1)) == []
