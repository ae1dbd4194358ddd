"""Group meetings (P2K2): record one by tapping who was there, look at past ones, correct or undo one on its day."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from badges import meetings
from courses.models import LessonPage
from people.access import companion_only
from people.models import HouseholdGroup, Learner
from progress.facts import outline
from progress.meetings import TakenId, today_in
from progress.models import Attendance, GroupSession

from .meeting_forms import NOBODY, NOT_EXPECTED, NOT_PUBLISHED, AttendanceForm, MeetingForm

PER_PAGE = 20


@never_cache
@require_GET
@companion_only
def past(request: HttpRequest) -> HttpResponse:
    """The meetings of her groups, the latest first, with how many of her learners were there."""
    rows = GroupSession.objects.for_companion(request.user).filter(after(request.GET.get("sebelum", "")))
    rows = list(
        rows.select_related("group")
        .annotate(lessons_count=Count("lessons"))
        .order_by("-held_on", "-pk")[: PER_PAGE + 1]
    )
    page, more = rows[:PER_PAGE], len(rows) > PER_PAGE
    mine = Attendance.objects.filter(session__in=page, learner__in=Learner.objects.for_companion(request.user).active())
    counts = dict(mine.order_by().values_list("session").annotate(Count("pk")))
    context = {
        "rows": [(session, counts.get(session.pk, 0)) for session in page],
        "next": f"{page[-1].held_on}_{page[-1].pk}" if more else "",
        "is_first": "sebelum" not in request.GET,
        "has_groups": HouseholdGroup.objects.for_companion(request.user).exists(),
    }
    return render(request, "companions/meetings.html", context)


def after(place: str) -> Q:
    """What follows the meeting ``place`` («2026-11-22_id») in the list; everything where it names none."""
    day, _, id = place.partition("_")
    try:
        day, id = date.fromisoformat(day), UUID(id)
    except ValueError:
        return Q()
    return Q(held_on__lt=day) | Q(held_on=day, pk__lt=id)


@never_cache
@companion_only
def make(request: HttpRequest) -> HttpResponse:
    """One meeting of one group. Without a group, the groups to choose from."""
    groups = list(HouseholdGroup.objects.for_companion(request.user).select_related("region"))
    wanted = request.POST.get("group") or request.GET.get("kelompok")
    group = next((group for group in groups if str(group.pk) == wanted), None)
    if wanted and not group:
        raise Http404
    if not wanted and len(groups) == 1:
        group = groups[0]
    if not group:
        return render(request, "companions/choose_group.html", {"groups": groups})
    expected = list(meetings.learners_in(group, request.user))
    form = MeetingForm(
        request.POST or None,
        content=outline(),
        today=today_in(group),
        learners=[learner for learner in expected if learner.has_consent],
        initial={"held_on": today_in(group), "place": last_place(group)},
    )
    if request.method == "POST" and form.is_valid() and (session := save(request, group, form)):
        return redirect("companions:meeting", session.pk)
    context = {"form": form, "group": group, "without_consent": [one for one in expected if not one.has_consent]}
    return render(request, "companions/make_meeting.html", context, status=422 if form.errors else 200)


def last_place(group: HouseholdGroup) -> str:
    return GroupSession.objects.filter(group=group, undone_at=None).values_list("place", flat=True).first() or ""


def save(request: HttpRequest, group: HouseholdGroup, form: MeetingForm) -> GroupSession | None:
    """The stored meeting; None where the group or the lessons changed while she wrote, and the form says so."""
    data = form.cleaned_data
    try:
        session, is_new = meetings.record(
            group,
            held_on=data["held_on"],
            place=data["place"],
            lesson_keys=[UUID(key) for key in data["lessons"]],
            learner_ids=data["present"],
            by=request.user,
            id=data["id"],
        )
    except TakenId:
        raise Http404 from None
    except meetings.NotPublished:
        form.add_error("lessons", NOT_PUBLISHED)
        return None
    except meetings.NotExpected:
        form.add_error("present", NOT_EXPECTED)
        return None
    if is_new:
        messages.success(request, f"Pertemuan tersimpan. {len(data['present'])} orang hadir.")
    else:
        messages.info(request, "Pertemuan ini sudah tersimpan tadi. Tidak ada yang berubah.")
    return session


@never_cache
@companion_only
def meeting(request: HttpRequest, id: UUID) -> HttpResponse:
    """One meeting. On the day on which it was recorded, also who was there can be corrected."""
    session = get_object_or_404(GroupSession.objects.for_companion(request.user).select_related("group"), pk=id)
    there = Learner.objects.for_companion(request.user).active().filter(attendance__session=session)
    form = None
    if session.can_be_corrected:
        expected = list(meetings.learners_in(session.group, request.user).filter(has_consent=True))
        initial = {"present": [learner.pk for learner in there]}
        form = AttendanceForm(request.POST if request.method == "POST" else None, learners=expected, initial=initial)
    if request.method == "POST":
        if form is None:
            messages.info(request, "Hari mencatatnya sudah lewat. Pertemuan ini tidak berubah.")
            return redirect("companions:meeting", id)
        if form.is_valid() and correct(request, session, form):
            return redirect("companions:meeting", id)
    keys = session.lessons.values("lesson_key")
    context = {
        "session": session,
        "there": there,
        "others": [one for one in there if one not in form.learners] if form else [],  # they have left the group since
        "form": form,
        "lessons": LessonPage.objects.original()
        .filter(translation_key__in=keys)
        .defer("body", "practice")
        .order_by("path"),
        "can_undo": form is not None and session.recorded_by_id == request.user.pk,
    }
    return render(request, "companions/meeting.html", context, status=422 if form and form.errors else 200)


def correct(request: HttpRequest, session: GroupSession, form: AttendanceForm) -> bool:
    """Whether the corrected attendance was stored; where not, the form says why."""
    try:
        meetings.correct(session, form.cleaned_data["present"], by=request.user)
    except (meetings.NotExpected, meetings.NobodyThere) as refused:
        form.add_error("present", NOBODY if isinstance(refused, meetings.NobodyThere) else NOT_EXPECTED)
        return False
    except meetings.TooLate:
        messages.info(request, "Hari mencatatnya sudah lewat. Pertemuan ini tidak berubah.")
        return True
    messages.success(request, "Kehadiran sudah diperbaiki.")
    return True


@require_POST
@companion_only
def undo(request: HttpRequest, id: UUID) -> HttpResponse:
    """Takes back the whole meeting, for whoever recorded it, on that day."""
    mine = GroupSession.objects.for_companion(request.user).filter(recorded_by=request.user)
    session = get_object_or_404(mine, pk=id)
    try:
        meetings.undo(session)
    except meetings.TooLate:
        messages.info(request, "Pertemuan ini tidak bisa dibatalkan lagi. Tidak ada yang berubah.")
    else:
        messages.success(request, "Pertemuan dibatalkan. Yang dipelajari sendiri tetap tersimpan.")
    return redirect("companions:meeting", id)
