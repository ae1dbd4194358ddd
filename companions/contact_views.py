"""The companion's day: who needs her, and reaching them. Nothing is sent from here: she presses send in WhatsApp."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from people.access import companion_only
from people.importing.phones import written_phone
from people.models import Household, HouseholdEvent
from progress.facts import Outline, outline

from .contact_forms import ContactDataForm, MessageForm, VisitForm
from .doors import own_household
from .messages import ready_text, whatsapp_link
from .rules import Kind
from .situations import NeedLine, Situation, facts_for, need_lines, situations
from .today import today as todays
from .today import waiting_list

MESSAGE, CALL, VISIT, OTHER = "pesan", "telepon", "kunjungan", "langsung"
# How it was done: the kind of the line in the history, its words, and what is said afterwards.
WAYS = {
    MESSAGE: (HouseholdEvent.Kind.CONTACTED, "Pesan WhatsApp dibuka", "Dicatat: pesan untuk {}."),
    CALL: (HouseholdEvent.Kind.CONTACTED, "Telepon", "Dicatat: {} sudah ditelepon."),
    VISIT: (HouseholdEvent.Kind.VISITED, "", "Dicatat: {} sudah dikunjungi."),
    OTHER: (HouseholdEvent.Kind.CONTACTED, "", "Dicatat: {} sudah dihubungi."),
}
ABOUT = {
    Kind.LONG_QUIET: "lama diam",
    Kind.QUIET: "lama diam",
    Kind.QUIZ: "kuis",
    Kind.DUE: "tenggat",
    Kind.PIN: "PIN sementara",
}


@never_cache
@require_GET
@companion_only
def today(request: HttpRequest) -> HttpResponse:
    return render(request, "companions/today.html", {"today": todays(request.user, outline(pages=False))})


def wanted_kind(value: str | None) -> Kind | None:
    return Kind(value) if value in set(Kind) else None


@never_cache
@companion_only
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """A ready message to change, and the link that opens it in WhatsApp. POST notes that it was opened, or with
    «ubah» shows the link with the changed words, for phones without JavaScript."""
    household = own_household(request, pk)
    kind, came_from = (wanted_kind(request.GET.get(name)) for name in ("perihal", "daftar"))
    form = MessageForm(request.POST or None)
    if form.is_valid() and "ubah" not in request.POST and household.may_be_messaged:
        return note(request, household, MESSAGE, kind)
    if not form.is_bound:
        form.initial["text"] = proposed_text(request, household, kind, outline(pages=False))
    context = {
        "household": household,
        "kind": kind,
        "form": form,
        "phone": written_phone(household.phone),
        "link": whatsapp_link(household.phone, form["text"].value() or "") if household.may_be_messaged else "",
        "list": came_from and waiting_list(came_from),
    }
    return render(request, "companions/message.html", context, status=422 if form.errors else 200)


def proposed_text(request: HttpRequest, household: Household, kind: Kind | None, content: Outline) -> str:
    [situation] = situations([household], content)
    chosen = [need for need in situation.case.needs if need.kind == kind] or situation.case.needs
    lines = need_lines(situation, chosen[:1], content, facts_for(chosen[:1], [situation]))
    line = lines[0] if lines else None
    person = (line and line.person) or next(iter(situation.learners.values()), None)
    about = {"step": line.step, "title": line.title, "when": _when(line, situation)} if line else {}
    return ready_text(
        line.need.kind if line else None,
        greeting=person.greeting_name if person else household.name,
        companion=request.user.first_name or str(request.user.companion),
        **about,
    )


def _when(line: NeedLine, situation: Situation) -> str:
    """The day or, in the household's own time, the hour; nothing once it is past."""
    at = line.need.at
    if line.need.kind == Kind.PIN:
        local = at.astimezone(ZoneInfo(situation.household.time_zone))
        return date_format(local, "l, j F \\j\\a\\m H.i") if at > situation.case.now else ""
    return date_format(at, "l, j F") if line.days <= 0 else ""


def note(
    request: HttpRequest,
    household: Household,
    way: str,
    kind: Kind | None,
    text: str = "",
    told_as: UUID | None = None,
) -> HttpResponse:
    """Into the history, and on to the next row: of «Hari ini», or of the list «daftar» in which she was."""
    event, words, said = WAYS[way]
    text = text or ", ".join(part for part in (words, kind and f"tentang {ABOUT[kind]}") if part)
    if HouseholdEvent.objects.note(household, event, by=request.user, text=text, told_as=told_as):
        messages.success(request, said.format(household))
    else:
        messages.info(request, "Ini sudah tersimpan tadi. Tidak ada yang berubah.")
    came_from = wanted_kind(request.GET.get("daftar"))
    return redirect(waiting_list(came_from) if came_from else "companions:today")


@require_POST
@companion_only
def contacted(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap: a call or a visit that she has made."""
    household = own_household(request, pk)
    way = request.POST.get("cara")
    return note(request, household, way if way in WAYS else OTHER, wanted_kind(request.POST.get("perihal")))


@never_cache
@companion_only
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """A visit with a note of what she found."""
    household = own_household(request, pk)
    form = VisitForm(request.POST or None)
    if form.is_valid():
        return note(request, household, VISIT, None, form.cleaned_data["text"], form.cleaned_data["id"])
    context = {"household": household, "form": form}
    return render(request, "companions/visit.html", context, status=422 if form.errors else 200)


@never_cache
@companion_only
def contact_data(request: HttpRequest, pk: int) -> HttpResponse:
    """The phone number, whether messages are welcome, business and interest."""
    form = ContactDataForm(request.POST or None, instance=own_household(request, pk))
    if form.is_valid():
        household = own_household(request, pk)
        Household.objects.correct(household, by=request.user, **form.changed)
        messages.success(request, "Data keluarga tersimpan.")
        return redirect("companions:household", pk)
    context = {"household": own_household(request, pk), "form": form}
    return render(request, "companions/contact_data.html", context, status=422 if form.errors else 200)
