"""What the checks are told of a stored page: its latest draft, every block of it, and what it refers to."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Locale

from courses.checks import Kind, Severity
from courses.inspection import as_next_published, inspect_lessons, inspect_modules
from courses.models import Figure, LessonPage, ModulePage
from tests import factories
from tests.practice.files import film

pytestmark = pytest.mark.django_db


def lesson(*blocks: tuple, slug: str = "memilih-nama") -> LessonPage:
    """A lesson with these blocks instead of its own, not stored."""
    page = LessonPage.objects.get(slug=slug)
    raw = [{"type": kind, "value": value, "id": f"b{number}"} for number, (kind, value) in enumerate(blocks)]
    page.body = page.body.stream_block.to_python(raw)
    return page


def found(page: LessonPage) -> list[tuple[Kind, str]]:
    """Kinds and places, but for the missing voice."""
    findings = inspect_lessons([page])[page]
    return [(one.kind, one.place) for one in findings if one.severity != Severity.NOTE]


def paragraph(address: str) -> tuple[str, str]:
    return "paragraph", f"<p>Buka <a {address}>ini</a>.</p>"


def test_a_picture_is_found_with_its_width_and_its_words():
    picture = factories.picture(factories.image_file(width=400))
    page = lesson(("picture", {"image": picture.pk, "alt_text": "IMG_1", "caption": ""}))
    assert found(page) == [(Kind.ALT_TEXT, "body.b0.alt_text"), (Kind.SMALL_PICTURE, "body.b0.alt_text")]


def test_a_picture_in_a_step_is_found_too():
    picture = factories.picture(factories.image_file(width=900))
    step = {"type": "item", "id": "s1", "value": {"text": "Foto.", "image": picture.pk, "alt_text": "foto 2"}}
    assert found(lesson(("steps", [step]))) == [(Kind.ALT_TEXT, "body.b0.s1.alt_text")]


def test_a_picture_that_was_deleted_blocks():
    page = lesson(("picture", {"image": 987_654, "alt_text": "Label", "caption": ""}))
    assert inspect_lessons([page])[page][0].severity == Severity.BLOCKING


def test_a_recording_is_a_voice_and_its_transcript_is_asked_for():
    audio = factories.recording()
    page = lesson(("audio", {"media": audio.pk, "title": "Dengarkan", "transcript": ""}))
    assert [one.kind for one in inspect_lessons([page])[page]] == [Kind.TRANSCRIPT]


def test_a_video_is_no_voice():
    video = factories.recording("video", film())
    page = lesson(("video", {"media": video.pk, "title": "Lihat", "transcript": "Isi."}))
    assert [one.kind for one in inspect_lessons([page])[page]] == [Kind.NO_VOICE]


@pytest.mark.parametrize("data", [b"", b"." * 1000, film(container="avi", codec="mpeg4")])
def test_a_video_that_phones_do_not_show_blocks_though_it_is_stored(data):
    """It came from another server, or before videos were judged."""
    video = factories.recording("video", data)
    page = lesson(("video", {"media": video.pk, "title": "Lihat", "transcript": "Isi."}))
    assert found(page) == [(Kind.NOT_SHOWN, "body.b0.transcript")]


def test_a_video_whose_file_is_gone_blocks():
    video = factories.recording("video", film())
    video.file.storage.delete(video.file.name)
    page = lesson(("video", {"media": video.pk, "title": "Lihat", "transcript": "Isi."}))
    assert found(page) == [(Kind.NOT_SHOWN, "body.b0.transcript")]


def test_a_figure_in_a_text_and_one_on_its_own_are_both_asked_for_their_date():
    figure = Figure.objects.first()
    Figure.objects.filter(pk=figure.pk).update(check_again_by=timezone.localdate() - timedelta(days=1))
    page = lesson(("tip", f"Bayar {{{figure.slug}}}."), ("figure", figure.pk))
    assert found(page) == [(Kind.OLD_FIGURE, "body.b0"), (Kind.OLD_FIGURE, "body.b1")]


def test_a_figure_that_its_field_would_show_as_a_bare_name_blocks():
    slug = Figure.objects.first().slug
    page = lesson(
        ("example", {"title": f"Bayar {{{slug}}}", "text": f"Bayar {{{slug}}}."}),
        ("table", {"columns": [{"type": "text", "heading": f"{{{slug}}}"}], "rows": [], "caption": ""}),
    )
    page.practice = [("task", {"instruction": "Tulis.", "evidence": ["note"], "unit": f"{{{slug}}}"})]
    findings = [one for one in inspect_lessons([page])[page] if one.severity == Severity.BLOCKING]
    assert [one.place.rpartition(".")[2] for one in findings] == ["title", "unit"]


def test_a_figure_that_is_gone_is_found_in_every_field_that_would_show_it():
    choice = {"type": "item", "id": "c1", "value": {"text": "{lama}", "correct": True, "feedback": "Betul."}}
    page = lesson(
        ("heading", "{lama}"),
        ("table", {"columns": [{"type": "text", "heading": "Biaya"}], "rows": [{"values": ["{lama}"]}], "caption": ""}),
        ("quick_check", {"question": "Berapa?", "choices": [choice], "explanation": ""}),
    )
    page.practice = [("task", {"instruction": "Bayar {lama}.", "evidence": ["note"], "unit": ""})]
    *in_body, in_task = found(page)
    assert in_body == [
        (Kind.GONE, "body.b0"),
        (Kind.GONE, "body.b1"),
        (Kind.GONE, "body.b2.choices.c1.text"),
    ]
    assert (in_task[0], in_task[1].rpartition(".")[2]) == (Kind.GONE, "instruction")


def test_long_sentences_are_found_in_every_kind_of_words():
    long = "kata " * 16 + "."
    choices = [
        {"type": "item", "id": "c1", "value": {"text": "Satu", "correct": True, "feedback": long}},
        {"type": "item", "id": "c2", "value": {"text": long, "correct": False, "feedback": "Belum tepat."}},
    ]
    page = lesson(
        ("key_points", [{"type": "item", "id": "p1", "value": long}]),
        ("paragraph", f"<p>{long}</p>"),
        ("example", {"title": "Contoh", "text": long}),
        ("quick_check", {"question": long, "choices": choices, "explanation": ""}),
        ("heading", long),  # no sentence
    )
    assert [place for kind, place in found(page) if kind == Kind.LONG_SENTENCE] == [
        "body.b0.p1",
        "body.b1",
        "body.b2.text",
        "body.b3.question",
        "body.b3.choices.c1.feedback",
    ]


@pytest.mark.parametrize(
    ("address", "is_dead"),
    [
        ('href="/modul/merek/"', False),
        ('href="/modul/merek/#praktik"', False),
        ('href="/belajar/"', False),
        ('href="/modul/tidak-ada/"', True),
        ('href="/tidak/ada"', True),
        ('href="#praktik"', False),
        ('href="#tidak-ada"', True),
        ('href="https://oss.go.id/"', False),
        ('href="https://"', True),
        ('linktype="page" id="987654"', True),
        ('linktype="document" id="987654"', True),
    ],
)
def test_a_link_that_leads_nowhere(address, is_dead):
    assert found(lesson(paragraph(address))) == ([(Kind.DEAD_LINK, "body.b0")] if is_dead else [])


def test_a_link_to_a_page_of_ours_leads_there_until_it_is_taken_down():
    module = factories.module("kemasan")
    page = lesson(paragraph(f'linktype="page" id="{module.pk}"'))
    assert found(page) == []
    module.unpublish()
    assert found(page) == [(Kind.DEAD_LINK, "body.b0")]


def test_the_latest_draft_is_read_and_not_what_learners_see():
    page = LessonPage.objects.get(slug="memilih-nama")
    page.goal = "kata " * 16
    page.save_revision()
    stored = LessonPage.objects.select_related("latest_revision").filter(slug="memilih-nama")
    assert found(next(iter(as_next_published(stored)))) == [(Kind.LONG_SENTENCE, "goal")]
    assert found(LessonPage.objects.get(slug="memilih-nama")) == []


def test_a_draft_that_is_older_than_a_move_or_a_taking_down_stands_where_its_page_stands_now():
    page = LessonPage.objects.get(slug="memilih-nama")
    page.title = "Memilih nama yang baru"
    page.save_revision()
    page.move(factories.module("kemasan"), pos="last-child")
    page.refresh_from_db()
    page.unpublish()
    stored = LessonPage.objects.select_related("latest_revision").get(slug="memilih-nama")
    now = (stored.path, stored.url_path, stored.live)
    [draft] = as_next_published([stored])
    assert (draft.path, draft.url_path, draft.live) == now
    assert draft.title == "Memilih nama yang baru"


def test_a_module_is_asked_for_lessons_that_are_published():
    module = factories.module("merek")
    for one in factories.lessons("merek"):
        one.unpublish()
    findings = inspect_modules(list(ModulePage.objects.filter(pk=module.pk)))[module]
    assert [one.kind for one in findings] == [Kind.NO_LESSONS]


def test_a_translation_is_not_asked_for_lessons_since_it_shows_those_in_indonesian():
    copy = factories.module("merek").copy_for_translation(Locale.objects.get(language_code="jv"), copy_parents=True)
    assert inspect_modules([copy])[copy] == []


@pytest.mark.parametrize("count", [1, 40])
def test_the_number_of_queries_does_not_depend_on_the_number_of_lessons(django_assert_num_queries, count):
    picture, audio = factories.picture(factories.image_file()), factories.recording()
    pages = list(LessonPage.objects.all()[:count])
    for page in pages:
        page.body = page.body.stream_block.to_python(
            [
                {"type": "picture", "id": "a", "value": {"image": picture.pk, "alt_text": "Label", "caption": ""}},
                {"type": "audio", "id": "b", "value": {"media": audio.pk, "title": "Dengar", "transcript": "Isi."}},
                {"type": "paragraph", "id": "c", "value": '<p><a href="/modul/merek/">Merek</a></p>'},
            ]
        )
    with django_assert_num_queries(6):  # pictures, recordings, figures, the site, published pages, documents
        inspect_lessons(pages)
