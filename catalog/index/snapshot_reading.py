"""What a snapshot of the catalogue is made of: the whole table, or another one and what changed since."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from catalog.index.freshness import WIDE, every_row
from catalog.index.packed_documents import PackedDocuments, pack
from catalog.index.snapshot_file import Snapshot
from catalog.index.stored_documents import decode, encode
from catalog.index.texts import TextIndex, texts_of
from common.dynamodb import Item, Query, batch_get, fetch_page, sort_key
from common.jobs import Progress
from common.repositories.catalogue_changes import DOCUMENT_MARK, Changes, changes_since, mark_of
from common.repositories.listings import product_of_listing
from common.repositories.products import LISTS, document_key, status_partition

# So many documents are unpacked at once: what is read of the table stands in memory many times as large.
_PAGE = 400


def read_all(now: datetime, progress: Progress | None = None) -> Snapshot | None:
    """The whole catalogue, read now; None when another generation began meanwhile.

    Costs what reading all listing rows and documents does: 0.3 to 0.5 units a product.
    """
    generation = changes_since(now).generation
    rows = {product_of_listing(row): row for row in every_row()}
    texts = TextIndex()
    documents = pack(_documents(texts, len(rows), progress))
    changes = changes_since(now - WIDE)
    if changes.generation != generation:
        return None
    found = Snapshot(generation, now, list(rows.values()), documents, texts.dump())
    return with_changes(found, changes, now) or found


def with_changes(held: Snapshot, changes: Changes, now: datetime) -> Snapshot | None:
    """A snapshot with these changes, which were asked for at `now`; None when it has them all.

    Documents whose mark is not that of their row are read anew, a hundred by each batch read.
    """
    rows = {product_of_listing(row): row for row in held.rows}
    changed = _differing(rows, changes.rows)
    if not changed:
        return None
    gone = {product_id for product_id, row in changed.items() if "GSI2SK" not in row}
    left = {product_id: row for product_id, row in (rows | changed).items() if product_id not in gone}
    stale = [product_id for product_id in changed.keys() - gone if _is_stale(held, changed[product_id])]
    documents = _read_anew(stale)
    replaced = {product_id: encode(document) for product_id, document in documents.items()}
    packed = held.documents if isinstance(held.documents, PackedDocuments) else pack(held.documents.items())
    return Snapshot(
        held.generation,
        now,
        list(left.values()),
        packed.changed({**dict.fromkeys(gone), **replaced}),
        _changed_texts(held.texts, documents, gone),
    )


def _documents(texts: TextIndex, total: int, progress: Progress | None) -> Iterator[tuple[int, bytes]]:
    """Every document encoded, with its product's id; its texts are taken in on the way."""
    done = 0
    for listed_as in LISTS:
        for page in _pages(listed_as):
            texts.fill((int(document["id"]), texts_of(document)) for document in page)
            for document in page:
                yield int(document["id"]), encode(document)
            done += len(page)
            if progress is not None:
                progress(done, max(done, total))


def _pages(listed_as: str) -> Iterator[list[Item]]:
    query = Query(status_partition(listed_as), sort=sort_key().begins_with("METADATA#"), index="GSI2")
    cursor: str | None = None
    while True:
        page = fetch_page(query, _PAGE, cursor)
        yield page.items
        if page.cursor is None:
            return
        cursor = page.cursor


def _differing(rows: dict[int, Item], changed: Sequence[Item]) -> dict[int, Item]:
    """The rows, by product, that are not held as they are; of those of one product the last."""
    differing = {}
    for row in changed:
        held = rows.get(product_of_listing(row))
        if ("GSI2SK" in row) if held is None else (mark_of(held) != mark_of(row)):
            differing[product_of_listing(row)] = row
    return differing


def _is_stale(held: Snapshot, row: Item) -> bool:
    """Whether the document of a row is not held, or not as it was when the row was read."""
    data = held.documents.get(product_of_listing(row))
    return data is None or decode(data).get(DOCUMENT_MARK) != row.get(DOCUMENT_MARK)


def _read_anew(product_ids: Sequence[int]) -> dict[int, Item]:
    found = batch_get([document_key(product_id) for product_id in product_ids], consistent=True)
    return {int(document["id"]): document for document in found.values() if "GSI2SK" in document}


def _changed_texts(dumped: bytes, documents: dict[int, Item], gone: set[int]) -> bytes:
    if not documents and not gone:
        return dumped
    texts = TextIndex.load(dumped)
    for product_id in gone:
        texts.remove(product_id)
    for product_id, document in documents.items():
        texts.put(product_id, texts_of(document))
    return texts.dump()
