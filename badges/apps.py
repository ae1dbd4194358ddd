from django.apps import AppConfig


class BadgesConfig(AppConfig):
    name = "badges"
    verbose_name = "Lencana"

    def ready(self):
        from courses import loader

        from . import loading

        loader.register("badge", loading.load_badge, loading.tell_badge)
