from django.contrib import messages
from django.db.models import Exists
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from people.access import coordinator_only
from people.models import Companion, Companionship, Household

from . import numbers
from .forms import HandOverForm


@never_cache
@require_GET
@coordinator_only
def region(request: HttpRequest) -> HttpResponse:
    """The coordinator's region in numbers, companion by companion."""
    region = request.user.coordinator.scope_region
    context = {
        "region": region,
        "households": Household.objects.for_coordinator(request.user).count(),
        "learning": numbers.in_all(request.user, region),
        "rows": numbers.rows(request.user),
    }
    return render(request, "reports/region.html", context)


@never_cache
@coordinator_only
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Households change hands: the old companion loses them at once, the new one sees their history. How many it would
    be is shown first, «pasti» carries it out."""
    ever = Companionship.objects.filter(companion=pk, household__in=Household.objects.for_coordinator(request.user))
    old = get_object_or_404(Companion.objects.select_related("user").filter(Exists(ever)), pk=pk)
    form = HandOverForm(request.POST or None, user=request.user, old=old)
    if not form.number:  # the button was pressed twice
        messages.info(request, f"{old} tidak lagi mendampingi keluarga di wilayah ini.")
        return redirect("reports:region")
    if request.method != "POST" or not form.is_valid() or "ubah" in request.POST:
        context = {"form": form, "old": old}
        return render(request, "reports/hand_over.html", context, status=422 if form.errors else 200)
    if "pasti" in request.POST:
        changed = Companionship.objects.hand_over(form.chosen_households(), old, form.to, by=request.user)
        messages.success(request, f"{changed} keluarga pindah dari {old} ke {form.to}.")
        return redirect("reports:region")
    context = {"form": form, "old": old, "number": form.chosen_households().count()}
    return render(request, "reports/hand_over_preview.html", context)
