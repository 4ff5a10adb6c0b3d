"""The works of one creator, whatever their status: documents by GSI3, rows from the lists of the shop."""

from common.dynamodb import Item, Query, fetch_all, sort_key
from common.repositories.listings import ListingRow, all_rows, products_of
from common.repositories.products import LISTS, Product, creator_partition


def creator_rows(creator_id: str) -> list[ListingRow]:
    """What lists know of each work, newest first, by a query of each of the shop's lists."""
    rows = (row for listed_as in LISTS for row in all_rows(listed_as))
    own = (row for row in rows if row.creator_id == creator_id)
    return sorted(own, key=lambda row: (row.created_at, row.id), reverse=True)


def creator_documents(creator_id: str) -> list[Item]:
    """The document of each work, oldest first, by one query; `products_of` makes products of them."""
    return fetch_all(_documents(creator_id))


def creator_work_ids(creator_id: str) -> list[int]:
    """The id of each work, oldest first, by the same query (eventually consistent)."""
    return [int(document["id"]) for document in fetch_all(_documents(creator_id, only=("id",)))]


def works_of_creator(creator_id: str) -> list[Product]:
    """Every work, newest first (eventually consistent)."""
    return products_of(creator_rows(creator_id), creator_documents(creator_id))


def _documents(creator_id: str, only: tuple[str, ...] | None = None) -> Query:
    stretch = sort_key().begins_with("METADATA#")
    return Query(creator_partition(creator_id), sort=stretch, index="GSI3", select=only)
