"""What a companion's ready message says. Pure words: she reads and changes them before WhatsApp opens. Others may see
the phone, and it may lie locked on a table: nothing here tells of assistance, of money or of a bad result."""

import re
from urllib.parse import quote

from progress.rules import StepKind

from .rules import Kind

_UNSPOKEN = re.compile(
    r"\b(PENA|PKH|KPM|bansos|bantuan\w*|graduasi|miskin|uang|\w*keuangan|dana|\w*modal|kas|HPP|harga|rupiah|Rp\w*|bayar"
    r"|tabung\w*|pinjam\w*|meminjam|pinjol|KUR|utang|hutang|gratis|QRIS|transfer)\b",
    re.IGNORECASE,
)


def is_discreet(title: str) -> bool:
    """Whether the title may stand in a message: it speaks neither of assistance nor of money."""
    return not _UNSPOKEN.search(title)


def ready_text(
    kind: Kind | None,
    *,
    greeting: str,
    companion: str,
    step: StepKind | None = None,
    title: str = "",
    when: str = "",
) -> str:
    """The text for a need, or just a greeting. ``title`` names what ``step`` is: a lesson, its practice, the quiz of a
    module; or else a module. ``when`` is a day or hour to come; it is empty once that is past."""
    hello = f"Halo {greeting}, ini {companion}."
    named = f" «{title}»" if title and is_discreet(title) else ""
    match kind:
        case Kind.QUIET | Kind.LONG_QUIET:
            body = f"Apa kabar? {_what_waits(step, named)}"
            end = "Sinyal susah atau ada yang sulit? Balas saja pesan ini."
        case Kind.QUIZ:
            body = f"Kuis{named} boleh dicoba lagi kapan saja."
            end = "Mau saya temani? Kapan waktu yang enak?"
        case Kind.DUE if not when:
            body = f"Modul{named or ' yang sekarang'} masih terbuka. Kita lanjutkan pelan-pelan, ya."
            end = "Ada yang sulit? Balas saja pesan ini."
        case Kind.DUE:
            body = f"Modul{named or ' yang sekarang'} kita selesaikan paling lambat {when}, ya."
            end = "Perlu waktu lebih? Balas saja pesan ini."
        case Kind.PIN if not when:
            body = "PIN sementara sudah habis waktunya. Nanti saya beri yang baru."
            end = "Kapan kita bisa bertemu?"
        case Kind.PIN:
            body = f"PIN sementara berlaku sampai {when}. Masuk satu kali, lalu buat PIN sendiri."
            end = "Sudah lewat? Kabari saya."
        case _:
            body, end = "Apa kabar? Bagaimana belajarnya?", "Ada yang sulit? Balas saja pesan ini."
    return f"{hello} {body} {end}"


def _what_waits(step: StepKind | None, named: str) -> str:
    match step:
        case StepKind.LESSON:
            return f"Pelajaran{named or ' berikutnya'} sudah siap. Sekitar 5 menit saja."
        case StepKind.PRACTICE:
            return f"Praktik{named or ' di rumah'} boleh dikirim kapan saja."
        case StepKind.QUIZ:
            return f"Kuis{named or ' modulnya'} sudah terbuka. Boleh dicoba kapan saja."
        case _:
            return f"Modul{named or ' berikutnya'} sudah siap. Satu pelajaran sekitar 5 menit saja."


def whatsapp_link(phone: str, text: str) -> str:
    """Opens a chat with the number (E.164) and the text in it. Nothing is sent before a person presses send there."""
    return f"https://wa.me/{phone.removeprefix('+')}?text={quote(text, safe='')}"
