"""Reads content files (YAML), keeping the line of everything, so that a mistake is told with file, line and reason."""

import math
import re
from collections.abc import Hashable, Iterable, Set
from pathlib import Path

import yaml

MAX_BYTES = 1_000_000
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class ContentError(Exception):
    """What is wrong in a content file: ``content/02-merek.yaml, baris 31: …``"""

    def __init__(self, place: "Place", reason: str):
        super().__init__(f"{place}: {reason}")


class Place:
    """A file and a line in it."""

    def __init__(self, file: str, line: int = 1):
        self.file, self.line = file, line

    def __str__(self):
        return f"{self.file}, baris {self.line}"


class Part(Place):
    """A file and the path to something in it, where no person has ever counted its lines."""

    def __init__(self, file: str, path: str = ""):
        super().__init__(file)
        self.path = path

    def of(self, key: object) -> "Part":
        return Part(self.file, f"{self.path}/{key}".lstrip("/"))

    def __str__(self):
        return f"{self.file}, bagian {self.path}" if self.path else self.file


class Mapping(dict):
    """A YAML mapping that knows its place and that of each key; where nobody says more, they are in the same one."""

    def __init__(self, values: dict, place: Place, places: dict[Hashable, Place] | None = None):
        super().__init__(values)
        self.place, self.places = place, dict.fromkeys(values, place) if places is None else places

    def take(self, key: str, kind: type | tuple[type, ...] = str, default=...):
        """The value of ``key``. Raises ContentError where it is missing without a default, or not of ``kind``."""
        if key not in self:
            if default is ...:
                raise ContentError(self.place, f"«{key}» belum ada.")
            return default
        value = self[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind in (int, (int, float))):
            raise ContentError(self.places[key], f"isi «{key}» tidak sesuai bentuknya.")
        return value

    def only(self, keys: Set[str]) -> None:
        """Raises ContentError for the first key that is not among ``keys``."""
        for key in self:
            if key not in keys:
                raise ContentError(self.places[key], f"«{key}» tidak dikenal.")


class Sequence(list):
    """A YAML list that knows its place and that of each item."""

    def __init__(self, items: Iterable, place: Place, places: list[Place]):
        super().__init__(items)
        self.place, self.places = place, places


def placed(value, place: Part):
    """``value``, as JSON holds it, with the place of everything in it. Raises ContentError for what no database
    takes."""
    if isinstance(value, dict):
        places = {key: place.of(key) for key in value}
        return Mapping({key: placed(child, places[key]) for key, child in value.items()}, place, places)
    if isinstance(value, list):
        places = [place.of(number) for number in range(len(value))]
        return Sequence(map(placed, value, places), place, places)
    if isinstance(value, str) and _UNSTORABLE.search(value):
        raise ContentError(place, "ada huruf yang tidak bisa disimpan.")
    if isinstance(value, float) and not math.isfinite(value):
        raise ContentError(place, "angka ini terlalu besar.")
    return value


class _Loader(yaml.SafeLoader):
    file = ""

    def place_of(self, node) -> Place:
        return Place(self.file, node.start_mark.line + 1)

    def mapping(self, node):
        result = Mapping({}, self.place_of(node))
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise ContentError(self.place_of(key_node), "kunci harus satu kata.")
            if key in result:
                raise ContentError(self.place_of(key_node), f"«{key}» ditulis dua kali.")
            try:
                result[key] = self.construct_object(value_node, deep=True)
            except ValueError as error:  # a date that no calendar has
                raise ContentError(self.place_of(value_node), f"isi «{key}» tidak terbaca ({error}).") from None
            result.places[key] = self.place_of(key_node)
        return result

    def sequence(self, node):
        items = (self.construct_object(child, deep=True) for child in node.value)
        return Sequence(items, self.place_of(node), list(map(self.place_of, node.value)))


_Loader.add_constructor("tag:yaml.org,2002:map", _Loader.mapping)
_Loader.add_constructor("tag:yaml.org,2002:seq", _Loader.sequence)


def read(path: Path) -> Mapping | Sequence:
    """The content of one file. Raises ContentError where it is no YAML, too large, or not UTF-8."""
    name = f"{path.parent.name}/{path.name}"
    data = path.read_bytes()
    if len(data) > MAX_BYTES:
        raise ContentError(Place(name), "berkas terlalu besar.")
    loader_class = type("_FileLoader", (_Loader,), {"file": name})
    try:
        content = yaml.load(data.decode(), Loader=loader_class)  # noqa: S506  a SafeLoader
    except UnicodeDecodeError:
        raise ContentError(Place(name), "berkas bukan teks UTF-8.") from None
    except RecursionError:
        raise ContentError(Place(name), "daftar di dalam daftar terlalu dalam.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise ContentError(Place(name, line), f"YAML tidak terbaca ({getattr(error, 'problem', error)}).") from None
    if not isinstance(content, (Mapping, Sequence)):
        raise ContentError(Place(name), "berkas kosong atau bukan daftar.")
    return content
