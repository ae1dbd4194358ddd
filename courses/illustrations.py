"""The drawings that come with the product. Each is one file, which says its own title and size."""

from dataclasses import dataclass
from functools import cache

from defusedxml import ElementTree
from django import forms
from django.conf import settings
from django.template.loader import render_to_string

FOLDER = settings.BASE_DIR / "static" / "illustrations"
TITLE = "{http://www.w3.org/2000/svg}title"


@dataclass(frozen=True)
class Illustration:
    """A drawing; ``width`` and ``height`` in CSS pixels, as it stands on the smallest phone."""

    name: str
    title: str
    width: int
    height: int

    @property
    def path(self) -> str:
        """Below the static files, for ``{% static %}``."""
        return f"{FOLDER.name}/{self.name}.svg"


@cache
def illustrations() -> dict[str, Illustration]:
    """All drawings by name, in the order of their titles. Raises ValueError where a file lacks its title or size."""
    found = []
    for path in FOLDER.glob("*.svg"):
        svg = ElementTree.parse(path).getroot()
        try:
            title, width, height = svg.findtext(TITLE), int(svg.get("width")), int(svg.get("height"))
        except TypeError:
            raise ValueError(f"{path.name}: width and height are missing") from None
        if not title:
            raise ValueError(f"{path.name}: <title> is missing")
        found.append(Illustration(path.stem, title, width, height))
    return {drawing.name: drawing for drawing in sorted(found, key=lambda drawing: drawing.title)}


def choices() -> list[tuple[str, str]]:
    """For an editor: (name, title)."""
    return [(drawing.name, drawing.title) for drawing in illustrations().values()]


class DrawingSelect(forms.RadioSelect):
    """All drawings to look at, because no title tells what a drawing shows."""

    template_name = "courses/widgets/drawings.html"

    class Media:
        css = {"all": ["css/drawings.css"]}

    def create_option(self, name, value, *args, **kwargs):
        return super().create_option(name, value, *args, **kwargs) | {"drawing": illustrations().get(value)}

    def _render(self, template_name, context, renderer=None):
        return render_to_string(template_name, context)  # forms look for templates only inside apps
