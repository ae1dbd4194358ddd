from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from people.access import companion_only
from people.ids import key_in
from people.models import Household, HouseholdGroup
from progress.facts import Outline, outline
from progress.models import ModuleAssignment

from . import assigning
from .caseload import PLACES, Wanted, household_rows, household_screen, list_page
from .doors import own_household
from .forms import AssignForm, AssignToManyForm
from .rules import Kind, Terms


@never_cache
@require_GET
@companion_only
def caseload(request: HttpRequest) -> HttpResponse:
    """The companion's households, by name, group and how they stand."""
    groups = list(HouseholdGroup.objects.for_companion(request.user))
    group = next((group for group in groups if str(group.pk) == request.GET.get("kelompok")), None)
    place = next((place for place in PLACES if place == request.GET.get("keadaan")), None)
    wanted = Wanted(
        name=" ".join(request.GET.get("cari", "").replace("\x00", "").split())[:60],
        group=group.pk if group else None,
        place=place,
        after=key_in(request.GET.get("sesudah", "")),
        waiting=isinstance(place, Kind) and request.GET.get("tunggu") == "ya",
    )
    content = outline(pages=False)
    page = list_page(Household.objects.for_companion(request.user), wanted, content)
    context = {
        "rows": household_rows(page.situations, content),
        "page": page,
        "wanted": wanted,
        "groups": groups,
        "group": group,
        "places": PLACES,
        "place": PLACES.get(place),
    }
    return render(request, "companions/caseload.html", context)


@never_cache
@companion_only
def household(request: HttpRequest, pk: int) -> HttpResponse:
    """One household: its learners, its assignments, and a form to give it a module."""
    household = own_household(request, pk)
    content = outline()
    form = AssignForm(request, content=content, initial={"module": request.GET.get("modul")})
    if request.method == "POST" and form.is_valid():
        assign(request, form, planned(form, [household], content, again=True))
        return redirect("companions:household", pk)
    context = {"household": household, "screen": household_screen(household, content, request.user), "form": form}
    return render(request, "companions/household.html", context, status=422 if form.errors else 200)


@never_cache
@companion_only
def assign_to_many(request: HttpRequest) -> HttpResponse:
    """A module or a path for a group or a filter: what everybody has already is shown first, «pasti» carries it out."""
    content = outline()
    initial = {"group": request.GET.get("kelompok"), "module": request.GET.get("modul")}
    initial["without_module"] = "tanpa-modul" in request.GET
    form = AssignToManyForm(request, content=content, initial=initial)
    if request.method != "POST" or not form.is_valid() or "ubah" in request.POST:
        return render(request, "companions/assign.html", {"form": form}, status=422 if form.errors else 200)
    plan = planned(form, form.chosen_households(), content, again=form.cleaned_data["again"])
    if "pasti" in request.POST and plan.households:
        assign(request, form, plan)
        return redirect("companions:caseload")
    context = {"form": form, "plan": plan, "at_most": assigning.NAMES_SHOWN}
    return render(request, "companions/assign_preview.html", context)


def planned(form: AssignForm, households: list[Household], content: Outline, *, again: bool) -> assigning.Plan:
    terms = Terms(form.cleaned_data["due_on"], form.cleaned_data["word"], form.spoken and form.spoken.pk)
    return assigning.plan(households, form.modules, terms, content, again=again)


def assign(request: HttpRequest, form: AssignForm, plan: assigning.Plan) -> None:
    if new := assigning.assign(plan, by=request.user):
        messages.success(request, f"{form.title} ditugaskan ke {new} keluarga.")
    else:
        messages.info(request, f"{form.title} memang sudah ditugaskan. Tidak ada yang berubah.")


@require_POST
@companion_only
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes an assignment back. What was learned stays."""
    mine = ModuleAssignment.objects.filter(household__in=Household.objects.for_companion(request.user))
    assignment = get_object_or_404(mine, pk=pk)
    if ModuleAssignment.objects.withdraw(assignment, by=request.user):
        messages.success(request, "Tugas ditarik. Pelajaran yang sudah selesai tetap tersimpan.")
    else:  # a second tap, or it was given anew with another date or word since the page was shown
        messages.info(request, "Tugas ini tadi sudah ditarik atau diganti. Tidak ada yang berubah.")
    return redirect("companions:household", assignment.household_id)
