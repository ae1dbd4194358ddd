"""Work from phones that was not taken, for the companion or the administrator to look at, and what to do about it."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from courses.models import LessonPage
from people.access import companion_or_administrator_only
from people.models import HouseholdGroup, Learner, User
from quizzes.models import QuizPage

from .items import Attendance, Reason, is_key, read_attendance
from .models import RefusedWork
from .receiving import WORDS

SHOWN = 50
KINDS = {"lesson": "Sudah paham", "quiz": "Kuis", "practice": "Praktik"}
KINDS |= {"attendance": "Kehadiran", "visit": "Catatan kunjungan"}
KINDS |= {"contact": "Keluarga dihubungi", "feedback": "Umpan balik"}
ADVICE = {
    Reason.SHAPE: "Isi kiriman rusak. Buka halaman belajar di HP itu saat ada sinyal. Lalu kerjakan sekali lagi.",
    Reason.KIND: "Halaman di HP itu sudah lama. Buka halaman belajar saat ada sinyal. Lalu kirim lagi.",
    Reason.DAMAGED: "Isi kiriman berubah di jalan. Minta dia kirim lagi.",
    Reason.CHANGED: "Kiriman ini sudah ada dengan isi lain. Yang sudah ada tetap dipakai. Tidak perlu apa-apa.",
    Reason.OWNER: "Kiriman ini milik orang lain di HP yang sama. Minta pemiliknya masuk, lalu kirim lagi.",
    Reason.LESSON: "Pelajarannya sudah dihapus. Tidak perlu apa-apa.",
    Reason.HOUSEHOLD: "Keluarga itu sudah didampingi orang lain, atau belum setuju. Tanya koordinator.",
    Reason.PRESENT: WORDS[Reason.PRESENT],
    Reason.DAY: "Tanggal pertemuannya tidak bisa dicatat. Catat lagi dengan tanggal yang benar.",
    Reason.WITHDRAWN: "Praktiknya sudah ditarik. Tidak perlu apa-apa.",
    Reason.ANSWERED: "Praktiknya sudah dijawab orang lain. Jawaban itu yang dipakai.",
    Reason.FILE: "Rekamannya belum sampai. Buka lagi halaman kiriman di HP, lalu kirim lagi.",
    Reason.QUIZ: "Soalnya sudah diganti. Minta dia buka kuisnya lagi, lalu kerjakan ulang.",
}
# Found out after it had been read.
OF_MEETINGS = {Reason.HOUSEHOLD, Reason.PRESENT, Reason.DAY, Reason.LESSON, Reason.CHANGED}
CHANGED_MEETING = "Pertemuan ini sudah ada dengan isi lain. Ada yang kurang? Catat lagi yang kurang saja."


@dataclass(frozen=True)
class Row:
    """One refused piece of work, in words."""

    work: RefusedWork
    what: str
    advice: str
    # Of a meeting, to record it again: what was treated, and who was there, of whom the reader may see.
    lessons: list[str]
    present: list[str]


@never_cache
@require_GET
@companion_or_administrator_only
def refused(request: HttpRequest) -> HttpResponse:
    waiting = RefusedWork.objects.for_staff(request.user).unseen()
    works = list(waiting.select_related("user", "user__learner__household").order_by("-refused_at", "-pk")[:SHOWN])
    context = {"rows": rows_of(works, request.user), "total": waiting.count(), "shown": SHOWN}
    return render(request, "learn/refused.html", context)


@require_POST
@companion_or_administrator_only
def see_refused(request: HttpRequest, pk: int) -> HttpResponse:
    """«Sudah saya lihat»."""
    work = get_object_or_404(RefusedWork.objects.for_staff(request.user), pk=pk)
    RefusedWork.objects.see(work, by=request.user)
    messages.success(request, "Dicatat sudah dilihat.")
    return redirect("refused")


def rows_of(works: list[RefusedWork], user: User) -> list[Row]:
    """In four queries, however many."""
    said = [_content(work) for work in works]
    met = {
        work.pk: read_attendance(json.loads(work.content)["work"])
        for work, (kind, _) in zip(works, said, strict=True)
        if kind == "attendance" and work.reason in OF_MEETINGS
    }
    groups, learners = _met(met.values(), user)
    titles = _titles({key for _, key in said if key}.union(*(map(str, one.lessons) for one in met.values())))

    def row(work: RefusedWork, kind: str, key: str) -> Row:
        about, lessons, present, advice = titles.get(key), [], [], ADVICE[work.reason]
        if meeting := met.get(work.pk):
            about = _when_and_where(meeting, groups)
            lessons = [titles[str(key)] for key in meeting.lessons if str(key) in titles]
            present = [learners[id].full_name for id in meeting.learners if id in learners]
            advice = CHANGED_MEETING if work.reason == Reason.CHANGED else advice
        what = ": ".join(filter(None, [KINDS.get(kind, "Kiriman"), about]))
        return Row(work, what, advice, lessons, present)

    return [row(work, *content) for work, content in zip(works, said, strict=True)]


def _titles(keys: set[str]) -> dict[str, str]:
    found = LessonPage.objects.titles(keys) | QuizPage.objects.titles(keys)
    return {str(key): title for key, title in found.items()}


def _met(meetings: Collection[Attendance], user: User) -> tuple[dict[int, HouseholdGroup], dict[int, Learner]]:
    """The groups and the people of these meetings, as far as ``user`` may see them."""
    groups, learners = HouseholdGroup.objects.all(), Learner.objects.active()
    if not user.is_superuser:
        groups, learners = groups.for_companion(user), learners.for_companion(user)
    ids = {id for meeting in meetings for id in meeting.learners}
    return groups.in_bulk({meeting.group for meeting in meetings}), learners.in_bulk(ids)


def _when_and_where(meeting: Attendance, groups: Mapping[int, HouseholdGroup]) -> str:
    group = groups.get(meeting.group)
    return ", ".join(filter(None, [group and group.name, date_format(meeting.held_on, "j M Y")]))


def _content(work: RefusedWork) -> tuple[str, str]:
    """(kind, key of the page), as far as what came says them."""
    try:
        item = json.loads(work.content)
    except ValueError:
        return "", ""
    kind, about = (item.get("kind"), item.get("work")) if isinstance(item, dict) else ("", "")
    key = about.get("lesson") or about.get("quiz") if isinstance(about, dict) else ""
    return (kind if isinstance(kind, str) else ""), (key if is_key(key) else "")
