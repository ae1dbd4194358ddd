"""What a companion's phone takes along to work without a signal (docs/offline.md)."""

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from people.access import companion_only
from progress.facts import outline

from . import road


@never_cache
@require_GET
@companion_only
def caseload(request: HttpRequest) -> JsonResponse:
    """With the token with which her phone asks for its sending key."""
    return JsonResponse({"csrf": get_token(request)} | road.caseload(request.user, outline()))
