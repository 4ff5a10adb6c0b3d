"""What changed in the catalogue since a moment: every change of a product or its stock marks its row.

GSI3 holds the listing rows of all products in one partition, each at the mark of its last change, deleted
ones too, and behind them the row of the catalogue's generation. A process that holds the catalogue asks for
what stands behind the moment of its last question, with an overlap: marks are written by the clocks of many
machines, and a commit becomes visible some time after its mark was made (`catalog.index`).
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from common import prefixes
from common.clock import iso, utc_now
from common.dynamodb import (
    Condition,
    Item,
    Key,
    Query,
    UnitOfWork,
    Update,
    fetch_all,
    index_keys,
    put_item,
    sort_key,
)
from common.dynamodb.transaction import Failure
from common.repositories.products import Product, document_item, document_key, listing_item, listing_key

# Behind every mark, which begin with a year.
_LAST = "~"
_GENERATION: Key = (prefixes.CATALOGUE, "GENERATION")
_MARK, DOCUMENT_MARK = "GSI3SK", "document_mark"


@dataclass(frozen=True, slots=True)
class Changes:
    """The listing rows that changed, oldest change first, and the catalogue's generation (None: never begun).

    A row of another generation was not changed but brought: by a restored backup or a move of a whole shop.
    Whoever held the catalogue before then reads all of it anew.
    """

    rows: list[Item]
    generation: str | None


@dataclass(frozen=True, slots=True)
class RowChange:
    """What a unit of work changes in one row of a product, on which condition, and what a refusal means."""

    update: Update
    condition: Condition | None = None
    failed: Failure | None = None


def new_mark(moment: datetime | None = None) -> str:
    """The mark of one change: when, as `2026-01-31T10:00:00.123Z` by this machine, and a random part."""
    return f"{iso(moment or utc_now())}#{uuid4().hex[:12]}"


def mark_keys(mark: str) -> dict[str, str]:
    """The index keys by which a listing row is found at the mark of its last change."""
    return index_keys("GSI3", prefixes.CATALOGUE, mark)


def marked(update: Update, mark: str | None = None) -> Update:
    """The update of a listing row, with the mark that tells of it."""
    for name, value in mark_keys(mark or new_mark()).items():
        update.set(name, value)
    return update


def change_listing(
    work: UnitOfWork,
    product_id: int,
    update: Update,
    *,
    document_mark: str | None = None,
    condition: Condition | None = None,
    failed: Failure | None = None,
) -> None:
    """Updates a product's listing row, and says so to whoever holds the catalogue.

    `document_mark` is the mark that the same unit of work sets in the document, where it changes that.
    """
    if document_mark is not None:
        update.set(DOCUMENT_MARK, document_mark)
    work.update(listing_key(product_id), marked(update, document_mark), condition=condition, failed=failed)


def change_rows(work: UnitOfWork, product_id: int, document: RowChange, listing: RowChange) -> None:
    """Updates a product's document and its listing row under one mark, which says that they belong together.

    A listing row that is missing is made of what it is changed by: with nothing but its mark it stands in no
    list, and the feed says so.
    """
    mark = new_mark()
    work.update(
        document_key(product_id),
        document.update.set(DOCUMENT_MARK, mark),
        condition=document.condition,
        failed=document.failed,
    )
    change_listing(
        work,
        product_id,
        listing.update,
        document_mark=mark,
        condition=listing.condition,
        failed=listing.failed,
    )


def new_rows(product: Product) -> tuple[Item, Item]:
    """The document and the listing row of a product that comes to the catalogue now."""
    mark = new_mark()
    changed = {DOCUMENT_MARK: mark}
    return document_item(product) | changed, listing_item(product) | changed | mark_keys(mark)


def mark_of(row: Item) -> str | None:
    """The mark of a listing row's last change; None for one that was never changed since it was brought."""
    is_marked = row.get("GSI3PK") == prefixes.CATALOGUE
    return str(row[_MARK]) if is_marked else None


def unmarked(row: Item) -> Item:
    """A product's row as it says nothing of its last change, for comparisons of what it says besides."""
    left = {name: value for name, value in row.items() if name != DOCUMENT_MARK}
    if left.get("GSI3PK") == prefixes.CATALOGUE:
        del left["GSI3PK"], left[_MARK]
    return left


def changes_since(moment: datetime) -> Changes:
    """All listing rows whose marks say `moment` or later, by one query (eventually consistent).

    Half a unit when nothing changed. A deleted product's row has no keys of GSI2.
    """
    behind = sort_key().ge(iso(moment))
    items = fetch_all(Query(prefixes.CATALOGUE, sort=behind, index="GSI3"))
    generation = next((str(item["value"]) for item in items if item["GSI3SK"] == _LAST), None)
    return Changes([item for item in items if item["GSI3SK"] != _LAST], generation)


def begin_generation() -> str:
    """Makes every process read the whole catalogue anew; answers the new generation.

    For whoever writes or removes rows of products without marks: a move, a restored backup, an emptied table.
    """
    value = new_mark()
    pk, sk = _GENERATION
    put_item({"PK": pk, "SK": sk, "value": value, **index_keys("GSI3", prefixes.CATALOGUE, _LAST)})
    return value
