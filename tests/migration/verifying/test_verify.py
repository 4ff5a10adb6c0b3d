"""A verification finds every kind of damage, and nothing where there is none."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from common.dynamodb import Item, Key, delete_item, get_item, put_item
from migration.table import snapshot
from migration.table.snapshot import read_indexes
from migration.verifying import verification as verifying
from migration.verifying.verdict import Verdict
from tests.migration.moves import NOW, Move
from tools.errors import ToolError


@pytest.fixture
def moved(move: Move) -> Move:
    """Everything is in the table."""
    assert move.run().passed
    return move


def _item(key: Key) -> Item:
    return get_item(key, consistent=True, now=0) or pytest.fail(f"no row {key}")


def _change(key: Key, **values: Any) -> None:
    put_item({**_item(key), **values})


def _found(verdict: Verdict) -> set[tuple[str, object, str]]:
    return {(it.entity, it.id, it.what) for it in verdict.differences}


def test_says_what_was_compared(moved: Move) -> None:
    verdict = moved.verify()
    assert verdict.passed
    assert verdict.compared["products"] == 7
    assert verdict.rows["products"] == 7 + 8 + 7 + 6
    assert set(verdict.asked.values()) == {1}
    assert verdict.new == {}


def test_nothing_moved_is_no_verification(move: Move) -> None:
    with pytest.raises(ToolError, match="Nothing was moved"):
        move.verify()


@pytest.mark.parametrize(
    ("key", "attribute", "value", "difference"),
    [
        (("ORDER#2", "METADATA"), "customer_name", "Ada", ("orders", 2, "customer_name")),
        (("ORDER#2", "METADATA"), "created_at", "2023-11-05T08:09:10.124Z", ("orders", 2, "created_at")),
        (("CATEGORY#1", "METADATA"), "description", "x", ("categories", 1, "description")),
        (("PERSONAGGIO#3", "METADATA"), "order", 9, ("personaggi", 3, "order")),
        (("NOTIFICATION#1", "METADATA"), "is_read", True, ("notifications", 1, "is_read")),
        (("SHOPIFY_LINK#1", "METADATA"), "sync_status", "x", ("shopify_links", 2, "sync_status")),
    ],
)
def test_one_changed_value_is_named(
    moved: Move, key: Key, attribute: str, value: object, difference: tuple[str, object, str]
) -> None:
    _change(key, **{attribute: value})
    verdict = moved.verify()
    assert difference in _found(verdict)
    assert {(it.entity, it.id) for it in verdict.differences if it.entity != "lists"} == {difference[:2]}


def test_a_missing_record_is_named(moved: Move) -> None:
    for sort_key in ("METADATA", "DETAILS"):
        delete_item(("ORDER#1", sort_key))
    found = _found(moved.verify())
    assert ("orders", 1, "record") in found
    # And the tally does not agree with the table any more.
    assert ("tallies", "ORDER_ID", "orders") in found


def test_a_missing_line_of_an_order_is_named(moved: Move) -> None:
    details = _item(("ORDER#1", "DETAILS"))
    put_item({**details, "lines": details["lines"][1:]})
    (difference,) = moved.verify().differences
    assert (difference.where, difference.what) == ("order_items 1", "row")


@pytest.mark.parametrize(
    "key",
    [
        ("VARIANT#7", "METADATA"),
        ("CATEGORY#1", "PRODUCT#4"),
        ("UNIQUE#VARIANT_SKU#SHARED-12", "METADATA"),
        ("UNIQUE#PRODUCT_SLUG#0002", "METADATA"),
    ],
)
def test_a_missing_pointer_link_or_marker_is_named(moved: Move, key: Key) -> None:
    delete_item(key)
    assert " / ".join(key) in {it.where for it in moved.verify().differences}


@pytest.mark.parametrize(
    ("key", "index"),
    [
        (("PRODUCT#4", "METADATA"), "GSI1"),
        (("PRODUCT#4", "LISTING"), "GSI2"),
        (("ORDER#2", "METADATA"), "GSI2"),
        (("AUDIT#2023-11-05#1", "METADATA"), "GSI1"),
    ],
)
def test_a_row_that_is_in_no_index_is_named(moved: Move, key: Key, index: str) -> None:
    item = _item(key)
    put_item({name: value for name, value in item.items() if not name.startswith(index)})
    assert f"{index}PK" in {it.what for it in moved.verify().differences}


@pytest.fixture
def one_entry_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reading of the indexes misses an entry of an order."""
    original = snapshot._entries

    def lossy(index: str, items: Iterable[Item]) -> Iterator[tuple[str, ...]]:
        for entry in original(index, items):
            # The rows of the table have all their attributes, those of an index their keys only.
            if seen["table"] or entry[3] != "ORDER#2":
                yield entry

    seen = {"table": True}

    def reading(*arguments: Any) -> None:
        seen["table"] = False
        read_indexes(*arguments)

    monkeypatch.setattr(snapshot, "_entries", lossy)
    monkeypatch.setattr(verifying, "read_indexes", reading)


def test_an_entry_that_comes_late_is_no_difference(moved: Move, one_entry_unread: None) -> None:
    assert moved.verify().differences == []


def test_an_entry_that_no_query_finds_is_named(
    moved: Move, one_entry_unread: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("migration.verifying.access.QUERIED", 10**-9)
    monkeypatch.setattr("migration.verifying.access.fetch_all", lambda _query, **_: [])
    found = [it for it in moved.verify().differences if it.entity == "indexes"]
    assert {(it.id, it.here) for it in found} == {("ORDER#2", "is not found")}
    indexes = {it.what.partition(" under")[0].removeprefix("ORDER#2 / METADATA in ") for it in found}
    # Its number is none of the shop's own, so GSI1 has it as well.
    assert indexes == {"GSI1", "GSI2", "GSI3"}


def test_of_many_records_every_so_many_is_looked_for(moved: Move, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migration.verifying.access.fetch_all", lambda _query, **_: [])
    monkeypatch.setattr("migration.verifying.access.QUERIED", 2)
    verdict = moved.verify()
    queried = {it.id for it in verdict.differences if it.entity == "notifications"}
    assert verdict.queried["notifications"] == 3
    assert queried == {1, 8}


def test_a_counter_that_would_give_out_an_id_again_is_named(moved: Move) -> None:
    put_item({"PK": "COUNTER", "SK": "VARIANT_ID", "value": 13})
    assert _found(moved.verify()) == {("counters", "VARIANT_ID", "value")}


def test_a_wrong_tally_is_named(moved: Move) -> None:
    _change(("COUNTER", "PRODUCTS#draft"), value=7)
    (difference,) = moved.verify().differences
    assert (difference.id, difference.source, difference.here) == ("PRODUCTS#draft", "1", "7")


def test_a_changed_token_is_found_and_not_shown(moved: Move) -> None:
    moved.sql("UPDATE etsy_oauth_tokens SET access_token = '2.very-secret' WHERE id = 1")
    (difference,) = moved.verify().differences
    assert (difference.entity, difference.id, difference.what) == ("etsy_oauth_tokens", 1, "access_token")
    assert "secret" not in difference.source.removeprefix("a secret") + difference.here
    assert "made-up" not in difference.here


def test_a_change_in_postgresql_is_found_too(moved: Move) -> None:
    moved.sql("INSERT INTO product_categories VALUES (9, 1)")
    found = moved.verify().differences
    assert {it.where for it in found} >= {"product_categories 9/1", "list"}


def test_what_has_come_since_is_counted_and_no_difference(moved: Move) -> None:
    put_item({"PK": "USER#1", "SK": "METADATA"})
    put_item({"PK": "USER#2", "SK": "METADATA"})
    verdict = moved.verify()
    assert verdict.passed
    assert verdict.new == {"USER": 2}
    assert verdict.new_keys["USER"] == [("USER#1", "METADATA"), ("USER#2", "METADATA")]


def test_what_is_over_and_gone_is_no_difference(moved: Move) -> None:
    for notification in (1, 2, 3, 8, 9):
        delete_item((f"NOTIFICATION#{notification}", "METADATA"))
    assert {it.entity for it in moved.verify().differences} == {"notifications", "lists"}
    later = moved.verify(now=lambda: NOW + timedelta(days=91))
    assert later.expired["notifications"] == 5
    assert later.passed


def test_one_table_alone_can_be_verified(moved: Move) -> None:
    _change(("ORDER#2", "METADATA"), customer_name="Ada")
    entities = [it for it in moved.options().entities if it.name == "categories"]
    verdict = moved.verify(entities=entities, is_whole=False)
    assert verdict.passed
    assert list(verdict.compared) == ["categories"]
