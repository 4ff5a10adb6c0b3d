"""Stored products as rows of PostgreSQL again."""

from collections.abc import Mapping, Sequence

from common.dynamodb import Item
from common.repositories.stored_json import from_stored
from migration.mapping import restoring
from migration.mapping.reading import media_address
from migration.mapping.records import Row

_PREFIX = "PRODUCT#"
_CATEGORY = "CATEGORY#"
_PLAIN = (
    "id",
    "slug",
    "title",
    "short_description",
    "long_description",
    "currency",
    "sku",
    "gtin",
    "status",
    "character_id",
    "character_value",
    "etsy_link",
)


def record_of(item: Item) -> int | None:
    """The id of the product whose document, listing row or link an item is."""
    pk, sk = item["PK"], item["SK"]
    if not pk.startswith(_PREFIX) or not (sk in ("METADATA", "LISTING") or sk.startswith(_CATEGORY)):
        return None
    return int(pk.removeprefix(_PREFIX))


def rows(stored: Sequence[Item]) -> dict[str, list[Row]]:
    """The rows of PostgreSQL behind the items of one product."""
    own = restoring.by_sort_key(item for item in stored if record_of(item) is not None)
    document = own.get("METADATA")
    links = [item for sk, item in sorted(own.items()) if sk.startswith(_CATEGORY)]
    found: dict[str, list[Row]] = {
        "products": [],
        "product_images": [],
        "product_variants": [],
        "product_categories": [_link(item) for item in links],
    }
    if document is not None:
        stock = own.get("LISTING", {}).get("stock", {})
        found["products"] = [_product(document)]
        found["product_images"] = [_image(document, *part) for part in document["images"].items()]
        found["product_variants"] = [
            _variant(document, number, part, stock) for number, part in document["variants"].items()
        ]
    return found


def _product(document: Item) -> Row:
    return {
        **restoring.plain(document, _PLAIN),
        **restoring.amounts(document, "base_price"),
        **restoring.times(document, "created_at", "updated_at", "deleted_at"),
    }


def _image(document: Item, number: str, image: Item) -> Row:
    return {
        "id": int(number),
        "product_id": document["id"],
        "url": media_address(image["key"]),
        "alt_text": image.get("alt_text"),
        "position": image["position"],
        **restoring.times(image, "created_at"),
    }


def _variant(document: Item, number: str, variant: Item, stock: Mapping[str, int]) -> Row:
    return {
        "id": int(number),
        "product_id": document["id"],
        **restoring.plain(variant, ("sku", "name")),
        "attributes": from_stored(variant.get("attributes")),
        **restoring.amounts(variant, "price_adjustment"),
        "stock": stock.get(number, variant.get("stock", 0)),
        **restoring.times(variant, "created_at", "updated_at", "deleted_at"),
    }


def _link(item: Item) -> Row:
    return {"productsId": item["product_id"], "categoriesId": item["category_id"]}
