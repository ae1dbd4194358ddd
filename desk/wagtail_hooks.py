from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.templatetags.wagtailadmin_tags import user_display_name
from wagtail.admin.ui.components import Component
from wagtail.admin.userbar import ContentCheckerItem
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import DefaultPageForm
from wagtail.admin.widgets import Button
from wagtail.models import Page, WorkflowState

from courses.languages import ORIGINAL, named
from courses.models import ModulePage
from courses.translations import inspect_translations

from . import word_views
from .checker import LessonChecker
from .views import ChecksReport, DraftsReport, checks_of_page
from .waiting import waiting_for

# Wagtail gives this field no label, so no catalogue has it.
DefaultPageForm.base_fields["include_descendants"].label = "Halaman di bawahnya juga"


@hooks.register("register_admin_urls")
def desk_urls():
    return [
        path("reports/pemeriksaan/", ChecksReport.as_view(), name="desk_checks"),
        path("reports/pemeriksaan/hasil/", ChecksReport.as_view(results_only=True), name="desk_checks_results"),
        path("reports/draf-saya/", DraftsReport.as_view(), name="desk_drafts"),
        path("reports/draf-saya/hasil/", DraftsReport.as_view(results_only=True), name="desk_drafts_results"),
        path("word/", word_views.start, name="desk_word"),
        path("word/<int:pk>/", word_views.draft, name="desk_word_draft"),
        path("word/<int:pk>/buang/", word_views.discard, name="desk_word_discard"),
        path("periksa/<int:page_id>/", checks_of_page, name="desk_checks_of_page"),
    ]


@hooks.register("register_reports_menu_item")
def checks_in_the_menu():
    return MenuItem("Pemeriksaan materi", reverse("desk_checks"), name="checks", icon_name="glasses", order=50)


@hooks.register("register_reports_menu_item")
def drafts_in_the_menu():
    return MenuItem("Draf saya", reverse("desk_drafts"), name="drafts", icon_name="edit", order=60)


class WordMenuItem(MenuItem):
    def is_shown(self, request):
        return bool(word_views.modules_for(request.user))


@hooks.register("register_admin_menu_item")
def word_in_the_menu():
    return WordMenuItem("Dari Word", reverse("desk_word"), name="word", icon_name="doc-full", order=160)


@hooks.register("register_page_header_buttons")
def word_beside_a_module(page, user, view_name, next_url=None):
    if isinstance(page.specific_deferred, ModulePage) and page.permissions_for_user(user).can_add_subpage():
        yield Button("Pelajaran dari Word", reverse("desk_word"), icon_name="doc-full", priority=60)


@hooks.register("before_edit_page")
def say_that_its_original_is_another(request, page):
    """Above the form of a translation: the panel of the checks is folded when it opens."""
    if request.method == "GET" and not page.alias_of_id:
        for finding in inspect_translations([page]).get(page, ()):
            changes = [messages.button(finding.changes, "Lihat yang berubah")] if finding.changes else None
            messages.warning(request, finding.sentence, buttons=changes)


@hooks.register("before_edit_page")
def say_what_a_reviewer_asks_for(request, page):
    """Above the form, too: Wagtail tells it behind two buttons, and its mail reaches nobody without an address."""
    review = page.current_workflow_state
    if request.method == "GET" and review and review.status == WorkflowState.STATUS_NEEDS_CHANGES:
        asked = review.current_task_state
        words = f": «{asked.comment}»" if asked.comment else "."
        messages.warning(request, f"{user_display_name(asked.finished_by) or 'Peninjau'} minta diubah{words}")


@hooks.register("after_delete_page")
def tell_of_translations_left(request, page):
    """Wagtail leaves them, and nobody can read them any more."""
    left = Page.objects.filter(translation_key=page.translation_key).select_related("locale")
    if page.locale.language_code == ORIGINAL:
        for one in left:
            name = named(one.title, one.locale.language_code)
            told = f"Terjemahannya masih ada, dan tidak tampil lagi: «{name}». Hapus juga, kalau tidak dipakai."
            form = messages.button(reverse("wagtailadmin_pages:edit", args=[one.pk]), "Buka terjemahan")
            messages.warning(request, told, buttons=[form])


class WaitingPanel(Component):
    """What waits for the editor, first thing on her home page."""

    name = "waiting"
    template_name = "desk/waiting.html"
    order = 10

    def get_context_data(self, parent_context):
        return {"waiting": waiting_for(parent_context["request"].user)}


@hooks.register("construct_homepage_panels")
def what_waits(request, panels):
    panels.append(WaitingPanel())


@hooks.register("construct_wagtail_userbar")
def our_checker(request, items, page):
    items[:] = [LessonChecker(item.in_editor) if isinstance(item, ContentCheckerItem) else item for item in items]


@hooks.register("insert_global_admin_css")
def our_style():
    return format_html('<link rel="stylesheet" href="{}">', static("css/desk.css"))


@hooks.register("insert_editor_js")
def our_script():
    return format_html('<script type="module" src="{}"></script>', static("js/page-checks.js"))
