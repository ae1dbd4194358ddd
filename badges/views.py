from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from people.cards import QUIET, qr_of, qr_path
from progress.models import ModuleProgress

from .models import BadgeAward


def award(request: HttpRequest, id: UUID) -> HttpResponse:
    """The public page of an award: badge, first name and initial, modules, date; nothing else."""
    awards = BadgeAward.objects.select_related("badge", "learner__household")
    award = get_object_or_404(awards, pk=id, learner__user__is_active=True)  # who withdrew is shown no more
    passed = ModuleProgress.objects.filter(learner=award.learner).exclude(passed_at=None).values("module_key")
    # What an editor has added to the badge since was not asked of her.
    modules = award.badge.required_modules.filter(module__translation_key__in=passed).select_related("module")
    qr = qr_of(request.build_absolute_uri(award.get_absolute_url()))
    with timezone.override(award.learner.household.time_zone):  # the day that stands on her own screens, too
        return render(
            request,
            "badges/award.html",
            {
                "award": award,
                "modules": [row.module.title for row in modules],
                "qr_size": qr.symbol_size(border=QUIET)[0],
                "qr_path": qr_path(qr),
            },
        )
