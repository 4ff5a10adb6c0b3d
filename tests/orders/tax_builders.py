"""Terms of taxes to test with."""

from typing import Any

from common.repositories.selling_terms import Taxes
from orders.taxation import BY_COUNTRY, DESTINATION

VIENNA = {"street": "Ring 1", "city": "Wien", "state": "", "zip_code": "1010", "country": "Österreich"}


def by_country(**fields: Any) -> Taxes:
    """An Italian shop that charges each buyer's own rate, contained in its prices."""
    values: dict[str, Any] = {
        "mode": BY_COUNTRY,
        "prices_include_tax": True,
        "home_country": "IT",
        "distance_sales": DESTINATION,
    }
    return Taxes(**(values | fields))
