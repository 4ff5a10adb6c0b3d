"""The tallies of lists, counted anew from the rows."""

from common.dynamodb import Update, update_item
from common.repositories.listings import Tally, tally_of
from migration.table.tallies import count_table, differences, recount
from tests.catalog.builders import row, store

NOON = "2026-06-01T10:00:00.000Z"


def test_products_with_times_are_counted_as_the_shop_counts_them(table: str) -> None:
    timed = row(2, publish_at=NOON)
    store(
        [row(1), timed, row(3, status="draft", unpublish_at=NOON), row(4, deleted_at=NOON, publish_at=NOON)]
    )
    assert differences(count_table(1)) == {}
    for listed_as, wrong in (("published", 7), ("archived", 2)):
        update_item(("COUNTER", f"PRODUCTS#{listed_as}"), Update().set("timed", wrong))
    assert set(differences(count_table(1))) == {
        ("COUNTER", f"PRODUCTS#{it}") for it in ("published", "archived")
    }
    assert recount(1) == []
    assert [tally_of(it) for it in ("published", "draft", "archived")] == [
        Tally(2, 1),
        Tally(1, 1),
        Tally(0, 0),
    ]
    assert differences(count_table(1)) == {}
