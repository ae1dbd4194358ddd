"""The form of a module in the editor."""

from collections import defaultdict

from .page_forms import PageForm


class ModuleForm(PageForm):
    """No module waits for itself, neither directly nor through others."""

    def clean(self):
        cleaned = super().clean()
        if prerequisites := self.formsets.get("prerequisites"):
            for row in prerequisites.forms:
                if row.is_valid() and not row.cleaned_data.get("DELETE"):
                    self._refuse_circle(row, prerequisites.model)
        return cleaned

    def _refuse_circle(self, row, model) -> None:
        needed = row.cleaned_data.get("module")
        if needed and needed.pk == self.instance.pk:
            row.add_error("module", "Modul tidak bisa menunggu dirinya sendiri. Pilih modul lain.")
        elif needed and self.instance.pk in _needed_by(needed.pk, model):
            row.add_error("module", f"«{needed.title}» sendiri menunggu modul ini. Pilih modul lain.")


def _needed_by(module: int, model) -> set[int]:
    """The modules that must be done before the quiz of ``module`` opens, directly or through others."""
    direct = defaultdict(set)
    for page, needed in model.objects.values_list("page_id", "module_id"):
        direct[page].add(needed)
    found, waiting = set(), [module]
    while waiting:
        new = direct[waiting.pop()] - found
        found |= new
        waiting += new
    return found
