"""The shapes of what the catalogue answers, by the names that its routes declare."""

from decimal import Decimal
from typing import NotRequired, TypedDict

from catalog.marketplace_shapes import (
    NamedProducts,
    OneProduct,
    OwnProducts,
    PlacedProducts,
    Queue,
    Success,
)
from catalog.product_file_shapes import ProductDryRun, ProductImport
from common.http.shapes import Continued, Message, Page, UploadAddress
from common.product_shapes import Edition, Image, Product, Variant

__all__ = [
    "Image",
    "Message",
    "NamedProducts",
    "OneProduct",
    "OwnProducts",
    "PlacedProducts",
    "Product",
    "ProductDryRun",
    "ProductImport",
    "Queue",
    "Success",
    "UploadAddress",
    "Variant",
]


class CategoryCount(TypedDict):
    """How many products of a list are in a category."""

    slug: str
    name: str
    count: int


class CharacterCount(TypedDict):
    """How many products of a list show a character; `id` is null where products tell its name alone."""

    id: int | None
    name: str
    count: int


class PriceCount(TypedDict):
    """How many products of a list cost from `min` to `max`, both included; null has no upper end."""

    min: Decimal
    max: Decimal | None
    count: int


class StockCount(TypedDict):
    true: int
    false: int


StockCount.__doc__ = "How many products of a list can be bought, and how many cannot."


class Facets(TypedDict):
    """Counts of a list, each among what the other filters leave; without what no product has."""

    categories: list[CategoryCount]
    characters: list[CharacterCount]
    price: list[PriceCount]
    in_stock: StockCount


class ProductPage(Page):
    """A page of products; `facets` where they were asked for."""

    products: list[Product]
    facets: NotRequired[Facets]


class ProductSuggestion(TypedDict):
    """A product whose title matches what was typed."""

    id: int
    slug: str
    title: str


class CharacterSuggestion(TypedDict):
    """A character that matches what was typed; `id` is null where products tell its name alone."""

    id: int | None
    name: str


class CategorySuggestion(TypedDict):
    """A category that matches what was typed."""

    slug: str
    name: str


class Suggestions(TypedDict):
    """What matches what was typed, best first."""

    products: list[ProductSuggestion]
    characters: list[CharacterSuggestion]
    categories: list[CategorySuggestion]


class Images(TypedDict):
    """The images of a product by position."""

    images: list[Image]


class ImageMessage(Message):
    """An image that was added or changed."""

    image: Image


class Variants(TypedDict):
    """The variants of a product."""

    variants: list[Variant]


class Category(TypedDict):
    """A category on its own; `parent_id` is null at the root."""

    id: int
    name: str
    slug: str
    description: NotRequired[str]
    parent_id: int | None
    created_at: str
    updated_at: str


class CategoryInList(Category):
    """A category with `parent` and `children` where they were asked for, and as a tree with all below it."""

    parent: NotRequired[Category | None]
    children: NotRequired[list["CategoryInList"]]


class CategoryList(Continued):
    """Every category."""

    categories: list[CategoryInList]
    total: int


class ShopVariant(TypedDict):
    """A variant whose amount is a text, with every field there is."""

    id: int
    product_id: int
    sku: str
    name: str
    # JSON of any shape where it was moved in.
    attributes: object
    price_adjustment: str
    stock: int
    edition: NotRequired[Edition]
    weight: NotRequired[int]
    created_at: str
    updated_at: str
    deleted_at: str | None


class ShopCategory(TypedDict):
    """A category on its own, with every field there is."""

    id: int
    name: str
    slug: str
    description: str | None
    parent_id: int | None
    created_at: str | None
    updated_at: str | None
    deleted_at: str | None


ShopCategoryOrNull = ShopCategory | None


class RelatedCategory(ShopCategory):
    """A category with its parent and children, one level each."""

    parent: ShopCategory | None
    children: list[ShopCategory]


class RelatedCategoryList(Continued):
    """Every category, each with its parent and children."""

    categories: list[RelatedCategory]
    total: int


AdminCategories = list[RelatedCategory] | RelatedCategoryList


class DeletedCategory(Message):
    """A category that is not there any more."""

    id: int


class ShopProduct(TypedDict):
    """A product whose amounts are texts, with every field there is."""

    id: int
    slug: str
    title: str
    short_description: str | None
    long_description: str | None
    base_price: str
    currency: str
    sku: str | None
    gtin: str | None
    status: str
    character_id: int | None
    character_value: str | None
    etsy_link: str | None
    tax_class: NotRequired[str]
    cannot_be_withdrawn: NotRequired[bool]
    categories: list[ShopCategory]
    images: list[Image]
    variants: list[ShopVariant]
    created_at: str
    updated_at: str
    deleted_at: str | None


class ShopProductPage(Page):
    """A page of products as everybody sees them below /api/shop; `facets` where they were asked for."""

    products: list[ShopProduct]
    facets: NotRequired[Facets]


class AdminRow(ShopProduct):
    """A product with the one name, description, price (a number), stock and picture of the oldest page.

    A published one is public from `publish_at` on and until `unpublish_at`.
    """

    name: str
    description: str
    price: Decimal
    stock: int
    image_url: str
    publish_at: str | None
    unpublish_at: str | None


class AdminRowPage(Page):
    """A page of products as the oldest page shows them."""

    products: list[AdminRow]


class SocialLinks(TypedDict):
    """Where else a creator is found."""

    instagram: NotRequired[str]
    pinterest: NotRequired[str]
    tiktok: NotRequired[str]


class Theme(TypedDict):
    """What a creator's page looks like."""

    primaryColor: str
    accentColor: str
    font: str


class Creator(TypedDict):
    """A creator as everybody sees them."""

    id: str
    slug: str
    displayName: str
    bio: str
    profileImage: str
    coverImage: str
    socialLinks: SocialLinks
    theme: Theme
    status: str
    createdAt: str
    updatedAt: str


class CreatorList(Continued):
    """Creators whom the shop shows; `total` counts those in this part."""

    creators: list[Creator]
    total: int


class CreatorPage(TypedDict):
    """A creator, and what the page looks like."""

    creator: Creator
    theme: Theme


class NotificationPreferences(TypedDict):
    """What a creator is told of by mail."""

    productApproval: bool
    productRejection: bool
    accountStatusChange: bool
    milestones: bool


class OwnCreator(Creator):
    """A creator as they see themselves; `userId` is the account that acts for them."""

    userId: str | None
    notificationPreferences: NotificationPreferences


class OwnCreatorAnswer(TypedDict):
    """A creator as they see themselves."""

    creator: OwnCreator


class NewCreator(OwnCreatorAnswer):
    """A new creator; `token` is that of the account as it is now, whose earlier ones may have ended."""

    token: NotRequired[str]


class ManagedCreator(OwnCreator):
    """A creator who was disabled or enabled; `worksPending` is since when works have yet to follow."""

    worksPending: str | None


class ManagedCreatorAnswer(TypedDict):
    """A creator who was disabled or enabled."""

    creator: ManagedCreator


class AdminCreator(ManagedCreator):
    """A creator as administrators see them."""

    email: str | None
    productCount: int


class AdminCreatorList(Continued):
    """Every creator; `total` counts those in this part."""

    creators: list[AdminCreator]
    total: int


class PictureUpload(TypedDict):
    """Where a browser may PUT one picture until `expiresAt` (epoch milliseconds), and its URL after that."""

    uploadUrl: str
    imageUrl: str
    expiresAt: int
