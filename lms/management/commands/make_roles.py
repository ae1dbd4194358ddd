from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand
from wagtail.models import Locale, Page, Task, Workflow

# Wagtail's own two groups, under the names that our editors use; their page permissions come with Wagtail.
WRITERS, REVIEWERS = "Penulis materi", "Peninjau materi"
WORKFLOW = "Ditinjau sebelum terbit"
ROOT = "Semua halaman"
SNIPPETS = {"figure": ("courses", ["add", "change", "view"]), "badge": ("badges", ["add", "change", "view"])}


class Command(BaseCommand):
    help = (
        "Names the editors' groups and their workflow, lets them keep figures, badges, recordings and other languages."
    )

    def handle(self, **options):
        for old, new in (("Editors", WRITERS), ("Moderators", REVIEWERS)):
            Group.objects.filter(name=old).update(name=new)
            for group in Group.objects.filter(name=new):  # an administrator may have renamed it, or done without
                group.permissions.add(*self.permissions())
        for model in (Workflow, Task):
            model.objects.filter(name="Moderators approval").update(name=WORKFLOW)
        Page.objects.filter(depth=1, title="Root").update(title=ROOT, draft_title=ROOT)
        for code, _ in settings.LANGUAGES:
            Locale.objects.get_or_create(language_code=code)
        self.stdout.write(f"Kelompok {WRITERS} dan {REVIEWERS} siap.")

    def permissions(self) -> list[Permission]:
        wanted = [
            Permission.objects.get(content_type__app_label=app, codename=f"{action}_{model}")
            for model, (app, actions) in SNIPPETS.items()
            for action in actions
        ]
        media = Permission.objects.filter(content_type__app_label="wagtailmedia", content_type__model="media")
        translations = Permission.objects.filter(codename="submit_translation")
        return [*wanted, *translations, *media.filter(codename__in=["add_media", "change_media", "view_media"])]
