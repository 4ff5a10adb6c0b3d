"""Writes on both rows of a product that it is a creator's, so that lists and the creator's page know it."""

from dataclasses import replace
from typing import Literal

from common.dynamodb import Item, Query, UnitOfWork, Update, attr, fetch_all, sort_key
from common.dynamodb.rows import difference
from common.optimistic import StaleVersion, retry_when_stale
from common.repositories.catalogue_changes import RowChange, change_rows
from common.repositories.listings import count_product
from common.repositories.product_writes import touched
from common.repositories.products import (
    APPROVED,
    Product,
    fields_stored,
    partition,
    product_of_rows,
    row_index_keys,
    status_partition,
)
from common.repositories.withholding import creator_of_work, same_status_check, withheld_with

Outcome = Literal["given", "completed", "left"]

OF_CREATORS = ("creator_id", "featured", "moderation_status", "withheld")


def give_to_creator(product_id: int, creator_id: str, now: str) -> Outcome:
    """Gives a product that has no creator to this one, approved and not featured, deleted ones too.

    One that has a creator keeps it, and gets what its rows lack. It is withheld while its creator is
    disabled. Raises StaleVersion when others write it all the time.
    """
    return retry_when_stale(lambda: _give(product_id, creator_id, now))


def _give(product_id: int, creator_id: str, now: str) -> Outcome:
    both = sort_key().between("LISTING", "METADATA")
    rows = {row["SK"]: row for row in fetch_all(Query(partition(product_id), sort=both, consistent=True))}
    if "METADATA" not in rows:
        return "left"
    document, listing = rows["METADATA"], rows.get("LISTING", {})
    before = product_of_rows(document, listing)
    is_owned = before.creator_id is not None
    if is_owned and "creator_id" in listing:
        return "left"
    given = before if is_owned else _given(before, creator_id)
    _write(document, replace(given, updated_at=now), is_owned=is_owned)
    return "completed" if is_owned else "given"


def _given(product: Product, creator_id: str) -> Product:
    return replace(product, creator_id=creator_id, featured=False, moderation_status=APPROVED)


def _write(document: Item, owned: Product, *, is_owned: bool) -> None:
    creator = creator_of_work(owned)
    after = replace(owned, withheld=withheld_with(creator))
    owner = attr("creator_id")
    # Stops a product from losing the creator that it was given meanwhile, one that was deleted for good from
    # coming back as half of its rows, and one that was moved between lists from being counted twice.
    unmoved = attr("version").eq(owned.version) & (
        owner.eq(owned.creator_id) if is_owned else owner.missing()
    )
    of_creator = fields_stored(after, OF_CREATORS)
    status = {} if after.is_approved else {"status": after.status}
    stale = StaleVersion(f"Product {after.id}")
    document_change = RowChange(
        _all_of({**of_creator, **row_index_keys("METADATA", after)}, touched(after.updated_at)),
        unmoved,
        stale,
    )
    listing_change = RowChange(
        _all_of({**of_creator, **status, **row_index_keys("LISTING", after)}),
        # Stops a row that lists would read from being made of this alone.
        attr("PK").exists(),
        stale,
    )
    with UnitOfWork() as work:
        change_rows(work, after.id, document_change, listing_change)
        same_status_check(work, creator)
        if after.deleted_at is None:
            _count(work, document["GSI2PK"].removeprefix(status_partition("")), after)


def _all_of(stored: Item, update: Update | None = None) -> Update:
    return difference({}, stored, update)


def _count(work: UnitOfWork, stood_in: str, after: Product) -> None:
    if stood_in != after.listed_as:
        moved = {stood_in: -1, after.listed_as: 1}
        count_product(work, moved, moved if after.is_timed else {})
