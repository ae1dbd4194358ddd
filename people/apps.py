from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.middleware.csrf import rotate_token
from django.utils import timezone


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = "Orang"

    def ready(self):
        from allauth.mfa.signals import authenticator_added

        from .sessions import end_others

        # Under the name, and so in the place, of Django's own, which fails for whose account was erased meanwhile.
        user_logged_in.connect(note_sign_in, dispatch_uid="update_last_login")
        user_logged_out.connect(close_open_forms)
        authenticator_added.connect(end_others)


def note_sign_in(sender, user, **kwargs) -> None:
    type(user).objects.filter(pk=user.pk).update(last_login=timezone.now())


def close_open_forms(sender, request, **kwargs) -> None:
    """Who has signed out may have left a form open. Whatever another types into it is not to be kept as hers."""
    rotate_token(request)
