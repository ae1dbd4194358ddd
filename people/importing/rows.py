"""What a sheet of each kind holds: one Django form a row, what it means beside what is stored, and how it is stored."""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Model, Prefetch, Q, QuerySet
from django.db.models.functions import Lower

from people import regions
from people.models import Companion, Companionship, Coordinator, Household, HouseholdGroup, Learner, Region, User
from people.rules import OWN_NUMBER, parse_card_code
from people.spreadsheets import UNSEEN

from .batches import ImportBatch
from .fields import REPEATS, ChoiceColumn, Column, CompanionsColumn, PhoneColumn, PointerColumn, ReferenceColumn, key_of

REGION = "Kode Kemendagri dengan titik, misalnya 36.71.01."


@dataclass
class Facts:
    """What is stored already of all that a chunk of rows speaks of. Fetched in few queries."""

    stored: dict[Any, Any] = field(default_factory=dict)
    by_name: dict[Any, list] = field(default_factory=dict)
    regions: set[str] = field(default_factory=set)
    groups: dict[str, HouseholdGroup] = field(default_factory=dict)
    households: dict[str, Household] = field(default_factory=dict)
    companions: dict[str, Companion] = field(default_factory=dict)
    usernames: set[str] = field(default_factory=set)
    row_of: dict[int, int] = field(default_factory=dict)  # learner -> the row before that is about her


@dataclass
class Writing:
    """A row that passed: what to write, and over what. ``changed`` names the fields that differ."""

    values: dict[str, Any]
    stored: Model | None
    changed: list[str]
    password: str | None = None  # hashed, for a new member of staff


class RowForm(forms.Form):
    model: type[Model]
    key: tuple[str, ...]  # the fields that tell two rows apart
    stored: Model | None = None

    def __init__(self, cells: dict[str, str], facts: Facts):
        super().__init__(data=cells)
        self.facts = facts

    @classmethod
    def columns(cls) -> dict[str, Column]:
        return cls.base_fields

    @classmethod
    def example(cls) -> dict[str, str]:
        return {name: column.initial for name, column in cls.base_fields.items()}

    @classmethod
    def row_key(cls, cells: dict[str, str]) -> tuple[str, ...]:
        """Empty where the row does not say enough to be compared."""
        key = {name: cells.get(name, "").casefold() for name in cls.key}
        said = all(text for name, text in key.items() if cls.base_fields[name].required)
        return tuple(key.values()) if said else ()

    @classmethod
    def as_texts(cls, values: dict[str, Any]) -> dict[str, str]:
        """The values as they stand in a sheet."""
        return {name: column.as_text(values[name]) for name, column in cls.base_fields.items()}

    @classmethod
    def facts_for(cls, rows: list[dict[str, str]]) -> Facts:
        """What is stored of that which these rows speak of."""
        raise NotImplementedError

    @classmethod
    def for_export(cls, queryset: QuerySet) -> QuerySet:
        """The queryset with all that ``current`` needs."""
        raise NotImplementedError

    @classmethod
    def current(cls, stored) -> dict[str, Any]:
        """The values of what is stored, in the same shape as ``cleaned_data``."""
        return {name: getattr(stored, name) for name in cls.base_fields}

    @classmethod
    def write(cls, writings: list[Writing], *, by: User) -> None:
        """Stores the rows, through the verbs of their tables."""
        raise NotImplementedError

    def differs(self, name: str, new, old) -> bool:
        return new.casefold() != old.casefold() if name == "reference" else new != old

    def writing(self) -> Writing:
        """What this valid row would change. An empty cell changes nothing."""
        values = {name: value for name, value in self.cleaned_data.items() if value}
        if self.stored is None:
            return Writing(values, None, list(values))
        old = self.current(self.stored)
        return Writing(
            values, self.stored, [name for name, new in values.items() if self.differs(name, new, old[name])]
        )

    def place(self, code: str) -> str:
        """A region's code that exists. Raises ValidationError."""
        code = regions.dotted(code) if code else ""
        if re.fullmatch(r"[0-9]{2}(\.[0-9]{2})?\.[0-9]", code):
            raise forms.ValidationError("Kode ini terpotong oleh Excel. Tulis lagi sebagai teks.")
        if code and code not in self.facts.regions:
            raise forms.ValidationError("Kode wilayah ini tidak ada. Contoh: 36.71.01.")
        return code

    def pointed(self, things: dict[str, Model], name: str, sentence: str) -> Model | None:
        """The thing whose number stands in the column. Raises ValidationError with the sentence."""
        number = self.cleaned_data[name]
        if number and number not in things:
            raise forms.ValidationError(sentence)
        return things.get(number)


class StaffRow(RowForm):
    username = Column("Nama akun", example="contoh.nama", note="Untuk masuk. Huruf kecil, angka, titik, garis.")
    first_name = Column("Nama depan", example="Rina")
    last_name = Column("Nama belakang", example="Marlina", required=False)

    key = ("username",)
    user_fields = ("first_name", "last_name")

    @classmethod
    def row_key(cls, cells):
        return super().row_key(cells | {"username": _username(cells.get("username", ""))})

    @classmethod
    def facts_for(cls, rows):
        names = {_username(cells.get("username", "")) for cells in rows}
        stored = {one.user.username: one for one in cls.for_export(cls.model.objects.filter(user__username__in=names))}
        usernames = set(User.objects.filter(username__in=names).values_list("username", flat=True))
        return Facts(stored=stored, usernames=usernames, regions=_regions(rows, "scope_region_id"))

    @classmethod
    def for_export(cls, queryset):
        return queryset.select_related("user").order_by("user__username")

    @classmethod
    def current(cls, stored):
        of_user = ("username", *cls.user_fields)
        return {name: getattr(stored.user if name in of_user else stored, name) for name in cls.base_fields}

    @classmethod
    def write(cls, writings, *, by):
        for row in writings:
            if row.stored is None:
                cls.model.objects.appoint(password=row.password, **row.values)
            elif row.changed:
                changes = {name: row.values[name] for name in row.changed}
                of_user = {name: changes.pop(name) for name in cls.user_fields if name in changes}
                cls.model.objects.correct(row.stored, user_fields=of_user, **changes)

    def clean_username(self):
        name = _username(self.cleaned_data["username"])
        if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{2,}", name):
            raise forms.ValidationError("Pakai tiga huruf atau lebih: huruf kecil, angka, titik, garis.")
        if parse_card_code(name):
            raise forms.ValidationError("Nama akun ini mirip kode kartu. Tambahkan titik, misalnya nama.depan.")
        self.stored = self.facts.stored.get(name)
        if self.stored is None and name in self.facts.usernames:
            raise forms.ValidationError("Nama akun ini sudah dipakai orang lain. Pilih nama lain.")
        return name


class CompanionRow(StaffRow):
    type = ChoiceColumn("Jenis", choices=Companion.CompanionType.choices, example="Pendamping PKH", required=False)
    phone = PhoneColumn("Nomor HP", example="081234567890", required=False)

    model = Companion


class CoordinatorRow(StaffRow):
    scope_region_id = Column("Kode wilayah", example="36.71", note=f"{REGION} Termasuk semua di bawahnya.")

    model = Coordinator

    def clean_scope_region_id(self):
        return self.place(self.cleaned_data["scope_region_id"])


class GroupRow(RowForm):
    reference = ReferenceColumn("Nomor kelompok", example="CONTOH-1", note=OWN_NUMBER)
    name = Column("Nama kelompok", example="Melati 1", max_length=120)
    region_id = Column("Kode wilayah", example="36.71.01", note=REGION)

    model = HouseholdGroup
    key = ("reference",)

    @classmethod
    def facts_for(cls, rows):
        stored = _by_key(HouseholdGroup.objects.all(), rows, "reference")
        return Facts(stored=stored, regions=_regions(rows, "region_id"))

    @classmethod
    def for_export(cls, queryset):
        return queryset

    @classmethod
    def current(cls, stored):
        return super().current(stored) | {"reference": key_of(stored)}

    @classmethod
    def write(cls, writings, *, by):
        HouseholdGroup.objects.bulk_create(HouseholdGroup(**row.values) for row in writings if row.stored is None)
        changed = [_altered(row.stored, row) for row in writings if row.stored and row.changed]
        HouseholdGroup.objects.bulk_update(changed, ["name", "region"], batch_size=500)

    def clean_reference(self):
        return _own_number(self)

    def clean_region_id(self):
        return self.place(self.cleaned_data["region_id"])


class HouseholdRow(RowForm):
    reference = ReferenceColumn("Nomor keluarga", example="CONTOH-1", note=OWN_NUMBER)
    name = Column("Nama keluarga", example="Keluarga Sari Wulandari", max_length=120)
    region_id = Column("Kode wilayah", example="36.71.01", note=REGION)
    group = PointerColumn("Nomor kelompok", example="M-1", note="Seperti di berkas kelompok.", required=False)
    business_type = ChoiceColumn("Jenis usaha", choices=settings.BUSINESS_TYPES, example="Kuliner", required=False)
    phone = PhoneColumn("Nomor HP", example="081234567890", required=False)
    companions = CompanionsColumn(
        "Pendamping",
        example="rina.marlina",
        note="Nama akun. Lebih dari satu, pisahkan dengan koma. Impor tidak pernah mengakhiri pendampingan.",
        required=False,
        max_length=300,
    )

    model = Household
    key = ("reference",)

    @classmethod
    def facts_for(cls, rows):
        names = {name for cells in rows for name in _usernames(cells.get("companions", ""))}
        companions = Companion.objects.filter(user__username__in=names).select_related("user")
        return Facts(
            stored=_by_key(cls.for_export(Household.objects.all()), rows, "reference"),
            regions=_regions(rows, "region_id"),
            groups=_by_key(HouseholdGroup.objects.all(), rows, "group"),
            companions={companion.user.username: companion for companion in companions},
        )

    @classmethod
    def for_export(cls, queryset):
        now = Companionship.objects.current().select_related("companion__user")
        return queryset.select_related("group").prefetch_related(Prefetch("companionships", now, to_attr="now"))

    @classmethod
    def current(cls, stored):
        plain = {name: getattr(stored, name) for name in cls.base_fields if name not in ("reference", "companions")}
        return plain | {"reference": key_of(stored), "companions": [one.companion for one in stored.now]}

    @classmethod
    def write(cls, writings, *, by):
        new, changed, pairs = [], [], []
        fields = {name for row in writings if row.stored for name in row.changed} - {"companions"}
        fields |= {"messages_welcome"} if "phone" in fields else set()
        # Read anew and held: a companion may have corrected something else of it since the file was judged.
        ids = [row.stored.pk for row in writings if row.stored]
        held = Household.objects.select_for_update(no_key=True).order_by("pk").in_bulk(ids)
        for row in writings:
            companions = row.values.pop("companions", [])
            if row.stored is None:
                household = Household(**row.values)
                new.append(household)
            else:
                household = _altered(held.get(row.stored.pk, row.stored), row)
                if "phone" in row.changed:
                    household.messages_welcome = False  # said of another number
                changed += [household] if set(row.changed) - {"companions"} else []
            pairs += [(household, companion) for companion in companions]
        Household.objects.make_all(new, by=by)
        Household.objects.correct_all(changed, fields, by=by)
        Companionship.objects.start_all(pairs, by=by)

    def clean_reference(self):
        return _own_number(self)

    def clean_region_id(self):
        return self.place(self.cleaned_data["region_id"])

    def clean_group(self):
        return self.pointed(self.facts.groups, "group", "Kelompok dengan nomor ini belum ada. Impor kelompok dulu.")

    def clean_companions(self):
        names = _usernames(self.cleaned_data["companions"])
        for name in names:
            if name not in self.facts.companions:
                raise forms.ValidationError(f"Pendamping {name} belum ada. Impor pendamping dulu.")
        chosen = [self.facts.companions[name] for name in names]
        hers = [one.companion for one in self.stored.now] if self.stored else []
        for companion in chosen:
            if not companion.user.is_active and companion not in hers:
                raise forms.ValidationError(f"Akun pendamping {companion.user.username} sudah ditutup.")
        return chosen

    def differs(self, name, new, old):
        return not set(new) <= set(old) if name == "companions" else super().differs(name, new, old)


class LearnerRow(RowForm):
    household = PointerColumn("Nomor keluarga", example="CONTOH-1", note="Seperti di berkas keluarga.")
    reference = ReferenceColumn("Nomor pelajar", example="CONTOH-1A", note=OWN_NUMBER, required=False)
    first_name = Column("Nama depan", example="Sari")
    last_name = Column("Nama belakang", example="Wulandari", required=False)
    address_form = ChoiceColumn("Sapaan", choices=Learner.AddressForm.choices, example="Ibu", required=False)

    model = Learner
    key = ("household", "reference", "first_name", "last_name")

    @classmethod
    def row_key(cls, cells):
        if reference := cells.get("reference"):
            return ("", reference.casefold())
        return super().row_key(cells)

    @classmethod
    def facts_for(cls, rows):
        households = _by_key(Household.objects.all(), rows, "household")
        by_name = defaultdict(list)
        for learner in cls.for_export(Learner.objects.filter(household__in=households.values())):
            by_name[learner.household_id, _folded(learner.full_name)].append(learner)
        stored = _by_key(cls.for_export(Learner.objects.all()), rows, "reference")
        return Facts(stored=stored, by_name=by_name, households=households)

    @classmethod
    def for_export(cls, queryset):
        return queryset.select_related("household", "user").order_by("household", "pk")

    @classmethod
    def current(cls, stored):
        return super().current(stored) | {"reference": key_of(stored)}

    @classmethod
    def write(cls, writings, *, by):
        Learner.objects.enrol_all([Learner(**row.values) for row in writings if row.stored is None], by=by)
        stored = [row for row in writings if row.stored]
        # A file has an order of its own, so all are held in everybody's before the first is written.
        changed = [row.stored for row in stored if row.changed]
        User.held_all({learner.user_id for learner in changed})
        Learner.objects.hold_all(learner.pk for learner in changed)
        own = [(row.stored, {name: row.values[name] for name in row.changed if name != "household"}) for row in stored]
        Learner.objects.correct_all([(learner, new) for learner, new in own if new], by=by)
        moved = [row for row in stored if "household" in row.changed]
        for row in sorted(moved, key=lambda row: row.stored.household_id):
            Learner.objects.move(row.stored, row.values["household"], by=by)

    def clean_household(self):
        return self.pointed(self.facts.households, "household", "Keluarga dengan nomor ini belum ada. Impor dulu.")

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            self.stored = self.match(cleaned)
        if self.stored and not self.stored.user.is_active:
            self.add_error("first_name", "Akun pelajar ini sudah ditutup. Datanya tidak diubah.")
        return cleaned

    def match(self, cleaned: dict[str, Any]) -> Learner | None:
        """The learner with this number; else the one of this name in the household who has no other number. One row of
        a file is about her: the next of her name is about somebody new, if it has a number of its own."""
        number = cleaned["reference"]
        numbered = self.facts.stored.get(number)
        if number.startswith("#") and not numbered:
            self.add_error("reference", "Nomor ini tidak ada. Kosongkan untuk pelajar baru.")
            return None
        found = numbered or self.of_this_name(cleaned)
        row = self.facts.row_of.get(found.pk) if found else None
        if row and (numbered or not number):
            self.add_error(self.key[0], REPEATS.format(row))
        return None if row else found

    def of_this_name(self, cleaned: dict[str, Any]) -> Learner | None:
        """Notes an error where there are two."""
        number = cleaned["reference"]
        full_name = _folded(f"{cleaned['first_name']} {cleaned['last_name']}")
        same_name = self.facts.by_name.get((cleaned["household"].pk, full_name), [])
        free = [learner for learner in same_name if not learner.reference] or ([] if number else same_name)
        if len(free) > 1:
            self.add_error("reference", "Ada dua pelajar dengan nama ini. Isi nomornya dari berkas ekspor.")
        return free[0] if len(free) == 1 else None


FORMS: dict[str, type[RowForm]] = {
    ImportBatch.Kind.COMPANIONS: CompanionRow,
    ImportBatch.Kind.COORDINATORS: CoordinatorRow,
    ImportBatch.Kind.GROUPS: GroupRow,
    ImportBatch.Kind.HOUSEHOLDS: HouseholdRow,
    ImportBatch.Kind.LEARNERS: LearnerRow,
}


def _own_number(form: RowForm) -> str:
    """The row's own number, its stored thing noted. Raises ValidationError where «#12» stands for nothing."""
    number = form.cleaned_data["reference"]
    form.stored = form.facts.stored.get(number)
    if form.stored is None and number.startswith("#"):
        raise forms.ValidationError("Nomor ini tidak ada. Tulis nomor dari catatan sendiri.")
    return number


def _altered(stored: Model, row: Writing) -> Model:
    for name in row.changed:
        if name in row.values:
            setattr(stored, name, row.values[name])
    return stored


def _by_key(queryset: QuerySet, rows: list[dict[str, str]], column: str) -> dict[str, Any]:
    """Things by what these rows call them: their own number in any case, or «#12» where they have none."""
    numbers = {cells[column] for cells in rows if cells.get(column)}
    ids = [int(number[1:]) for number in numbers if re.fullmatch(r"#[0-9]{1,15}", number)]
    folded = {number.casefold() for number in numbers}
    found = queryset.alias(folded=Lower("reference")).filter(Q(folded__in=folded) | Q(reference="", pk__in=ids))
    things = {key_of(thing): thing for thing in found}
    in_any_case = {key.casefold(): thing for key, thing in things.items()}
    # The table may hold two that differ in case alone: then the one that is written so is meant.
    called = {number: things.get(number) or in_any_case.get(number.casefold()) for number in numbers}
    return {number: thing for number, thing in called.items() if thing}


def _regions(rows: list[dict[str, str]], column: str) -> set[str]:
    """The codes among these that exist: stored, or villages that can be."""
    codes = {regions.dotted(cells[column]) for cells in rows if cells.get(column)}
    stored = set(Region.objects.filter(code__in=codes).values_list("code", flat=True))
    return stored | {code for code in codes - stored if (place := regions.find(code)) and place.level == "village"}


def _folded(name: str) -> str:
    """As two names are compared: in any case, with any spaces, and without what nobody sees: a form keeps it."""
    return " ".join(UNSEEN.sub("", name).casefold().split())


def _username(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()


def _usernames(text: str) -> list[str]:
    names = (_username(name) for name in re.split(r"[,;]", text))
    return list(dict.fromkeys(name for name in names if name))
