"""The shapes of what `common.product_json` writes."""

from decimal import Decimal
from typing import Any, NotRequired, TypedDict


class Image(TypedDict):
    """An image of a product; the first is the primary one."""

    id: int
    product_id: int
    url: str
    alt_text: str | None
    position: int
    display_order: int
    is_primary: bool
    created_at: str
    updated_at: str


class Edition(TypedDict):
    """How many numbered pieces there are of a variant, and how many artist's proofs apart from them."""

    size: int
    proofs: int


class Variant(TypedDict):
    """A variant, its stock in pieces, its `weight` in grams; the pieces of an `edition` are numbered."""

    id: int
    product_id: int
    sku: str
    name: str
    # JSON of any shape where it was moved in.
    attributes: Any
    price_adjustment: Decimal
    stock: int
    edition: NotRequired[Edition]
    weight: NotRequired[int]
    created_at: str
    updated_at: str


class CategorySummary(TypedDict):
    """What a product shows of a category that it is in."""

    id: int
    name: str
    slug: str
    description: NotRequired[str]
    parent_id: int | None


class OfCreator(TypedDict, total=False):
    """What is said of a creator's work; the last three to whoever sees what is held back."""

    creatorId: str
    featured: bool
    amazonLink: str
    tags: list[str]
    moderationStatus: str
    rejectionReason: str
    withheld: bool


class ProductHead(OfCreator):
    """A product in a cart: without its essay, its other variants and its categories."""

    id: int
    slug: str
    title: str
    short_description: NotRequired[str]
    sku: NotRequired[str]
    gtin: NotRequired[str]
    character_id: NotRequired[int]
    character_value: NotRequired[str]
    etsy_link: NotRequired[str]
    # What it counts as for its tax, where that is not the standard rate.
    tax_class: NotRequired[str]
    # Made to the buyer's measure, which whoever buys is to know before.
    cannot_be_withdrawn: NotRequired[bool]
    base_price: Decimal
    currency: str
    status: str
    created_at: str
    updated_at: str
    deleted_at: NotRequired[str]
    images: list[Image]


class Product(ProductHead):
    """A product with its images, variants and categories; fields that are not set are left out.

    A published one is public from `publish_at` on and until `unpublish_at`.
    """

    long_description: NotRequired[str]
    publish_at: NotRequired[str]
    unpublish_at: NotRequired[str]
    variants: list[Variant]
    categories: list[CategorySummary]
