"""Photos and recordings: who may see one, and how one arrives."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from csp.constants import HEADER, NONE, SELF, UNSAFE_INLINE
from csp.utils import build_policy
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from courses.recordings import UnusableFile
from people.access import learner_of
from people.models import Learner

from .forms import FULL, INTAKE, TAKEN
from .models import Evidence, TakenId

# Opened alone, a file can do nothing but show itself. The style is the one by which a browser centres a picture.
ALONE = build_policy(
    {
        "default-src": [NONE],
        "img-src": [SELF],
        "media-src": [SELF],
        "style-src": [UNSAFE_INLINE],
        "frame-ancestors": [NONE],
        "sandbox": True,
    }
)


def private_file(find: Callable[[HttpRequest, UUID], Any]) -> Callable[..., FileResponse]:
    """A view that shows the ``file`` of the row that ``find`` returns; nothing keeps it."""

    @require_safe
    @cache_control(no_store=True, private=True)
    @wraps(find)
    def shown(request: HttpRequest, id: UUID) -> FileResponse:
        found = find(request, id)
        try:
            file = found.file.open()
        except FileNotFoundError as lost:
            raise Http404 from lost
        return FileResponse(file, content_type=found.content_type, headers={HEADER: ALONE})

    return shown


@private_file
def evidence(request: HttpRequest, id: UUID) -> Evidence:
    """A photo or a recording, for the learner whose it is and for who accompanies her now. Nobody else learns even that
    it is there. Of a learner who has withdrawn her consent, nobody sees anything."""
    files = Evidence.objects.filter(learner__user__is_active=True)
    learner = learner_of(request)
    mine = Q(learner=learner.pk) if learner else Q(pk__in=Evidence.objects.for_companion(request.user))
    return get_object_or_404(files.filter(mine), pk=id)


def receive_file(request: HttpRequest, learner: Learner, id: UUID) -> JsonResponse:
    """Keeps the one file in the form field «photo» or «voice», under the id that its phone has made. Sent again after a
    cut, it is there once. 422 says why it was not kept."""
    kind = next((kind for kind in INTAKE if kind in request.FILES), None)
    if kind is None:
        return JsonResponse({"error": "Pilih foto atau rekam suara dulu."}, status=422)
    try:
        known = Evidence.objects.filter(pk=id, learner=learner, kind=kind).first()
        if not known and Evidence.objects.is_full(learner):
            return JsonResponse({"error": FULL}, status=422)
        kept = known or Evidence.objects.store(learner, kind, INTAKE[kind](request.FILES[kind]), id=id)
    except UnusableFile as refusal:
        return JsonResponse({"error": str(refusal)}, status=422)
    except TakenId:
        return JsonResponse({"error": TAKEN}, status=409)
    return JsonResponse({"id": str(kept.pk), "bytes": kept.bytes})
