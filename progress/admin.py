"""The administrator's switch for assigning."""

from django.contrib import admin

from .models import AssigningRule


@admin.register(AssigningRule)
class AssigningRuleAdmin(admin.ModelAdmin):
    """One row, to be changed and nothing else."""

    list_display = ["__str__", "material_first"]

    def has_add_permission(self, request) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
