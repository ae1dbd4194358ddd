from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from people.access import learner_of
from practice.views import private_file

from .models import SpokenWord


@private_file
def spoken_word(request: HttpRequest, id: UUID) -> SpokenWord:
    """A companion's word, for the household that it was said to and for its companions. Nobody else learns even that it
    is there."""
    learner = learner_of(request)
    if learner:
        return get_object_or_404(SpokenWord.objects.for_learner(learner), pk=id)
    return get_object_or_404(SpokenWord.objects.for_companion(request.user), pk=id)
