"""Reads ``/laporan/`` as its coordinator does."""

from people.models import Companion
from tests import factories as make
from tests.pages import soup, text

REPORT = "/laporan/"


def page(client, **asked):
    response = client.get(REPORT, asked)
    assert response.status_code == 200
    return soup(response)


def counts(found) -> dict[str, int]:
    words = [text(card).split(" ", 1) for card in found.select("li.count")]
    return {word: int(number) for number, word in words}


def table(found, what: str) -> dict[str, dict[str, str]]:
    """The lines of the table «Per …» by name: each number by its label."""
    lines = {}
    for row in found.select(f"[aria-label='Per {what}'] tbody tr"):
        name = text(row.th.a or row.th) if what != "pendamping" else row.th.find(string=True).strip()
        lines[name] = {cell["data-label"]: text(cell) for cell in row.select("td")}
    return lines


def companions(found) -> dict[str, dict[str, str]]:
    return table(found, "pendamping")


def households(found) -> list[tuple[str, int]]:
    """Each companion with her households."""
    return [(name, int(line["Keluarga"])) for name, line in companions(found).items()]


def told(line: dict[str, str], *labels: str) -> list[str]:
    return [line[label] for label in labels]


def named(first: str) -> Companion:
    """A companion who is called so."""
    who = make.companion()
    who.user.first_name, who.user.last_name = first, "Uji"
    who.user.save()
    return who
