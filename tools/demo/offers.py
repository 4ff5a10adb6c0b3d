"""What the demo shop offers: prints, shirts and originals, and the variants each is sold in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from common.slugs import slugify
from tools.demo.pictures.shirts import Shirt
from tools.demo.pictures.works import Work

Variants = tuple[dict[str, Any], ...]

PRINT_SIZES = {"A5": "0.00", "A4": "0.00", "A3": "18.00", "50x70": "46.00"}
SHIRT_SIZES = {"S": "0.00", "M": "0.00", "L": "0.00", "XL": "2.00", "XXL": "4.00"}


@dataclass(frozen=True)
class Offer:
    """A product of the demo shop; `price` in EUR, `age` in days, `shelves` are slugs of categories.

    `art` is what is sold: one work, or a shirt in each of its colours.
    """

    title: str
    short: str
    long: str
    price: str
    age: int
    shelves: tuple[str, ...]
    art: Work | tuple[Shirt, ...]
    variants: Variants
    pictures: int = 3
    status: str = "published"

    @property
    def slug(self) -> str:
        """The slug, made of the title."""
        return slugify(self.title)

    @property
    def character(self) -> str:
        """The key of the character that it shows."""
        return self.art.character if isinstance(self.art, Work) else self.art[0].character

    @property
    def sku(self) -> str:
        """The product's own SKU: what its variants' SKUs begin with."""
        return str(self.variants[0]["sku"]).rsplit("-", 1)[0]

    @property
    def fields(self) -> dict[str, Any]:
        """The product's fields and variants, as a client would send them."""
        return {
            "title": self.title,
            "slug": self.slug,
            "short_description": self.short,
            "long_description": self.long,
            "base_price": self.price,
            "currency": "EUR",
            "sku": self.sku,
            "status": self.status,
            "variants": list(self.variants),
        }


def prints(code: str, paper: str, stock: Mapping[str, int]) -> Variants:
    """One variant for each size, such as `A3`; larger sheets cost more."""
    return tuple(
        {
            "sku": f"{code}-{size.upper()}",
            "name": f"{size} print" if size.startswith("A") else f"{size} cm print",
            "attributes": {"size": size, "paper": paper},
            "price_adjustment": PRINT_SIZES[size],
            "stock": pieces,
        }
        for size, pieces in stock.items()
    )


def shirts(code: str, colour: str, *stock: int) -> Variants:
    """One variant for each size from S to XXL; the largest ones cost more."""
    return tuple(
        {
            "sku": f"{code}-{colour[:3].upper()}{size}",
            "name": f"{size} / {colour}",
            "attributes": {"size": size, "colour": colour, "fabric": "organic cotton, 180 g/m²"},
            "price_adjustment": adjustment,
            "stock": pieces,
        }
        for (size, adjustment), pieces in zip(SHIRT_SIZES.items(), stock, strict=True)
    )


def original(code: str, technique: str, size: str, *, sold: bool = False) -> Variants:
    """The one piece that there is."""
    return (
        {
            "sku": f"{code}-1",
            "name": "Original",
            "attributes": {"technique": technique, "size": size},
            "price_adjustment": "0.00",
            "stock": 0 if sold else 1,
        },
    )
