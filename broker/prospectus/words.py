"""Words as the prospectus compares them: folded, cut apart and stemmed, the same everywhere.

Stemming happens here and not in a database, because SQLite's and PostgreSQL's stemmers disagree
on about one query in ten.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

WORDS_LENGTH = 100
TERM_LENGTH = 40
APOSTROPHES = str.maketrans("’‘ʼ＇`´", "''''''")
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")

_of_thread = threading.local()


def plain(text: str) -> str:
    """What was typed, without control characters and spare spaces, at most 100 characters."""
    kept = (" " if unicodedata.category(c) in ("Cc", "Cs", "Cn") else c for c in text[:2000])
    return " ".join("".join(kept).split())[:WORDS_LENGTH].strip()


def folded(text: str) -> str:
    """Text without case, accents and ways of writing the same letter: 'Dŵr' is 'dwr'."""
    apart = unicodedata.normalize("NFKD", text.translate(APOSTROPHES)).casefold()
    bare = "".join(c for c in apart if unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFKC", bare)


def tokens(text: str) -> list[str]:
    """The folded words of a text, in order: letters and digits, with apostrophes inside."""
    return [word[:TERM_LENGTH] for word in WORD.findall(folded(text))]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A folded word without its ending: "children's" and 'children' are one."""
    if not hasattr(_of_thread, "english"):
        _of_thread.english = snowballstemmer.stemmer("english")
    stemmed: str = _of_thread.english.stemWord(word)
    return stemmed or word


@dataclass(frozen=True)
class Words:
    """What a search asks for: stems that must all stand in the offer, and the last word, which
    may also be the beginning of a word that does."""

    before: tuple[str, ...] = ()
    last: str = ""

    def __bool__(self) -> bool:
        return bool(self.last)


@lru_cache(maxsize=4096)
def asked_for(text: str) -> Words:
    """The words of a search box."""
    found = tokens(text)
    if not found:
        return Words()
    return Words(tuple(dict.fromkeys(stem(word) for word in found[:-1])), found[-1])


def weighed(texts: Iterable[tuple[int, str]]) -> dict[str, int]:
    """Every word and stem of some texts with the weight of the weightiest text it stands in."""
    terms: dict[str, int] = {}
    for weight, text in texts:
        for word in tokens(text):
            for term in (word, stem(word)):
                terms[term] = max(terms.get(term, 0), weight)
    return terms


def score(words: Words, terms: dict[str, int], lines: str) -> int:
    """How well terms answer a search: 0 when a word is missing, else the sum of the weights.

    `lines` holds the same terms, each after a line end, to look for beginnings quickly.
    """
    total = 0
    for one in words.before:
        if one not in terms:
            return 0
        total += terms[one]
    last = terms.get(stem(words.last)) or int(f"\n{words.last}" in lines)
    return total + last if last else 0
