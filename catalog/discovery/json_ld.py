"""A product as JSON-LD in the words of schema.org, to stand in its page.

https://developers.google.com/search/docs/appearance/structured-data/merchant-listing
"""

from typing import Any

from catalog.discovery.offers import Offer, offers_of
from catalog.discovery.storefront import pictures, product_page
from common import config
from common.http.responses import encode_json
from common.repositories.products import Product
from common.sparse import without_none

MEDIA_TYPE = "application/ld+json"

# What would end a script in a page, and the line ends that JavaScript once knew and JSON does not.
_ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def json_ld(product: Product) -> str:
    """The text of a `<script type="application/ld+json">`, which nothing in it can end."""
    return encode_json(product_ld(product)).translate(_ESCAPED)


def product_ld(product: Product) -> dict[str, Any]:
    """A product with its offers; what is not known is left out."""
    offers = offers_of(product)
    brand = config.storefront_brand() if product.creator_id is None else ""
    return {
        "@context": "https://schema.org/",
        "@type": "Product",
        "productID": str(product.id),
        "name": product.title,
        **without_none(
            {
                "description": product.long_description or product.short_description,
                "url": product_page(product.slug) or None,
                "image": pictures(product) or None,
                "sku": product.sku or (offers[0].sku if len(offers) == 1 else None),
                "gtin": offers[0].gtin if len(offers) == 1 else None,
                "brand": {"@type": "Brand", "name": brand} if brand else None,
                "category": [category.name for category in product.categories] or None,
                "offers": _offers(product, offers),
            }
        ),
    }


def _offers(product: Product, offers: list[Offer]) -> dict[str, Any] | None:
    if len(offers) < 2:
        return _offer(product, offers[0]) if offers else None
    prices = [offer.price for offer in offers]
    return {
        "@type": "AggregateOffer",
        "priceCurrency": product.currency,
        "lowPrice": str(min(prices)),
        "highPrice": str(max(prices)),
        "offerCount": len(offers),
        "availability": _availability(in_stock=any(offer.in_stock for offer in offers)),
        "offers": [_offer(product, offer) for offer in offers],
    }


def _offer(product: Product, offer: Offer) -> dict[str, Any]:
    return {
        "@type": "Offer",
        "price": str(offer.price),
        "priceCurrency": product.currency,
        "availability": _availability(in_stock=offer.in_stock),
        "itemCondition": "https://schema.org/NewCondition",
        **without_none(
            {
                "name": offer.name,
                "sku": offer.sku,
                "url": product_page(product.slug) or None,
                "availabilityEnds": product.unpublish_at,
            }
        ),
    }


def _availability(*, in_stock: bool) -> str:
    return f"https://schema.org/{'InStock' if in_stock else 'OutOfStock'}"
