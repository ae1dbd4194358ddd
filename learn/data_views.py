"""«Data saya»: a learner sees what is kept about her, corrects it, takes it along, withdraws, erases. She needs a PIN
of her own for it but no consent: who does not agree has these rights too."""

from collections.abc import Callable
from functools import wraps

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET

from people import exporting
from people.access import learner_in_person, learner_of
from people.forms import OnlyChanged
from people.models import Consent, Learner
from people.waiting import in_line

from . import rights


class NameForm(OnlyChanged, forms.ModelForm):
    """What the learner may correct herself."""

    class Meta:
        model = Learner
        fields = ["first_name", "last_name", "address_form", "face"]
        widgets = {"address_form": forms.RadioSelect, "face": forms.RadioSelect}
        error_messages = {
            "first_name": {"required": "Tulis nama panggilannya dulu."},
            "address_form": {"required": "Pilih sapaannya dulu.", "invalid_choice": "Pilih satu sapaan."},
            "face": {"required": "Pilih gambarnya dulu.", "invalid_choice": "Pilih satu gambar."},
        }

    def clean_first_name(self) -> str:
        return _a_name(self.cleaned_data["first_name"])

    def clean_last_name(self) -> str:
        return _a_name(self.cleaned_data["last_name"])


def _a_name(text: str) -> str:
    if any(letter.isdigit() for letter in text):
        raise ValidationError("Nama ditulis dengan huruf, tanpa angka.")
    return " ".join(text.split())


class PinForm(forms.Form):
    """The learner's own PIN, which proves that it is she who holds the phone."""

    pin = forms.CharField(label="PIN", max_length=20, strip=True, error_messages={"required": "Tulis PIN dulu."})

    def __init__(self, *args, request: HttpRequest, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_pin(self) -> str:
        """Counts a wrong PIN as the sign-in does."""
        if not get_adapter(self.request).reauthenticate(self.request.user, self.cleaned_data["pin"]):
            raise ValidationError("PIN belum tepat. Coba lagi.")
        return self.cleaned_data["pin"]


def with_own_pin(view: Callable) -> Callable:
    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return redirect("new_pin") if learner_of(request).must_choose_pin else view(request, *args, **kwargs)

    return learner_in_person(guarded)


@never_cache
@require_GET
@with_own_pin
def data(request: HttpRequest) -> HttpResponse:
    """Everything that is kept about her, and what she may do with it."""
    return render(request, "learn/data.html", {"data": rights.own_data(learner_of(request))})


@never_cache
@with_own_pin
def correct(request: HttpRequest) -> HttpResponse:
    learner = learner_of(request)
    form = NameForm(posted(request), instance=Learner.objects.get(pk=learner.pk))
    if form.is_valid():
        if Learner.objects.correct(learner, by=request.user, **form.changed):
            messages.success(request, "Sudah diperbaiki.")
        return redirect("learn:data")
    return render(request, "learn/data_correct.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_GET
@with_own_pin
def download(request: HttpRequest) -> HttpResponse:
    name = f"data-saya-{timezone.localdate():%Y-%m-%d}.zip"
    return exporting.download(rights.export(learner_of(request)), name, "application/zip")


@never_cache
@with_own_pin
def withdraw(request: HttpRequest) -> HttpResponse:
    learner = learner_of(request)
    if not Consent.objects.standing(learner).exists():
        messages.info(request, "Belum ada persetujuan, jadi tidak ada yang perlu ditarik.")
        return redirect("learn:data")
    if request.method == "POST":
        rights.withdraw(learner, by=request.user)
        logout(request)
        messages.success(request, "Persetujuan sudah ditarik. Mau belajar lagi? Tanya pendamping.")
        return without_cache(redirect("account_login"))
    return render(request, "learn/data_withdraw.html")


@sensitive_post_parameters()
@never_cache
@with_own_pin
@in_line
def erase(request: HttpRequest) -> HttpResponse:
    form = PinForm(posted(request), request=request)
    if form.is_valid():
        hers = {"owner": request.user.pk, "code": request.user.username}
        rights.erase(learner_of(request))
        logout(request)
        return without_cache(render(request, "learn/data_erased.html", hers))  # here, so that her phone learns whose
    return render(request, "learn/data_erase.html", {"form": form}, status=422 if form.errors else 200)


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, empty or not; None where none was."""
    return request.POST if request.method == "POST" else None


def without_cache(response: HttpResponse) -> HttpResponse:
    response["Clear-Site-Data"] = '"cache"'  # as signing out does
    return response
