"""The terms on which the shop sells: where it sends to, which tax it charges, who it is on its papers.

One row, `SELLING_TERMS/METADATA`, because a checkout needs all of it at once. A shop that has none sells as
without: parcels are free, and the tax is `TAX_RATE`.
"""

from dataclasses import dataclass

from common import prefixes
from common.dynamodb import Item, Key
from common.dynamodb.rows import Rows


@dataclass(frozen=True, slots=True)
class Seller:
    """Who sells, as papers and mail name it; `lines` are those of the postal address, the country apart.

    `country` in two letters (ISO 3166-1), `vat_number` and `fiscal_code` as they are written on invoices.
    """

    name: str
    lines: tuple[str, ...] = ()
    country: str | None = None
    vat_number: str | None = None
    fiscal_code: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class SellingTerms:
    """All that the shop has set down of how it sells; `version` counts the changes, 0 where there is none."""

    seller: Seller | None = None
    updated_at: str | None = None
    version: int = 0


TERMS = Rows(SellingTerms, "Selling terms", key=prefixes.SELLING_TERMS)
TERMS_KEY: Key = (prefixes.SELLING_TERMS, "METADATA")


def terms_in(row: Item | None) -> SellingTerms:
    """The terms that a row holds, those of a shop that has set none where there is no row."""
    return TERMS.of(row) if row else SellingTerms()


def selling_terms() -> SellingTerms:
    """The terms of this moment, by one consistent read."""
    return TERMS.get() or SellingTerms()
