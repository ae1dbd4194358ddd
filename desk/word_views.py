"""From Word to a draft, at ``/kelola/word/``: seen and corrected first, saved only then."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from courses.models import LessonPage, ModulePage
from courses.picture_intake import UnusablePicture
from people.spreadsheets import UnreadableFile

from .models import WordFile
from .word_forms import DraftForm, WordForm

TITLE = "Pelajaran dari Word"


def modules_for(user) -> list[ModulePage]:
    """The modules to which ``user`` may add a lesson, in the order of the learning path."""
    every = ModulePage.objects.original().order_by("path")
    return [module for module in every if module.permissions_for_user(user).can_add_subpage()]


def _page(request: HttpRequest, name: str, title: str, *, status: int = 200, **context) -> HttpResponse:
    trail = [(reverse("wagtailadmin_home"), "Beranda"), (reverse("desk_word"), TITLE)]
    items = [{"url": url, "label": label} for url, label in trail if title != label]
    context |= {
        "header_title": title,
        "header_icon": "doc-full",
        "breadcrumbs_items": [*items, {"url": "", "label": title}],
    }
    return render(request, f"desk/{name}.html", context, status=status)


def start(request: HttpRequest) -> HttpResponse:
    """Which file."""
    if not modules_for(request.user):
        raise PermissionDenied
    form = WordForm(request.POST, request.FILES) if request.method == "POST" else WordForm()
    if form.is_valid():
        try:
            file = WordFile.objects.begin(form.cleaned_data["file"], by=request.user)
        except UnreadableFile as unreadable:
            form.add_error("file", str(unreadable))
        else:
            return redirect("desk_word_draft", file.pk)
    return _page(request, "word_start", TITLE, form=form, status=422 if form.errors else 200)


def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file would become, to be corrected; «Simpan sebagai draf» leads on to the editor."""
    file = get_object_or_404(WordFile.objects.of(request.user).select_related("lesson"), pk=pk)
    if file.lesson:
        return redirect("wagtailadmin_pages:edit", file.lesson.pk)
    document = file.document()
    given = {"document": document, "modules": modules_for(request.user)}
    form = DraftForm(request.POST, **given) if request.method == "POST" else DraftForm(**given)
    if form.is_valid() and (lesson := _saved(form, file, request.user)):
        messages.success(request, f"Draf «{lesson.title}» tersimpan. Periksa, lalu kirim untuk ditinjau.")
        return redirect("wagtailadmin_pages:edit", lesson.pk)
    return _page(
        request, "word_draft", "Periksa dulu", file=file, form=form, remarks=document.remarks,
        status=422 if form.errors else 200,
    )  # fmt: skip


def _saved(form: DraftForm, file: WordFile, user) -> LessonPage | None:
    chosen = {name: form.cleaned_data[name] for name in ("title", "goal", "minutes", "module")}
    try:
        return WordFile.objects.save_draft(file, by=user, body=form.body, **chosen)
    except UnusablePicture as problem:
        form.add_error(None, str(problem))
    except ValidationError:  # the form has seen to all but the address, which is made of the title
        form.add_error("title", "Pakai judul lain, dengan huruf atau angka.")
    return None


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Forgets the file. A draft that was saved of it stays."""
    get_object_or_404(WordFile.objects.of(request.user), pk=pk).delete()
    return redirect("desk_word")
