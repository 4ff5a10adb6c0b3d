"""A shop that uses all that it can: mail, shipping, taxes by country, papers, and a numbered edition."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from tempfile import TemporaryDirectory
from unittest.mock import patch

from common.dynamodb import UnitOfWork
from common.repositories.numbering import Numbering
from common.repositories.products import Edition, Product
from common.repositories.selling_terms import (
    BY_WEIGHT,
    EU,
    TERMS,
    Papers,
    RateStep,
    Seller,
    SellingTerms,
    Shipping,
    ShippingMethod,
    ShippingZone,
    Taxes,
)

EDITION = 20_000
GRAMS = 350

# What the shop needs to write to its buyers and to the artist; mails are files.
SETTINGS = {
    "MAIL_FROM": "shop@example.com",
    "MAIL_ARTIST": "artist@example.com",
    "MAIL_TRANSPORT": "folder",
    "SHOP_URL": "https://api.example.com",
}

_PARCEL = ShippingMethod(
    "Parcel", (RateStep(Decimal("9.90"), Decimal(2000)), RateStep(Decimal("19.90"))), by=BY_WEIGHT
)


def terms_in_full(now: str) -> SellingTerms:
    """Terms of every part at `now` (ISO 8601 UTC), with invoices that are issued when an order is placed."""
    return SellingTerms(
        seller=Seller(
            "Harbour Prints", ("Via del Molo 12", "16032 Camogli GE"), "IT", vat_number="IT01234567890"
        ),
        taxes=Taxes("by_country", prices_include_tax=True, home_country="IT", distance_sales="destination"),
        shipping=Shipping((ShippingZone("Europe", (EU,), (_PARCEL,)),), default_weight=GRAMS),
        papers=Papers(issue_when="placed"),
        updated_at=now,
        version=1,
    )


def set_terms(now: str) -> None:
    """Writes them."""
    with UnitOfWork() as work:
        TERMS.put(work, terms_in_full(now))


def numbered(product: Product) -> Product:
    """A product whose pieces have a weight, and numbers of an edition."""
    edition = Edition(EDITION)
    variants = (
        replace(each, weight=GRAMS, edition=edition, stock=EDITION, numbering=Numbering(EDITION))
        for each in product.variants
    )
    return replace(product, variants=tuple(variants))


@contextmanager
def mail_on() -> Iterator[None]:
    """Lets the shop write mails for the time being, into a folder that is gone afterwards."""
    with TemporaryDirectory() as folder, patch.dict(os.environ, SETTINGS, MAIL_FOLDER=folder):
        yield
