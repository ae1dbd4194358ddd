from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from people.cards import QUIET, qr_of, qr_path

from .models import BadgeAward


def award(request: HttpRequest, id: UUID) -> HttpResponse:
    """The public page of an award: badge, first name and initial, modules, date; nothing else."""
    awards = BadgeAward.objects.select_related("badge", "learner").prefetch_related("badge__required_modules__module")
    award = get_object_or_404(awards, pk=id, learner__user__is_active=True)  # who withdrew is shown no more
    address = request.build_absolute_uri(award.get_absolute_url())
    qr = qr_of(address)
    return render(
        request,
        "badges/award.html",
        {
            "award": award,
            "modules": [row.module.title for row in award.badge.required_modules.all()],
            "qr_size": qr.symbol_size(border=QUIET)[0],
            "qr_path": qr_path(qr),
            "address": address,
        },
    )
