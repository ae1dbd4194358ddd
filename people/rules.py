"""Rules about identity: card codes, PINs, time zones. Pure; the figures come from the security design."""

import itertools
import re
import secrets
import unicodedata

CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U
CODE_LENGTH = 8  # 40 bits
PIN_LENGTH = 6
STAFF_PASSWORD_LENGTH = 12
OWN_NUMBER = "Nomor dari catatan sendiri. Bukan NIK, KK, atau KKS."

_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_card_code() -> str:
    """A random card code of 8 characters."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def parse_card_code(text: str) -> str | None:
    """The card code that a person meant by ``text``, or None where it is none.

    Case, spaces, dashes of any kind, invisible and full-width letters and the look-alikes O/0 and I/L/1 are forgiven.
    A dot is not: staff names have one.
    """
    letters = (letter for letter in unicodedata.normalize("NFKC", text) if not _separates(letter))
    code = "".join(letters).upper().translate(_LOOKALIKES)
    return code if len(code) == CODE_LENGTH and all(letter in CODE_ALPHABET for letter in code) else None


def _separates(letter: str) -> bool:
    """Spaces, control and invisible characters, dashes, the minus sign and the middle dot."""
    return unicodedata.category(letter) in {"Zs", "Zl", "Zp", "Cc", "Cf", "Pd"} or letter in "−·"


def canonical_login(text: str) -> str:
    """What is looked up and what the limiter counts: a card code, else a staff name in lower case."""
    return parse_card_code(text) or unicodedata.normalize("NFKC", text).strip().lower()


def pin_weakness(pin: str) -> str | None:
    """Why ``pin`` may not be chosen, as a sentence for the learner; None where it may.

    Refuses dates (DDMMYY, MMDDYY, YYMMDD, and any with a year 1900-2099 written out), runs up or down, and two or
    fewer distinct digits.
    """
    if not re.fullmatch(rf"[0-9]{{{PIN_LENGTH}}}", pin):
        return f"PIN terdiri dari {PIN_LENGTH} angka."
    if len(set(pin)) <= 2:
        return "PIN ini terlalu mudah ditebak. Pakai tiga angka berbeda atau lebih."
    steps = {(int(b) - int(a)) % 10 for a, b in itertools.pairwise(pin)}
    if steps in ({1}, {9}):
        return "PIN ini berurutan. Pilih angka yang acak."
    if _looks_like_a_date(pin):
        return "PIN ini seperti tanggal. Pilih angka lain."
    return None


def _looks_like_a_date(pin: str) -> bool:
    first, second, third = int(pin[:2]), int(pin[2:4]), int(pin[4:])

    def is_day_and_month(day: int, month: int) -> bool:
        return 1 <= day <= 31 and 1 <= month <= 12

    return (
        is_day_and_month(first, second)  # DDMMYY
        or is_day_and_month(second, first)  # MMDDYY
        or is_day_and_month(third, second)  # YYMMDD
        or first in (19, 20)  # YYYYMM
        or second in (19, 20)  # MMYYYY
    )


def greeting_name(address_form: str, first_name: str) -> str:
    """How we speak to a learner: «Bu Sari», «Pak Dedi», «Kak Nia», «Rudi»."""
    return {"ibu": "Bu ", "bapak": "Pak ", "kak": "Kak "}.get(address_form, "") + first_name


# Provinces (the first two digits of a Kemendagri code) east of WIB; all others keep Jakarta's time.
_WITA = {51, 52, 53, 63, 64, 65, 71, 72, 73, 74, 75, 76}
_WIT = {81, 82, 91, 92, 93, 94, 95, 96}


def time_zone_of(region_code: str) -> str:
    """The IANA time zone of a Kemendagri code such as ``31.75.10.1001``."""
    province = int(region_code[:2])
    if province in _WITA:
        return "Asia/Makassar"
    if province in _WIT:
        return "Asia/Jayapura"
    return "Asia/Jakarta"
