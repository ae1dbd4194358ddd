"""How a companion reached a household, and what its history tells of it: the same for a tap with a signal and for one
that waited on her phone. Pure."""

from enum import StrEnum


class Way(StrEnum):
    """The values stand in forms, and in what phones send."""

    MESSAGE = "pesan"
    CALL = "telepon"
    VISIT = "kunjungan"
    OTHER = "langsung"


WORDS = {Way.MESSAGE: "Pesan WhatsApp dibuka", Way.CALL: "Telepon"}
ABOUT = {  # by what a household may need (companions.rules.Kind)
    "diam-14": "lama diam",
    "diam-7": "lama diam",
    "kuis": "kuis",
    "tenggat": "tenggat",
    "pin": "PIN sementara",
}


def told(way: Way, about: str) -> str:
    """The words of the line. Of what is not known nothing is told."""
    parts = [WORDS.get(way, ""), f"tentang {ABOUT[about]}" if about in ABOUT else ""]
    return ", ".join(part for part in parts if part)
