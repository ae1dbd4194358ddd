"""What waits for one editor, each with its number and the way to it."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, TaskState

from courses.checks import Kind, Severity
from courses.figures import Figure
from quizzes.models import QuizPage
from quizzes.statistics import Flag, flagged

from .findings import every_finding

BY_THEMSELVES = {Kind.DEAD_LINK, Kind.OLD_FIGURE, Kind.BEHIND}  # not among the other warnings
AN_HOUR = 3600  # seconds
DUE_WITHIN = timedelta(days=14)  # time enough to ask the office that knows


@dataclass(frozen=True)
class Waiting:
    count: int
    words: str
    url: str


def drafts_of(user) -> QuerySet[Page]:
    """Pages whose latest draft the user wrote, and which are not published as they stand."""
    return Page.objects.filter(latest_revision__user=user, has_unpublished_changes=True)


def questions_most_get_wrong() -> int:
    """As of this hour: reading the answers of many learners anew for every glance would serve nobody."""
    return cache.get_or_set("desk:wrong", _count_wrong, AN_HOUR)


def _count_wrong() -> int:
    return sum(Flag.TOO_MANY_WRONG in question.item.flags for question in flagged(QuizPage.objects.original().live()))


def checks(**chosen: str | list[str]) -> str:
    """The address of the checks' report with these filters."""
    return f"{reverse('desk_checks')}?{urlencode(chosen, doseq=True)}"


def waiting_for(user) -> list[Waiting]:
    """Everything that is not zero, what others wait for first."""
    rows = every_finding()
    kinds = Counter(row.finding.kind for row in rows)
    blocking = sum(row.finding.severity == Severity.BLOCKING for row in rows)
    warnings = Counter(
        row.finding.kind
        for row in rows
        if row.finding.severity == Severity.WARNING and row.finding.kind not in BY_THEMSELVES
    )
    figures = reverse(Figure.snippet_viewset.get_url_name("list"))
    until = timezone.localdate() + DUE_WITHIN
    every = [
        Waiting(
            TaskState.objects.reviewable_by(user).count(),
            "halaman menunggu ditinjau",
            f"{reverse('wagtailadmin_reports:workflow')}?reviewable=true&status=in_progress",
        ),
        Waiting(drafts_of(user).count(), "draf saya belum terbit", reverse("desk_drafts")),
        Waiting(
            Figure.objects.shown().filter(check_again_by__lte=until).count(),
            "angka perlu dicek lagi",
            f"{figures}?shown=ya&check_again_by={until}&ordering=check_again_by",
        ),
        Waiting(questions_most_get_wrong(), "soal yang banyak keliru", reverse("quiz_desk:questions")),
        Waiting(blocking, "harus diperbaiki", checks(severity=Severity.BLOCKING)),
        Waiting(kinds[Kind.DEAD_LINK], "tautan buntu", checks(kind=Kind.DEAD_LINK)),
        Waiting(kinds[Kind.BEHIND], "terjemahan tertinggal dari aslinya", checks(kind=Kind.BEHIND)),
        Waiting(
            warnings.total(),
            "peringatan lain dari pemeriksaan",  # the list tells of other kinds too, and weighs pages besides
            checks(severity=Severity.WARNING, kind=list(warnings)),
        ),
        Waiting(kinds[Kind.NO_VOICE], "pelajaran belum ada suaranya", checks(kind=Kind.NO_VOICE)),
    ]
    return [waiting for waiting in every if waiting.count]
