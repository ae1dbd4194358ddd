from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    name = "quizzes"
    verbose_name = "Kuis"

    def ready(self):
        from courses import loader

        from . import loading

        loader.register("quiz", loading.load_quiz)
