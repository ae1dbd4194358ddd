"""The companion's help at the door: make a household and its learners, correct, move, and give a temporary PIN."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from people.access import companion_only
from people.forms import ConsentForm
from people.ids import key_in, new_id
from people.models import Consent, Household, Learner, TemporaryPin
from people.waiting import in_line

from .doors import own_household, own_learner
from .household_forms import HouseholdForm, LearnerForm, MoveForm, form_id

LINES = 50  # of a history on one page


@never_cache
@companion_only
def make_household(request: HttpRequest) -> HttpResponse:
    """A household and its first learner on one screen; the cards follow."""
    form = HouseholdForm(request.POST or None, user=request.user)
    learner_form = LearnerForm(request.POST or None, initial={"address_form": Learner.AddressForm.IBU})
    if request.method == "POST" and all([form.is_valid(), learner_form.is_valid()]):
        sent = {"by": request.user, "form_id": form_id(request, learner_form.cleaned_data, form.cleaned_data)}
        with transaction.atomic():
            household = Household.objects.make(companion=request.user.companion, **sent, **form.cleaned_data)
            is_new = Learner.objects.enrol(household, **sent, **learner_form.cleaned_data)
        if is_new:
            messages.success(request, f"{household} sudah dicatat. Sekarang berikan kartunya.")
        else:
            other = "Ini keluarga lain? Beri nama yang sedikit beda."
            messages.info(request, f"{household} sudah tersimpan tadi. {other}")
        return redirect("companions:household_cards", household.pk)
    context = {"form": form, "learner_form": learner_form, "page": new_id()}
    status = 422 if form.errors or learner_form.errors else 200
    return render(request, "companions/make_household.html", context, status=status)


@never_cache
@companion_only
def add_learner(request: HttpRequest, pk: int) -> HttpResponse:
    """One more learner in a household; the cards follow."""
    household = own_household(request, pk)
    form = LearnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        written = form_id(request, form.cleaned_data, pk)
        if Learner.objects.enrol(household, by=request.user, form_id=written, **form.cleaned_data):
            messages.success(request, f"{form.instance.greeting_name} sudah dicatat. Sekarang berikan kartunya.")
        else:
            messages.info(request, "Pelajar ini sudah tersimpan tadi. Periksa namanya, lalu berikan kartunya.")
        return redirect("companions:household_cards", pk)
    context = {"form": form, "household": household, "page": new_id()}
    return render(request, "companions/add_learner.html", context, status=422 if form.errors else 200)


@never_cache
@companion_only
def learner(request: HttpRequest, pk: int) -> HttpResponse:
    """One learner: correct her name, and everything else that helps her at the door."""
    learner = own_learner(request, pk)
    form = LearnerForm(request.POST or None, instance=learner)
    if request.method == "POST" and form.is_valid():
        Learner.objects.correct(own_learner(request, pk), by=request.user, **form.changed)
        messages.success(request, "Nama sudah diperbaiki.")
        return redirect("companions:learner", pk)
    return learner_page(request, learner, form=form)


def learner_page(request: HttpRequest, learner: Learner, **forms) -> HttpResponse:
    context = {
        "learner": own_learner(request, learner.pk),
        "form": LearnerForm(instance=learner),
        "move_form": MoveForm(user=request.user, learner=learner),
        "waiting_pin": TemporaryPin.objects.waiting().filter(learner=learner).first(),
        "consent": Consent.objects.valid().filter(learner=learner).first(),
        "may_withdraw": Consent.objects.standing(learner).exists(),  # to whichever text
        "consent_form": ConsentForm(),
    } | forms
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "companions/learner.html", context, status=status)


@require_POST
@companion_only
def move_learner(request: HttpRequest, pk: int) -> HttpResponse:
    learner = own_learner(request, pk)
    if request.POST.get("household") == str(learner.household_id):  # a second tap, after she has moved
        messages.info(request, f"{learner.greeting_name} sudah di keluarga ini.")
        return redirect("companions:household", learner.household_id)
    form = MoveForm(request.POST, user=request.user, learner=learner)
    if not form.is_valid():
        return learner_page(request, learner, move_form=form)
    Learner.objects.move(learner, form.cleaned_data["household"], by=request.user)
    messages.success(request, f"{learner.greeting_name} pindah ke {form.cleaned_data['household']}.")
    return redirect("companions:household", form.cleaned_data["household"].pk)


@never_cache
@require_POST
@companion_only
@in_line
def reset_pin(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows a temporary PIN, once: it is told face to face and stored nowhere."""
    learner = own_learner(request, pk)
    if not learner.user.is_active:
        raise Http404
    pin = TemporaryPin.objects.issue(learner, by=request.user, request=request)
    return render(request, "companions/temporary_pin.html", {"learner": learner, "pin": pin})


@require_POST
@companion_only
def record_consent(request: HttpRequest, pk: int) -> HttpResponse:
    """The learner agrees before her companion, who is the witness."""
    learner = own_learner(request, pk)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return learner_page(request, learner, consent_form=form)
    guardian = form.cleaned_data["guardian_name"]
    Consent.objects.give(learner, method=Consent.Method.AT_THE_DOOR, by=request.user, guardian_name=guardian)
    messages.success(request, f"Persetujuan {learner.greeting_name} tersimpan. Saksinya {request.user.first_name}.")
    if not own_learner(request, pk).user.is_active:
        messages.info(request, "Akunnya tetap tertutup. Hanya administrator yang bisa membukanya.")
    return redirect("companions:learner", pk)


@never_cache
@companion_only
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """What was done to a household, by whom and when; the newest first."""
    household = own_household(request, pk)
    events = household.events.select_related("by")
    key = key_in(request.GET.get("sebelum", ""))
    if last := key and household.events.filter(pk=key).first():
        events = events.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    page = events[: LINES + 1].told_to(Household.objects.for_companion(request.user))
    more_before = page[LINES - 1].pk if len(page) > LINES else None
    context = {"household": household, "events": page[:LINES], "more_before": more_before, "is_first": not last}
    return render(request, "companions/history.html", context)
