from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.html import format_html_join
from wagtail.admin.forms.account import NameEmailForm
from wagtail.users.forms import UserCreationForm, UserEditForm

from .adapter import limit_session
from .importing.identity import has_identity_number
from .models import TemporaryPin
from .rules import canonical_login, parse_card_code, pin_weakness


def refuse_identity_number(text: str) -> None:
    """A validator for whatever people write in their own words."""
    if has_identity_number(text):
        raise forms.ValidationError("Ini mirip nomor NIK, KK, atau KKS. Hapus nomornya dulu.")


def was_chosen(form: forms.ModelForm, name: str) -> bool:
    """Whether the field was changed on the form's page; of one that does not tell what it had shown, all was."""
    return name in form.changed_data or form.add_initial_prefix(name) not in form.data


class OnlyChanged:
    """A model's form of which only what was changed on the page is stored: somebody may have moved or renamed her, or
    ended the leave to write, since it was opened."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = self.instance.pk is not None

    @property
    def changed(self) -> dict[str, object]:
        return {name: value for name, value in self.cleaned_data.items() if was_chosen(self, name)}

    @property
    def shown(self) -> str:
        """What the page showed, unseen on it, for a template that writes the inputs itself."""
        return format_html_join("", "{}", ((field.as_hidden(only_initial=True),) for field in self))


class CardLoginForm(LoginForm):
    """One sign-in for all: a card code and PIN, or a staff name and password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Kode kartu"
        self.fields["login"].error_messages["required"] = "Tulis kode kartu dulu."
        self.fields["login"].widget.attrs = {
            "autocomplete": "username",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "autofocus": True,
        }
        self.fields["password"].label = "PIN"
        self.fields["password"].error_messages["required"] = "Tulis PIN dulu."
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}

    def clean_login(self) -> str:
        return canonical_login(self.cleaned_data["login"])

    def clean(self):
        cleaned = super().clean()
        if self.user and TemporaryPin.objects.lapsed().filter(learner__user=self.user).exists():
            raise forms.ValidationError("PIN sementara ini sudah lewat 72 jam. Minta yang baru ke pendamping.")
        return cleaned

    def login(self, request, redirect_url=None):
        response = super().login(request, redirect_url)
        limit_session(request)
        return response


class ChangeSecretForm(ChangePasswordForm):
    """Changing one's own secret with the old one: a learner's PIN, anybody else's password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.user.is_learner:
            labels = {"oldpassword": "PIN lama", "password1": "PIN baru", "password2": "Ulangi PIN baru"}
        else:
            old = "Kata sandi sementara" if self.user.must_choose_password else "Kata sandi lama"
            labels = {"oldpassword": old, "password1": "Kata sandi baru", "password2": "Ulangi yang baru"}
        for name, label in labels.items():
            field = self.fields[name]
            field.label, field.help_text = label, ""
            field.error_messages["required"] = "Tulis ini dulu."
            field.widget.attrs["placeholder"] = ""
            if self.user.is_learner:
                field.widget.attrs |= {"class": "big", "inputmode": "numeric", "maxlength": "20"}

    def clean_oldpassword(self) -> str:
        """Counts a wrong one as the sign-in does: at an open session, too, nobody tries one PIN after the other."""
        if not get_adapter().reauthenticate(self.user, self.cleaned_data["oldpassword"]):
            raise get_adapter().validation_error("enter_current_password")
        return self.cleaned_data["oldpassword"]

    def clean(self):
        cleaned = super().clean()
        if self.has_error("password2") and self.data.get("password2"):  # the two differ: said in our words
            self.errors["password2"] = self.error_class(["Yang kedua belum sama. Ulangi pelan-pelan."])
        if self.user.must_choose_password and cleaned.get("password1") == cleaned.get("oldpassword"):
            self.add_error("password1", "Ini masih kata sandi sementara. Pilih yang lain.")  # whoever gave it knows it
        return cleaned


class OwnSecretForm(ReauthenticateForm):
    """One's secret once more. Without allauth's help, a link to a new password by mail, which nobody has here."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class NewKeyForm(AddWebAuthnForm):
    name = forms.CharField(label="Nama kunci", required=False)


class KeyNameForm(EditWebAuthnForm):
    name = forms.CharField(label="Nama kunci")


class WithoutEmail:
    """A form of Wagtail's for an account: many here have one name alone, and no address is needed for anything."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("last_name", "email"):
            self.fields[name].required = False


class OwnNameForm(WithoutEmail, NameEmailForm):
    pass


class OfAdministrators:
    """Whom Wagtail's form makes an administrator is one at the other desk too, which asks for a mark of its own."""

    def save(self, commit=True):
        self.instance.is_staff |= self.instance.is_superuser
        return super().save(commit)


class NewAccountForm(OfAdministrators, WithoutEmail, UserCreationForm):
    pass


class OpenOrClosed:
    """A form for an account, which opens or closes it only where that was chosen on the page: its learner may have
    withdrawn since."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "is_active" in self.fields:  # not in one's own
            self.fields["is_active"].show_hidden_initial = True

    @property
    def was_open(self) -> str:
        """For Wagtail's template, which shows the field without what it was."""
        return self["is_active"].as_hidden(only_initial=True)

    def clean_is_active(self):
        return self.cleaned_data["is_active"] if was_chosen(self, "is_active") else self.initial["is_active"]


class AccountForm(OpenOrClosed, OfAdministrators, WithoutEmail, UserEditForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.is_learner:  # her name is kept with the learner too, where it is corrected
            self.fields["first_name"].disabled = self.fields["last_name"].disabled = True


class PinForm(forms.Form):
    """A PIN of one's own, typed twice."""

    pin = forms.CharField(label="PIN baru", max_length=20, error_messages={"required": "Tulis PIN baru dulu."})
    again = forms.CharField(label="Ulangi PIN", max_length=20, error_messages={"required": "Ulangi PIN-nya."})

    def clean_pin(self):
        pin = self.cleaned_data["pin"].strip()
        if weakness := pin_weakness(pin):
            raise forms.ValidationError(weakness)
        return pin

    def clean(self):
        cleaned = super().clean()
        if not self.errors and cleaned["pin"] != cleaned["again"].strip():
            self.add_error("again", "PIN kedua belum sama. Ulangi pelan-pelan.")
        return cleaned


class FirstPinForm(PinForm):
    """The first sign-in: the card's code, and a PIN to choose."""

    code = forms.CharField(label="Kode kartu", max_length=40, error_messages={"required": "Tulis kode kartu dulu."})
    field_order = ["code", "pin", "again"]

    def clean_code(self):
        code = parse_card_code(self.cleaned_data["code"])
        if code is None:
            raise forms.ValidationError("Kode kartu ada delapan huruf dan angka. Periksa lagi di kartu.")
        return code


class ConsentForm(forms.Form):
    """Agreeing, in one's own name or as a guardian."""

    ADULT, MINOR = "dewasa", "anak"

    age = forms.ChoiceField(
        label="Umur",
        choices=[(ADULT, "18 tahun atau lebih"), (MINOR, "Di bawah 18 tahun")],
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih umurnya dulu.", "invalid_choice": "Pilih umurnya dulu."},
    )
    guardian_name = forms.CharField(
        label="Nama ayah, ibu, atau wali", max_length=120, required=False, validators=[refuse_identity_number]
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("age") == self.MINOR and not cleaned.get("guardian_name", "").strip():
            self.add_error("guardian_name", "Tulis nama ayah, ibu, atau wali yang setuju.")
        if cleaned.get("age") == self.ADULT:
            cleaned["guardian_name"] = ""
        return cleaned
