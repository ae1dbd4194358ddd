"""The administrator's desk for people, beside the imports and the companion's own forms."""

from datetime import datetime

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import AuthenticatorAdmin
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.utils import timezone

from .forms import OnlyChanged, OpenOrClosed, refuse_identity_number
from .importing.fields import PhoneColumn
from .models import (
    Companion,
    Companionship,
    Coordinator,
    Household,
    HouseholdEvent,
    HouseholdGroup,
    Learner,
    Region,
    User,
)
from .pins import make_temporary


class AccountForm(OpenOrClosed, UserChangeForm):
    pass


@admin.register(User)
class AccountAdmin(UserAdmin):
    form = AccountForm

    def get_readonly_fields(self, request, obj=None):
        own = ["is_active", "is_staff", "is_superuser"] if obj == request.user else []  # she could not take it back
        names = ["first_name", "last_name"] if obj and obj.is_learner else []  # kept with the learner too, and alike
        return [*super().get_readonly_fields(request, obj), *own, *names]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not change:
            make_temporary(obj, request)

    def user_change_password(self, request, id, form_url=""):
        response = super().user_change_password(request, id, form_url)
        if response.status_code == 302 and (user := User.objects.filter(pk=id).first()):
            make_temporary(user, request)
        return response


admin.site.unregister(Authenticator)
admin.site.unregister(EmailAddress)  # with one that nobody has verified allauth lets nobody set up a second factor


@admin.register(Authenticator)
class SecondFactorAdmin(AuthenticatorAdmin):
    """Taken away here from whoever lost her phone. Its secret is for nobody else to read, or to choose."""

    exclude = ["data"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def delete_model(self, request, obj):
        self.delete_queryset(request, Authenticator.objects.filter(pk=obj.pk))

    def delete_queryset(self, request, queryset):
        """With the last one of an account go its codes for a lost phone, as on allauth's own pages."""
        accounts = set(queryset.values_list("user", flat=True))
        queryset.delete()
        left = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES).values("user")
        Authenticator.objects.filter(user__in=accounts).exclude(user__in=left).delete()


@admin.register(Region)
class RegionAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "level"]
    list_filter = ["level"]
    search_fields = ["code", "name"]

    def get_readonly_fields(self, request, obj=None):
        return ["code"] if obj else []  # with another code this one would stay, and whoever had that be overwritten


class PeopleForm(OnlyChanged, forms.ModelForm):
    pass


class PeopleAdmin(admin.ModelAdmin):
    """Takes no NIK, KK or KKS number; and a phone number as people write it, which is kept as links to WhatsApp and
    lists that go out need it."""

    form = PeopleForm

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "phone":
            return PhoneColumn("Nomor HP", example="", required=False)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, forms.CharField):
            field.validators.append(refuse_identity_number)
        return field

    def save_model(self, request, obj, form, change):
        obj.save(update_fields=form.changed if change else None)


class StaffForm(PeopleForm):
    """A learner's PIN is no password for the data of families."""

    class Meta:
        labels = {"user": "Akun"}

    def clean_user(self) -> User:
        if self.cleaned_data["user"].is_learner:
            raise forms.ValidationError("Ini akun pelajar. Buat akun lain dengan kata sandi.")
        return self.cleaned_data["user"]


@admin.display(description="akun", ordering="user")
def account(one: Companion | Coordinator) -> str:
    return one.user.username


@admin.register(Companion)
class CompanionAdmin(PeopleAdmin):
    form = StaffForm
    list_display = [account, "type"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__first_name", "user__last_name"]
    autocomplete_fields = ["user"]


@admin.register(Coordinator)
class CoordinatorAdmin(PeopleAdmin):
    form = StaffForm
    list_display = [account, "scope_region"]
    autocomplete_fields = ["user", "scope_region"]


class CompanionshipForm(forms.ModelForm):
    """Who accompanied a household stays on record: another companion is another line, and the one before ends."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["companion"].label = "Pendamping"
        self.fields["companion"].disabled = self.instance.pk is not None
        self.fields["ended_at"].show_hidden_initial = True  # it may have ended since the page was opened

    def clean_companion(self) -> Companion:
        companion = self.cleaned_data["companion"]
        if not (self.instance.pk or companion.user.is_active):
            raise forms.ValidationError("Akun pendamping ini sudah ditutup. Pilih yang lain.")
        return companion

    def clean_ended_at(self) -> datetime | None:
        ended_at = self.cleaned_data["ended_at"]
        if ended_at and timezone.localdate(ended_at) > timezone.localdate():  # a line that has an end is over at once
            raise forms.ValidationError("Tanggal ini belum tiba. Isi saat pendampingan sudah berakhir.")
        return ended_at


class CompanionshipInline(admin.TabularInline):
    model = Companionship
    form = CompanionshipForm
    extra = 0
    can_delete = False
    autocomplete_fields = ["companion"]


@admin.register(HouseholdGroup)
class HouseholdGroupAdmin(PeopleAdmin):
    list_display = ["name", "region"]
    search_fields = ["name"]
    autocomplete_fields = ["region"]
    raw_id_fields = ["leader"]


@admin.register(Household)
class HouseholdAdmin(PeopleAdmin):
    list_display = ["name", "region", "group", "business_type"]
    list_select_related = ["region", "group"]
    list_filter = ["business_type"]
    search_fields = ["name"]
    autocomplete_fields = ["region", "group"]
    inlines = [CompanionshipInline]

    def save_model(self, request, obj, form, change):
        if change:
            Household.objects.correct(obj, by=request.user, **form.changed)
        else:
            Household.objects.make_all([obj], by=request.user)

    def save_formset(self, request, form, formset, change):
        """With the lines that the household's history has of a hand-over, too."""
        super().save_formset(request, form, formset, change)
        changed = [one for one, fields in formset.changed_objects if "ended_at" in fields]
        for one in (*formset.new_objects, *changed):
            kind = HouseholdEvent.Kind.COMPANION_ENDED if one.ended_at else HouseholdEvent.Kind.COMPANION_STARTED
            HouseholdEvent.objects.record(one.household, kind, by=request.user, text=str(one.companion))


@admin.register(Learner)
class LearnerAdmin(PeopleAdmin):
    """Making a learner here makes the account and its card code; the PIN is set at the account. What is changed stands
    in the household's history, which alone can find her former names and families again when she is erased; and to
    erase her is more than to delete a row, so only «Data saya» and time do it."""

    list_display = ["name", "household", "card_code"]
    search_fields = ["first_name", "last_name", "user__username"]
    fields = ["household", "first_name", "last_name", "address_form"]
    autocomplete_fields = ["household"]

    @admin.display(description="nama", ordering="first_name")
    def name(self, learner: Learner) -> str:
        return learner.full_name

    @admin.display(description="kode kartu")
    def card_code(self, learner: Learner) -> str:
        return learner.user.username

    def save_model(self, request, obj, form, change):
        if change:
            learner, values = Learner.objects.get(pk=obj.pk), form.changed
            household = values.pop("household", None)
            Learner.objects.correct(learner, by=request.user, **values)
            if household:
                Learner.objects.move(learner, household, by=request.user)
        else:
            made = Learner.objects.enrol(by=request.user, **form.cleaned_data)
            obj.pk, obj.user = made.pk, made.user

    def has_delete_permission(self, request, obj=None):
        return False
