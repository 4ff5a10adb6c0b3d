"""A creator's works as the table has them, read whole: what lists of them are compared with."""

from common.repositories.creator_works import creator_documents
from common.repositories.listings import ListingRow, all_rows, products_of
from common.repositories.products import LISTS, Product


def creator_rows(creator_id: str) -> list[ListingRow]:
    """What lists know of each work, newest first, by a query of each of the shop's lists."""
    rows = (row for listed_as in LISTS for row in all_rows(listed_as))
    own = (row for row in rows if row.creator_id == creator_id)
    return sorted(own, key=lambda row: (row.created_at, row.id), reverse=True)


def works_of_creator(creator_id: str) -> list[Product]:
    """Every work, newest first."""
    return products_of(creator_rows(creator_id), creator_documents(creator_id))
