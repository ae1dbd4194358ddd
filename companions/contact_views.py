"""The companion's day: who needs her, and reaching them. Nothing is sent from here: she presses send in WhatsApp."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from people.access import companion_only
from people.ids import id_in, key_in
from people.importing.phones import written_phone
from people.models import Household, HouseholdEvent
from people.reaching import Way
from progress.facts import Outline, outline

from .contact_forms import ContactDataForm, MessageForm, VisitForm
from .doors import own_household
from .messages import ready_text, whatsapp_link
from .rules import Kind
from .situations import NeedLine, Situation, facts_for, need_lines, situations
from .today import today as todays
from .today import waiting_list

VISITED = HouseholdEvent.Kind.VISITED
SAID = {
    Way.MESSAGE: "Dicatat: pesan untuk {}.",
    Way.CALL: "Dicatat: {} sudah ditelepon.",
    Way.VISIT: "Dicatat: {} sudah dikunjungi.",
    Way.OTHER: "Dicatat: {} sudah dihubungi.",
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
        is_new = HouseholdEvent.objects.reach(household, Way.MESSAGE, kind or "", by=request.user)
        return noted(request, household, Way.MESSAGE, is_new)
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


def noted(request: HttpRequest, household: Household, way: Way, is_new: bool) -> HttpResponse:
    """Says so, and on to the next row: of «Hari ini», or of the list «daftar» in which she was."""
    if is_new:
        messages.success(request, SAID[way].format(household))
    else:
        messages.info(request, "Ini sudah tersimpan tadi. Tidak ada yang berubah.")
    came_from = wanted_kind(request.GET.get("daftar"))
    return redirect(waiting_list(came_from) if came_from else "companions:today")


@require_POST
@companion_only
def contacted(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap: a call or a visit that she has made."""
    household = own_household(request, pk)
    told = request.POST.get("cara")
    way = Way(told) if told in set(Way) else Way.OTHER
    about, told_as = request.POST.get("perihal", ""), id_in(request.POST.get("id", ""))
    is_new = HouseholdEvent.objects.reach(household, way, about, by=request.user, told_as=told_as)
    return noted(request, household, way, is_new)


@require_POST
@companion_only
def take_back_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """«Batalkan»: what she has just noted was a slip, or of another household."""
    line = key_in(request.POST.get("catatan", ""))
    if HouseholdEvent.objects.take_back(own_household(request, pk), line, by=request.user):
        messages.success(request, "Catatannya dibatalkan.")
    else:
        messages.info(request, "Catatan ini tidak bisa dibatalkan lagi. Tidak ada yang berubah.")
    return redirect("companions:household", pk)


@never_cache
@companion_only
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """A visit with a note of what she found."""
    household = own_household(request, pk)
    form = VisitForm(request.POST or None)
    if form.is_valid():
        found, told_as = form.cleaned_data["text"], form.cleaned_data["id"]
        is_new = HouseholdEvent.objects.note(household, VISITED, by=request.user, text=found, told_as=told_as)
        return noted(request, household, Way.VISIT, is_new)
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
