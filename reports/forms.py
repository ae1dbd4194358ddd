from django import forms
from django.db.models import Exists, OuterRef, Q

from people.models import Companion, Companionship, Household, HouseholdGroup


class HandOverForm(forms.Form):
    """Households of the coordinator's region, from one companion to another."""

    old = forms.ModelChoiceField(Companion.objects.none(), label="Dari pendamping", empty_label="Pilih pendamping…")
    group = forms.ModelChoiceField(
        HouseholdGroup.objects.none(), label="Kelompok", empty_label="Semua keluarganya", required=False
    )
    new = forms.ModelChoiceField(Companion.objects.none(), label="Ke pendamping", empty_label="Pilih pendamping…")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs, use_required_attribute=False)
        self.households = Household.objects.for_coordinator(user)
        now = Companionship.objects.current()
        # Few, and asked for apart: within the questions below PostgreSQL would go through all of the country.
        ours = list(now.filter(household__in=self.households).values_list("companion", flat=True).distinct())
        is_ours, is_free = Q(pk__in=ours), ~Exists(now.filter(companion=OuterRef("pk")))
        companions = Companion.objects.select_related("user").order_by("user__first_name", "pk")
        self.fields["old"].queryset = companions.filter(is_ours)
        self.fields["new"].queryset = companions.filter(is_ours | is_free, user__is_active=True)
        self.fields["group"].queryset = HouseholdGroup.objects.filter(households__in=self.households).distinct()
        for field in self.fields.values():
            field.error_messages |= {"required": "Pilih dulu.", "invalid_choice": "Pilih satu dari daftar."}

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("old") and cleaned.get("old") == cleaned.get("new"):
            self.add_error("new", "Pilih pendamping yang lain.")
        return cleaned

    def chosen_households(self):
        """The households that would change hands."""
        old, group = self.cleaned_data["old"], self.cleaned_data["group"]
        chosen = self.households.filter(companionships__companion=old, companionships__ended_at=None)
        return chosen.filter(group=group) if group else chosen
