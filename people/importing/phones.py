"""Mobile numbers as spreadsheets leave them: mended where only one number can have been meant, else refused."""

import re
import unicodedata

from lokal import parse_phone

_SCIENTIFIC = re.compile(r"([1-9])(?:[.,]([0-9]*))?[eE]\+?([0-9]{1,2})")
_DECIMAL = re.compile(r"([1-9][0-9]{8,})[.,]0+")  # a number never starts with 0, so no group of digits is cut off here
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}")
_WRITTEN = re.compile(r"\+?[0-9 ().\-]+")

CUT = "Nomor ini terpotong oleh Excel. Tulis lagi sebagai teks."
UNCLEAR = "Nomor HP ini belum jelas. Contoh: 0812-3456-7890."


class UnclearPhone(ValueError):
    """No one number can be told from the text; the message says so to whoever wrote it."""


def mend_phone(text: str) -> str:
    """The E.164 number of a mobile phone. Raises UnclearPhone."""
    text = _as_typed(_as_seen(text).strip().removeprefix("'"))
    if not _WRITTEN.fullmatch(text) or text.startswith("00"):
        raise UnclearPhone(UNCLEAR)
    phone = parse_phone(text)
    if phone.type == "landline":
        raise UnclearPhone("Ini bukan nomor HP. Nomor HP mulai dari 08.")
    if not phone.valid:
        raise UnclearPhone("Nomor HP ada 10 sampai 13 angka, mulai dari 08.")
    if phone.warnings:
        raise UnclearPhone(f"Awalan {phone.national[:4]} tidak dikenal. Periksa nomornya.")
    return phone.e164


def written_phone(e164: str) -> str:
    """The number as people write it: ``081234567890``."""
    return f"0{e164[3:]}" if e164.startswith("+62") else e164


def _as_seen(text: str) -> str:
    """Without what comes along unseen with a number that is copied from WhatsApp: marks of direction, other dashes."""
    return "".join({"Cf": "", "Pd": "-", "Zs": " "}.get(unicodedata.category(letter), letter) for letter in text)


def _as_typed(text: str) -> str:
    """Undoes what Excel does to a number that it takes for an amount."""
    if scientific := _SCIENTIFIC.fullmatch(text):
        first, rest, exponent = scientific[1], scientific[2] or "", int(scientific[3])
        if len(rest) != exponent:
            raise UnclearPhone(CUT)
        return first + rest
    if decimal := _DECIMAL.fullmatch(text):
        return decimal[1]
    if _THOUSANDS.fullmatch(text):
        return text.replace(",", "")
    return f"+{text[2:]}" if text.startswith("0062") else text
