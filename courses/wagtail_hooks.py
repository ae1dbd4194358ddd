from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.views.pages.workflow import WorkflowActionView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page

from .copying import relinked, rewrite, twins
from .drafts import is_finished
from .models import Figure, LessonPage


@hooks.register("before_bulk_action")
def keep_unfinished_drafts(request, action_type, objects, action):
    """A form asks for all that is missing before it publishes; Wagtail's lists publish whatever a draft holds."""
    if action_type != "publish" or action.model is not Page:
        return None
    pages = list(objects)
    if action.cleaned_form.cleaned_data["include_descendants"]:
        pages += [one for page in objects for one in page.get_descendants().not_live()]
    drafts = [page.get_latest_revision_as_object() for page in pages]
    if not (unfinished := [draft.title for draft in drafts if not is_finished(draft)]):
        return None
    titles = ", ".join(f"«{title}»" for title in unfinished)
    told = f"Belum ada yang terbit. {titles} belum lengkap. Buka dan terbitkan dari sana: yang kurang ditandai."
    messages.error(request, told)
    return redirect(action.next_url)


class FromAList(WorkflowActionView):
    """Approving without the form, as on the front page: a reviewer may have kept a draft with something missing."""

    def post(self, request, *args, **kwargs):
        draft = self.object.get_latest_revision_as_object()
        if self.action_name != "approve" or is_finished(draft):
            return super().post(request, *args, **kwargs)
        messages.error(
            request, f"«{draft.title}» belum lengkap, jadi belum terbit. Setujui dari sini: yang kurang ditandai."
        )
        form = reverse("wagtailadmin_pages:edit", args=[draft.pk])
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return self.render_modal_json(request, {"step": "success", "redirect": form})
        return redirect(form)


class PagesToRead(PagesAdminAPIViewSet):
    """The lists behind Wagtail's menus. Its actions on pages, which no screen uses, ask neither our hooks nor our
    forms, and let a writer put a translation out."""

    actions = {}


@hooks.register("construct_admin_api")
def only_read_behind_the_menus(router):
    router.register_endpoint("pages", PagesToRead)


@hooks.register("register_admin_viewset")
def pages_approved_from_lists():
    return PageViewSet("pages", workflow_action_view_class=FromAList)


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
