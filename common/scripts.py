"""Letters of several scripts that look alike: a text that mixes them looks like one that does not.

What Unicode's UTS 39 calls highly restrictive, for the alphabets whose letters are taken for each other.
"""

from unicodedata import name

# The first word of their letters' names in the Unicode character database.
ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "COPTIC", "CHEROKEE"})


def mixes_scripts(text: str) -> bool:
    """Whether a word, as `аda` with a Cyrillic `а`, has letters of two alphabets that look alike."""
    words = {name(letter, "").partition(" ")[0] for letter in text if letter.isalpha()}
    return len(words & ALIKE) > 1
