"""The columns of a row. A field's label is the column's name, its help text the note on it, its initial value the
example; ``as_text`` writes a value as it stands in the sheet."""

import re

from django import forms

from .phones import UnclearPhone, mend_phone, written_phone

MISSING = "Kolom ini wajib diisi."
REPEATS = "Sama dengan baris {}."
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/-]*|#[0-9]{1,15}")


class Column(forms.CharField):
    """A column of plain text."""

    def __init__(self, label: str, *, example: str, note: str = "", required: bool = True, max_length: int = 60):
        super().__init__(label=label, initial=example, help_text=note, required=required, max_length=max_length)
        self.error_messages |= {"required": MISSING, "max_length": f"Paling banyak {max_length} huruf."}

    def as_text(self, value) -> str:
        return str(value or "")


class PhoneField(forms.CharField):
    """Takes a number as people write it, and gives it as it is kept."""

    def clean(self, value):
        text = super().clean(value)
        try:
            return mend_phone(text) if text else ""
        except UnclearPhone as unclear:
            raise forms.ValidationError(str(unclear)) from unclear


class PhoneColumn(PhoneField, Column):
    def as_text(self, value) -> str:
        return written_phone(value)


class ChoiceColumn(Column):
    """A choice by its label or its value, in any case."""

    def __init__(self, label: str, *, choices, **options):
        self.labels = dict(choices)
        self.values = {text.casefold(): value for value, label in self.labels.items() for text in (value, label)}
        super().__init__(label, note=f"Pilih: {', '.join(self.labels.values())}.", **options)

    def clean(self, value):
        text = super().clean(value)
        if text and text.casefold() not in self.values:
            raise forms.ValidationError(self.help_text)
        return self.values[text.casefold()] if text else ""

    def as_text(self, value) -> str:
        return self.labels.get(value, "")


class ReferenceColumn(Column):
    """A number from the sender's own records. Exports write «#12» for what has none."""

    def __init__(self, label: str, *, example: str, note: str, required: bool = True):
        super().__init__(label, example=example, note=note, required=required, max_length=30)

    def clean(self, value):
        text = super().clean(value)
        if text and not _REFERENCE.fullmatch(text):
            raise forms.ValidationError("Pakai huruf, angka, titik, garis, atau spasi saja.")
        return text


class PointerColumn(ReferenceColumn):
    """The number of another thing: the form turns it into that thing."""

    def as_text(self, value) -> str:
        return key_of(value) if value else ""


class CompanionsColumn(Column):
    def as_text(self, value) -> str:
        return ", ".join(sorted(companion.user.username for companion in value))


def key_of(thing) -> str:
    """What a sheet calls it: its own number, or «#12»."""
    return thing.reference or f"#{thing.pk}"
