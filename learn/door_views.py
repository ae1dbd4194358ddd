"""A learner's rights where she asks her companion for them: who agreed at the door, without a phone, has none to
withdraw with."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from people.access import companion_only
from people.models import Consent, Learner

from . import rights


@require_POST
@companion_only
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    learners = Learner.objects.for_companion(request.user).select_related("household", "user")
    learner = get_object_or_404(learners, pk=pk)
    if Consent.objects.standing(learner).exists():
        rights.withdraw(learner, by=request.user)
        messages.success(request, f"Persetujuan {learner.greeting_name} sudah ditarik. Akunnya berhenti.")
    else:
        messages.info(request, "Persetujuan ini sudah ditarik. Tidak ada yang berubah.")
    return redirect("companions:learner", pk)
