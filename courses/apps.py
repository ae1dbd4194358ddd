from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = "Materi"

    def ready(self):
        from wagtail.models import Locale, PageViewRestriction, Site
        from wagtail.permissions import register_permission_policy
        from wagtailmedia import permissions as media_permissions

        from . import renditions, search  # noqa: F401  connect to Wagtail's publish signals
        from .content_version import follow_pages
        from .models import ContentVersion, Figure, ModuleBusinessType, ModulePrerequisite, Picture, Recording
        from .shown import ShownFiles

        pictures, recordings = (
            ShownFiles(model, auth_model=named, owner_field_name="uploaded_by_user")
            for model, named in ((Picture, "wagtailimages.Image"), (Recording, "wagtailmedia.Media"))
        )
        register_permission_policy(Picture, pictures, exact_class=True)
        media_permissions.get_permission_policy = lambda: recordings  # it looks in no registry yet
        follow_pages()
        ContentVersion.objects.follow(Locale, PageViewRestriction, Site)
        ContentVersion.objects.follow(Figure, ModuleBusinessType, ModulePrerequisite, Picture, Recording)
