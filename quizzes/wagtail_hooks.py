from collections.abc import Mapping

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.models import Page

from courses.copying import rewrite, twins

from . import admin_urls
from .admin_views import editable
from .models import Attempt, QuizPage, WaitingAttempt


@hooks.register("before_delete_page")
def keep_tried_quizzes(request, page):
    """A quiz that somebody has tried stays, for the results judged by it. It can be taken offline instead. A
    translation has its key, and nobody is asked by it."""
    told = "Kuis ini sudah dikerjakan pelajar, jadi tidak bisa dihapus. Tarik dari terbitan saja."
    return _kept(request, page, QuizPage.objects.descendant_of(page, inclusive=True), told)


@hooks.register("before_move_page")
def keep_tried_quizzes_in_their_module(request, page, destination=None):
    """It was the module's in which they were asked that learners passed: moved, it would count in neither. It goes with
    its module wherever that goes."""
    told = "Kuis ini sudah dikerjakan pelajar, jadi tidak bisa dipindah. Salin saja ke modul yang lain."
    return _kept(request, page, QuizPage.objects.filter(pk=page.pk), told)


def _kept(request, page, quizzes, told: str):
    """Leads back, and tells why, where somebody has tried one of them."""
    keys = list(quizzes.original().values_list("translation_key", flat=True))
    if not any(kept.objects.filter(quiz_key__in=keys).exists() for kept in (Attempt, WaitingAttempt)):
        return None
    messages.error(request, told)
    return redirect("wagtailadmin_explore", page.get_parent().pk)


OF_ONE = {"delete": keep_tried_quizzes, "move": keep_tried_quizzes_in_their_module}


@hooks.register("before_bulk_action")
def keep_tried_quizzes_in_lists(request, action_type, objects, action):
    """Wagtail's lists ask this of many pages at once."""
    keep = OF_ONE.get(action_type) if action.model is Page else None
    return next(filter(None, (keep(request, page) for page in objects)), None) if keep else None


@hooks.register("after_copy_page")
def lead_to_own_lessons(request, page, new_page):
    """Wagtail copies the questions as they are, so those of a copied module would lead to the lessons of the first."""
    others = {one.pk: other.pk for one, other in twins(page, new_page)}
    for quiz in QuizPage.objects.descendant_of(new_page):
        rewrite(quiz, lambda questions: _with_lessons(questions, others))


def _with_lessons(questions: list[dict], others: Mapping[int, int]) -> list[dict]:
    """Questions as stored, naming for each of their lessons the other one, where there is one."""
    lessons = (question["value"].get("lesson") for question in questions)
    return [
        question | {"value": question["value"] | {"lesson": others.get(lesson, lesson)}}
        for question, lesson in zip(questions, lessons, strict=True)
    ]


@hooks.register("register_admin_urls")
def quiz_desk():
    return [path("kuis/", include(admin_urls))]


class QuizMenuItem(MenuItem):
    def is_shown(self, request):
        return editable(request.user).exists()


@hooks.register("register_admin_menu_item")
def quizzes_in_menu():
    return QuizMenuItem("Kuis", reverse("quiz_desk:quizzes"), name="kuis", icon_name="help", order=150)


@hooks.register("register_page_header_buttons")
def import_and_export(page, user, view_name, next_url=None):
    if isinstance(page.specific_deferred, QuizPage) and page.permissions_for_user(user).can_edit():
        yield Button("Impor soal", reverse("quiz_desk:import", args=[page.pk]), icon_name="upload", priority=55)
        yield Button("Ekspor soal", reverse("quiz_desk:export", args=[page.pk]), icon_name="download", priority=56)
