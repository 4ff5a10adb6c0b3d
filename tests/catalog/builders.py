"""A catalogue to test with: its app, things made through the API, and products written as rows."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO
from itertools import count
from typing import Any

from catalog.discovery import kept
from catalog.index import documents, freshness
from catalog.routes import routes
from common.clock import iso, parse_iso
from common.dynamodb import Item, batch_write, fetch_all, index_keys, raise_counter
from common.dynamodb import Query as TableQuery
from common.http import ShopApp, create_app
from common.repositories.audit import AuditEntry, entries_of_entity
from common.repositories.listings import total_of
from common.repositories.products import (
    LISTS,
    STATUSES,
    CategorySummary,
    Image,
    Product,
    Variant,
    document_item,
    listing_item,
    status_partition,
)
from tests.support.http import Answer, Client

OPENING = parse_iso("2026-01-01T09:00:00Z")
_numbers = count(1)


@cache
def catalog_app() -> ShopApp:
    """An app with the routes of the catalogue and no others."""
    return create_app("catalog", [routes])


def product_body(**fields: Any) -> dict[str, Any]:
    """What a client sends for a new published product, with `fields`."""
    number = next(_numbers)
    body = {"title": f"Work {number}", "slug": f"work-{number}", "base_price": Decimal("25.00")}
    return body | {"status": "published"} | fields


def variant_body(**fields: Any) -> dict[str, Any]:
    """What a client sends for a new variant, with `fields`."""
    return {"sku": f"SKU-{next(_numbers)}", "name": "Small", "stock": 5} | fields


def new_product(admin: Client, **fields: Any) -> dict[str, Any]:
    """A product made through the API, as it was answered."""
    return created(admin.post("/api/products", json=product_body(**fields)))


def new_variant(admin: Client, product_id: int, **fields: Any) -> dict[str, Any]:
    """A variant made through the API, as it was answered."""
    return created(admin.post(f"/api/products/{product_id}/variants", json=variant_body(**fields)))


def new_category(admin: Client, name: str, **fields: Any) -> dict[str, Any]:
    """A category made through the API, as it was answered; its slug is made of its name."""
    body = {"name": name, "slug": name.lower()} | fields
    return created(admin.post("/api/categories", json=body))


def new_image(admin: Client, product_id: int, **fields: Any) -> dict[str, Any]:
    """An image uploaded through the API, as it was answered."""
    path = f"/api/products/{product_id}/images"
    answer = admin.post(path, files={"file": ("a.png", picture(), "image/png")}, data=fields)
    return dict(created(answer)["image"])


def created(answer: Answer) -> dict[str, Any]:
    """The body of a 201."""
    assert answer.status == 201, answer.text
    return dict(answer.json)


def ok(answer: Answer) -> dict[str, Any]:
    """The body of a 200."""
    assert answer.status == 200, answer.text
    return dict(answer.json)


def refused(answer: Answer, status: int, *words: str) -> str:
    """The text of an error answer with this status, which holds all of `words`."""
    assert answer.status == status, answer.text
    assert all(word in answer.error for word in words), answer.text
    return answer.error


def picture(kind: str = "PNG", colour: str = "red") -> bytes:
    """The bytes of a small picture that Pillow writes as `kind`."""
    from PIL import Image as Pillow

    buffer = BytesIO()
    Pillow.new("RGB", (4, 4), colour).save(buffer, kind)
    return buffer.getvalue()


def audit_of(entity_type: str, entity_id: int | str) -> list[AuditEntry]:
    """The audit entries of one entity, oldest first."""
    return entries_of_entity(entity_type, str(entity_id), 100).entries[::-1]


def actions_of(entity_type: str, entity_id: int | str) -> list[str]:
    """What was done to one entity, oldest first as far as the milliseconds tell."""
    return [entry.action for entry in audit_of(entity_type, entity_id)]


def tallies() -> dict[str, int]:
    """How many products of each status the tallies count."""
    return {status: total_of(status) for status in STATUSES}


def row(product_id: int, **fields: Any) -> Product:
    """A product as it is stored: each is a minute younger than the one with the id below it."""
    moment = iso(OPENING + timedelta(minutes=product_id))
    values: dict[str, Any] = {
        "slug": f"row-{product_id:04d}",
        "title": f"Row {product_id:04d}",
        "base_price": Decimal(product_id),
        "currency": "EUR",
        "status": "published",
        "created_at": moment,
        "updated_at": moment,
    }
    return Product(id=product_id, **(values | fields))


def believable_row(product_id: int) -> Product:
    """A product of the size that shops have: 3 images, 3 variants, 2 categories, 480 characters of text."""
    moment = iso(OPENING)
    return row(
        product_id,
        title=f"The chameleon in the city, number {product_id}",
        short_description="An ink drawing, signed. ".ljust(80, "x"),
        long_description="Printed on cotton paper by hand. ".ljust(400, "y"),
        sku=f"ART-{product_id:06d}",
        character_value="Leon il Camaleonte",
        images=tuple(_image(product_id, position, moment) for position in range(3)),
        variants=tuple(_variant(product_id, number, moment) for number in range(3)),
        categories=(
            CategorySummary(1, "Prints", "prints", "Works on paper"),
            CategorySummary(2, "T-shirts", "t-shirts", "Works to wear", 1),
        ),
    )


def _image(product_id: int, position: int, moment: str) -> Image:
    name = f"{product_id:08d}-0000-4000-8000-{position:012d}"
    key = f"products/{product_id}/{name}.jpg"
    return Image(product_id * 10 + position, product_id, key, "The drawing on a wall", position, moment)


def _variant(product_id: int, number: int, moment: str) -> Variant:
    return Variant(
        id=product_id * 10 + number,
        product_id=product_id,
        sku=f"ART-{product_id:06d}-{number}",
        name=("Small", "Medium", "Large")[number],
        attributes={"size": "SML"[number]},
        price_adjustment=Decimal(number),
        stock=product_id % 2 * (number + 1),
        created_at=moment,
        updated_at=moment,
    )


def store(products: Iterable[Product]) -> list[Product]:
    """Writes products as rows, with tallies and counters as the API would have left them.

    They have no marks, as rows that are brought: this process holds nothing that it knew before.
    """
    stored = list(products)
    rows: list[Item] = [item(product) for product in stored for item in (document_item, listing_item)]
    rows += tally_rows([product for product in stored if product.deleted_at is None])
    report = batch_write(rows)
    assert not report.failed
    raise_counter("PRODUCT_ID", max((product.id for product in stored), default=0))
    freshness.reset()
    documents.reset()
    kept.reset()
    return stored


def tally_rows(live: Iterable[Product]) -> list[Item]:
    """The rows that say how many of these products stand in each of LISTS."""
    standing = [(product.listed_as, product.is_timed) for product in live]
    return [
        tally(each, sum(listed_as == each for listed_as, _ in standing), standing.count((each, True)))
        for each in LISTS
    ]


def tally(listed_as: str, value: int, timed: int = 0) -> Item:
    """The row that says how many products stand in one of LISTS, and how many of them have times."""
    keys = index_keys("GSI2", status_partition(listed_as), "LISTING#~")
    return {"PK": "COUNTER", "SK": f"PRODUCTS#{listed_as}", "value": value, "timed": timed, **keys}


def rows_under(partition: str) -> list[Item]:
    """All rows of one partition of the table."""
    return fetch_all(TableQuery(partition, consistent=True))


def without(body: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """A body without some of its fields."""
    return {name: value for name, value in body.items() if name not in names}


def as_in_shop(product: Mapping[str, Any]) -> dict[str, Any]:
    """A product of /api/products, without categories, as it is answered below /api/shop."""
    texts = ("short_description", "long_description", "sku", "gtin", "character_value", "etsy_link")
    variants = [
        {**variant, "price_adjustment": f"{variant['price_adjustment']:.2f}", "deleted_at": None}
        for variant in product["variants"]
    ]
    amounts = {"base_price": f"{product['base_price']:.2f}"}
    return {
        **dict.fromkeys((*texts, "character_id", "deleted_at")),
        **product,
        **amounts,
        "variants": variants,
    }
