"""What a companion takes on the road: her list, its cards, the groups, and the practices that wait, as her phone keeps
them. No phone number is among it, and no more than the screens without a signal show."""

from django.utils import timezone
from django.utils.formats import date_format

from courses.figures import Figure, figures_in, in_words
from courses.models import LessonPage, ModulePage
from courses.numbers import number_words
from people.models import Consent, Household, HouseholdEvent, HouseholdGroup, User
from practice.models import Evidence, PracticeSubmission
from progress.facts import GONE, Outline
from progress.models import GroupSession

from .caseload import PLACES, HouseholdRow, household_rows
from .practice_forms import PRAISES, SUGGESTIONS
from .practice_queue import PER_PAGE, waiting
from .rules import Contact, Kind, Stage
from .situations import Case, in_turn, situations


def caseload(user: User, content: Outline) -> dict:
    """Plain values, in a constant number of queries. Of the practices the oldest PER_PAGE."""
    households = Household.objects.for_companion(user).select_related("group", "region").order_by("name", "pk")
    rows = household_rows(situations(households, content), content)
    learners = [one.learner.pk for row in rows for one in row.learners]
    agreed = set(Consent.objects.valid().filter(learner__in=learners).values_list("learner", flat=True))
    waiting = in_turn(row.situation.case for row in rows)
    turns = {case.household: turn for turn, case in enumerate(waiting, start=1)}
    return {
        "owner": user.pk,
        "nickname": user.first_name or user.username,
        "households": [_household(row, agreed, turns) for row in rows],
        "groups": _groups(user),
        "modules": [
            {
                "title": page.title,
                "lessons": [{"key": str(one.translation_key), "title": one.title} for one in content.lessons_of(key)],
            }
            for key, page in content.module_pages.items()
        ],
        "practices": _practices(user, content),
        "praises": PRAISES,
        "suggestions": SUGGESTIONS,
    }


def _state(case: Case) -> str:
    need = case.presses_most
    if case.days_quiet and (need is None or need.kind in (Kind.QUIET, Kind.LONG_QUIET)):
        return f"Diam {case.days_quiet} hari"
    if need:
        return PLACES[need.kind]
    return PLACES[Stage.DONE] if case.stage == Stage.DONE else ""


def _household(row: HouseholdRow, agreed: set[int], turns: dict[int, int]) -> dict:
    home, case = row.situation.household, row.situation.case
    return {
        "id": home.pk,
        "name": home.name,
        "place": home.region.name,
        "group": home.group_id,
        "state": _state(case),
        "waits": turns.get(home.pk, 0),  # from 1 on, in the order of «Hari ini»
        "about": case.presses_most.kind if case.presses_most else "",
        "reached": _reached(case.last_contact),
        "tasks": row.assigned,
        "learners": [
            {
                "id": one.learner.pk,
                "name": one.learner.greeting_full_name,
                "state": one.how_far,
                "agreed": one.learner.pk in agreed,
            }
            for one in row.learners
        ],
    }


def _reached(contact: Contact | None) -> str:
    if not contact:
        return ""
    kind = HouseholdEvent.Kind.VISITED if contact.is_visit else HouseholdEvent.Kind.CONTACTED
    return f"{kind.label} {date_format(timezone.localtime(contact.at), 'j M Y')}"


def _groups(user: User) -> list[dict]:
    """Each with where it met last."""
    groups = list(HouseholdGroup.objects.for_companion(user))
    met = GroupSession.objects.filter(group__in=groups, undone_at=None).order_by("held_on", "pk")
    places = dict(met.values_list("group", "place"))
    return [{"id": group.pk, "name": group.name, "place": places.get(group.pk, "")} for group in groups]


def _practices(user: User, content: Outline) -> list[dict]:
    found = list(waiting(user).select_related("learner").prefetch_related("evidence")[:PER_PAGE])
    keys = {submission.lesson_key for submission in found}
    lessons = {page.translation_key: page for page in LessonPage.objects.original().filter(translation_key__in=keys)}
    figures = figures_in(lesson.task["instruction"] for lesson in lessons.values() if lesson.task)
    return [
        _practice(
            submission, lessons.get(submission.lesson_key), content.module_pages.get(submission.module_key), figures
        )
        for submission in found
    ]


def _practice(
    submission: PracticeSubmission,
    lesson: LessonPage | None,
    module: ModulePage | None,
    figures: dict[str, Figure],
) -> dict:
    """A voice stays behind, and only that there is one goes along: what she cannot hear she must not judge."""
    task = lesson.task if lesson else {}
    number = submission.number
    return {
        "id": str(submission.pk),
        "learner": submission.learner.greeting_name,
        "household": submission.learner.household_id,
        "title": lesson.title if lesson else GONE,
        "task": in_words(task.get("instruction", ""), figures),
        "rubric": module.rubric_points if module else [],
        "at": date_format(timezone.localtime(submission.handed_in_at), "j M Y"),
        "note": submission.note,
        "number": "" if number is None else number_words(number, task.get("unit", "")),
        "photos": [
            {"id": str(file.pk), "bytes": file.bytes}
            for file in submission.evidence.all()
            if file.kind == Evidence.Kind.PHOTO
        ],
        "voice": any(file.kind == Evidence.Kind.VOICE for file in submission.evidence.all()),
    }
