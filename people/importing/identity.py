"""NIK, KK and KKS numbers are never collected: their columns and their look are known here, so that they stay out."""

import re

from lokal import PROVINCES

_FORBIDDEN_WORDS = {"nik", "kk", "kks", "ktp", "nonik", "nokk", "nokks", "noktp", "nomornik", "nomorkk", "nomorkks"}
_FORBIDDEN_PARTS = ("kartukeluarga", "kartupenduduk", "indukkependudukan")
_SIXTEEN_DIGITS = re.compile(r"(?<!\d)\d(?:[ .\-]?\d){15}(?!\d)")
_MANGLED = re.compile(r"\d[.,]\d+E\+?15\b", re.IGNORECASE)  # 16 digits, as Excel shows them


def is_forbidden_column(header: str) -> bool:
    """Whether a column of this name would hold NIK, KK or KKS numbers."""
    words = re.findall(r"[a-z]+", header.lower())
    joined = "".join(words)
    return not _FORBIDDEN_WORDS.isdisjoint({*words, joined}) or any(part in joined for part in _FORBIDDEN_PARTS)


def has_identity_number(text: str) -> bool:
    """Whether the text holds what looks like a NIK or KK number (region, date, serial) or a bank card's (KKS)."""
    if _MANGLED.search(text):
        return True
    return any(_is_identity([int(c) for c in run if c.isdecimal()]) for run in _SIXTEEN_DIGITS.findall(text))


def without_identity_numbers(text: str) -> str:
    """The text with «…» in their place."""
    return _SIXTEEN_DIGITS.sub(lambda run: "…" if has_identity_number(run[0]) else run[0], text)


def _is_identity(digits: list[int]) -> bool:
    pairs = [10 * digits[at] + digits[at + 1] for at in range(0, 12, 2)]
    province, _, _, day, month, _ = pairs
    looks_like_nik = str(province) in PROVINCES and 1 <= day % 40 <= 31 and day <= 71 and 1 <= month <= 12
    return looks_like_nik or _passes_luhn(digits)


def _passes_luhn(digits: list[int]) -> bool:
    doubled = [2 * digit if place % 2 == 0 else digit for place, digit in enumerate(digits)]
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0
