"""The documents of one creator's works, whatever their status; their rows are in the held catalogue."""

from common.dynamodb import Item, Query, fetch_all, sort_key
from common.repositories.products import creator_partition


def creator_documents(creator_id: str) -> list[Item]:
    """The document of each work, oldest first, by one query (eventually consistent)."""
    return fetch_all(_documents(creator_id))


def creator_work_ids(creator_id: str) -> list[int]:
    """The id of each work, oldest first, by the same query (eventually consistent)."""
    return [int(document["id"]) for document in fetch_all(_documents(creator_id, only=("id",)))]


def _documents(creator_id: str, only: tuple[str, ...] | None = None) -> Query:
    stretch = sort_key().begins_with("METADATA#")
    return Query(creator_partition(creator_id), sort=stretch, index="GSI3", select=only)
