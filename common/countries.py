"""Which country is meant by what people type, and where the EU's tax begins and ends.

Names come from Unicode's CLDR in Italian, English, German, French, Spanish and the country's own languages;
`python -m tools.countries` writes them. Where the EU's value added tax applies stands in
`country_data/vat_areas.json` with its source and date.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from string import ascii_lowercase
from typing import NamedTuple

from common.collation import folded

DATA = Path(__file__).parent / "country_data" / "names.txt"
VAT_AREAS = DATA.with_name("vat_areas.json")

# Longer than any name, and short enough to be folded at once.
LONGEST = 100

# Compiled when the first country is read: an app that starts imports this and meets none.
_NO_LETTER = r"[\W_]+"
_ARTICLE = r"^(?:the|la|le|les|l|il|lo|los|las|el|die|der|das)[\W_]+(?=\w{3})"
# `Iran (Islamic Republic of)`, `IT - Italia`, `Wien, Österreich`.
_PART = r"\s*[,;/()\[\]|]\s*|\s+[-–—]\s+|\n"


class _Area(NamedTuple):
    """A part of a country, by how its postal codes begin, and whose tax applies there: None for nobody's."""

    country: str
    zip_codes: tuple[str, ...]
    taxed_as: str | None


def country_code(text: str | None) -> str | None:
    """The country that a text names, ISO 3166-1 alpha-2 (and XK for Kosovo); None for what is not understood.

    Codes of two and three letters and names are taken, whatever their capitals, accents, blanks and points:
    `at`, `AUT`, `Österreich`, `oesterreich`, `U.K.`, `Korea, Republic of`, `Wien, Austria`. England,
    Scotland, Wales and Northern Ireland are GB. What names two countries (`Georgia, USA`) is not understood.
    """
    if not text or len(text) > LONGEST:
        return None
    whole = _named(text)
    if whole is not None:
        return whole
    parts = [part for part in re.split(_PART, text) if part]
    turned = _named(" ".join(reversed(parts)))
    named = {code for code in map(_named, parts) if code is not None}
    return turned or (named.pop() if len(named) == 1 else None)


def _named(text: str) -> str | None:
    known, plain = _codes(), re.sub(_ARTICLE, "", folded(text).strip())
    spelt_out = plain.replace("oe", "o").replace("ue", "u").replace("ae", "a")
    keys = (name_key(text), name_key(plain), name_key(spelt_out))
    return next((known[key] for key in keys if key in known), None)


def countries() -> frozenset[str]:
    """The codes of all countries that there are."""
    return frozenset(_codes().values())


def name_key(text: str) -> str:
    """The form in which names are compared: folded, letters and digits alone."""
    return re.sub(_NO_LETTER, "", folded(text))


def eu_members() -> frozenset[str]:
    """The members of the European Union, ISO 3166-1 alpha-2."""
    return _vat()[0]


def vat_area(country: str, zip_code: str | None = None) -> str | None:
    """Whose value added tax applies to goods that go there: the code of an EU member or XI, None outside.

    `country` is ISO 3166-1 alpha-2. Postal codes tell the parts that the tax leaves out, as Livigno and the
    Canary Islands; without one the country as a whole is meant. Monaco is France there (Directive
    2006/112/EC, articles 5 to 7); Northern Ireland, of GB otherwise, is XI.
    """
    members, areas = _vat()
    # `FI-22100` and `22100` are one.
    for area in areas:
        if area.country == country and (not area.zip_codes or is_within(zip_code, area.zip_codes)):
            return area.taxed_as
    return country if country in members else None


def is_within(zip_code: str | None, beginnings: Iterable[str]) -> bool:
    """Whether a postal code begins in one of these ways, with or without a country's letters before it."""
    code = name_key(zip_code or "")
    keys = tuple(name_key(each) for each in beginnings)
    return code.startswith(keys) or code.lstrip(ascii_lowercase).startswith(keys)


@cache
def _codes() -> dict[str, str]:
    lines = (line.split(" ") for line in DATA.read_text(encoding="utf-8").splitlines())
    return {key: code for code, *keys in lines for key in keys}


@cache
def _vat() -> tuple[frozenset[str], tuple[_Area, ...]]:
    import json

    held = json.loads(VAT_AREAS.read_text(encoding="utf-8"))
    areas = (_Area(it["country"], tuple(it["zip_codes"]), it["taxed_as"]) for it in held["areas"])
    return frozenset(held["members"]), tuple(areas)
