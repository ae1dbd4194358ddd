from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from courses.models import LessonPage, ModulePage
from people.access import learner_of, learner_only
from quizzes.forms import question_form
from quizzes.models import Answer, AskedQuestion, Attempt, AttemptClosed, NotInAttempt, QuizPage
from quizzes.wording import words

from . import intake, languages, states

READ_AGAIN = 3  # lessons, of some five minutes each


@never_cache
@require_GET
@learner_only
def home(request: HttpRequest) -> TemplateResponse:
    """Not rendered yet: learn/fast_pages.py asks for it too."""
    learner = learner_of(request)
    return TemplateResponse(request, "learn/home.html", {"learner": learner, "home": states.home(request, learner)})


@require_POST
@learner_only
def complete_lesson(request: HttpRequest, key: UUID) -> HttpResponse:
    """«Sudah paham»; then on to the next lesson, or to the quiz that has just opened."""
    try:
        outcome = intake.complete_lesson(learner_of(request), key)
        after = states.after_lesson(request, key, outcome)
    except intake.NotPublished:
        raise Http404 from None
    if after.has_opened:
        messages.success(request, f"Hebat! Semua {after.total} pelajaran selesai. Kuis sudah terbuka.")
    else:
        messages.success(request, f"Bagus! {after.done} dari {after.total} pelajaran selesai.")
    return redirect(after.next_url)


@require_POST
@learner_only
def take_module(request: HttpRequest, key: UUID) -> HttpResponse:
    """«Ambil modul ini»: it stands among the household's tasks, as its own choice."""
    module = get_object_or_404(ModulePage.objects.original().live(), translation_key=key)
    try:
        is_new = intake.take_module(learner_of(request), module)
    except intake.NotPublished:
        raise Http404 from None
    if is_new:
        messages.success(request, f"{module.title} sekarang ada di Belajar.")
    else:
        messages.info(request, f"{module.title} sudah ada di Belajar.")
    return redirect(module.get_url(request))


@require_POST
@learner_only
def leave_module(request: HttpRequest, key: UUID) -> HttpResponse:
    """Takes back what the household itself has chosen; what was learned stays."""
    module = get_object_or_404(ModulePage.objects.original().live(), translation_key=key)
    if intake.leave_module(learner_of(request), module):
        messages.success(request, "Modul dilepas. Pelajaran yang sudah selesai tetap tersimpan.")
    else:
        messages.info(request, "Modul ini tadi sudah dilepas, atau tugas dari pendamping. Tidak ada yang berubah.")
    return redirect(module.get_url(request))


@require_POST
@learner_only
def begin_attempt(request: HttpRequest, key: UUID) -> HttpResponse:
    quiz = get_object_or_404(QuizPage.objects.original().live(), translation_key=key)
    try:
        attempt = intake.begin_attempt(learner_of(request), quiz)
    except intake.NotPublished:
        raise Http404 from None
    except (intake.QuizLocked, intake.NoAttemptsLeft):
        return redirect(quiz.get_url(request))  # the start screen says why
    return redirect(states.attempt_url(attempt))


def own_attempt(request: HttpRequest, id: UUID) -> Attempt:
    """The signed-in learner's attempt; another's is not found."""
    attempt = Attempt.objects.own(learner_of(request), id)
    if attempt is None:
        raise Http404("Percobaan ini tidak ada.")
    return attempt


@never_cache
@learner_only
def question(request: HttpRequest, id: UUID, number: int) -> HttpResponse:
    """One question of an attempt. POST keeps the answer and leads to the next; after the last the attempt is judged."""
    attempt = own_attempt(request, id)
    if attempt.submitted_at:
        return redirect("learn:result", attempt.pk)
    if not 1 <= number <= len(attempt.asked):
        raise Http404("Soal ini tidak ada di kuis ini.")
    asked = attempt.asked[number - 1]
    if request.method == "POST":
        form = question_form(asked, str(attempt.pk), data=request.POST)
    else:
        form = question_form(asked, str(attempt.pk), response=attempt.responses.get(asked.id))
    if form.is_valid():
        return keep_answer(attempt, number, form.response)
    return render(
        request,
        "quizzes/question.html",
        {
            "attempt": attempt,
            "asked": asked,
            "form": form,
            "number": number,
            "total": len(attempt.asked),
            "is_last": number == len(attempt.asked),
            "quiz": attempt.quiz,
        },
        status=422 if form.errors else 200,
    )


def keep_answer(attempt: Attempt, number: int, response) -> HttpResponse:
    try:
        intake.answer(attempt, attempt.asked[number - 1].id, response)
    except AttemptClosed:
        return redirect("learn:result", attempt.pk)
    except NotInAttempt:
        raise Http404("Soal ini tidak ada di kuis ini.") from None
    if number < len(attempt.asked):
        return redirect("learn:question", attempt.pk, number + 1)
    if len(attempt.responses) < len(attempt.asked):
        return redirect(states.attempt_url(attempt))
    intake.submit_attempt(attempt)
    return redirect("learn:result", attempt.pk)


@never_cache
@require_GET
@learner_only
def result(request: HttpRequest, id: UUID) -> HttpResponse:
    """What was right, why, and what to read again."""
    attempt = own_attempt(request, id)
    if not attempt.submitted_at:
        return redirect(states.attempt_url(attempt))
    quiz = QuizPage.objects.original().live().filter(translation_key=attempt.quiz_key).first()
    entry = states.quiz_entry(request, learner_of(request), quiz) if quiz else None
    hers = learner_of(request).badge_awards.select_related("badge")
    hers = hers.filter(badge__required_modules__module__translation_key=attempt.module_key)
    awards = list(hers) if attempt.passed else []
    paths = (award for award in awards if award.badge.is_path and award.awarded_at >= attempt.submitted_at)
    rows = result_rows(request, attempt.asked, attempt.given)
    return render(
        request,
        "quizzes/result.html",
        {
            "attempt": attempt,
            "rows": rows,
            "read_again": read_again(rows),
            "entry": entry,
            "quiz": quiz,
            "award": next((award for award in awards if not award.badge.is_path), None),
            "path": next(paths, None),
            "home_url": reverse("learn:home"),
        },
    )


def result_rows(request: HttpRequest, asked_in_order: list[AskedQuestion], given: Iterable[Answer]) -> list[dict]:
    """One row a question, in the order asked."""
    answers = {answer.question_id: answer for answer in given}
    lessons = {asked.value["lesson"].pk for asked in asked_in_order if asked.value["lesson"]}
    pages = {page.pk: page for page in LessonPage.objects.live().filter(pk__in=lessons).defer("body", "practice")}
    languages.told_for(request).tell(pages.values(), languages.language_of(request))
    rows = []
    for asked in asked_in_order:
        answer = answers.get(asked.id)
        lesson = pages.get(asked.value["lesson"].pk) if asked.value["lesson"] else None
        rows.append(
            {
                "question": asked.value["question"],
                "is_right": bool(answer and answer.is_right),
                "given": words(asked, tuple(answer.response)) if answer else [],
                "right": words(asked, asked.rule.key),
                "explanation": asked.value["explanation"],
                "lesson": lesson,
                "lesson_url": lesson.get_url(request) if lesson else "",
            }
        )
    return rows


def read_again(rows: list[dict]) -> list[tuple[LessonPage, str]]:
    """The lessons of what was not right, with their addresses: those of most of it, no more than one sitting holds."""
    missed = [(row["lesson"], row["lesson_url"]) for row in rows if row["lesson"] and not row["is_right"]]
    return [lesson for lesson, _ in Counter(missed).most_common(READ_AGAIN)]
