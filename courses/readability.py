"""How easily a text reads for adults who read little. Pure. The measures and limits of our voice:
8 words a sentence on average, none over 15; 2.4 syllables a word; 3 % of words with five syllables or more."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MAX_AVERAGE_WORDS = 8
MAX_WORDS = 15
MAX_SYLLABLES = 2.4
MAX_LONG_WORDS = 0.03
LONG_WORD = 5  # syllables
ENOUGH_WORDS = 40  # below this one long word would decide over a whole text

_TAG_ENDS = re.compile(r"</(?:p|li|h\d)>|<br\s*/?>")
_TAG = re.compile(r"<[^>]+>")
_FIGURE = re.compile(r"\{[a-z0-9-]+\}")
_THOUSANDS = re.compile(r"(?<=\d)\.(?=\d)")
_SITE = re.compile(r"\b(?:[a-z0-9-]+\.)+(?:go|id|com|co)(?:\.id)?\b")
_SENTENCE_END = re.compile(r"[.!?:\n]+")
_WORD = re.compile(r"[A-Za-z]+")
_SYLLABLE = re.compile(r"(?:ai|au|oi)(?=[^aiueo]|$)|[aiueo]")


@dataclass(frozen=True)
class Reading:
    """What was counted in a text."""

    sentences: int
    words: int
    syllables: int
    long_words: int  # of five syllables or more

    @property
    def words_a_sentence(self) -> float:
        return self.words / self.sentences if self.sentences else 0

    @property
    def syllables_a_word(self) -> float:
        return self.syllables / self.words if self.words else 0

    @property
    def long_share(self) -> float:
        """The share of long words, 0 to 1."""
        return self.long_words / self.words if self.words else 0


def plain(html: str) -> str:
    """``html`` as words alone: each paragraph and list item on a line of its own, figures as the number they are."""
    return _FIGURE.sub("0", _TAG.sub("", _TAG_ENDS.sub("\n", html)))


def sentences(text: str) -> list[str]:
    """The sentences of ``text`` that have words; a colon ends one, a dot within a number or an address does not."""
    text = _SITE.sub("situs", _THOUSANDS.sub("", text))
    return [part.strip() for part in _SENTENCE_END.split(text) if _WORD.search(part)]


def words(text: str) -> list[str]:
    return _WORD.findall(text)


def syllables(word: str) -> int:
    """One a vowel; the diphthongs ai, au and oi count as one where a consonant or the word's end follows."""
    return max(1, len(_SYLLABLE.findall(word.lower())))


def too_long(text: str) -> list[str]:
    """The sentences of more than MAX_WORDS."""
    return [sentence for sentence in sentences(text) if len(words(sentence)) > MAX_WORDS]


def measure(texts: Iterable[str]) -> Reading:
    every = [words(sentence) for text in texts for sentence in sentences(text)]
    counts = [syllables(word) for sentence in every for word in sentence]
    return Reading(
        sentences=len(every),
        words=len(counts),
        syllables=sum(counts),
        long_words=sum(count >= LONG_WORD for count in counts),
    )
