"""All addresses of the site, from its own list of URLs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from django.urls import Resolver404, URLPattern, get_resolver, resolve
from django.utils.regex_helper import normalize

STAND_INS = [
    "1",
    "x",
    "01920000-0000-7000-8000-000000000000",
    "2026-11-22",
    "wagtailcore",
    "page",
    "audio",
    "people",
    "people/",
]


@dataclass(frozen=True)
class Address:
    """One entry of a ``urls.py``: ``template`` is its path with ``%(name)s`` for each variable part."""

    name: str
    template: str
    parameters: tuple[str, ...]
    view: object = field(repr=False)

    def path(self, **values) -> str:
        """The address with ``values`` filled in, as text."""
        return "/" + self.template % {name: values[name] for name in self.parameters}

    def any_path(self) -> str:
        """The address with something filled in that it takes. Raises LookupError."""
        if not self.parameters:
            return self.path()  # perhaps behind another of the same path
        for values in product(STAND_INS, repeat=len(self.parameters)):
            path = self.path(**dict(zip(self.parameters, values, strict=True)))
            try:
                if resolve(path).func is self.view:
                    return path
            except Resolver404:
                continue
        raise LookupError(f"tests/addresses.py: add to STAND_INS what {self.template} takes.")


def addresses() -> Iterator[Address]:
    """Every entry, in the order in which Django asks them."""
    yield from _below(get_resolver().url_patterns, "", "")


def _below(entries, prefix: str, namespace: str) -> Iterator[Address]:
    for entry in entries:
        pattern = prefix + entry.pattern.regex.pattern.removeprefix("^")
        if isinstance(entry, URLPattern):
            template, parameters = normalize(pattern)[0]
            name = f"{namespace}{entry.name}" if entry.name else ""
            yield Address(name, template, tuple(parameters), entry.callback)
        else:
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _below(entry.url_patterns, pattern, inner)
