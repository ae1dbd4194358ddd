"""The regions of Indonesia, as Kemendagri numbers them, from the lokal package. Pure: nothing is stored here."""

import re
from dataclasses import dataclass

from lokal import wilayah

LEVELS = ("province", "regency", "district", "village")
DISPLAY_NAMES = {"Daerah Khusus Ibukota Jakarta": "DKI Jakarta"}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_STAYS_SMALL = {"dan", "x"}  # Pangkajene dan Kepulauan, 2 x 11 Kayu Tanam


@dataclass(frozen=True)
class Place:
    code: str  # dotted: 31.75.10.1001
    name: str
    level: str


def nation() -> list[Place]:
    """All provinces, regencies and cities, and districts: 7,837 places."""
    provinces = wilayah.list_wilayah()
    regencies = [place for province in provinces for place in wilayah.list_wilayah(province.code)]
    districts = [place for regency in regencies for place in wilayah.list_wilayah(regency.code)]
    return [_place(found) for found in (*provinces, *regencies, *districts)]


def villages(district: str) -> list[Place]:
    """The villages of one district, by its code. Raises ValueError where there is no such district."""
    found = find(dotted(district))
    if found is None or found.level != "district":
        raise ValueError(f"{district} is not the code of a district (kecamatan).")
    return [_place(village) for village in wilayah.list_wilayah(found.code)]


def find(code: str) -> Place | None:
    """The place with exactly this code, villages too."""
    found = wilayah.get_wilayah(code)
    return _place(found) if found and found.code == code else None


def dotted(code: str) -> str:
    """``3175101001`` as ``31.75.10.1001``; anything else stays as it is."""
    # lokal forgets digits beyond the tenth, and reads only those of ASCII.
    return wilayah.normalize_wilayah_code(code) if re.fullmatch("[0-9]{1,10}", code) else code


def display_name(name: str) -> str:
    """The name as people write it: «DKI Jakarta», «Cibal Barat», «Ki'e», «Grong-Grong»."""
    return DISPLAY_NAMES.get(name) or _WORD.sub(_natural, name)


def _natural(match: re.Match) -> str:
    word = match[0]
    if word.isupper() and "'" in word:
        return word.capitalize()
    return word if word in _STAYS_SMALL else word[0].upper() + word[1:]


def _place(found: wilayah.Wilayah) -> Place:
    return Place(found.code, display_name(found.name), LEVELS[found.level - 1])
