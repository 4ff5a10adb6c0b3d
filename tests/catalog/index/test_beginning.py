"""How a process begins to hold the catalogue: from its snapshot, else from the table."""

from datetime import timedelta

from catalog.index.freshness import NARROW, WIDE, Keeper
from catalog.index.pages import Source, products_of_rows
from catalog.index.searching import found_by
from catalog.index.snapshot_reading import read_all
from catalog.product_filters import Filters
from common.clock import utc_now
from common.dynamodb import Item, batch_write, meter
from common.repositories.catalogue_changes import DOCUMENT_MARK, mark_keys, new_mark
from common.repositories.products import document_item, listing_item
from tests.catalog.builders import row, store
from tests.catalog.index.reader import Reader
from tests.catalog.index.table_of_delays import START, Table, chances, work


def test_a_snapshot_and_one_question_are_enough_to_begin() -> None:
    table = Table(chances(0), 0.0)
    table.write(work(1, "stored"), 0.0)
    table.write(work(2, "deleted later"), 0.0)
    reader = Reader(table)
    reader.stored = reader.snapshot()
    table.now = 7200
    table.write(work(2, "deleted later", deleted=True), 0.0)
    table.write(work(3, "new"), 0.0)
    assert reader.titles() == {1: "stored", 3: "new"}
    assert (reader.loads, reader.questions) == (0, [START - WIDE])
    table.now += 1
    reader.titles()
    assert reader.questions[1:] == [START + timedelta(seconds=7200) - NARROW]


def test_a_snapshot_of_another_generation_is_left_for_the_table() -> None:
    table = Table(chances(0), 0.0)
    reader = Reader(table)
    table.write(work(1, "stored"), 0.0)
    reader.stored = reader.snapshot()
    del table.states[1]
    table.now = 7200
    table.bring(work(2, "brought"), 0.0)
    assert (reader.titles(), reader.loads) == ({2: "brought"}, 1)


def test_what_a_snapshot_has_of_texts_and_documents_is_not_read(table: str) -> None:
    store([row(1, title="A blue heron"), row(2, title="Another"), row(3, title="A heron, sold")])
    stored = read_all(utc_now())
    assert stored is not None
    assert not batch_write(_deleted(3)).failed
    keeper = Keeper(snapshot=lambda: stored)
    with meter() as usage:
        held = keeper.current()
        found = found_by(held, Filters(("published",), search="heron"))
        rows = held.rows(frozenset().union(*found))
        products, _ = products_of_rows(rows, Source(load=held))
    assert [product.title for product in products] == ["A blue heron"]
    assert usage.calls == 1


def _deleted(product_id: int) -> list[Item]:
    deleted = work(product_id, "A heron, sold", deleted=True)
    mark = new_mark()
    told = {DOCUMENT_MARK: mark}
    return [document_item(deleted) | told, listing_item(deleted) | told | mark_keys(mark)]
