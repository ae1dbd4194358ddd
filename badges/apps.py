from django.apps import AppConfig


class BadgesConfig(AppConfig):
    name = "badges"
    verbose_name = "Lencana"

    def ready(self):
        from courses import loader
        from courses.models import ContentVersion

        from . import loading
        from .models import Badge, BadgeModule

        ContentVersion.objects.follow(Badge, BadgeModule)
        loader.register("badge", loading.load_badge, loading.tell_badge)
