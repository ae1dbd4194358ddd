"""Forms with which a companion keeps her households."""

from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from people.forms import OnlyChanged, refuse_identity_number
from people.ids import id_in
from people.models import Household, HouseholdEvent, HouseholdGroup, Learner, Region, inside

from .contact_forms import PhoneForm

NIGHT = timedelta(hours=3)  # past midnight: nobody is at a family's door


def form_id(request: HttpRequest, learner: dict, *more) -> UUID:
    """The same for the same words on pages of one day: sent twice, or again after going back to the form, they count
    once, for as long as the learner whom they added is called so."""
    page = id_in(request.POST.get("page", ""))
    words = uuid5(NAMESPACE_OID, repr((day_of(page), *more, learner)))
    return HouseholdEvent.objects.id_of_form(words, page, by=request.user, **learner)


def day_of(page: UUID | None) -> date:
    """When the form's page was fetched, and not when it was sent: that may be the next morning, once more, where the
    answer was lost in the evening. A day ends in the night, since one who goes back past midnight gets another page."""
    now = timezone.now()
    fetched = min(page.int >> 80, now.timestamp() * 1000) / 1000 if page else now.timestamp()  # a UUIDv7 begins with it
    return timezone.localdate(datetime.fromtimestamp(fetched, UTC) - NIGHT)


class HouseholdForm(PhoneForm):
    """A new household; her group, if it meets in one, says where it lives."""

    class Meta(PhoneForm.Meta):
        fields = ["name", "group", "region", "business_type", *PhoneForm.Meta.fields]
        labels = PhoneForm.Meta.labels | {
            "name": "Nama keluarga",
            "group": "Kelompok",
            "region": "Wilayah",
            "business_type": "Jenis usaha",
        }
        error_messages = {"name": {"required": "Tulis nama keluarganya dulu."}}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = regions_of(user)
        self.fields["region"].required = False
        self.fields["region"].empty_label = "Pilih wilayah…"
        groups = HouseholdGroup.objects.for_companion(user)
        if groups.exists():
            self.fields["group"].queryset = groups
            self.fields["group"].empty_label = "Tanpa kelompok"
            self.fields["region"].empty_label = "Sama dengan kelompok"
        else:
            del self.fields["group"]
        self.fields["business_type"].choices = [("", "Belum tahu"), *self.fields["business_type"].choices[1:]]
        self.fields["name"].validators.append(refuse_identity_number)

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("region") and "region" not in self.errors:
            if group := cleaned.get("group"):
                cleaned["region"] = group.region
            else:
                has_groups = "group" in self.fields
                self.add_error("region", "Pilih wilayah atau kelompoknya." if has_groups else "Pilih wilayahnya dulu.")
        return cleaned


def regions_of(user) -> QuerySet[Region]:
    """The regions where the companion works, and all that lies below them."""
    mine = set(Household.objects.for_companion(user).values_list("region_id", flat=True))
    mine |= set(HouseholdGroup.objects.for_companion(user).values_list("region_id", flat=True))
    below = Q()
    for code in mine:
        below |= inside("code", code)
    return Region.objects.filter(below) if mine else Region.objects.filter(level=Region.Level.REGENCY)


class LearnerForm(OnlyChanged, forms.ModelForm):
    """A learner's name, and how we speak to her."""

    class Meta:
        model = Learner
        fields = ["first_name", "last_name", "address_form"]
        labels = {"first_name": "Nama depan", "last_name": "Nama belakang (boleh kosong)", "address_form": "Sapaan"}
        error_messages = {"first_name": {"required": "Tulis nama depannya dulu."}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs, use_required_attribute=False)
        for name in ("first_name", "last_name"):
            self.fields[name].validators.append(refuse_identity_number)


class MoveForm(forms.Form):
    """Another household of the same companion."""

    household = forms.ModelChoiceField(
        Household.objects.none(),
        label="Pindah ke keluarga",
        empty_label="Pilih keluarga…",
        error_messages={"required": "Pilih keluarganya dulu.", "invalid_choice": "Pilih satu keluarga dari daftar."},
    )

    def __init__(self, *args, user, learner: Learner, **kwargs):
        super().__init__(*args, **kwargs, use_required_attribute=False)
        mine = Household.objects.for_companion(user)
        self.fields["household"].queryset = mine.exclude(pk=learner.household_id)
