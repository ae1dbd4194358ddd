"""«Praktik di rumah»: hand in, see what the companion says, take back."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from courses.models import LessonPage
from people.access import learner_of, learner_only
from people.models import Learner
from practice.forms import HandInForm
from practice.models import AlreadyAnswered, Evidence, MissingEvidence, PracticeSubmission, TakenId
from practice.views import receive_file

from . import intake, states

PHOTO, VOICE = Evidence.Kind.PHOTO, Evidence.Kind.VOICE
GONE = {  # with a practice that was taken back
    frozenset(): "",
    frozenset([PHOTO]): " Fotonya sudah dihapus.",
    frozenset([VOICE]): " Rekamannya sudah dihapus.",
    frozenset([PHOTO, VOICE]): " Foto dan rekamannya sudah dihapus.",
}


@never_cache
@learner_only
def practice(request: HttpRequest, key: UUID) -> HttpResponse:
    """The task of one lesson: its state, a form to hand in, and what was handed in before."""
    lesson = get_object_or_404(LessonPage.objects.original().live(), translation_key=key)
    learner = learner_of(request)
    screen = states.practice_screen(request, learner, lesson)
    if screen is None:
        raise Http404
    form = HandInForm(request, learner=learner, kinds=screen.task["evidence"], unit=screen.task["unit"])
    if request.method == "POST" and (form.has_arrived() or hand_in(request, form, learner, lesson)):
        return redirect("learn:practice", key)
    context = {"screen": screen, "form": form, "learner": learner}
    return render(request, "learn/practice.html", context, status=422 if form.errors else 200)


def hand_in(request: HttpRequest, form: HandInForm, learner: Learner, lesson: LessonPage) -> bool:
    """Whether it is handed in; else the form says why not. Raises Http404 where the lesson is gone meanwhile."""
    if not form.is_valid():
        return False
    try:
        intake.hand_in_practice(learner, lesson.translation_key, **form.sent)
    except intake.NotPublished:
        raise Http404 from None
    except (MissingEvidence, TakenId):  # another tab was quicker, or somebody tries
        form.add_error(None, "Ini belum terkirim. Muat ulang halaman, lalu kirim lagi.")
        return False
    messages.success(request, "Sudah dikirim. Pendamping akan mengecek.")
    return True


@require_POST
@learner_only
def receive(request: HttpRequest, id: UUID) -> HttpResponse:
    """One photo or recording, sent ahead of its form under its own id."""
    return receive_file(request, learner_of(request), id)


@require_POST
@learner_only
def withdraw(request: HttpRequest, id: UUID) -> HttpResponse:
    learner = learner_of(request)
    submission = get_object_or_404(PracticeSubmission, pk=id, learner=learner)
    kinds = frozenset(submission.evidence.values_list("kind", flat=True))
    try:
        if intake.withdraw_practice(learner, submission):
            messages.success(request, f"Kiriman sudah ditarik.{GONE[kinds]}")
        else:
            messages.info(request, "Kiriman ini sudah ditarik tadi. Tidak ada yang berubah.")
    except AlreadyAnswered:
        messages.info(request, "Pendamping sudah menjawab. Kiriman ini tetap tersimpan.")
    return redirect("learn:practice", submission.lesson_key)
