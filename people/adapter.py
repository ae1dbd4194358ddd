import logging

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth import get_user_model
from django.urls import reverse

STAFF_SESSION_SECONDS = 8 * 3600
log = logging.getLogger("people.adapter")


class AccountAdapter(DefaultAccountAdapter):
    """No open sign-up, and each role's own first screen."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "Kode kartu atau PIN belum tepat. Periksa lagi, lalu coba.",
        "enter_current_password": "Yang lama belum tepat. Coba lagi.",
        "incorrect_password": "Kata sandi belum tepat. Coba lagi.",
        "incorrect_code": "Kode belum tepat. Coba lagi.",
        "too_many_login_attempts": "Sudah terlalu sering dicoba. Tunggu 15 menit, atau tanya pendamping.",
    }

    def set_password(self, user, password: str) -> None:
        """One of her own. Nothing else of the account is written, which may be closed just now. Raises
        User.DoesNotExist where it is erased, or got another secret since the old one was checked: whoever knew the old
        one would keep the account that was just taken from her."""
        accounts = get_user_model().objects.filter(pk=user.pk, password=user.password)
        user.set_password(password)
        user.must_choose_password = False
        if not accounts.update(password=user.password, must_choose_password=False):
            raise accounts.model.DoesNotExist
        log.info("own PIN or password for user %s", user.pk)

    def is_open_for_signup(self, request) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request, **credentials) -> str:
        """One count an account, whatever host name it is asked under; the name is canonical already."""
        return credentials.get("username", "").lower()

    def get_login_redirect_url(self, request) -> str:
        return home_url_of(request.user)

    def get_password_change_redirect_url(self, request) -> str:
        return reverse("own_account")

    def post_login(self, request, user, **kwargs):
        response = super().post_login(request, user, **kwargs)
        limit_session(request)  # after a second factor no form has the last word
        return response


def limit_session(request) -> None:
    """A learner stays signed in for 90 days on her phone; staff for 8 hours."""
    if request.user.is_authenticated and not request.user.is_learner:
        request.session.set_expiry(STAFF_SESSION_SECONDS)


def home_url_of(user) -> str:
    """The first screen of whoever signs in."""
    if user.is_learner:
        return reverse("learn:home")
    if user.is_companion:
        return reverse("companions:today")
    if user.is_coordinator:
        return reverse("reports:region")
    return reverse("wagtailadmin_home") if user.has_perm("wagtailadmin.access_admin") else "/"
