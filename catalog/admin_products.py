"""Products as the artist's admin pages see them; the oldest knows one name, price, stock and picture each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog.images import show_first
from catalog.products import Check, Extra, create_product, live_product, nothing_more, update_product
from catalog.row_stock import only_variant, refuse_stock, save_stock, total_stock, under_free_sku
from catalog.shop_views import shop_product_json
from common.audit import Actor
from common.free_names import under_free_name
from common.media import key_of, url_for
from common.repositories.product_writes import SLUG_KIND
from common.repositories.products import FIELDS, Product
from common.slugs import slugify


def admin_row(product: Product) -> dict[str, Any]:
    """A product with `name`, `description`, `price` (a number), `stock` and `image_url` beside its own."""
    return shop_product_json(product) | {
        "name": product.title,
        "description": product.long_description or product.short_description or "",
        "price": product.base_price,
        "stock": total_stock(product),
        "image_url": url_for(product.images[0].key) if product.images else "",
        "publish_at": product.publish_at,
        "unpublish_at": product.unpublish_at,
    }


def create_from_row(
    data: Mapping[str, Any], actor: Actor, now: datetime, *, extra: Extra = nothing_more
) -> Product:
    """Creates a product of the page's fields; its slug is made of its title where none is given.

    `stock` becomes the stock of one variant that stands for the product itself. A slug that is made of
    the title, and the SKU of that variant, are ones that are free; Conflict for a given slug that is taken.
    `extra` adds to the transaction.
    """
    fields = {name: value for name, value in data.items() if name in FIELDS}
    row = {
        **fields,
        "category_ids": data.get("category_ids", ()),
        "images": [{"url": data["image_url"]}] if data.get("image_url") else [],
    }

    def create(slug: str) -> Product:
        if "stock" not in data:
            return create_product({**row, "slug": slug}, actor, now, extra=extra)
        return under_free_sku(slug, lambda sku: create_counted(slug, sku))

    def create_counted(slug: str, sku: str) -> Product:
        variants = [only_variant(sku, data["stock"])]
        return create_product({**row, "slug": slug, "variants": variants}, actor, now, extra=extra)

    if fields.get("slug"):
        return create(fields["slug"])
    return under_free_name(SLUG_KIND, slugify(fields["title"]), create)


@dataclass(frozen=True, slots=True)
class Form:
    """What a row is saved with: the sign-in, and whether it says what it saw, which `check` holds it to."""

    session: str
    says_what_it_saw: bool
    check: Check


def update_from_row(
    product_id: int, data: Mapping[str, Any], form: Form, actor: Actor, now: datetime
) -> Product:
    """Changes the fields of the page that are in `data`; the stock as `catalog.row_stock` says.

    Raises Conflict when a stock is given for a product whose variants each have their own, and what the
    form's check raises.
    """
    product = live_product(product_id)
    form.check(product)
    expected = total_stock(product) if form.says_what_it_saw else None
    changes = {name: value for name, value in data.items() if name in (*FIELDS, "category_ids")}
    if changes:
        if "stock" in data:
            refuse_stock(product, data["stock"], form.session, expected, now)
        # Before the rest: a name that is taken is refused here, and then nothing has been changed.
        update_product(product_id, changes, actor, now, check=form.check)
    if "stock" in data:
        save_stock(product_id, data["stock"], form.session, expected, actor, now)
    if data.get("image_url"):
        show_first(product, key_of(data["image_url"]), actor, now)
    return live_product(product_id)
