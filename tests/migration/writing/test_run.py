"""A run moves every row once, goes on where it was stopped, and never overwrites what it finds."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from common.dynamodb import delete_item, get_item, put_item
from common.repositories.order_counter import sales_tally
from migration.mapping.entities import ENTITIES
from migration.table import state as states
from migration.table.state import DIFFERENT, GONE, MARKER
from migration.writing import runner
from migration.writing.writer import Writer
from tests.migration.moves import MEDIA_BASE, NOW, Move, table_items
from tests.support.awkward_data import insert
from tools.errors import ToolError

ORDER = ("ORDER#1", "METADATA")


def test_everything_arrives(move: Move) -> None:
    result = move.run()
    assert result.passed
    assert result.outcome.written == sum(result.rows.values())
    assert result.records["orders"] == 8
    assert move.verify().differences == []


def test_a_second_run_changes_nothing(move: Move) -> None:
    move.run()
    before = table_items()
    result = move.run(now=lambda: NOW + timedelta(days=400))
    assert result.passed
    assert (result.outcome.written, result.outcome.overwritten) == (0, 0)
    assert result.outcome.unchanged == sum(result.rows.values())
    assert table_items() == before


def test_what_came_into_postgresql_since_is_moved_by_the_next_run(move: Move) -> None:
    move.run()
    insert(move.url, "categories", {"id": 90, "name": "Late", "slug": "late"})
    result = move.run()
    assert result.passed
    assert get_item(("CATEGORY#90", "METADATA")) is not None
    assert move.verify().passed


def test_what_the_shop_changed_since_is_listed_and_left_alone(move: Move) -> None:
    move.run()
    changed = get_item(ORDER) or {}
    put_item({**changed, "customer_name": "Somebody else"})
    result = move.run()
    (conflict,) = result.conflicts
    assert (conflict.entity, conflict.id, conflict.kind, conflict.where) == ("orders", 1, DIFFERENT, ORDER)
    assert conflict.details == {"customer_name": "'Ada Example' in the source, 'Somebody else' here"}
    assert (get_item(ORDER) or {})["customer_name"] == "Somebody else"
    assert not result.passed


def test_overwriting_brings_back_what_the_source_has(move: Move) -> None:
    move.run()
    original = get_item(ORDER)
    put_item({**(original or {}), "customer_name": "Somebody else"})
    result = move.run(overwrite=True)
    assert (result.passed, result.outcome.overwritten) == (True, 1)
    assert get_item(ORDER) == original


def test_what_the_shop_deleted_since_stays_deleted_and_is_listed(move: Move) -> None:
    move.run()
    delete_item(("NOTIFICATION#2", "METADATA"))
    result = move.run()
    (conflict,) = result.conflicts
    assert (conflict.entity, conflict.id, conflict.kind) == ("notifications", 2, GONE)
    assert get_item(("NOTIFICATION#2", "METADATA")) is None


def test_the_findings_of_an_earlier_run_are_forgotten_when_they_are_settled(move: Move) -> None:
    move.run()
    original = get_item(ORDER) or {}
    put_item({**original, "total": Decimal(1)})
    assert not move.run().passed
    put_item(original)
    assert move.run().conflicts == []


def test_the_second_owner_of_a_name_is_moved_and_listed(move: Move) -> None:
    insert(move.url, "discount_codes", {"id": 90, "code": "welcome10", "type": "fixed", "value": "1.00"})
    result = move.run()
    (conflict,) = result.conflicts
    assert (conflict.id, conflict.kind) == (90, MARKER)
    assert list(conflict.details.values()) == [
        "belongs to DISCOUNT#1 already, so DISCOUNT#90 is stored without it"
    ]
    assert get_item(("DISCOUNT#90", "METADATA")) is not None
    verdict = move.verify()
    assert len(verdict.shared) == 1


def test_bad_rows_stop_a_run_before_anything_is_written(move: Move) -> None:
    move.sql("UPDATE products SET long_description = repeat('x', 500000) WHERE id = 5")
    result = move.run()
    assert result.was_stopped
    ((bad,), reasons) = result.bad, [*result.bad[0].details.values()]
    assert (bad.entity, bad.id) == ("products", 5)
    assert "DynamoDB holds 409,600" in reasons[0]
    assert table_items() == []
    assert states.load() is None


def test_bad_rows_can_be_left_out_and_are_listed_then(move: Move) -> None:
    move.sql("UPDATE products SET long_description = repeat('x', 500000) WHERE id = 5")
    result = move.run(skip_bad=True)
    assert [(bad.entity, bad.id) for bad in result.bad] == [("products", 5)]
    assert get_item(("PRODUCT#5", "METADATA")) is None
    assert get_item(("PRODUCT#4", "METADATA")) is not None
    assert {(it.entity, it.id) for it in move.verify().differences if it.entity == "products"} == {
        ("products", 5)
    }


def test_a_row_that_was_left_out_is_moved_once_it_is_mended(move: Move) -> None:
    move.sql("UPDATE order_items SET created_at = 'infinity' WHERE id = 20")
    assert [bad.id for bad in move.run(skip_bad=True).bad] == [40]
    move.sql("UPDATE order_items SET created_at = '2024-06-01' WHERE id = 20")
    assert move.run().passed
    assert move.verify().passed


def test_a_number_that_dynamodb_cannot_hold_is_named_with_its_row(move: Move) -> None:
    move.sql("ALTER TABLE orders ALTER COLUMN total TYPE numeric")
    move.sql("UPDATE orders SET total = %s WHERE id = 1", Decimal("1" * 39))
    (bad,) = move.run().bad
    assert (bad.entity, bad.id) == ("orders", 1)
    assert "38 significant digits" in str(dict(bad.details))


class _Killed(Exception):
    """Stands for the end of the process."""


@pytest.mark.parametrize("windows", [0, 1, 3, 7, 11, 20])
def test_a_run_that_was_stopped_goes_on_where_it_was(
    move: Move, monkeypatch: pytest.MonkeyPatch, windows: int
) -> None:
    monkeypatch.setattr(runner, "WINDOW_RECORDS", 2)
    start, count = Writer.start, iter(range(1000))

    def dying(self: Writer, window: object) -> object:
        if next(count) == windows:
            raise _Killed
        return start(self, window)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Writer, "start", dying)
        with pytest.raises(_Killed):
            move.run()
    result = move.run(now=lambda: NOW + timedelta(days=1))
    assert result.passed
    assert result.state.as_of == NOW
    assert move.verify().differences == []


def test_rows_before_the_checkpoint_are_not_read_again(move: Move, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(runner, "recount", _die)
        with pytest.raises(_Killed):
            move.run()
    assert sum(move.run().records.values()) == 0


def _die(_workers: int) -> list[str]:
    raise _Killed


def test_one_table_alone_can_be_moved(move: Move) -> None:
    only = [entity for entity in ENTITIES if "cart_items" in entity.tables]
    move.run(entities=only, is_whole=False)
    assert {item["PK"].partition("#")[0] for item in table_items()} == {"CART"}
    assert states.load() is not None
    assert move.run().passed
    assert move.verify().passed


def test_another_source_is_refused_unless_it_is_said_to_be_the_same_shop(move: Move) -> None:
    move.run()
    state = states.load()
    assert state is not None
    item = get_item(states.STATE_KEY) or {}
    put_item({**item, "source": "another/shop"})
    with pytest.raises(ToolError, match="filled from another/shop"):
        move.run()
    assert move.run(same_shop=True).passed
    assert replace(states.load() or state, began_at=state.began_at).source == state.source


def test_media_bases_are_remembered(move: Move) -> None:
    move.run()
    assert (states.load() or pytest.fail("no state")).media_bases == (MEDIA_BASE,)
    assert move.verify(media_bases=()).passed


def test_nothing_expires_on_arrival(move: Move) -> None:
    move.run()
    ends = [int(item["expires_at"]) for item in table_items() if "expires_at" in item]
    assert ends
    assert min(ends) >= (NOW + timedelta(days=30)).timestamp()


def test_counters_go_on_above_every_id_that_postgresql_gave_out(move: Move) -> None:
    move.sql("SELECT setval('product_images_id_seq', 200)")
    move.run()
    values = {item["SK"]: item.get("value") for item in table_items() if item["PK"] == "COUNTER"}
    assert values["IMAGE_ID"] == 200
    assert (values["PRODUCT_ID"], values["VARIANT_ID"], values["PERSONAGGIO_ID"]) == (11, 14, 10)
    # An order has the number that the shop would give to the order 99.
    assert values["ORDER_ID"] == 99


def test_the_tallies_say_what_the_table_has(move: Move) -> None:
    move.run()
    tally = sales_tally()
    ((revenue, orders),) = move.sql("SELECT sum(total), count(*) FROM orders WHERE deleted_at IS NULL")
    assert (tally.orders, tally.revenue) == (orders, revenue)
    assert sum(tally.by_month.values()) == revenue
    published = get_item(("COUNTER", "PRODUCTS#published")) or {}
    assert published["value"] == 4


def test_a_rehearsal_writes_nothing(move: Move) -> None:
    from migration.postgres.source import connect
    from migration.writing.rehearsal import rehearse

    with connect(move.url) as source:
        options = move.options()
        result = rehearse(source, options, states.expected(source.identity, NOW))
    assert sum(result.rows.values()) > 100
    assert table_items(is_own=bool) == []
