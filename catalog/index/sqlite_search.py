"""Which products a search finds in the SQLite file: parts of words, several words in any order, best first.

Three letters are looked up in `grams`; what has them all is read and looked through, which also decides how
good it is. Slips of the pen are not looked for.
"""

import sqlite3
from collections.abc import Sequence

from catalog.index.words import asked_words
from common.collation import folded

TIERS = 4
_GRAM = 3
_ANYWHERE = ("title", "labels", "short", "long")


def find(file: sqlite3.Connection, query: str, *, with_skus: bool) -> list[frozenset[int]]:
    """Disjoint sets of ids, those that match best first.

    What has the query as it is in its title; all its words there; all in the title, characters, categories,
    tags and, `with_skus`, SKUs; in any text. Also what has the query as it is in a description.
    """
    text = folded(query).replace("\0", " ")
    words = asked_words(text)
    best_labels = ("title", "labels", "skus") if with_skus else ("title", "labels")
    everywhere = (*_ANYWHERE, "skus") if with_skus else _ANYWHERE
    tiers = (
        _has(["title"], ["?1"]),
        _has(["title"], _marks(words)),
        _has(best_labels, _marks(words)),
        f"({_has(everywhere, _marks(words))} OR {_has(('short', 'long'), ['?1'])})",
    )
    cases = " ".join(f"WHEN {condition} THEN {tier}" for tier, condition in enumerate(tiers))
    grams = _grams(text, words)
    which = f"WHERE id IN (SELECT rowid FROM grams WHERE grams MATCH ?{len(words) + 2})" if grams else ""  # noqa: S608
    given = (text, *words, *([grams] if grams else []))
    found: list[set[int]] = [set() for _ in range(TIERS)]
    for product_id, tier in file.execute(f"SELECT id, CASE {cases} END FROM texts {which}", given):  # noqa: S608
        if tier is not None:
            found[tier].add(product_id)
    return [frozenset(ids) for ids in found]


def _marks(words: Sequence[str]) -> list[str]:
    return [f"?{number + 2}" for number in range(len(words))]


def _has(columns: Sequence[str], marks: Sequence[str]) -> str:
    """The condition that each text stands in one of the columns; that of no texts never holds."""
    each = [f"({' OR '.join(f'instr({column}, {mark})' for column in columns)})" for mark in marks]
    return " AND ".join(each) or "0"


def _grams(text: str, words: Sequence[str]) -> str:
    """What `grams` is asked: who may have all words, or the text as it is; empty where it cannot tell."""
    of_words = list(dict.fromkeys(gram for word in words for gram in _grams_of(word)))
    of_text = _grams_of(text)
    # Without three letters in a row anything may have them.
    if (words and not of_words) or not of_text:
        return ""
    asked = [" AND ".join(map(_quoted, grams)) for grams in (of_words, of_text) if grams]
    return " OR ".join(f"({each})" for each in asked)


def _grams_of(text: str) -> list[str]:
    return [text[start : start + _GRAM] for start in range(len(text) - _GRAM + 1)]


def _quoted(gram: str) -> str:
    doubled = gram.replace('"', '""')
    return f'"{doubled}"'
