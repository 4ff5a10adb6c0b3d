"""Words of a text as searches know them: how it is split, which words say nothing, which endings meet."""

import re

# The vowel signs and voicing marks that folding leaves in place: those of the Indic scripts, Thai, Lao,
# Tibetan, Burmese, Khmer (less their full stops) and kana. They belong to words as letters and digits do.
_MARKS = "\u0900-\u0963\u0966-\u0e4e\u0e50-\u109f\u1780-\u17d3\u3099\u309a"
_WORD, _GAP = re.compile(rf"[\w{_MARKS}]+"), re.compile(rf"(?:[^\w{_MARKS}]|_)+")

# Articles, prepositions and conjunctions, whole and as an apostrophe leaves them: they stand in nearly every
# text, or in none that they belong to.
_ITALIAN = """
    il lo la i gli le l un uno una di del dello della dei degli delle dell d a al allo alla ai agli alle all
    da dal dallo dalla dai dagli dalle dall in nel nello nella nei negli nelle nell su sul sullo sulla sui
    sugli sulle sull con per tra fra e ed o od che
"""
_ENGLISH = "the an of and or on at to for from with by s"
STOP_WORDS = frozenset(f"{_ITALIAN} {_ENGLISH}".split())
# A word is not shortened below so many letters: `box` and `boxes` meet, `art` and `are` do not.
_SHORTEST_STEM = 3
# More words than these narrow nothing that a person would look at, and cost time.
MOST_WORDS = 10


def words_of(folded_text: str) -> list[str]:
    """The words of a folded text, in their order: `l'arte, 50x70` gives `l`, `arte` and `50x70`."""
    return _WORD.findall(folded_text.replace("_", " "))


def gaps_of(folded_text: str) -> list[str]:
    """What stands between the words of a folded text, before and behind them; none of them is empty."""
    return _GAP.findall(folded_text)


def asked_words(folded_query: str) -> list[str]:
    """The words that a query is answered by, each once: at most ten, and those that say nothing left out.

    A query of such words alone is answered by them.
    """
    words = list(dict.fromkeys(words_of(folded_query)))
    telling = [word for word in words if word not in STOP_WORDS]
    return (telling or words)[:MOST_WORDS]


def stem(word: str) -> str:
    """What Italian and English forms of a word begin with: `stampa` and `stampe` give `stamp`.

    The plural's s goes (es of `heroes`, nothing of `glass` and `bus`), then one final vowel, the i before it
    and the h that keeps a c or g hard: after J. Savoy's light stemmer of Italian and D. Harman's S-stemmer of
    English, in one rule, because a shop's texts are in both. Always a beginning of the word, of three letters
    or more.
    """
    end = len(word)
    if end > _SHORTEST_STEM and word.endswith("s") and not word.endswith(("ss", "us")):
        end -= 2 if end > _SHORTEST_STEM + 1 and word.endswith("oes") else 1
    if end > _SHORTEST_STEM and word[end - 1] in "aeioy":
        end -= 1
        if end > _SHORTEST_STEM and word[end - 1] == "i":
            end -= 1
    if end > _SHORTEST_STEM and word[end - 2 : end] in ("ch", "gh"):
        end -= 1
    return word[:end]
