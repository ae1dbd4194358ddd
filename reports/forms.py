from django import forms
from django.db.models import Count, Exists, OuterRef

from people.ids import key_in
from people.models import Companion, Companionship, HouseholdGroup, HouseholdQuerySet
from people.rules import canonical_login

from .numbers import companions


class GroupChoice(forms.ModelChoiceField):
    households: dict[int, int]  # how many move, by group

    def label_from_instance(self, group):
        return f"{group} ({self.households[group.pk]} keluarga)"


class HandOverForm(forms.Form):
    """Which of ``households`` leave ``old`` (None where they have no companion), and for whom: a companion of the
    coordinator's region, or one who accompanies nobody yet, whose name the coordinator must know. Nobody else's
    companions are offered."""

    group = GroupChoice(HouseholdGroup.objects.none(), label="Kelompok", required=False)
    new = forms.ModelChoiceField(
        Companion.objects.none(), label="Ke pendamping", empty_label="Pilih pendamping…", required=False
    )
    newcomer = forms.CharField(
        label="Atau nama akun pendamping baru, yang belum punya keluarga", max_length=150, required=False
    )

    def __init__(self, *args, user, old: Companion | None, households: HouseholdQuerySet, **kwargs):
        super().__init__(*args, **kwargs, use_required_attribute=False)
        self.households = households.for_companion(old.user) if old else households.unaccompanied()
        by_group = dict(self.households.order_by().values_list("group").annotate(Count("pk")))
        self.number = sum(by_group.values())
        self.in_region = households
        self.fields["group"].households = by_group
        self.fields["group"].queryset = HouseholdGroup.objects.filter(pk__in=filter(None, by_group))
        self.fields["group"].empty_label = f"Semua ({self.number} keluarga)"
        self.fields["new"].queryset = companions(user).exclude(pk=old and old.pk).filter(user__is_active=True)
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = "Pilih satu dari daftar."

    def clean_newcomer(self) -> Companion | None:
        if not (name := self.cleaned_data["newcomer"]):
            return None
        accompanies = Companionship.objects.current().filter(companion=OuterRef("pk"))
        named = Companion.objects.filter(user__username__iexact=canonical_login(name), user__is_active=True)
        if not (found := named.filter(~Exists(accompanies)).select_related("user").first()):
            raise forms.ValidationError("Tidak ada pendamping tanpa keluarga dengan nama akun itu. Periksa lagi.")
        return found

    def clean(self):
        cleaned = super().clean()
        if not self.errors and bool(cleaned["new"]) == bool(cleaned["newcomer"]):
            self.add_error("new", "Pilih satu pendamping, atau tulis satu nama akun.")
        return cleaned

    @property
    def group_has_moved(self) -> bool:
        """Whether the group that was sent lives here, and has nobody left who would change hands."""
        sent = key_in(self.data.get("group", ""))
        return self.in_region.filter(group=sent).exists() and not self.households.filter(group=sent).exists()

    @property
    def to(self) -> Companion:
        return self.cleaned_data["new"] or self.cleaned_data["newcomer"]

    def chosen_households(self):
        """The households that would change hands."""
        group = self.cleaned_data["group"]
        return self.households.filter(group=group) if group else self.households
