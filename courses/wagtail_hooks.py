from django.contrib import messages
from django.shortcuts import redirect
from wagtail import hooks

from .models import Figure


@hooks.register("before_delete_snippet")
def keep_shown_figures(request, instances):
    """A figure that a published lesson shows stays: the lesson would have a dash in its place."""
    for figure in instances:
        if isinstance(figure, Figure) and (lesson := figure.shown_in):
            messages.error(request, f"«{figure.label}» dipakai di pelajaran «{lesson}». Ubah pelajaran itu dulu.")
            return redirect(Figure.snippet_viewset.get_url_name("list"))
    return None
