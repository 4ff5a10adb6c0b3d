"""Products as the artist's admin pages see them; the oldest knows one name, price, stock and picture each."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from catalog.images import show_first
from catalog.products import create_product, live_product, update_product
from catalog.shop_views import shop_product_json
from catalog.variants import count_stock, create_variant
from common.audit import Actor
from common.errors import Conflict
from common.free_names import under_free_name
from common.media import key_of, url_for
from common.repositories.product_writes import SLUG_KIND, VARIANT_SKU_KIND
from common.repositories.products import FIELDS, Product
from common.slugs import slugify

ONLY_VARIANT = "Standard"
LONGEST_SKU = 100

T = TypeVar("T")


def admin_row(product: Product) -> dict[str, Any]:
    """A product with `name`, `description`, `price` (a number), `stock` and `image_url` beside its own."""
    return shop_product_json(product) | {
        "name": product.title,
        "description": product.long_description or product.short_description or "",
        "price": product.base_price,
        "stock": total_stock(product),
        "image_url": url_for(product.images[0].key) if product.images else "",
    }


def total_stock(product: Product) -> int:
    """The pieces of all variants together."""
    return sum(variant.stock for variant in product.live_variants)


def create_from_row(data: Mapping[str, Any], actor: Actor, now: datetime) -> Product:
    """Creates a product of the page's fields; its slug is made of its title where none is given.

    `stock` becomes the stock of one variant that stands for the product itself. A slug that is made of
    the title, and the SKU of that variant, are ones that are free; Conflict for a given slug that is taken.
    """
    fields = {name: value for name, value in data.items() if name in FIELDS}
    row = {
        **fields,
        "category_ids": data.get("category_ids", ()),
        "images": [{"url": data["image_url"]}] if data.get("image_url") else [],
    }

    def create(slug: str) -> Product:
        if "stock" not in data:
            return create_product({**row, "slug": slug}, actor, now)
        return _under_free_sku(slug, lambda sku: create_counted(slug, sku))

    def create_counted(slug: str, sku: str) -> Product:
        variants = [_only_variant(sku, data["stock"])]
        return create_product({**row, "slug": slug, "variants": variants}, actor, now)

    if fields.get("slug"):
        return create(fields["slug"])
    return under_free_name(SLUG_KIND, slugify(fields["title"]), create)


def _under_free_sku(slug: str, use: Callable[[str], T]) -> T:
    """What `use` makes with a SKU that nobody chose: it is the product's slug, or the next free one."""
    return under_free_name(VARIANT_SKU_KIND, slug, use, longest=LONGEST_SKU)


def _only_variant(sku: str, stock: int) -> dict[str, Any]:
    return {
        "sku": sku,
        "name": ONLY_VARIANT,
        "attributes": {},
        "price_adjustment": Decimal(0),
        "stock": stock,
    }


def update_from_row(product_id: int, data: Mapping[str, Any], actor: Actor, now: datetime) -> Product:
    """Changes the fields of the page that are in `data`.

    Raises Conflict when a stock is given for a product whose variants each have their own.
    """
    product = live_product(product_id)
    is_counted = "stock" in data and data["stock"] != total_stock(product)
    if is_counted and len(product.live_variants) > 1:
        raise Conflict("This product has several variants: set the stock of each one")
    changes = {name: value for name, value in data.items() if name in (*FIELDS, "category_ids")}
    if changes:
        # Before the rest: a name that is taken is refused here, and then nothing has been changed.
        product = update_product(product_id, changes, actor, now)
    if is_counted:
        _count(product, data["stock"], actor, now)
    if data.get("image_url"):
        show_first(product, key_of(data["image_url"]), actor, now)
    return live_product(product_id)


def _count(product: Product, stock: int, actor: Actor, now: datetime) -> None:
    if product.live_variants:
        count_stock(product.live_variants[0].id, "set", stock, actor, now)
    else:
        _under_free_sku(
            product.slug, lambda sku: create_variant(product.id, _only_variant(sku, stock), actor, now)
        )
