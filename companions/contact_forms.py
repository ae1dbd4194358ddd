"""Forms with which a companion reaches a household: how, with which words, and what she found there."""

from django import forms

from people.forms import OnlyChanged, refuse_identity_number
from people.ids import new_id
from people.importing.fields import PhoneField
from people.importing.phones import UNCLEAR, written_phone
from people.models import Household, HouseholdEvent


class PhoneForm(forms.ModelForm):
    """How a household may be reached, if it likes."""

    phone = PhoneField(
        label="Nomor HP (boleh kosong)",
        required=False,
        max_length=40,  # as it is typed, with spaces and dashes
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"max_length": UNCLEAR},
    )
    use_required_attribute = False

    class Meta:
        model = Household
        fields = ["phone", "messages_welcome"]
        labels = {"messages_welcome": "Keluarga mau dikirimi pesan WhatsApp di nomor ini"}

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("messages_welcome") and cleaned.get("phone") == "":
            self.add_error("phone", "Tulis nomornya dulu, atau hapus centang pesan WhatsApp.")
        return cleaned


class ContactDataForm(OnlyChanged, PhoneForm):
    """The same, and what the household does and would like to do."""

    class Meta(PhoneForm.Meta):
        fields = [*PhoneForm.Meta.fields, "business_type", "interest"]
        labels = PhoneForm.Meta.labels | {"business_type": "Jenis usaha", "interest": "Minat belajar"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["phone"] = written_phone(self.instance.phone)
        for name in ("business_type", "interest"):
            self.fields[name].choices = [("", "Belum tahu"), *self.fields[name].choices[1:]]
            self.fields[name].error_messages["invalid_choice"] = "Pilih satu dari daftar."


class MessageForm(forms.Form):
    text = forms.CharField(
        label="Isi pesan",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={
            "required": "Tulis pesannya dulu.",
            "max_length": "Pesan ini terlalu panjang. Ringkas sedikit.",
        },
    )
    use_required_attribute = False


class VisitForm(forms.Form):
    id = forms.UUIDField(required=False, initial=new_id, widget=forms.HiddenInput)  # as of a meeting: it counts once
    text = forms.CharField(
        label="Catatan (boleh kosong)",
        required=False,
        max_length=HouseholdEvent._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[refuse_identity_number],
        error_messages={"max_length": "Catatan ini terlalu panjang. Ringkas sedikit."},
    )
