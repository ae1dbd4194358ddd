from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from people.access import companion_only
from people.months import last_months

from .recap import recap


@never_cache
@require_GET
@companion_only
def month(request: HttpRequest) -> HttpResponse:
    """A month of hers in numbers, to be read and to be copied. An unknown month is told, and this one is shown."""
    months, wanted = last_months(timezone.localdate()), request.GET.get("bulan", "")
    known = next((month for month in months if month.value == wanted), None)
    context = {
        "recap": recap(request.user, known or months[0], timezone.localdate()),
        "months": months,
        "is_unknown": bool(wanted) and not known,
    }
    return render(request, "companions/recap.html", context)
