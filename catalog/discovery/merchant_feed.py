"""Products as Google Merchant Center reads them: RSS 2.0, an item for each variant.

https://support.google.com/merchants/answer/7052112 says what each attribute means and how long it may be.
"""

from collections.abc import Iterable, Iterator, Sequence

from catalog.discovery.offers import Offer, offers_of
from catalog.discovery.storefront import pictures, product_page
from catalog.discovery.xml_text import DECLARATION, elements
from common import config
from common.http.answer_size import sent_bytes
from common.repositories.products import Product, Variant

LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_TYPE, MOST_PICTURES = 150, 5000, 750, 10

# So much of a part of the feed is items; Lambda hands on a little more.
PART_BYTES = 4_500_000

_BEGINS = (
    f"{DECLARATION}"
    '<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0" xmlns:atom="http://www.w3.org/2005/Atom">\n'
    "<channel>\n"
)
_ENDS = "</channel>\n</rss>\n"
# What variants differ in, by the words that attributes are known by.
_DIFFERENCES = {
    "g:size": ("size", "format", "formato", "taglia", "dimensioni", "misura"),
    "g:color": ("color", "colour", "colore"),
    "g:material": ("material", "materiale", "carta", "paper"),
}


def items_of(product: Product) -> str:
    """The items of a product; empty for one that Google refuses: without a price or a picture."""
    shown = pictures(product)
    if not shown:
        return ""
    variants = {f"{product.id}-{variant.id}": variant for variant in product.live_variants}
    shared = elements(_of_product(product, shown))
    return "".join(
        f"<item>{elements(_of_offer(product, offer, variants.get(offer.id)))}{shared}</item>\n"
        for offer in offers_of(product)
    )


def parts_of(items: Iterable[str]) -> list[str]:
    """The feed as few documents that each fit into an answer; each but the last names the next."""
    parts: list[list[str]] = [[]]
    room = PART_BYTES
    for item in items:
        size = sent_bytes(item)
        if size > room and parts[-1]:
            parts.append([])
            room = PART_BYTES
        parts[-1].append(item)
        room -= size
    return [_document(part, number, len(parts)) for number, part in enumerate(parts, start=1)]


def _document(items: Iterable[str], number: int, count: int) -> str:
    about = elements(
        [
            ("title", config.storefront_brand() or config.storefront_url()),
            ("link", config.storefront_url()),
            ("description", "Products that can be seen in the shop now"),
        ]
    )
    # https://www.rfc-editor.org/rfc/rfc5005 (paged feeds)
    following = f'<atom:link rel="next" href="?part={number + 1}"/>' if number < count else ""
    return f"{_BEGINS}{about}{following}\n{''.join(items)}{_ENDS}"


def _of_product(product: Product, shown: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """What all items of a product say alike."""
    first, *others = shown[: MOST_PICTURES + 1]
    yield "g:description", _description(product)[:LONGEST_DESCRIPTION]
    yield "g:link", product_page(product.slug)
    yield "g:image_link", first
    yield from (("g:additional_image_link", other) for other in others)
    yield "g:condition", "new"
    yield "g:product_type", " > ".join(category.name for category in product.categories)[:LONGEST_TYPE]
    yield "g:expiration_date", product.unpublish_at


def _of_offer(product: Product, offer: Offer, variant: Variant | None) -> Iterator[tuple[str, str | None]]:
    named = f"{product.title}, {offer.name}" if offer.name else product.title
    yield "g:id", offer.id
    yield "g:title", named[:LONGEST_TITLE]
    yield "g:availability", "in_stock" if offer.in_stock else "out_of_stock"
    yield "g:price", f"{offer.price} {product.currency}"
    yield "g:item_group_id", str(product.id) if offer.name else None
    yield from _identifiers(product, offer)
    yield "g:shipping_weight", f"{offer.weight} g" if offer.weight else None
    if variant is not None:
        yield from _differences(variant)


def _identifiers(product: Product, offer: Offer) -> Iterator[tuple[str, str | None]]:
    """By what it is known elsewhere; the shop makes its own products, and knows no brand of its creators'."""
    brand = config.storefront_brand() if product.creator_id is None else ""
    yield "g:brand", brand[:70]
    yield "g:gtin", offer.gtin
    yield "g:mpn", (offer.sku or "")[:70] if brand else None
    yield "g:identifier_exists", None if offer.gtin or (brand and offer.sku) else "no"


def _description(product: Product) -> str:
    return product.long_description or product.short_description or product.title


def _differences(variant: Variant) -> Iterator[tuple[str, str | None]]:
    said = variant.attributes if isinstance(variant.attributes, dict) else {}
    words = {str(name).strip().lower(): value for name, value in said.items() if isinstance(value, str)}
    for attribute, names in _DIFFERENCES.items():
        yield attribute, next((words[name][:100] for name in names if name in words), None)
