"""Numbers as people write them, and as we write them back. Pure."""

import re
from decimal import Decimal

from lokal import format_rupiah, parse_rupiah

# One amount and nothing else, with its separators where they belong: a sum or a slip of the finger is no answer.
_ONE_NUMBER = re.compile(
    r"-?\s*(rp\.?\s*)?([0-9]+([.,][0-9]+)?\s*(jt|juta|miliar)\s+)?"
    r"([0-9]{1,3}([.,][0-9]{3})+([.,][0-9]{1,2})?|[0-9]+([.,][0-9]+)?)\s*"
    r"(rb|ribu|k|jt|juta|miliar)?(\s*rupiah)?%?(,-)?|[a-z ]{1,60}",
    re.IGNORECASE,
)
MAX_DIGITS = 13  # beyond any amount a family writes, and still exact as the float that lokal makes of it


def parse_number(text: str, unit: str = "") -> Decimal | None:
    """The number that a person wrote: 7500, 7.500, Rp7.500, 7rb, «1,2jt», 0,3, «3 bungkus». None where it is none.

    A dot before three digits separates thousands; else dot and comma are decimal marks.
    """
    text = text.strip()
    if unit:
        text = re.sub(rf"\s*{re.escape(unit)}\.?$", "", text, flags=re.IGNORECASE)
    if sum(character.isdigit() for character in text) > MAX_DIGITS or not _ONE_NUMBER.fullmatch(text):
        return None
    if re.fullmatch(r"-?0[.,][0-9]+", text):  # nobody writes thousands that begin with a 0
        return Decimal(text.replace(",", "."))
    negative, text = text.startswith("-"), text.removeprefix("-")
    parsed = parse_rupiah(text)
    if parsed is None or parsed.approximate:
        return None
    number = Decimal(str(parsed.amount))
    return -number if negative else number


def number_words(number: Decimal, unit: str = "") -> str:
    """«Rp7.500» where the unit is rupiah, else «4,2» or «3 bungkus»."""
    if unit == "rupiah":
        return format_rupiah(number)
    whole, _, fraction = format(abs(number).normalize(), "f").partition(".")
    text = format_rupiah(int(whole), symbol=False) + (f",{fraction}" if fraction else "")
    return f"{'-' if number < 0 else ''}{text} {unit}".strip()
