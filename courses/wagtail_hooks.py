from django.contrib import messages
from django.shortcuts import redirect
from wagtail import hooks

from .copying import relinked, rewrite, twins
from .models import Figure, LessonPage


@hooks.register("after_copy_page")
def link_to_own_pages(request, page, new_page):
    """Wagtail copies texts as they are, so that the lessons of a copied module would link to those of the first."""
    both = twins(page, new_page)
    swapped = {str(one.pk): str(other.pk) for one, other in both} | {one.url: other.url for one, other in both}
    for lesson in LessonPage.objects.descendant_of(new_page, inclusive=True):
        rewrite(lesson, lambda stream: relinked(stream, swapped))


@hooks.register("before_delete_snippet")
def keep_shown_figures(request, instances):
    """A figure that a published lesson shows stays: the lesson would have a dash in its place."""
    for figure in instances:
        if isinstance(figure, Figure) and (lesson := figure.shown_in):
            messages.error(request, f"«{figure.label}» dipakai di pelajaran «{lesson}». Ubah pelajaran itu dulu.")
            return redirect(Figure.snippet_viewset.get_url_name("list"))
    return None
