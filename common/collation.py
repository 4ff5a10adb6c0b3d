"""How texts are compared by people: one folding for every search, and one order for every list by text."""

import re
import unicodedata

# Beyond so many characters two titles are in no order that a reader could see; a cursor holds as many.
COMPARED = 200

# The marks of Latin, Greek and Cyrillic letters, the points of Hebrew and the vowel signs of Arabic. Those of
# kana and of Indic scripts make another syllable, and stay.
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f"
    "\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
# Letters that Unicode does not take apart, as people without them on their keyboard type them.
_SPELT_OUT = {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "þ": "th"}
_UNDIVIDED = re.compile(f"[{''.join(_SPELT_OUT)}]")


def folded(text: str) -> str:
    """`text` as searches compare it: without capitals, accents and the difference between NFC and NFD.

    `CITTÀ` and `citta` are one, `Straße` and `STRASSE`, `Łódź` and `lodz`, `İzmir` and `izmir`, a ligature
    and its letters, full-width forms and plain ones. Kana keep their voicing marks and Hangul its syllables.
    """
    if text.isascii():
        return text.lower()
    # Folding capitals in between finds them in what is taken apart, and may make what can be taken apart.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = _UNDIVIDED.sub(lambda letter: _SPELT_OUT[letter[0]], _MARKS.sub("", decomposed))
    return unicodedata.normalize("NFC", plain)


def collation_key(text: str) -> tuple[str, str]:
    """Where `text` stands in a list: È beside E whatever the capitals, equal ones by their characters.

    The first 200 characters are compared; whoever sorts breaks the remaining ties by an id.
    """
    compared = unicodedata.normalize("NFC", text)[:COMPARED]
    return folded(compared), compared
