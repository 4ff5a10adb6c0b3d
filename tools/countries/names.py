"""What each country is called, from CLDR as babel holds it, in the form that `common.countries` looks up."""

import re
from collections.abc import Iterable, Iterator

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages

from common.countries import DATA, name_key
from tools.countries.further_names import AMBIGUOUS, FURTHER

# CLDR's territories without what ISO 3166-1 has given no country: parts and groups of countries, and codes
# for tests (https://www.iso.org/glossary-for-iso-3166.html). Kosovo's is not ISO's, and carriers use it.
NO_COUNTRIES = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"])

# The buyers' languages, in which every country is known; each is known in its own languages besides.
LANGUAGES = ("it", "en", "de", "fr", "es")

_PARTS = re.compile(r"^(.+?)\s*\((.+)\)$")
_AND = re.compile(r"\s*&\s*|\s+(?:and|e|und|et|y)\s+")
_JOINED = (" ", " and ", " e ", " und ", " et ", " y ")


def countries() -> list[str]:
    """The codes of all countries, ISO 3166-1 alpha-2."""
    codes = map(str, Locale("en").territories)
    return sorted(code for code in codes if len(code) == 2 and code not in NO_COUNTRIES)


def text() -> str:
    """The file: a line for each country, its code and the keys of its names.

    What two countries share names neither, unless it is a code or a further name of one of them.
    """
    shared = {"", *map(name_key, AMBIGUOUS)}
    keys = {code: {name_key(name) for name in _names(code)} - shared for code in countries()}
    owned = {code: {name_key(code), *(map(name_key, FURTHER.get(code, ())))} for code in keys}
    claimed: dict[str, set[str]] = {}
    for code, found in keys.items():
        for key in found:
            claimed.setdefault(key, set()).add(code)

    def is_its_own(key: str, code: str) -> bool:
        others = claimed[key] - {code}
        return not others or (key in owned[code] and not any(key in owned[other] for other in others))

    lines = (
        " ".join([code, *sorted(key for key in found if is_its_own(key, code))])
        for code, found in keys.items()
    )
    return "\n".join(lines) + "\n"


def write() -> str:
    """Writes the file anew; answers its path."""
    DATA.write_text(text(), encoding="utf-8")
    return str(DATA)


def _names(code: str) -> Iterator[str]:
    yield code
    yield from FURTHER.get(code, ())
    yield from (
        alias for alias, meant in get_global("territory_aliases").items() if _is_alias(alias, meant, code)
    )
    for language in (*LANGUAGES, *get_official_languages(code, de_facto=True)):
        name = _name_in(language, code)
        yield from _variants([name] if name else [])


def _is_alias(alias: str, meant: list[str], code: str) -> bool:
    """Alpha-3 codes, and the one older two letters that are still written."""
    return meant == [code] and (alias == "UK" or (len(alias) == 3 and alias.isalpha()))


def _name_in(language: str, code: str) -> str | None:
    try:
        return Locale.parse(language).territories.get(code)
    except (UnknownLocaleError, ValueError):
        # CLDR has no data for some official languages.
        return None


def _variants(names: Iterable[str]) -> Iterator[str]:
    """Each name, what stands before and in its brackets, and it with other words for `and`."""
    for name in names:
        match = _PARTS.match(name)
        for form in (name, *(match.groups() if match else ())):
            yield form
            if _AND.search(form):
                yield from (_AND.sub(word, form) for word in _JOINED)
