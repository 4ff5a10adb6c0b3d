"""The forms of VAT numbers, which tell a mistyped one; whether there is one, VIES knows.

European Commission, VIES, question 11: https://ec.europa.eu/taxation_customs/vies/#/faq.
"""

import re

LONGEST = 20

# What follows the two letters of the country; XI is Northern Ireland, EL Greece.
_FORMS = {
    "AT": r"U[0-9]{8}",
    "BE": r"[01][0-9]{9}",
    "BG": r"[0-9]{9,10}",
    "CY": r"[0-9]{8}[A-Z]",
    "CZ": r"[0-9]{8,10}",
    "DE": r"[0-9]{9}",
    "DK": r"[0-9]{8}",
    "EE": r"[0-9]{9}",
    "EL": r"[0-9]{9}",
    "ES": r"[0-9A-Z][0-9]{7}[0-9A-Z]",
    "FI": r"[0-9]{8}",
    "FR": r"[0-9A-HJ-NP-Z]{2}[0-9]{9}",
    "HR": r"[0-9]{11}",
    "HU": r"[0-9]{8}",
    "IE": r"[0-9][0-9A-Z+*][0-9]{5}[A-Z]{1,2}",
    "IT": r"[0-9]{11}",
    "LT": r"[0-9]{9}|[0-9]{12}",
    "LU": r"[0-9]{8}",
    "LV": r"[0-9]{11}",
    "MT": r"[0-9]{8}",
    "NL": r"[0-9A-Z+*]{10}[0-9]{2}",
    "PL": r"[0-9]{10}",
    "PT": r"[0-9]{9}",
    "RO": r"[0-9]{2,10}",
    "SE": r"[0-9]{12}",
    "SI": r"[0-9]{8}",
    "SK": r"[0-9]{10}",
    "XI": r"[0-9]{9}|[0-9]{12}|GD[0-9]{3}|HA[0-9]{3}",
}
_BETWEEN = re.compile(r"[\s.\-/]")


def stored_vat_number(text: str) -> str:
    """A VAT number as it is stored: `ATU12345678` for `at u1234 5678`, EL for GR.

    ValueError, with what has to be said of it, where no member state of the EU gives out such numbers.
    """
    number = _BETWEEN.sub("", text).upper()
    country, rest = number[:2].replace("GR", "EL"), number[2:]
    form = _FORMS.get(country)
    if form is None:
        raise ValueError("must begin with the two letters of a member state of the EU")
    if not number.isascii() or not re.fullmatch(form, rest):
        raise ValueError(f"is not of the form of VAT numbers of {country}")
    return country + rest
