from django.contrib import messages
from django.shortcuts import redirect
from wagtail import hooks

from .models import Badge, BadgeAward


@hooks.register("before_delete_snippet")
def keep_earned_badges(request, instances):
    """A badge that somebody has earned stays: an award, once given, does."""
    badges = [instance.pk for instance in instances if isinstance(instance, Badge)]
    if not BadgeAward.objects.filter(badge__in=badges).exists():
        return None
    messages.error(request, "Lencana ini sudah diraih pelajar, jadi tidak bisa dihapus.")
    return redirect(Badge.snippet_viewset.get_url_name("list"))
