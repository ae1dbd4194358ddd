"""An editor plays her quiz before it is published: question by question, judged by the real rules, nothing stored.

What was answered so far travels in the form, signed.
"""

from dataclasses import dataclass, field

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from courses.previews import LEARNER
from quizzes import rules
from quizzes.forms import question_form
from quizzes.models import Answer, AskedQuestion, QuizPage

from .views import read_again, result_rows

SEED = SALT = "pratinjau"
A_DAY = 24 * 3600  # seconds


@dataclass
class Rehearsal:
    """One go at a draft. As much of an attempt as the result needs."""

    quiz: QuizPage
    responses: dict[str, rules.Response] = field(default_factory=dict)

    @property
    def asked(self) -> list[AskedQuestion]:
        by_id = {question.id: question for question in self.quiz.asked}
        return [by_id[id] for id in rules.shuffled(by_id, SEED)]

    @property
    def answers(self) -> list[Answer]:
        return [
            Answer(question_id=asked.id, response=list(response), is_right=rules.is_right(asked.rule, response))
            for asked in self.asked
            if (response := self.responses.get(asked.id))
        ]

    @property
    def score(self) -> rules.Score:
        return rules.score([asked.rule for asked in self.asked], self.responses)

    @property
    def trail(self) -> str:
        return signing.dumps(self.responses, salt=SALT)

    def take_up(self, trail: dict[str, list[str]]) -> None:
        """Goes on after the answers of ``trail`` that the draft still offers: it may have changed meanwhile."""
        for asked in self.asked:
            if asked.id in trail and rules.is_possible(asked.rule, response := tuple(trail[asked.id])):
                self.responses[asked.id] = response

    def next_question(self) -> tuple[int, AskedQuestion] | None:
        """The first question without an answer, and its number."""
        open_ones = ((number, asked) for number, asked in enumerate(self.asked, 1) if asked.id not in self.responses)
        return next(open_ones, None)


def rehearse_quiz(request: HttpRequest, page_id: int) -> HttpResponse:
    """The next question of the latest draft; after the last one, the result."""
    quiz = get_object_or_404(QuizPage, id=page_id).get_latest_revision_as_object()
    allowed = quiz.permissions_for_user(request.user)
    if not (allowed.can_edit() or allowed.can_publish()):
        raise PermissionDenied
    request.is_preview, request.preview_mode = True, LEARNER
    rehearsal, is_answer = Rehearsal(quiz), request.method == "POST"
    if "trail" in request.POST:
        try:
            earlier = signing.loads(request.POST["trail"], salt=SALT, max_age=A_DAY)
        except signing.BadSignature:
            return redirect("rehearse_quiz", page_id)
        rehearsal.take_up(earlier)
        # Where an answer was dropped, what she sent is to a later question than the one that comes now.
        is_answer = len(rehearsal.responses) == len(earlier)
    return _question(request, rehearsal, is_answer=is_answer)


def _question(request: HttpRequest, rehearsal: Rehearsal, *, is_answer: bool) -> HttpResponse:
    current = rehearsal.next_question()
    form = None
    if current and is_answer:
        form = question_form(current[1], SEED, data=request.POST)
        if form.is_valid():
            rehearsal.responses[current[1].id] = form.response
            current, form = rehearsal.next_question(), None
    if current is None:
        return _result(request, rehearsal)
    number, asked = current
    context = {
        "asked": asked,
        "form": form or question_form(asked, SEED),
        "number": number,
        "total": len(rehearsal.asked),
        "quiz": rehearsal.quiz,
        "trail": rehearsal.trail,
    }
    return render(request, "quizzes/rehearsal.html", context, status=422 if form else 200)


def _result(request: HttpRequest, rehearsal: Rehearsal) -> HttpResponse:
    quiz, score = rehearsal.quiz, rehearsal.score
    passed = score.passes(quiz.pass_mark)
    rows = result_rows(request, rehearsal.asked, rehearsal.answers)
    context = {
        "attempt": {"right": score.right, "total": score.total, "passed": passed, "right_needed": quiz.right_needed},
        "rows": rows,
        "read_again": read_again(rows),
        "home_url": f"{reverse('wagtailadmin_pages:view_draft', args=[quiz.pk])}?mode={LEARNER}",
    }
    return render(request, "quizzes/result.html", context)
