"""The works of one creator, whatever their status: GSI3 holds both rows of each, as GSI2 those of a list."""

from common.dynamodb import Item, Query, fetch_all, sort_key
from common.repositories.listings import ListingRow, listing_row, products_of
from common.repositories.products import Product, creator_partition


def creator_rows(creator_id: str) -> list[ListingRow]:
    """What lists know of each work, newest first, by one query (eventually consistent)."""
    rows = sort_key().begins_with("LISTING#")
    query = Query(creator_partition(creator_id), sort=rows, index="GSI3", descending=True)
    return [listing_row(item) for item in fetch_all(query)]


def creator_documents(creator_id: str) -> list[Item]:
    """The document of each work, oldest first, by one query; `products_of` makes products of them."""
    documents = sort_key().begins_with("METADATA#")
    return fetch_all(Query(creator_partition(creator_id), sort=documents, index="GSI3"))


def works_of_creator(creator_id: str) -> list[Product]:
    """Every work, newest first, by one query of rows and documents together (eventually consistent)."""
    items = fetch_all(Query(creator_partition(creator_id), index="GSI3", descending=True))
    rows = [listing_row(item) for item in items if item["SK"] == "LISTING"]
    return products_of(rows, (item for item in items if item["SK"] == "METADATA"))
