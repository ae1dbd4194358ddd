"""An editor's screens below ``/kelola/kuis/``. Whoever may edit a quiz may see, take out and bring in its questions."""

from collections import Counter
from collections.abc import Callable
from functools import wraps

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages
from wagtail.permissions import page_permission_policy

from people import exporting
from people.spreadsheets import EMPTY, UnreadableFile

from . import statistics
from .formats import excel
from .formats.files import FORMATS
from .models import NothingToSave, PageLocked, QuizImport, QuizPage
from .plan import Outcome, told

LOCKED = "Kuis ini sedang dikunci atau ditinjau. Coba lagi sesudah dibuka."


class FileForm(forms.Form):
    file = forms.FileField(
        label="Berkas soal",
        help_text="Excel (.xlsx, lembar pertama), Moodle XML (.xml), GIFT (.gift atau .txt), atau Aiken (.txt). "
        "Paling besar 10 MB.",
        error_messages={"required": "Pilih berkasnya dulu.", "empty": EMPTY, "invalid": "Pilih berkasnya dulu."},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.xml,.gift,.txt"}),
    )


def editable(user) -> QuerySet[QuizPage]:
    """The quizzes that ``user`` may edit, as published or, where they never were, as they began. Without translations,
    by which nobody is asked."""
    pages = page_permission_policy.instances_user_has_permission_for(user, "change")
    return QuizPage.objects.original().filter(pk__in=pages.values("pk")).order_by("path")


def with_quiz(view: Callable) -> Callable:
    """Gives the view the quiz of its address. Whoever may not edit it is refused."""

    @wraps(view)
    def with_permission(request: HttpRequest, page: int, **kwargs) -> HttpResponse:
        quiz = get_object_or_404(QuizPage, id=page)  # its key would be asked of SQLite at any length, and be too long
        if not quiz.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        return view(request, quiz, **kwargs)

    return with_permission


def page_of(
    request: HttpRequest, name: str, title: str, *, quiz: QuizPage | None = None, status: int = 200, **context
) -> HttpResponse:
    """A page of the desk, with the way back above it."""
    trail = [(reverse("wagtailadmin_home"), "Beranda"), (reverse("quiz_desk:quizzes"), "Kuis")]
    if quiz:
        trail.append((reverse("wagtailadmin_pages:edit", args=[quiz.pk]), quiz.get_admin_display_title()))
    context |= {
        "quiz": quiz,
        "header_title": title,
        "header_icon": "help",
        "breadcrumbs_items": [{"url": url, "label": label} for url, label in [*trail, ("", title)]],
    }
    return render(request, f"quizzes/desk/{name}.html", context, status=status)


@require_GET
def quizzes(request: HttpRequest) -> HttpResponse:
    """All quizzes that one may edit, with the ways in and out."""
    return page_of(request, "quizzes", "Kuis", quizzes=editable(request.user))


@require_GET
def questions(request: HttpRequest) -> HttpResponse:
    """What the answers tell of all questions; those to look at first."""
    pages = list(editable(request.user).live())
    return page_of(
        request,
        "questions",
        "Soal yang perlu dilihat",
        flagged=statistics.flagged(pages),
        quizzes=pages,
        enough=statistics.ENOUGH,
        sample=statistics.SAMPLE,
    )


@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """Our sheet with a question of each kind, to write over."""
    return exporting.download(excel.write(excel.EXAMPLES), "contoh-soal.xlsx", FORMATS["excel"].content_type)


@with_quiz
def start(request: HttpRequest, quiz: QuizPage) -> HttpResponse:
    """Which file."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_valid():
        try:
            file = QuizImport.objects.begin(quiz, form.cleaned_data["file"], by=request.user)
        except UnreadableFile as unreadable:
            form.add_error("file", str(unreadable))
        else:
            return redirect("quiz_desk:preview", page=quiz.pk, pk=file.pk)
    return page_of(request, "import", "Impor soal", quiz=quiz, form=form, status=422 if form.errors else 200)


@require_GET
@with_quiz
def preview(request: HttpRequest, quiz: QuizPage, pk: int) -> HttpResponse:
    """Every question of the file and what it would do to the quiz as it is now."""
    file = _file_of(request, quiz, pk)
    plan = file.plan(quiz.get_latest_revision_as_object())
    shown = request.GET.get("lihat", "")
    return page_of(
        request,
        "preview",
        "Periksa dulu",
        quiz=quiz,
        file=file,
        plan=plan,
        counts=plan.counts(),
        shown=shown,
        lines=[line for line in plan.lines if shown in ("", line.outcome)],
    )


@require_POST
@with_quiz
def save(request: HttpRequest, quiz: QuizPage, pk: int) -> HttpResponse:
    """«Simpan»: a draft with the new and changed questions; then on to the editor."""
    file = _file_of(request, quiz, pk)
    try:
        counts = QuizImport.objects.save_draft(file, by=request.user).counts()
    except NothingToSave:
        messages.success(request, "Tidak ada yang berubah. Semua soal ini sudah ada di kuis.")
    except PageLocked:
        messages.error(request, LOCKED)
        return redirect("quiz_desk:preview", page=quiz.pk, pk=pk)
    else:
        is_hers = quiz.permissions_for_user(request.user).can_publish()
        messages.success(
            request,
            f"{counts[Outcome.NEW]} soal baru dan {counts[Outcome.CHANGED]} soal berubah tersimpan sebagai draf. "
            f"Periksa, lalu {'terbitkan' if is_hers else 'kirim untuk ditinjau'}.",
        )
    return redirect("wagtailadmin_pages:edit", quiz.pk)


@require_POST
@with_quiz
def discard(request: HttpRequest, quiz: QuizPage, pk: int) -> HttpResponse:
    """Forgets the file. What was saved of it stays."""
    _file_of(request, quiz, pk).delete()
    return redirect("quiz_desk:import", page=quiz.pk)


@require_GET
@with_quiz
def export(request: HttpRequest, quiz: QuizPage) -> HttpResponse:
    """The formats, and what each of them leaves out."""
    asked = [told(bound) for bound in quiz.get_latest_revision_as_object().questions]
    ways = [(form, Counter(filter(None, map(form.holds, asked)))) for form in FORMATS.values()]
    return page_of(
        request,
        "export",
        "Ekspor soal",
        quiz=quiz,
        total=len(asked),
        ways=[(form, len(asked) - left_out.total(), left_out.items()) for form, left_out in ways],
    )


@require_GET
@with_quiz
def download(request: HttpRequest, quiz: QuizPage, code: str) -> HttpResponse:
    """The questions of the latest draft as a file."""
    if code not in FORMATS:
        raise Http404
    form = FORMATS[code]
    content = form.write(told(bound) for bound in quiz.get_latest_revision_as_object().questions)
    return exporting.download(content, f"{slugify(quiz.title)}{form.suffix}", form.content_type)


def _file_of(request: HttpRequest, quiz: QuizPage, pk: int) -> QuizImport:
    return get_object_or_404(QuizImport.objects.of(request.user), quiz=quiz, pk=pk)
