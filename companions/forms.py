from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property

from badges.models import Badge
from courses.models import ModulePage
from courses.recordings import NOT_A_RECORDING, UnusableFile
from people.forms import refuse_identity_number
from people.ids import id_in
from people.models import Household, HouseholdGroup, Region
from practice.recordings import recording_from
from progress.facts import Outline
from progress.models import ModuleAssignment, SpokenWord
from progress.teaching import to_learn_first

from .situations import cases


class DayField(forms.DateField):
    """A day as a phone's calendar gives it, or as people write it."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    input_formats = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"]
    default_error_messages = {"invalid": "Tulis tanggal seperti 30/11/2026."}


class AssignForm(forms.Form):
    """A module or a path to give, until when, and a word of the companion's own with it."""

    module = forms.ChoiceField(
        label="Modul",
        error_messages={"required": "Pilih modulnya dulu.", "invalid_choice": "Pilih satu modul dari daftar."},
    )
    due_on = DayField(label="Selesai paling lambat (boleh kosong)", required=False)
    word = forms.CharField(
        label="Kata pendamping (boleh kosong)",
        required=False,
        max_length=ModuleAssignment._meta.get_field("word").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[refuse_identity_number],
        error_messages={"max_length": "Kata ini terlalu panjang. Ringkas sedikit."},
    )

    voice = forms.FileField(label="Suara", required=False, error_messages={"empty": NOT_A_RECORDING})

    def __init__(self, request: HttpRequest, *, content: Outline, **kwargs):
        super().__init__(request.POST or None, request.FILES or None, **kwargs, use_required_attribute=False)
        self.content, self.user = content, request.user
        self.recorded: SpokenWord | None = None
        self.to_learn: list[ModulePage] = []  # whose material comes first, for the links beside the message
        modules = [(str(key), page.title) for key, page in content.module_pages.items()]
        self.paths = paths(content)
        self.titles = dict(modules) | {
            name: f"{title} ({len(keys)} modul)" for name, (title, keys) in self.paths.items()
        }
        choices = [("", "Pilih modul…"), *modules]
        if self.paths:
            choices.insert(1, ("Jalur", [(name, self.titles[name]) for name in self.paths]))
        self.fields["module"].choices = choices

    def clean_module(self):
        pages = [self.content.module_pages[key] for key in self.modules]
        self.to_learn = to_learn_first(self.user.companion, pages)
        if self.to_learn:
            raise forms.ValidationError("Pelajari dulu materi pendampingnya. Sesudah itu modul ini bisa ditugaskan.")
        return self.cleaned_data["module"]

    def clean_voice(self):
        """Kept at once, so that it needs no second recording where something else is still missing."""
        if file := self.cleaned_data["voice"]:
            try:
                self.recorded = SpokenWord.objects.store(recording_from(file), by=self.user)
            except UnusableFile as refusal:
                raise forms.ValidationError(str(refusal)) from refusal

    @cached_property
    def spoken(self) -> SpokenWord | None:
        """The word in her own voice: just recorded, or in an earlier step of this form."""
        kept = id_in(self.data.get("evidence", ""))
        return self.recorded or (kept and SpokenWord.objects.filter(by=self.user, pk=kept).first())

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if due_on and due_on < timezone.localdate():
            raise forms.ValidationError("Tanggal ini sudah lewat. Pilih hari ini atau sesudahnya.")
        return due_on

    @property
    def title(self) -> str:
        return self.titles[self.cleaned_data["module"]]

    @property
    def modules(self) -> list[UUID]:
        """The keys of what was chosen, in the order of the path."""
        chosen = self.cleaned_data["module"]
        return self.paths[chosen][1] if chosen in self.paths else [UUID(chosen)]


def paths(content: Outline) -> dict[str, tuple[str, list[UUID]]]:
    """The paths that earn a badge: title and published modules by what stands in the form."""
    found = {}
    for badge in Badge.objects.filter(is_path=True).prefetch_related("required_modules__module"):
        keys = [row.module.translation_key for row in badge.required_modules.all()]
        if keys := [key for key in keys if key in content.modules]:
            found[f"jalur-{badge.pk}"] = (badge.name, keys)
    return found


class AssignToManyForm(AssignForm):
    """A module or a path for the companion's households, or some of them."""

    group = forms.ModelChoiceField(
        HouseholdGroup.objects.none(), label="Kelompok", empty_label="Semua kelompok", required=False
    )
    business_type = forms.ChoiceField(label="Jenis usaha", required=False)
    region = forms.ModelChoiceField(Region.objects.none(), label="Wilayah", empty_label="Semua wilayah", required=False)
    without_module = forms.BooleanField(label="Hanya yang belum punya modul", required=False)
    again = forms.BooleanField(label="Beri juga ke yang sudah selesai", required=False)
    field_order = ["module", "group", "business_type", "region", "without_module", "again", "due_on", "word", "voice"]

    def __init__(self, request: HttpRequest, **kwargs):
        super().__init__(request, **kwargs)
        self.households = Household.objects.for_companion(self.user)
        self.fields["group"].queryset = HouseholdGroup.objects.for_companion(self.user)
        self.fields["region"].queryset = Region.objects.filter(pk__in=self.households.values("region"))
        self.fields["business_type"].choices = [("", "Semua jenis usaha"), *settings.BUSINESS_TYPES]
        for name in ("business_type", "region"):
            self.fields[name].error_messages["invalid_choice"] = "Pilih satu dari daftar."
        self.fields["group"].error_messages["invalid_choice"] = "Pilih satu kelompok dari daftar."

    def chosen_households(self) -> list[Household]:
        chosen = self.households.order_by("name", "pk")
        for name in ("group", "business_type", "region"):
            if value := self.cleaned_data[name]:
                chosen = chosen.filter(**{name: value})
        if not self.cleaned_data["without_module"]:
            return list(chosen)
        waiting = {case.household for case in cases([one.pk for one in chosen], self.content) if case.waits_for_module}
        return [household for household in chosen if household.pk in waiting]
