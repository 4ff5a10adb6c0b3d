"""What a parcel's address needs in its country besides street and city: a postal code, a state.

`python -m tools.countries` writes the rules, from Google's data for address forms.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

DATA = Path(__file__).parent / "country_data" / "addresses.txt"

_NO_LETTER = re.compile(r"[\W_]+")
_LEADING = re.compile(r"^[A-Z]{1,3}(?=[0-9])")


class _Needs(NamedTuple):
    zip_pattern: str = ""
    needs_state: bool = False


def complaints(country: str, address: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with an address of `country` (ISO 3166-1 alpha-2), by its fields; empty where it will do.

    Looked at are `zip_code`, where the country has postal codes that every address needs, and `state`, where
    a parcel needs it. A code counts as people write it: `A-1010`, `1010`, `sw1a1aa`, `00950` for `00-950`. A
    state may be written in any way.
    """
    needs = _rules().get(country, _Needs())
    found = {}
    if needs.zip_pattern:
        typed = str(address.get("zip_code") or "").strip()
        if not typed:
            found["zip_code"] = f"is required for {country}"
        elif not _fits(needs.zip_pattern, compact(typed), country):
            found["zip_code"] = f"is not a postal code of {country}"
    if needs.needs_state and not str(address.get("state") or "").strip():
        found["state"] = f"is required for {country}"
    return found


def compact(zip_code: str) -> str:
    """A postal code in capitals, without blanks and hyphens."""
    return _NO_LETTER.sub("", zip_code.upper())


def _fits(pattern: str, code: str, country: str) -> bool:
    # With the country's letters before it and without: `LV-1073` has them, `D-10115` may.
    written = (code, _LEADING.sub("", code), f"{country}{code}")
    return any(re.fullmatch(pattern, each) for each in written)


@cache
def _rules() -> dict[str, _Needs]:
    lines = (line.split(" ") for line in DATA.read_text(encoding="utf-8").splitlines())
    return {code: _Needs("".join(rest), "S" in marks) for code, marks, *rest in lines}
