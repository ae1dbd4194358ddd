from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = "Materi"

    def ready(self):
        from . import renditions, search  # noqa: F401  connect to Wagtail's publish signals
