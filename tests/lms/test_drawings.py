"""Drawings inside pages."""

import pytest
from django.template import Template, TemplateDoesNotExist
from django.template.base import TextNode

from lms.settings import BASE_DIR


def test_a_drawing_is_text_once_its_template_is_compiled():
    [drawing] = Template('{% svg "icons/camera" %}').nodelist
    assert isinstance(drawing, TextNode)
    assert drawing.s == (BASE_DIR / "templates" / "icons" / "camera.svg").read_text()


def test_a_drawing_that_is_not_there_shows_when_its_template_is_compiled():
    with pytest.raises(TemplateDoesNotExist):
        Template('{% svg "icons/nothing" %}')


def test_no_drawing_asks_for_anything_of_its_page():
    """Else it would show what was there when the template was compiled."""
    drawings = [
        path for folder in ("icons", "pictograms", "faces") for path in (BASE_DIR / "templates" / folder).iterdir()
    ]
    assert [path.name for path in drawings if "{{" in path.read_text() or "{%" in path.read_text()] == []


def test_a_drawing_that_has_no_stylesheet_is_small():
    """Each would be as large as its screen where our looks do not come."""
    drawings = (BASE_DIR / "templates").rglob("*.svg")
    assert [path.name for path in drawings if ' width="' not in path.read_text().partition(">")[0]] == []
