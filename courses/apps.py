from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = "Materi"

    def ready(self):
        from wagtail.models import Locale, PageViewRestriction, Site

        from . import renditions, search  # noqa: F401  connect to Wagtail's publish signals
        from .content_version import follow_pages
        from .models import ContentVersion, Figure, ModuleBusinessType, ModulePrerequisite, Picture, Recording

        follow_pages()
        ContentVersion.objects.follow(Locale, PageViewRestriction, Site)
        ContentVersion.objects.follow(Figure, ModuleBusinessType, ModulePrerequisite, Picture, Recording)
