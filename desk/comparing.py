"""Two versions of a page beside each other, in an editor's words. By itself Wagtail tells what is ticked or chosen, and
the fields in a new list, as the code names them."""

from django.db.models import BooleanField
from django.utils.html import escape, format_html_join
from wagtail import blocks
from wagtail.admin.compare import (
    BlockComparison,
    FieldComparison,
    ListBlockComparison,
    diff_text,
    get_comparison_class_for_block,
    register_comparison_class,
)


def yes_or_no(value) -> str:
    return "ya" if value else "tidak"


class Words(BlockComparison):
    """``told`` is the value as text."""

    def told(self, value) -> str:
        return "" if value is None else str(value)

    def htmlvalue(self, val):
        return escape(self.told(val))

    def htmldiff(self):
        return diff_text(self.told(self.val_a), self.told(self.val_b)).to_html()


class Tick(Words):
    def told(self, value):
        return yes_or_no(value)


class Chosen(Words):
    def told(self, value):
        return ", ".join(word for code, word in self.block.field.choices if code in value)


class Items(ListBlockComparison):
    def htmlvalue(self, val):
        children = (
            get_comparison_class_for_block(one.block)(one.block, True, True, one.value, one.value)
            for one in val.bound_blocks
        )
        return format_html_join("\n", "<div>{}</div>", ((child.htmlvalue(child.val_b),) for child in children))


class TickOfPage(FieldComparison):
    def __init__(self, field, obj_a, obj_b):
        super().__init__(field, obj_a, obj_b)
        self.val_a, self.val_b = yes_or_no(self.val_a), yes_or_no(self.val_b)


COMPARED = {
    blocks.CharBlock: Words,
    blocks.TextBlock: Words,
    blocks.BooleanBlock: Tick,
    blocks.MultipleChoiceBlock: Chosen,
    blocks.ListBlock: Items,
}


def compare_in_words() -> None:
    """Tells Wagtail which comparison is whose; once."""
    for block, comparison in COMPARED.items():
        block.get_comparison_class = lambda self, comparison=comparison: comparison
    register_comparison_class(BooleanField, comparison_class=TickOfPage)
