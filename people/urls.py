"""Only what we use of allauth: one sign-in for all, signing out, one's own secret, and the second factor."""

from allauth.account import views as account
from django.urls import include, path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView
from wagtail.admin.auth import require_admin_access

from . import views
from .waiting import in_line

urlpatterns = [
    path("saya/", views.home, name="home"),
    path("masuk/", in_line(account.login), name="account_login"),
    path("masuk/pertama/", views.first_pin, name="first_pin"),
    path("masuk/pin-baru/", views.new_pin, name="new_pin"),
    path("masuk/persetujuan/", views.consent, name="consent"),
    path("keluar/", views.sign_out, name="account_logout"),
    path("akun/", views.own_account, name="own_account"),
    # Companions make accounts; allauth's pages link here.
    path("akun/daftar/", views.to_sign_in, name="account_signup"),
    path("akun/lupa/", views.to_sign_in, name="account_reset_password"),
    path("akun/tidak-aktif/", account.account_inactive, name="account_inactive"),
    path("akun/pastikan/", never_cache(in_line(account.reauthenticate)), name="account_reauthenticate"),
    path("akun/ganti-pin/", views.change_pin, name="account_change_password"),
    path("akun/pengaman/", include("allauth.mfa.urls")),
    path("impor/", include("people.importing.urls")),
    # Every other door to the admin leads to the one sign-in, which has the limiter and the second factor.
    path("kelola/logout/", views.sign_out),  # Wagtail's own signs out on GET
    path("kelola/login/", views.to_sign_in),
    path("kelola/account/", never_cache(require_admin_access(views.EditorsAccount.as_view()))),
    path("django-admin/login/", views.to_sign_in),
    path("_util/login/", views.to_sign_in),
    # Nor is a secret changed anywhere else: Django's own page counts no tries.
    path("django-admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
]
