"""What a search finds: the texts that changed are read first, and only by those who search."""

from collections.abc import Sequence

from catalog.index.holding import Found, Holding
from catalog.product_filters import Filters
from common.dynamodb import Item, batch_get
from common.repositories.catalogue_changes import DOCUMENT_MARK
from common.repositories.listings import ListingRow, all_documents
from common.repositories.products import LISTS, document_key

# What is read of a document to search it.
_READ = (
    "id",
    "title",
    "short_description",
    "long_description",
    "character_value",
    "categories",
    "tags",
    "sku",
    "variants",
    "status",
    "moderation_status",
    "withheld",
    "deleted_at",
    DOCUMENT_MARK,
)
# A query of a list reads four documents for what a batch read takes for two, and many more in a trip; but it
# reads all of the list.
_WORTH_QUERYING = 100


def found_by(holding: Holding, filters: Filters) -> Found:
    """What the search of the filters finds in the products as they are now.

    Nothing is read where no document changed since the last search; else a hundred by each batch read, or all
    of them where none was ever read.
    """
    unread = holding.unread()
    if unread:
        holding.read(_documents(unread))
    return holding.find(filters)


def _documents(rows: Sequence[ListingRow]) -> dict[int, Item | None]:
    if len(rows) > _WORTH_QUERYING:
        found = {document["id"]: document for name in LISTS for document in all_documents(name, only=_READ)}
    else:
        found = _by_key(rows, consistent=False)
    # What is older than its row was read where the change is not visible yet.
    behind = [row for row in rows if _differs(found.get(row.id), row)]
    if behind:
        found |= _by_key(behind, consistent=True)
    return {row.id: found.get(row.id) for row in rows}


def _by_key(rows: Sequence[ListingRow], *, consistent: bool) -> dict[int, Item]:
    documents = batch_get([document_key(row.id) for row in rows], consistent=consistent).values()
    return {document["id"]: document for document in documents if document.get("deleted_at") is None}


def _differs(document: Item | None, row: ListingRow) -> bool:
    return document is None or document.get(DOCUMENT_MARK) != row.document_mark
