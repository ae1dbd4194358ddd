"""Each field and each block says to the editor in one sentence what good looks like."""

from collections.abc import Iterator

import pytest
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

from badges.models import Badge
from courses.models import Figure, HomePage, LessonPage, ModulePage
from quizzes.models import QuizPage

PAGES = [HomePage, ModulePage, LessonPage, QuizPage]


def fields(panels: list[Panel]) -> Iterator[str]:
    """Those that say what their model does: nothing is said in their panel alone."""
    for panel in panels:
        yield from fields(panel.children) if hasattr(panel, "children") else ()
        if isinstance(panel, FieldPanel) and not panel.help_text:
            yield panel.field_name


def unhelpful(model, panels: list[Panel]) -> list[str]:
    """The fields that say nothing. What a stream's blocks say is asked apart; Wagtail's own title speaks for itself."""
    own = [model._meta.get_field(name) for name in fields(panels) if name != "title"]
    return [field.name for field in own if not field.help_text and not hasattr(field, "stream_block")]


@pytest.mark.parametrize("model", PAGES, ids=lambda model: model.__name__)
def test_each_field_of_a_page_says_what_good_looks_like(model):
    assert unhelpful(model, model.content_panels) == []


@pytest.mark.parametrize("model", [LessonPage, QuizPage], ids=lambda model: model.__name__)
def test_a_kind_of_page_that_is_chosen_among_several_says_what_it_is(model):
    assert model.get_page_description()


def test_each_field_of_a_figure_says_what_good_looks_like():
    assert unhelpful(Figure, Figure.panels) == []


def test_each_field_of_a_badge_says_what_good_looks_like():
    assert unhelpful(Badge, Badge.panels) == []


def streams() -> list[tuple[str, blocks.Block]]:
    """The blocks that an editor chooses from, by name."""
    found = []
    for model in PAGES:
        for field in model._meta.get_fields():
            if hasattr(field, "stream_block"):
                found += [(f"{field.name}.{name}", block) for name, block in field.stream_block.child_blocks.items()]
    return found


def said(block: blocks.Block) -> str:
    return block.field.help_text if hasattr(block, "field") else block.meta.help_text


def leaves(name: str, block: blocks.Block) -> Iterator[tuple[str, blocks.Block]]:
    """The fields within a block. A list's own words serve for its only field; a table's, for its cells."""
    if isinstance(block, blocks.BaseStructBlock):
        for child, inner in block.child_blocks.items():
            yield from leaves(f"{name}.{child}", inner)
    elif isinstance(block, blocks.ListBlock):
        if isinstance(block.child_block, blocks.BaseStructBlock):
            yield from leaves(name, block.child_block)
        elif "." in name.partition(".")[2]:
            yield name, block
    elif not isinstance(block, TypedTableBlock) and "." in name.partition(".")[2]:
        yield name, block


@pytest.mark.parametrize(("name", "block"), streams(), ids=lambda value: value if isinstance(value, str) else "")
def test_each_block_says_what_it_is_for(name, block):
    assert block.get_description()


@pytest.mark.parametrize(("name", "block"), streams(), ids=lambda value: value if isinstance(value, str) else "")
def test_each_field_in_a_block_says_what_good_looks_like(name, block):
    assert [place for place, field in leaves(name, block) if not said(field)] == []
