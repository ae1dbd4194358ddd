from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from people.access import companion_only
from people.models import Companionship
from people.months import chosen, last_months

from .recap import recap


@never_cache
@require_GET
@companion_only
def month(request: HttpRequest) -> HttpResponse:
    """A month of hers in numbers, to be read and to be copied. An unknown month is told, and this one is shown."""
    today = timezone.localdate()
    months = last_months(today)
    month = chosen(request.GET.get("bulan"), months)
    told = recap(request.user, month or months[0], today)
    hers = Companionship.objects.filter(companion__user=request.user)
    context = {
        "recap": told,
        "has_accompanied": told.households or hers.exists(),
        "months": months,
        "month_is_unknown": month is None,
    }
    return render(request, "companions/recap.html", context)
