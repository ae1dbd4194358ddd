"""The companion's queue of practices: look, answer, on to the next; and recording one for a family without a phone."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from badges.consequences import Outcome, answer_practice, hand_in_practice
from courses.models import LessonPage
from people.access import companion_only
from people.ids import id_in
from practice.models import EmptyFeedback, MissingEvidence, PracticeSubmission, TakenId, Withdrawn
from practice.rules import State
from practice.views import receive_file
from progress.facts import outline

from .doors import agreed_learner
from .practice_forms import PRAISES, SUGGESTIONS, FeedbackForm, RecordForm
from .practice_queue import next_waiting, queue, task_of, tasks_for

NOT_STORED = "Ini belum tersimpan. Muat ulang halaman, lalu kirim lagi."


@never_cache
@require_GET
@companion_only
def practice_queue(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, the oldest first."""
    module, after = (id_in(request.GET.get(name, "")) for name in ("modul", "sesudah"))
    page = queue(request.user, module=module, after=after)
    return render(request, "companions/practice_queue.html", {"queue": page})


@never_cache
@companion_only
def answer(request: HttpRequest, id: UUID) -> HttpResponse:
    """One practice, large, and the answer to it. Then the next one opens."""
    mine = PracticeSubmission.objects.for_companion(request.user).filter(learner__user__is_active=True)
    submission = get_object_or_404(mine.select_related("learner__household").to_show(), pk=id)
    form = FeedbackForm(request, learner=submission.learner)
    if request.method == "POST" and (response := give(request, form, submission)):
        return response
    context = {
        "sent": submission,
        "task": task_of(submission),
        "form": form,
        "praises": PRAISES,
        "suggestions": SUGGESTIONS,
        "is_open": submission.state == State.WAITING or bool(form.errors),
    }
    return render(request, "companions/answer_practice.html", context, status=422 if form.errors else 200)


def give(request: HttpRequest, form: FeedbackForm, submission: PracticeSubmission) -> HttpResponse | None:
    """The way on after an answer; None where the form says what is missing."""
    feedback = getattr(submission, "feedback", None)
    if feedback is None:  # else this may be the same answer once more: its id tells
        if not form.is_valid():
            return None
        try:
            feedback, _, outcome = answer_practice(
                submission, form.cleaned_data["verdict"], by=request.user, **form.said
            )
        except Withdrawn:
            name = submission.learner.greeting_name
            form.add_error(None, f"{name} sudah menarik kiriman ini. Tidak perlu dijawab lagi.")
            return None
        except (EmptyFeedback, MissingEvidence, TakenId):
            form.add_error(None, NOT_STORED)
            return None
        if feedback.pk == form.own_id:
            messages.success(request, sent_words(submission.learner.greeting_name, outcome))
    elif feedback.pk == form.own_id and not form.repeats(feedback):
        messages.info(request, "Jawaban yang tadi sudah terkirim. Yang ini tidak mengubahnya.")
    if feedback.pk != form.own_id:
        messages.info(request, f"Ini sudah dijawab {feedback.by.first_name}. Tidak ada yang berubah.")
        return redirect("companions:answer_practice", submission.pk)
    following = next_waiting(request.user, submission)
    return redirect("companions:answer_practice", following.pk) if following else redirect("companions:practice_queue")


def sent_words(name: str, outcome: Outcome) -> str:
    badges = " dan ".join(award.badge.name for award in outcome.awards)
    return f"Jawaban untuk {name} terkirim." + (f" {name} meraih lencana {badges}." if badges else "")


@require_POST
@companion_only
def receive(request: HttpRequest, pk: int, id: UUID) -> HttpResponse:
    """One photo or recording for a learner, sent ahead of its form under its own id."""
    return receive_file(request, agreed_learner(request, pk), id)


@never_cache
@require_GET
@companion_only
def tasks(request: HttpRequest, pk: int) -> HttpResponse:
    """All tasks, to choose which one the family has shown or told at the door."""
    learner = agreed_learner(request, pk)
    return render(request, "companions/practice_tasks.html", {"learner": learner, "modules": tasks_for(learner)})


@never_cache
@companion_only
def record(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    """The companion records a practice in the family's name, and says so; then she answers it."""
    learner = agreed_learner(request, pk)
    lesson = get_object_or_404(LessonPage.objects.original().live(), translation_key=key)
    modules = outline(pages=False).modules
    module_key = next((key for key, module in modules.items() if lesson.translation_key in module.tasks), None)
    if module_key is None:
        raise Http404
    task = lesson.task
    kinds = list(dict.fromkeys(["note", *task["evidence"]]))  # what she saw and heard can always be told
    form = RecordForm(request, learner=learner, kinds=kinds, unit=task["unit"])
    if request.method == "POST" and (stored := store(request, form, lesson, module_key)):
        return redirect("companions:answer_practice", stored)
    context = {"learner": learner, "lesson": lesson, "task": task, "form": form}
    return render(request, "companions/record_practice.html", context, status=422 if form.errors else 200)


def store(request: HttpRequest, form: RecordForm, lesson: LessonPage, module_key: UUID) -> UUID | None:
    """The id of what is recorded; None where the form says why not."""
    if form.has_arrived():
        return form.own_id
    if not form.is_valid():
        return None
    try:
        sent, is_new = hand_in_practice(form.learner, lesson.translation_key, module_key, by=request.user, **form.sent)
    except (MissingEvidence, TakenId):
        form.add_error(None, NOT_STORED)
        return None
    if is_new:
        messages.success(request, f"Tercatat atas nama {form.learner.greeting_name}. Sekarang jawab.")
    else:
        messages.info(request, "Ini sudah tersimpan tadi. Tidak ada yang berubah.")
    return sent.pk
