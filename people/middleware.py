from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

WORK_PATHS = ("/dampingan/", "/laporan/")
OWN_FACTOR = "/akun/pengaman/"
REFUSED_WORK = "/dampingan/kiriman/"
BEFORE_OWN_PASSWORD = {"/akun/ganti-pin/", "/keluar/", "/kelola/logout/", "/sw.js", "/manifest.webmanifest"}


class OwnPasswordMiddleware:
    """No page before a password that somebody else gave is replaced by one's own, nor the pages of the second factor:
    whoever gave it could set one up."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        if user.is_authenticated and user.must_choose_password and request.path_info not in BEFORE_OWN_PASSWORD:
            wanted = request.get_full_path() if request.method == "GET" else reverse("home")
            return redirect_to_login(wanted, "account_change_password")
        return self.get_response(request)


class SecondFactorMiddleware:
    """No page of the staff's own paths before the account has a second factor. Having one, allauth asks for it at each
    sign-in; so whoever is signed in and has one has shown it, or has just set it up. Learners set up none: on a phone
    that was lost it would lock them out for good, since a companion gives new PINs only."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info.startswith(OWN_FACTOR):
            if request.user.is_authenticated and request.user.is_learner:
                raise PermissionDenied
            response = self.get_response(request)
            add_never_cache_headers(response)  # the app's secret, and the codes for a lost phone
            return response
        if not asks_for_one(request) or not request.user.is_authenticated:
            return self.get_response(request)
        if not may_enter(request.user, request.path_info):
            raise PermissionDenied  # Wagtail and Django would send her to sign in, which she is: round and round
        if settings.REQUIRE_SECOND_FACTOR and not has_second_factor(request.user):
            messages.info(request, "Pasang pengaman kedua dulu. Sesudah itu halaman ini terbuka.")
            return redirect("mfa_index")
        return self.get_response(request)


def asks_for_one(request) -> bool:
    """Whether the page is one of the staff's own. The path first: who asks, most pages never need to know."""
    if request.path_info.startswith(REFUSED_WORK):
        return request.user.is_superuser  # she sees that of all families, a companion her own
    return request.path_info.startswith(settings.SECOND_FACTOR_PATHS)


def has_second_factor(user) -> bool:
    """Whether allauth asks for one at the sign-in. Codes for a lost phone alone are none: by them it asks nobody."""
    return is_mfa_enabled(user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])


def may_enter(user, path: str) -> bool:
    """Whether the account is of those for whom these pages are."""
    if path.startswith("/kelola/"):
        return user.has_perm("wagtailadmin.access_admin")
    return user.is_staff or not path.startswith("/django-admin/")  # /impor/ asks at each of its own doors


class TimeZoneMiddleware:
    """Shows times as the clock on the wall shows them: where a learner lives; on their own screens, where a companion
    or a coordinator works. Editors and visitors see the server's."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with timezone.override(self.zone_of(request)):
            return self.get_response(request)

    def zone_of(self, request) -> str | None:
        if not request.user.is_authenticated:
            return None
        is_work = request.path_info.startswith(WORK_PATHS)  # elsewhere staff need not wait for the question
        return request.user.time_zone if is_work or request.user.is_learner else None
