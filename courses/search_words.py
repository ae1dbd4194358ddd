"""What a search compares: words without their endings, and words that are nearly another. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary
from Sastrawi.Stemmer.Stemmer import Stemmer
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory
from Sastrawi.StopWordRemover.StopWordRemoverFactory import StopWordRemoverFactory

MAX_ASKED = 100  # letters of a search
MAX_WORDS = 6  # of a search
LONGEST_WORD = 30  # letters; what is longer is no word
SHORTEST_BEGINNING = 3  # letters
# The stemmer finds gold («emas») in these.
OF_PACKAGING = {"mengemas", "mengemasi", "mengemaskan", "pengemas", "pengemasan", "pengemasannya"}
_WORD = re.compile(r"[a-z0-9]+")
_BETWEEN_WORDS = re.compile(r"\{[a-z0-9-]+\}|[\u2010-\u2015·•→]")  # figures, and dashes as Word writes them
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")


def words(text: str) -> list[str]:
    """The words of ``text`` in small letters, in their order; a figure's ``{slug}`` is none."""
    apart = _BETWEEN_WORDS.sub(" ", text)
    plain = unicodedata.normalize("NFKD", apart).encode("ascii", "ignore").decode()
    return [word for word in _WORD.findall(plain.lower()) if len(word) <= LONGEST_WORD]


def sentences(text: str) -> list[str]:
    """The sentences of ``text``, with what ends them."""
    return [sentence.strip() for sentence in _SENTENCE_END.split(text) if sentence.strip()]


@cache
def _stemmer() -> Stemmer:
    """Made when the first word is asked for: its dictionary takes time. Its own cache would grow without end."""
    return Stemmer(ArrayDictionary(StemmerFactory().get_words()))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """«bungkus» for «membungkus»."""
    return "kemas" if word in OF_PACKAGING else _stemmer().stem(word)


@cache
def _small_words() -> frozenset[str]:
    """«yang», «dan» and their like, which tell nothing of what is looked for; nor does the «modul» before a name."""
    return frozenset({*StopWordRemoverFactory().get_stop_words(), "modul"})


def asked(text: str) -> list[str]:
    """The words that a search is for, each once: without the small ones, unless there are no others."""
    every = list(dict.fromkeys(words(text[:MAX_ASKED])))
    return ([word for word in every if word not in _small_words()] or every)[:MAX_WORDS]


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that ``word`` begins, else the one that it is with one wrong letter, or two where it is long."""
    if len(word) < SHORTEST_BEGINNING:
        return None
    known = sorted(known, key=lambda other: (len(other), other))
    beginning = next((other for other in known if other.startswith(word)), None)
    if beginning:
        return beginning
    most = 1 if len(word) < 6 else 2
    # Letters are left out more often than put in: of two that are as near, the longer one.
    close = [(distance(word, other), -len(other), other) for other in known if abs(len(other) - len(word)) <= most]
    found = min((one for one in close if one[0] <= most), default=None)
    return found[2] if found else None


def distance(one: str, other: str) -> int:
    """How many letters to add, take away, replace or swap with their neighbour."""
    before, last = [], list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
