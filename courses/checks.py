"""What is checked in a lesson or a module before it is published. Pure: what stands on the page in, findings out.

Only what would break a learner's page is BLOCKING. A NOTE is an invitation, not a fault: without a recording the phone
reads the lesson itself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit

from . import readability

MIN_PICTURE_WIDTH = 720  # px: the wider of the two sizes that phones are sent
MAX_PAGE_KB = 200  # text and pictures of one lesson; recordings load only when played
MAX_AUDIO_KB_A_MINUTE = 250
MAX_VIDEO_MB = 10


class Severity(StrEnum):
    BLOCKING = "blocking"
    WARNING = "warning"
    NOTE = "note"


class Kind(StrEnum):
    """What a finding is about; the values are in addresses and files."""

    LONG_SENTENCE = "kalimat-panjang"
    HARD_TO_READ = "sulit-dibaca"
    HEAVY = "halaman-berat"
    ALT_TEXT = "isi-gambar"
    SMALL_PICTURE = "gambar-kecil"
    GONE = "hilang"
    TRANSCRIPT = "tanpa-transkrip"
    NOT_SHOWN = "video-tidak-tampil"
    HEAVY_RECORDING = "suara-berat"
    NO_VOICE = "tanpa-suara"
    OLD_FIGURE = "angka-lama"
    DEAD_LINK = "tautan-buntu"
    OTHER_MODULE = "modul-lain"
    NO_LESSONS = "tanpa-pelajaran"
    NO_ORIGINAL = "tanpa-asli"
    BEHIND = "tertinggal"
    NO_EXPLANATION = "tanpa-penjelasan"
    FEW_QUESTIONS = "soal-sedikit"


@dataclass(frozen=True)
class Finding:
    """``place`` is Wagtail's content path of the field, such as ``body.<block id>.alt_text``. ``changes`` is where an
    editor sees what is meant, where that is on another page."""

    kind: Kind
    severity: Severity
    place: str
    sentence: str
    changes: str = ""


@dataclass(frozen=True)
class Text:
    place: str
    words: str


@dataclass(frozen=True)
class PictureUse:
    """``width`` in px; None where the picture is no longer there."""

    place: str
    alt: str
    width: int | None


@dataclass(frozen=True)
class RecordingUse:
    """``size`` in bytes; None where the recording is no longer there. ``seconds`` may be 0 where nobody knows."""

    place: str
    is_video: bool
    transcript: str | None  # None where it reads aloud what stands there anyway
    size: int | None
    seconds: float = 0
    is_shown: bool = True  # a video, by phones


@dataclass(frozen=True)
class FigureUse:
    """``check_again_by`` is None where there is no such figure. Not every field shows a figure in the place of its
    ``{slug}``."""

    place: str
    name: str
    check_again_by: date | None
    is_shown: bool = True


@dataclass(frozen=True)
class LinkUse:
    """``is_found`` is None where only the address itself can be judged, as of other sites."""

    place: str
    address: str
    is_found: bool | None = None


@dataclass(frozen=True)
class Lesson:
    texts: tuple[Text, ...] = ()
    pictures: tuple[PictureUse, ...] = ()
    recordings: tuple[RecordingUse, ...] = ()
    figures: tuple[FigureUse, ...] = ()
    links: tuple[LinkUse, ...] = ()
    page_bytes: int = 0  # as a phone loads it; 0 where it was not weighed


@dataclass(frozen=True)
class Module:
    """``lessons`` is None of a translation: what it does not tell is read in Indonesian."""

    texts: tuple[Text, ...] = ()
    pictures: tuple[PictureUse, ...] = ()
    lessons: int | None = 0


def lesson_findings(lesson: Lesson, today: date) -> list[Finding]:
    return [
        *reading_findings(lesson.texts),
        *_picture_findings(lesson.pictures),
        *_recording_findings(lesson.recordings),
        *_figure_findings(lesson.figures, today),
        *_link_findings(lesson.links),
        *_weight_findings(lesson.page_bytes),
    ]


def module_findings(module: Module) -> list[Finding]:
    found = [*reading_findings(module.texts), *_picture_findings(module.pictures)]
    if module.lessons == 0:
        sentence = "Modul ini belum punya pelajaran terbit. Terbitkan pelajarannya dulu."
        found.append(Finding(Kind.NO_LESSONS, Severity.WARNING, "title", sentence))
    return found


@dataclass(frozen=True)
class Change:
    """That the original says something else since its translation. ``address`` is where both stand side by side."""

    day: str
    address: str


def translation_findings(
    *, has_original: bool, change: Change | None = None, waits_for_original: bool = False
) -> list[Finding]:
    """Of a page in another language, whatever it says. It waits for its original where it is published and that is
    not."""
    if waits_for_original:
        sentence = "Halaman ini tidak tampil: aslinya tidak terbit. Terbitkan aslinya, atau tarik juga halaman ini."
        return [Finding(Kind.NO_ORIGINAL, Severity.WARNING, "title", sentence)]
    if change:
        sentence = f"Aslinya berubah pada {change.day}, sesudah terjemahan ini. Cocokkan isinya, lalu terbitkan."
        return [Finding(Kind.BEHIND, Severity.WARNING, "title", sentence, change.address)]
    if has_original:
        return []
    sentence = "Halaman ini tidak tampil: aslinya dalam bahasa Indonesia tidak ada. Hapus, atau tulis aslinya dulu."
    return [Finding(Kind.NO_ORIGINAL, Severity.BLOCKING, "title", sentence)]


def reading_findings(texts: tuple[Text, ...]) -> Iterator[Finding]:
    """Long sentences where they stand; the averages once, at the first text."""
    for text in texts:
        for sentence in readability.too_long(text.words):
            count = len(readability.words(sentence))
            start = " ".join(sentence.split()[:4])
            yield Finding(
                Kind.LONG_SENTENCE,
                Severity.WARNING,
                text.place,
                f"Kalimat «{start} …» punya {count} kata. Bagi dua, paling banyak {readability.MAX_WORDS} kata.",
            )
    reading = readability.measure(text.words for text in texts)
    if reading.words >= readability.ENOUGH_WORDS and (reasons := list(_hard(reading))):
        yield Finding(Kind.HARD_TO_READ, Severity.WARNING, texts[0].place, " ".join(reasons))


def _hard(reading: readability.Reading) -> Iterator[str]:
    """Judged as it is told, to the last digit shown: «2,40, sampai 2,4» would help nobody."""
    if round(reading.words_a_sentence, 1) > readability.MAX_AVERAGE_WORDS:
        most = readability.MAX_AVERAGE_WORDS
        yield f"Rata-rata {_comma(reading.words_a_sentence)} kata sekalimat. Pendekkan sampai {most} kata."
    if round(reading.syllables_a_word, 2) > readability.MAX_SYLLABLES:
        most = _comma(readability.MAX_SYLLABLES)
        yield f"Rata-rata {_comma(reading.syllables_a_word, 2)} suku kata. Pakai kata yang lebih pendek, sampai {most}."
    if round(reading.long_share, 3) > readability.MAX_LONG_WORDS:
        long, most = _comma(reading.long_share * 100), _comma(readability.MAX_LONG_WORDS * 100, 0)
        yield f"Kata panjang {long} %. Ganti sebagian dengan kata sehari-hari, sampai {most} %."


def _comma(number: float, digits: int = 1) -> str:
    return f"{number:.{digits}f}".replace(".", ",")


_FILE_ENDING = re.compile(r"\.(jpe?g|png|webp|avif|heic|gif|svg|bmp)\s*$", re.IGNORECASE)
_CAMERA_NAME = re.compile(
    r"^\s*(img|dsc|dcim|pxl|wa|whatsapp( image)?|screenshot|tangkapan layar|foto|gambar|image|picture|photo)"
    r"[\s_-]*\d*\s*$|^\s*(img|dsc|dcim|pxl|whatsapp|screenshot)[\s_-]",
    re.IGNORECASE,
)


def reads_like_a_file_name(alt: str) -> bool:
    """Whether a picture's description is a name that a camera or a phone gave: «IMG_2034», «foto 1», «label.jpg»."""
    return bool(
        _FILE_ENDING.search(alt) or _CAMERA_NAME.search(alt) or "_" in alt or not re.search(r"[a-zA-Z]{2}", alt)
    )


def _picture_findings(pictures: tuple[PictureUse, ...]) -> Iterator[Finding]:
    for picture in pictures:
        if picture.width is None:
            sentence = "Gambar ini sudah dihapus. Pilih gambar lain, atau buang bloknya."
            yield Finding(Kind.GONE, Severity.BLOCKING, picture.place, sentence)
            continue
        if not picture.alt.strip():
            sentence = "Gambar ini belum punya isi dalam kata. Tulis apa yang terlihat."
            yield Finding(Kind.ALT_TEXT, Severity.WARNING, picture.place, sentence)
        elif reads_like_a_file_name(picture.alt):
            sentence = f"«{picture.alt}» terbaca seperti nama berkas. Tulis apa yang terlihat di gambar."
            yield Finding(Kind.ALT_TEXT, Severity.WARNING, picture.place, sentence)
        if picture.width < MIN_PICTURE_WIDTH:
            sentence = f"Gambar ini hanya {picture.width} piksel lebarnya. Pakai yang {MIN_PICTURE_WIDTH} atau lebih."
            yield Finding(Kind.SMALL_PICTURE, Severity.WARNING, picture.place, sentence)


def _recording_findings(recordings: tuple[RecordingUse, ...]) -> Iterator[Finding]:
    for recording in recordings:
        name = "Video" if recording.is_video else "Rekaman"
        if recording.size is None:
            sentence = f"{name} ini sudah dihapus. Pilih yang lain, atau kosongkan."
            yield Finding(Kind.GONE, Severity.BLOCKING, recording.place, sentence)
            continue
        if recording.transcript is not None and not recording.transcript.strip():
            sentence = f"{name} ini belum punya isi dalam kata. Tulis untuk yang membaca tanpa suara."
            yield Finding(Kind.TRANSCRIPT, Severity.WARNING, recording.place, sentence)
        if not recording.is_shown:
            sentence = "Video ini tidak bisa diputar di HP. Pilih yang lain, atau simpan lagi sebagai MP4 (H.264)."
            yield Finding(Kind.NOT_SHOWN, Severity.BLOCKING, recording.place, sentence)
        if recording.is_video and recording.size > MAX_VIDEO_MB * 1_000_000:
            sentence = f"Video ini {_comma(recording.size / 1_000_000)} MB. Pendekkan sampai {MAX_VIDEO_MB} MB."
            yield Finding(Kind.HEAVY_RECORDING, Severity.WARNING, recording.place, sentence)
        allowed = MAX_AUDIO_KB_A_MINUTE * max(recording.seconds, 60) / 60
        if not recording.is_video and recording.size / 1000 > allowed:
            sentence = f"Rekaman ini {recording.size // 1000} KB. Pendekkan, supaya kuota keluarga cukup."
            yield Finding(Kind.HEAVY_RECORDING, Severity.WARNING, recording.place, sentence)
    if not any(not recording.is_video and recording.size is not None for recording in recordings):
        sentence = "Belum ada rekaman suara. HP akan membacakan; suara manusia lebih enak didengar."
        yield Finding(Kind.NO_VOICE, Severity.NOTE, "body", sentence)


def _figure_findings(figures: tuple[FigureUse, ...], today: date) -> Iterator[Finding]:
    for figure in figures:
        if figure.check_again_by is None:
            sentence = f"Angka «{figure.name}» tidak ada. Buat dulu di «Angka yang bisa berubah»."
            yield Finding(Kind.GONE, Severity.BLOCKING, figure.place, sentence)
        elif not figure.is_shown:
            sentence = f"Angka «{figure.name}» tidak tampil di sini. Tulis nilainya, atau pakai di isi pelajaran."
            yield Finding(Kind.GONE, Severity.BLOCKING, figure.place, sentence)
        elif figure.check_again_by < today:
            sentence = f"Angka «{figure.name}» sudah waktunya dicek. Cek lagi di «Angka yang bisa berubah»."
            yield Finding(Kind.OLD_FIGURE, Severity.WARNING, figure.place, sentence)


def _link_findings(links: tuple[LinkUse, ...]) -> Iterator[Finding]:
    for link in links:
        if link.is_found is False or (link.is_found is None and not is_address(link.address)):
            target = link.address or "halaman yang tidak terbit"
            sentence = f"Tautan ke «{target}» tidak sampai ke mana pun. Pilih yang lain."
            yield Finding(Kind.DEAD_LINK, Severity.WARNING, link.place, sentence)


def is_address(address: str) -> bool:
    """Whether ``address`` can lead anywhere: a site by http(s) with a name that has a dot, an e-mail, a phone number.

    Whether somebody answers there is not asked: that would need the network.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme in ("http", "https"):
        return bool(parts.hostname and re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", parts.hostname))
    if parts.scheme == "mailto":
        return bool(re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", parts.path))
    return parts.scheme == "tel" and bool(re.fullmatch(r"\+?[0-9 -]{5,20}", parts.path))


def _weight_findings(page_bytes: int) -> Iterator[Finding]:
    if page_bytes > MAX_PAGE_KB * 1000:
        sentence = f"Halaman ini {page_bytes // 1000} KB. Kurangi gambarnya sampai {MAX_PAGE_KB} KB."
        yield Finding(Kind.HEAVY, Severity.WARNING, "body", sentence)
