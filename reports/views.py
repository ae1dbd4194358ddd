from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from people.access import coordinator_only
from people.models import Companion, Companionship, Household, Learner

from .forms import HandOverForm


@never_cache
@require_GET
@coordinator_only
def region(request: HttpRequest) -> HttpResponse:
    """The coordinator's region in numbers, companion by companion."""
    households = Household.objects.for_coordinator(request.user)
    companions = (
        Companion.objects.filter(companionships__ended_at=None, companionships__household__in=households)
        .select_related("user")
        .annotate(households_now=Count("companionships"))  # of those alone
        .order_by("user__first_name", "pk")
    )
    learners = Learner.objects.for_coordinator(request.user).active()
    context = {
        "region": request.user.coordinator.scope_region,
        "households": households.count(),
        **learners.aggregate(
            learners=Count("pk", distinct=True),
            learners_active=Count("module_progress__learner", distinct=True),
            modules_done=Count("module_progress__passed_at"),
        ),
        "companions": companions,
    }
    return render(request, "reports/region.html", context)


@never_cache
@coordinator_only
def hand_over(request: HttpRequest) -> HttpResponse:
    """Households change hands: the old companion loses them at once, the new one sees their history."""
    form = HandOverForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        old, new = form.cleaned_data["old"], form.cleaned_data["new"]
        changed = Companionship.objects.hand_over(form.chosen_households(), old, new, by=request.user)
        messages.success(request, f"{changed} keluarga pindah dari {old} ke {new}.")
        return redirect("reports:region")
    return render(request, "reports/hand_over.html", {"form": form}, status=422 if form.errors else 200)
