"""Products: their type, the two rows that hold one, and how one is read.

`PRODUCT#{id}/METADATA` is the product as a document: its fields, images, variants and the categories
it is in. `PRODUCT#{id}/LISTING` is a small row with what lists filter and sort by, and the stock of
each variant: the one number that customers change, in the one row that is cheap to change.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any

from common import prefixes
from common.dynamodb import Item, Key, Query, fetch_all, index_keys, sort_key
from common.dynamodb.shapes import Shape
from common.repositories.numbering import Numbering, numbering_in, numbering_map

DRAFT, PUBLISHED, ARCHIVED = "draft", "published", "archived"
STATUSES = (PUBLISHED, DRAFT, ARCHIVED)

# What the shop says to a creator's work.
PENDING, APPROVED, REJECTED = "pending", "approved", "rejected"
MODERATION_STATUSES = (PENDING, APPROVED, REJECTED)

# The list of every work that is not approved, whatever its status, and all lists that there are.
HELD_BACK = "held_back"
LISTS = (*STATUSES, HELD_BACK)


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of a product; `key` is its S3 key or a foreign URL, `created_at` ISO 8601 UTC."""

    id: int
    product_id: int
    key: str
    alt_text: str | None
    position: int
    created_at: str


@dataclass(frozen=True, slots=True)
class Edition:
    """How many numbered pieces there are of a variant, and how many artist's proofs apart from them."""

    size: int
    proofs: int | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """What is bought: a size, a colour; `price_adjustment` is added to the product's base price.

    `attributes` is a map, or whatever JSON was imported. `stock_moved_at` as in Product. `weight` is that of
    one packed piece in grams. The pieces of an `edition` are numbered; `numbering` is what is left of it,
    where that was read.
    """

    id: int
    product_id: int
    sku: str
    name: str
    attributes: Any
    price_adjustment: Decimal
    stock: int
    created_at: str
    updated_at: str
    deleted_at: str | None = None
    weight: int | None = None
    edition: Edition | None = None
    stock_moved_at: str | None = None
    numbering: Numbering | None = None


@dataclass(frozen=True, slots=True)
class CategorySummary:
    """What a product repeats of a category that it is in, so that no list has to look it up."""

    id: int
    name: str
    slug: str
    description: str | None = None
    parent_id: int | None = None
    created_at: str | None = None
    updated_at: str | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """A work as it is sold; `base_price` in units of `currency`, times in ISO 8601 UTC.

    What is said of a creator's work is None or empty for the shop's own: `moderation_status` one of
    MODERATION_STATUSES, decided at `moderated_at`; `rejection_reason` while it is rejected; `withheld` while
    its creator is disabled; `amazon_link` where else it is sold. `edited_at` is when its fields or categories
    were last changed, `stock_moved_at` when the stock of any variant was, and `stock_taken_at` when pieces
    were last taken out. `tax_class` is what it counts as where its tax depends on that, `cannot_be_withdrawn`
    says that it is made to the buyer's measure. From `publish_at` on and until `unpublish_at` (ISO 8601 UTC)
    a published one is public.
    """

    id: int
    slug: str
    title: str
    base_price: Decimal
    currency: str
    status: str
    created_at: str
    updated_at: str
    version: int = 1
    short_description: str | None = None
    long_description: str | None = None
    sku: str | None = None
    gtin: str | None = None
    character_id: int | None = None
    character_value: str | None = None
    etsy_link: str | None = None
    creator_id: str | None = None
    featured: bool | None = None
    moderation_status: str | None = None
    rejection_reason: str | None = None
    moderated_at: str | None = None
    withheld: bool | None = None
    amazon_link: str | None = None
    tags: tuple[str, ...] = ()
    tax_class: str | None = None
    cannot_be_withdrawn: bool | None = None
    publish_at: str | None = None
    unpublish_at: str | None = None
    deleted_at: str | None = None
    edited_at: str | None = None
    stock_moved_at: str | None = None
    stock_taken_at: str | None = None
    images: tuple[Image, ...] = ()
    variants: tuple[Variant, ...] = ()
    categories: tuple[CategorySummary, ...] = ()

    @property
    def live_variants(self) -> tuple[Variant, ...]:
        """The variants that are still sold."""
        return tuple(variant for variant in self.variants if variant.deleted_at is None)

    @property
    def is_approved(self) -> bool:
        """Whether nothing but its status may keep it from being public; the shop's own always is."""
        return is_approved(self.moderation_status, self.withheld)

    @property
    def is_timed(self) -> bool:
        """Whether a moment makes it public or takes it from the public, and no change of it."""
        return is_timed(self.publish_at, self.unpublish_at)

    def is_on_show(self, at: str) -> bool:
        """Whether its times leave it to the public at a moment, ISO 8601 UTC."""
        return is_on_show(self.publish_at, self.unpublish_at, at)

    def is_public_at(self, at: str) -> bool:
        """Whether everybody may see and buy it at a moment, ISO 8601 UTC."""
        return self.status == PUBLISHED and self.is_approved and self.is_on_show(at)

    @property
    def listed_as(self) -> str:
        """Which of LISTS it stands in while it is not deleted."""
        return self.status if self.is_approved else HELD_BACK


# How the document holds a product, and each of its parts under the part's id.
_DOCUMENT = Shape(
    Product,
    unstored=("tags",),
    apart=("stock_moved_at", "stock_taken_at", "images", "variants", "categories"),
)
IMAGE = Shape(Image, apart=("id", "product_id"))
_VARIANT = Shape(Variant, apart=("id", "product_id", "stock", "stock_moved_at", "numbering"))
CATEGORY = Shape(CategorySummary, apart=("id",))

# What the shop itself keeps of every product, besides its parts.
_KEPT = frozenset({"id", "created_at", "updated_at", "version", "deleted_at", "edited_at"})
# What a change of a product may set.
FIELDS = tuple(name for name in _DOCUMENT.names if name not in _KEPT)
_FACETS = (
    "title",
    "base_price",
    "character_id",
    "character_value",
    "creator_id",
    "featured",
    "moderation_status",
    "moderated_at",
    "withheld",
    "publish_at",
    "unpublish_at",
)


def is_approved(moderation_status: str | None, withheld: bool | None) -> bool:
    """Whether a work with this said of it may be public: it is no creator's, or approved and not withheld."""
    return moderation_status in (None, APPROVED) and not withheld


def is_timed(publish_at: str | None, unpublish_at: str | None) -> bool:
    """Whether a product has any of its two times."""
    return publish_at is not None or unpublish_at is not None


def is_on_show(publish_at: str | None, unpublish_at: str | None, at: str) -> bool:
    """Whether a product's times leave it to the public at a moment: from the one on, and before the other.

    All are as `clock.iso` writes them, which sort as the moments do. Nowhere else are they compared with one.
    """
    return (publish_at is None or publish_at <= at) and (unpublish_at is None or at < unpublish_at)


def partition(product_id: int) -> str:
    """The partition key that everything of one product is under."""
    return f"{prefixes.PRODUCT}#{product_id}"


def document_key(product_id: int) -> Key:
    """The key of the product's document."""
    return partition(product_id), "METADATA"


def listing_key(product_id: int) -> Key:
    """The key of the row with the product's facets and stock."""
    return partition(product_id), "LISTING"


def status_partition(listed_as: str) -> str:
    """The GSI2 partition of one of LISTS."""
    return f"{prefixes.PRODUCT_STATUS}#{listed_as}"


def creator_partition(creator_id: str) -> str:
    """The GSI3 partition with the documents of one creator's works, whatever their status."""
    return f"{prefixes.PRODUCT_CREATOR}#{creator_id}"


def listing_position(sort_name: str, created_at: str, product_id: int) -> str:
    """The sort key in GSI2 and of documents in GSI3, which orders rows of one kind by age."""
    return f"{sort_name}#{created_at}#{product_id:010d}"


def row_index_keys(sort_name: str, product: Product) -> dict[str, str]:
    """The index keys of one of the product's two rows; none while it is deleted.

    In GSI3 the document stands among the works of its creator, the listing row at the mark of its last change
    (`catalogue_changes`), which no reading of a product tells.
    """
    if product.deleted_at is not None:
        return {}
    position = listing_position(sort_name, product.created_at, product.id)
    keys = {
        **index_keys("GSI1", f"{prefixes.PRODUCT_SLUG}#{product.slug}", sort_name),
        **index_keys("GSI2", status_partition(product.listed_as), position),
    }
    if product.creator_id is not None and sort_name == "METADATA":
        keys |= index_keys("GSI3", creator_partition(product.creator_id), position)
    return keys


def document_item(product: Product) -> Item:
    """The document row of a product."""
    pk, sk = document_key(product.id)
    return {
        "PK": pk,
        "SK": sk,
        **row_index_keys(sk, product),
        **_DOCUMENT.store(product),
        "images": image_maps(product.images),
        "variants": {str(variant.id): variant_map(variant) for variant in product.variants},
        "categories": category_maps(product.categories),
    }


def listing_item(product: Product) -> Item:
    """The listing row of a product, its stock included."""
    pk, sk = listing_key(product.id)
    editions = {str(it.id): numbering_map(it.numbering) for it in product.variants if it.numbering}
    return {
        "PK": pk,
        "SK": sk,
        **row_index_keys(sk, product),
        **facets(product),
        "stock": {str(variant.id): variant.stock for variant in product.live_variants},
        **({"editions": editions} if editions else {}),
    }


def fields_stored(product: Product, names: Iterable[str] = FIELDS) -> Item:
    """These fields of a product as its rows hold them."""
    stored = _DOCUMENT.store(product)
    return {name: stored[name] for name in names if name in stored}


def facets(product: Product) -> Item:
    """What lists filter and sort by; the status of a work that stands in no list of one."""
    names = _FACETS if product.is_approved else (*_FACETS, "status")
    return {
        **fields_stored(product, names),
        "categories": {str(category.id): category.slug for category in product.categories},
    }


def variant_map(variant: Variant) -> Item:
    """A variant as the document holds it under its id; its stock is in the listing row while it is sold."""
    kept = {"stock": variant.stock} if variant.deleted_at and variant.stock else {}
    return {**_VARIANT.store(variant), **kept}


def image_maps(images: Iterable[Image]) -> Item:
    """All of a product's images as the document holds them."""
    return {str(image.id): IMAGE.store(image) for image in images}


def category_maps(categories: Iterable[CategorySummary]) -> Item:
    """All of a product's categories as the document holds them."""
    return {str(category.id): CATEGORY.store(category) for category in categories}


def product_from_rows(
    document: Item,
    stock: Mapping[str, int],
    *,
    moved_at: str | None = None,
    taken_at: str | None = None,
    listing: Item | None = None,
) -> Product:
    """The product of a document row and of its listing row's stock, which was moved and taken from when.

    `listing` is that row itself, for whoever takes pieces: it says what is left of editions.
    """
    product_id = int(document["id"])
    return _DOCUMENT.read(
        document,
        images=_images(product_id, document.get("images", {})),
        variants=_variants(product_id, document.get("variants", {}), stock, moved_at, listing or {}),
        categories=_categories(document.get("categories", {})),
        stock_moved_at=moved_at,
        stock_taken_at=taken_at,
    )


def _images(product_id: int, maps: Mapping[str, Item]) -> tuple[Image, ...]:
    images = [IMAGE.read(held, id=int(key), product_id=product_id) for key, held in maps.items()]
    return tuple(sorted(images, key=attrgetter("position", "id")))


def _variants(
    product_id: int, maps: Mapping[str, Item], stock: Mapping[str, int], moved_at: str | None, listing: Item
) -> tuple[Variant, ...]:
    variants = [
        _VARIANT.read(
            held,
            id=int(key),
            product_id=product_id,
            stock=stock.get(key, held.get("stock", 0)),
            stock_moved_at=moved_at,
            numbering=numbering_in(listing, key) if "editions" in listing else None,
        )
        for key, held in maps.items()
    ]
    return tuple(sorted(variants, key=attrgetter("id")))


def _categories(maps: Mapping[str, Item]) -> tuple[CategorySummary, ...]:
    categories = [CATEGORY.read(held, id=int(key)) for key, held in maps.items()]
    return tuple(sorted(categories, key=attrgetter("id")))


def product_by_slug(slug: str) -> Product | None:
    """The live product with this slug, by one query of GSI1 (eventually consistent)."""
    return _from_both_rows(fetch_all(Query(f"{prefixes.PRODUCT_SLUG}#{slug}", index="GSI1")))


def product_by_id(product_id: int) -> Product | None:
    """The product with this id, deleted ones included, by one consistent query."""
    both = sort_key().between("LISTING", "METADATA")
    return _from_both_rows(fetch_all(Query(partition(product_id), sort=both, consistent=True)))


def _from_both_rows(rows: Iterable[Item]) -> Product | None:
    by_kind = {row["SK"]: row for row in rows}
    document = by_kind.get("METADATA")
    if document is None:
        return None
    return product_of_rows(document, by_kind.get("LISTING", {}))


def product_of_rows(document: Item, listing: Item) -> Product:
    """The product of its two rows."""
    moved_at, taken_at = listing.get("stock_moved_at"), listing.get("stock_taken_at")
    return product_from_rows(
        document, listing.get("stock", {}), moved_at=moved_at, taken_at=taken_at, listing=listing
    )
