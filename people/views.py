from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET
from wagtail.admin.views.account import AccountView
from wagtail.users.views.users import UserViewSet

from .access import learner_in_person, learner_of
from .adapter import home_url_of
from .forms import AccountForm, CardLoginForm, ConsentForm, FirstPinForm, NewAccountForm, OwnNameForm, PinForm
from .middleware import has_second_factor
from .models import Consent, Learner, User
from .pins import AlreadyChosen, WeakPin, choose_pin
from .waiting import in_line

NOT_A_NEW_CARD = "Kode ini belum cocok, atau PIN-nya sudah dibuat. Periksa kartu, atau tanya pendamping."


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """To the first screen of whoever is signed in."""
    return redirect(home_url_of(request.user))


@never_cache
@require_GET
@login_required
def own_account(request: HttpRequest) -> HttpResponse:
    """What a member of staff keeps of her own: her password and her second factor. A learner has «Data saya»."""
    if request.user.is_learner:
        return redirect("learn:data")
    return render(request, "people/account.html", {"has_second_factor": has_second_factor(request.user)})


class EditorsAccount(AccountView):
    """Wagtail's page, which asks for no e-mail here, and but for the picture of oneself: it would be kept as it came,
    with the place where it was taken, where everybody can fetch it."""

    def get_panels(self) -> list:
        panels = [panel for panel in super().get_panels() if panel.name != "avatar"]
        for panel in panels:
            if panel.name == "name_email":
                panel.form_class = OwnNameForm
        return panels


class AccountViewSet(UserViewSet):
    """Wagtail's pages for accounts: nobody can close one where they ask for an e-mail that there is not."""

    def get_form_class(self, for_update=False):
        return AccountForm if for_update else NewAccountForm


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Every other sign-in address leads to the one. Whoever is signed in already lacks a permission, not a sign-in."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next", "/"))


@sensitive_post_parameters()
@never_cache
@in_line
def first_pin(request: HttpRequest) -> HttpResponse:
    """The first sign-in: the card's code and a PIN of one's own. With a code that has its PIN already it is a sign-in
    like any other: the answer to the first one may have been lost on its way. A code that is unknown and one that has
    another PIN get the same answer, and count as a wrong PIN does, so that nobody can go through codes here."""
    form = FirstPinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code, pin = form.cleaned_data["code"], form.cleaned_data["pin"]
        try:
            if user := _with_first_pin(request, code, pin):
                return perform_login(request, user, redirect_url=home_url_of(user))
            sign_in = CardLoginForm({"login": code, "password": pin}, request=request)
            if sign_in.is_valid():
                return sign_in.login(request, home_url_of(sign_in.user))
            if sign_in.has_error(NON_FIELD_ERRORS, "username_password_mismatch"):
                form.add_error("code", NOT_A_NEW_CARD)
            else:
                form.add_error(None, sign_in.non_field_errors().as_data())
        except ValidationError as limited:
            form.add_error(None, limited)
    return render(request, "people/first_pin.html", {"form": form}, status=422 if form.errors else 200)


def _with_first_pin(request: HttpRequest, code: str, pin: str) -> User | None:
    """The user of a card that had no PIN yet, and has this one now; None for any other code. Raises ValidationError
    where the code is locked."""
    learner = Learner.objects.active().select_related("user", "household").filter(user__username=code).first()
    if learner is None or learner.user.has_usable_password():
        return None
    adapter = get_adapter(request)
    adapter.pre_authenticate(request, username=code)
    try:
        account = choose_pin(learner, pin, first=True)
    except (AlreadyChosen, User.DoesNotExist):  # the button was pressed twice, or she is erased just now
        return None
    adapter._rollback_login_failed_rl_usage()
    return account  # as it was written: what is read again may be another's secret by now


@sensitive_post_parameters()
@never_cache
@learner_in_person
@in_line
def new_pin(request: HttpRequest) -> HttpResponse:
    """After a temporary PIN: a PIN of one's own, before anything else."""
    learner = learner_of(request)
    if not learner.must_choose_pin:
        return redirect("account_change_password")
    form = PinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = choose_pin(learner, form.cleaned_data["pin"])
        except AlreadyChosen:  # the button was pressed twice, or there is another temporary PIN
            return redirect("home")
        except WeakPin as weak:
            form.add_error("pin", str(weak))
        else:
            update_session_auth_hash(request, account)
            return redirect("home")
    return render(request, "people/new_pin.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@learner_in_person
def consent(request: HttpRequest) -> HttpResponse:
    """What is kept, why, and who sees it; agreed to before the first lesson is counted."""
    learner = learner_of(request)
    if learner.must_choose_pin:
        return redirect("new_pin")
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        Consent.objects.give(
            learner,
            method=Consent.Method.OWN_PHONE,
            by=request.user,
            guardian_name=form.cleaned_data["guardian_name"],
        )
        return redirect("home")
    context = {"form": form, "learner": learner}
    return render(request, "people/consent.html", context, status=422 if form.errors else 200)


@never_cache
def sign_out(request: HttpRequest) -> HttpResponse:
    """allauth's, and the browser drops the pages that it kept; what the phone itself stores stays, unsent work too."""
    response = account.logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"cache"'
    return response


@never_cache
@in_line
def change_pin(request: HttpRequest) -> HttpResponse:
    """Changing one's own secret needs the old one. A temporary PIN is nobody's own: it is replaced at another door."""
    learner = learner_of(request)
    if learner and learner.must_choose_pin:
        return redirect("new_pin")
    if request.user.is_authenticated and not request.user.has_usable_password():
        return redirect("home")  # there is nothing to change; allauth would lead to a page that we do not have
    try:
        return account.password_change(request)
    except User.DoesNotExist:  # erased, or given another secret, just now
        return redirect("account_login")
