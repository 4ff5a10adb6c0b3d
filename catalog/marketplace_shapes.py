"""The shapes of products as the marketplace's clients read them."""

from typing import Literal, NotRequired, TypedDict

from common.http.shapes import Continued


class MarketplaceVariant(TypedDict):
    """What is put into a cart of a product; its price as people read it."""

    id: str
    name: str
    price: str
    stock: int


class MarketplaceProduct(TypedDict):
    """A product whose id is a text and whose price is as people read it; `stock` counts all variants.

    A published one is public from `publishAt` on and until `unpublishAt`.
    """

    id: str
    creatorId: NotRequired[str]
    slug: str
    title: str
    description: str
    category: str
    imageUrl: str
    amazonLink: str
    price: NotRequired[str]
    tags: list[str]
    published: bool
    featured: bool
    status: Literal["pending", "approved", "rejected"]
    rejectionReason: NotRequired[str]
    publishAt: NotRequired[str]
    unpublishAt: NotRequired[str]
    stock: int
    variants: list[MarketplaceVariant]
    createdAt: str
    updatedAt: str


class NamedProduct(MarketplaceProduct):
    """The same with the name of its creator, which the shop's own have none of."""

    creatorName: NotRequired[str]


class OneProduct(TypedDict):
    """A product that was written."""

    product: MarketplaceProduct


class OwnProducts(Continued):
    """Products; `total` counts all of the list."""

    products: list[MarketplaceProduct]
    total: int


class PlacedProducts(TypedDict):
    """The products at the places that were asked for; `hasMore` where others follow."""

    products: list[MarketplaceProduct]
    total: int
    hasMore: bool


class NamedProducts(TypedDict):
    """The same with the names of their creators."""

    products: list[NamedProduct]
    total: int
    hasMore: bool


class Queue(Continued):
    """Works that wait for a word."""

    products: list[NamedProduct]
    total: int


class Success(TypedDict):
    """That it was done."""

    success: Literal[True]
