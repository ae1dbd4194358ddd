"""What the checks find in all content, as it would be published next."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from wagtail.models import Page

from courses.checks import Finding, Kind, Severity
from courses.inspection import as_next_published, inspect_lessons, inspect_modules
from courses.languages import named
from courses.models import LessonPage, ModulePage
from courses.translations import inspect_translations
from courses.weight import weigh
from quizzes.inspection import inspect_quizzes
from quizzes.models import QuizPage

KIND_WORDS = {
    Kind.LONG_SENTENCE: "Kalimat terlalu panjang",
    Kind.HARD_TO_READ: "Sulit dibaca",
    Kind.HEAVY: "Halaman berat",
    Kind.ALT_TEXT: "Isi gambar dalam kata",
    Kind.SMALL_PICTURE: "Gambar terlalu kecil",
    Kind.GONE: "Ada yang hilang",
    Kind.TRANSCRIPT: "Tanpa isi dalam kata",
    Kind.NOT_SHOWN: "Video tidak tampil",
    Kind.HEAVY_RECORDING: "Rekaman berat",
    Kind.NO_VOICE: "Belum ada suara",
    Kind.OLD_FIGURE: "Angka perlu dicek",
    Kind.DEAD_LINK: "Tautan buntu",
    Kind.OTHER_MODULE: "Pelajaran modul lain",
    Kind.NO_LESSONS: "Modul tanpa pelajaran",
    Kind.NO_ORIGINAL: "Terjemahan tanpa asli",
    Kind.BEHIND: "Terjemahan tertinggal",
    Kind.NO_EXPLANATION: "Soal tanpa penjelasan",
    Kind.FEW_QUESTIONS: "Soal terlalu sedikit",
}
SEVERITY_WORDS = {
    Severity.BLOCKING: "Harus diperbaiki",
    Severity.WARNING: "Perlu dilihat",
    Severity.NOTE: "Catatan",
}
GRAVEST_FIRST = list(SEVERITY_WORDS)


@dataclass(frozen=True)
class Row:
    """One finding, and where to mend it."""

    page: Page
    module: str
    finding: Finding

    @property
    def title(self) -> str:
        return named(self.page.title, self.page.locale.language_code)

    @property
    def kind(self) -> str:
        return KIND_WORDS[self.finding.kind]

    @property
    def severity(self) -> str:
        return SEVERITY_WORDS[self.finding.severity]

    @property
    def sentence(self) -> str:
        return self.finding.sentence

    @property
    def edit_url(self) -> str:
        """The form, opened at the field."""
        return f"{reverse('wagtailadmin_pages:edit', args=[self.page.pk])}#:w:contentpath={self.finding.place}"


def every_finding(*, weighed: bool = False) -> list[Row]:
    """The findings of all modules, lessons and quizzes, in the order of the learning path. Weighing takes time."""
    lessons = _own(_drafts(LessonPage))
    modules = _drafts(ModulePage)
    found = {
        **inspect_modules(_own(modules)),
        **inspect_lessons(lessons, weigh(lessons) if weighed else None),
        **inspect_quizzes(_own(_drafts(QuizPage))),
    }
    as_translations = inspect_translations(found)
    titles = {module.path: module.title for module in modules}
    return [
        Row(page, titles.get(page.path) or titles.get(page.path[: -Page.steplen], ""), finding)
        for page in sorted(found, key=lambda page: page.path)
        for finding in (*as_translations.get(page, ()), *found[page])
    ]


def findings_of(page: Page, *, weighed: bool = False) -> list[Row]:
    """The findings of one page as it stands, stored or not; the gravest first. None for pages that are not checked."""
    match page:
        case LessonPage():
            found = inspect_lessons([page], weigh([page]) if weighed else None)[page]
        case ModulePage():
            found = inspect_modules([page])[page]
        case QuizPage():
            found = inspect_quizzes([page])[page]
        case _:
            return []
    found += inspect_translations([page]).get(page, ())
    return [Row(page, "", finding) for finding in sorted(found, key=lambda one: GRAVEST_FIRST.index(one.severity))]


def _drafts(page_class: type[Page]) -> list[Page]:
    return as_next_published(page_class.objects.select_related("latest_revision", "locale"))


def _own(pages: Iterable[Page]) -> list[Page]:
    """Without Wagtail's copies, which say nothing of their own; a translation may stand below one."""
    return [page for page in pages if not page.alias_of_id]
