"""Work from phones that was not taken, for the companion or the administrator to look at, and what to do about it."""

import json
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from courses.models import LessonPage
from people.access import companion_or_administrator_only
from quizzes.models import QuizPage

from .items import Reason, is_key
from .models import RefusedWork

SHOWN = 50
KINDS = {"lesson": "Sudah paham", "quiz": "Kuis", "practice": "Praktik"}
KINDS |= {"attendance": "Kehadiran", "visit": "Catatan kunjungan", "feedback": "Umpan balik"}
ADVICE = {
    Reason.SHAPE: "Isi kiriman rusak. Buka halaman belajar di HP itu saat ada sinyal. Lalu kerjakan sekali lagi.",
    Reason.KIND: "Halaman di HP itu sudah lama. Buka halaman belajar saat ada sinyal. Lalu kirim lagi.",
    Reason.DAMAGED: "Isi kiriman berubah di jalan. Minta dia kirim lagi.",
    Reason.CHANGED: "Kiriman ini sudah ada dengan isi lain. Yang pertama tetap dipakai. Tidak perlu apa-apa.",
    Reason.OWNER: "Kiriman ini milik orang lain di HP yang sama. Minta pemiliknya masuk, lalu kirim lagi.",
    Reason.LESSON: "Pelajarannya sudah dihapus. Tidak perlu apa-apa.",
    Reason.HOUSEHOLD: "Keluarga itu sudah didampingi orang lain, atau belum setuju. Tanya koordinator.",
    Reason.PRESENT: "Ada yang hadir tetapi sudah didampingi orang lain, atau belum setuju. Catat lagi tanpa dia.",
    Reason.DAY: "Tanggal pertemuannya tidak bisa dicatat. Catat lagi dengan tanggal yang benar.",
    Reason.WITHDRAWN: "Praktiknya sudah ditarik. Tidak perlu apa-apa.",
    Reason.ANSWERED: "Praktiknya sudah dijawab orang lain. Jawaban itu yang dipakai.",
    Reason.FILE: "Rekamannya belum sampai. Buka lagi halaman kiriman di HP, lalu kirim lagi.",
    Reason.QUIZ: "Soalnya sudah diganti. Minta dia buka kuisnya lagi, lalu kerjakan ulang.",
}


@dataclass(frozen=True)
class Row:
    """One refused piece of work, in words."""

    work: RefusedWork
    what: str
    advice: str


@never_cache
@require_GET
@companion_or_administrator_only
def refused(request: HttpRequest) -> HttpResponse:
    waiting = RefusedWork.objects.for_staff(request.user).unseen()
    works = list(waiting.select_related("user", "user__learner__household").order_by("-refused_at", "-pk")[:SHOWN])
    context = {"rows": rows_of(works), "total": waiting.count(), "shown": SHOWN}
    return render(request, "learn/refused.html", context)


@require_POST
@companion_or_administrator_only
def see_refused(request: HttpRequest, pk: int) -> HttpResponse:
    """«Sudah saya lihat»."""
    work = get_object_or_404(RefusedWork.objects.for_staff(request.user), pk=pk)
    RefusedWork.objects.see(work, by=request.user)
    messages.success(request, "Dicatat sudah dilihat.")
    return redirect("refused")


def rows_of(works: list[RefusedWork]) -> list[Row]:
    """In two queries, however many."""
    said = [_content(work) for work in works]
    keys = {key for _, key in said if key}
    titles = {}
    for pages in (LessonPage, QuizPage):
        found = pages.objects.original().filter(translation_key__in=keys).values_list("translation_key", "title")
        titles |= {str(key): title for key, title in found}
    return [
        Row(work, ": ".join(filter(None, [KINDS.get(kind, "Kiriman"), titles.get(key)])), ADVICE[work.reason])
        for work, (kind, key) in zip(works, said, strict=True)
    ]


def _content(work: RefusedWork) -> tuple[str, str]:
    """(kind, key of the page), as far as what came says them."""
    try:
        item = json.loads(work.content)
    except ValueError:
        return "", ""
    kind, about = (item.get("kind"), item.get("work")) if isinstance(item, dict) else ("", "")
    key = about.get("lesson") or about.get("quiz") if isinstance(about, dict) else ""
    return (kind if isinstance(kind, str) else ""), (key if is_key(key) else "")
