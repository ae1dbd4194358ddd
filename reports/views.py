from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from people.access import coordinator_only
from people.exporting import download
from people.models import Companion, Companionship, Household, Region
from people.months import chosen, last_months
from people.spreadsheets import XLSX

from . import numbers
from .files import as_workbook
from .forms import HandOverForm

PER_PAGE = 40


@never_cache
@require_GET
@coordinator_only
def region(request: HttpRequest) -> HttpResponse:
    """The coordinator's region or one below it in numbers: in all, region by region, companion by companion."""
    months = last_months(timezone.localdate())
    month = chosen(request.GET.get("bulan"), months)
    report = numbers.report(request.user, _region(request), month or months[0])
    context = {
        "report": report,
        "months": months,
        "month_is_unknown": month is None,
        "today_labels": numbers.TODAY,
        "month_labels": numbers.IN_MONTH,
        "page": Paginator(report.companions, PER_PAGE).get_page(request.GET.get("hal")),
    }
    return render(request, "reports/region.html", context)


@never_cache
@require_GET
@coordinator_only
def workbook(request: HttpRequest) -> HttpResponse:
    """What the page shows of this region and month, all pages of it, as a file."""
    months = last_months(timezone.localdate())
    report = numbers.report(request.user, _region(request), chosen(request.GET.get("bulan"), months) or months[0])
    return download(as_workbook(report), f"laporan-{report.region.code}-{report.month.value}.xlsx", XLSX)


def _region(request: HttpRequest) -> Region:
    code = request.GET.get("wilayah", "").replace("\x00", "") or request.user.scope_region_id
    return get_object_or_404(Region.objects.for_coordinator(request.user), pk=code)


@never_cache
@coordinator_only
def hand_over(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Households of the region that was looked at change hands: the old companion loses them at once, the new one sees
    their history. Without ``pk`` those get a companion that have none. How many it would be is shown first, «pasti»
    carries it out."""
    region = _region(request)
    old = _companion_of(request.user, pk) if pk else None
    households = Household.objects.for_coordinator(request.user, region)
    form = HandOverForm(request.POST or None, user=request.user, old=old, households=households)
    back = reverse("reports:region", query={"wilayah": region.code})
    if not form.number:  # the button was pressed twice
        nobodys = "Semua keluarga di wilayah ini sudah didampingi."
        messages.info(request, f"{old} tidak lagi mendampingi keluarga di wilayah ini." if old else nobodys)
        return redirect(back)
    if "pasti" in request.POST and form.group_has_moved:  # so was it where a group was chosen
        gone = f"{old} tidak lagi mendampingi kelompok itu." if old else "Kelompok itu sudah didampingi."
        messages.info(request, gone)
        return redirect(back)
    context = {"form": form, "old": old, "region": region, "back": back}
    if request.method != "POST" or not form.is_valid() or "ubah" in request.POST:
        return render(request, "reports/hand_over.html", context, status=422 if form.errors else 200)
    if "pasti" in request.POST:
        changed = Companionship.objects.hand_over(form.chosen_households(), old, form.to, by=request.user)
        moved = f"pindah dari {old} ke {form.to}" if old else f"sekarang didampingi {form.to}"
        messages.success(request, f"{changed} keluarga {moved}.")
        return redirect(back)
    return render(request, "reports/hand_over_preview.html", context | {"number": form.chosen_households().count()})


def _companion_of(user, pk: int) -> Companion:
    """One who accompanies or has accompanied somebody in the coordinator's region."""
    ever = Companionship.objects.filter(companion=pk, household__in=Household.objects.for_coordinator(user))
    return get_object_or_404(Companion.objects.select_related("user").filter(Exists(ever)), pk=pk)
