"""Rows of the table that something else has written, or written halfway, are named and stop nothing else."""

from collections.abc import Iterable, Iterator

import pytest

from common.dynamodb import Item, get_item, put_item
from migration.mapping.entities import ENTITIES
from migration.mapping.entity import Entity, RecordId
from migration.mapping.records import BadRow
from migration.table.state import DIFFERENT, MARKER
from tests.migration.moves import Move, table_items
from tools.errors import ToolError

HALF = {"PK": "ORDER#2", "SK": "METADATA", "id": 2, "customer_name": "Somebody"}


def test_what_is_there_halfway_is_listed_and_left_as_it_is(move: Move) -> None:
    put_item(HALF)
    result = move.run()
    (conflict,) = result.conflicts
    assert (conflict.entity, conflict.id, conflict.kind) == ("orders", 2, DIFFERENT)
    assert get_item(("ORDER#2", "METADATA")) == HALF
    assert ("orders", 2) in {(it.entity, it.id) for it in move.verify().differences}
    with pytest.raises(ToolError, match=r"no way back for orders 2: .*ORDER#2 / METADATA cannot be read"):
        move.way_back()
    assert move.run(overwrite=True).passed
    assert move.verify().differences == []


def test_a_name_that_something_else_has_claimed_is_listed(move: Move) -> None:
    put_item({"PK": "UNIQUE#PRODUCT_SLUG#0002", "SK": "METADATA", "owner": "PRODUCT#999"})
    (conflict,) = move.run().conflicts
    assert (conflict.kind, conflict.where[0]) == (MARKER, "UNIQUE#PRODUCT_SLUG#0002")


@pytest.mark.parametrize(
    "item",
    [
        {"PK": "ORDER#abc", "SK": "METADATA"},
        {"PK": "ORDER#7000", "SK": "METADATA", "created_at": 5, "total": "x"},
        {"PK": "CART#x", "SK": "METADATA"},
        {"PK": "PRODUCT#", "SK": "LISTING"},
        {"PK": "NOTIFICATION#1000", "SK": "METADATA", "title": []},
    ],
)
def test_rows_of_no_known_form_are_counted_as_new(move: Move, item: Item) -> None:
    put_item(item)
    assert move.run().passed
    verdict = move.verify()
    assert verdict.differences == []
    assert verdict.new == {item["PK"].partition("#")[0]: 1}


def test_a_list_that_the_shop_cannot_read_is_a_difference(move: Move) -> None:
    move.run()
    order = get_item(("ORDER#2", "METADATA")) or {}
    put_item(
        {
            **{name: order[name] for name in order if name[:3] in ("GSI", "PK")},
            "PK": "ORDER#x",
            "SK": "METADATA",
        }
    )
    assert [(it.id, it.what) for it in move.verify().differences if it.entity == "lists"] == [
        ("", "lists of orders")
    ]


def _known(items: Iterable[Item]) -> Iterator[tuple[Entity, RecordId, Item]]:
    for item in items:
        found = ((entity, entity.owner_of(item)) for entity in ENTITIES)
        yield from ((entity, owner, item) for entity, owner in found if owner is not None)


def _damaged(item: Item, instead: object) -> Iterator[Item]:
    for name in item.keys() - {"PK", "SK"}:
        rest = {key: value for key, value in item.items() if key != name}
        yield rest if instead is None else rest | {name: instead}


def _complaint(entity: Entity, owner: RecordId, item: Item) -> str:
    try:
        entity.read_back(owner, [item])
    except BadRow as bad:
        return bad.reason
    return ""


@pytest.mark.parametrize("instead", [None, "x", 5, [], {}])
def test_no_damage_to_one_attribute_stops_the_reading(move: Move, instead: object) -> None:
    assert move.run().passed
    complaints = 0
    for entity, owner, item in _known(table_items()):
        for other in _damaged(item, instead):
            assert isinstance(entity.owner_of(other), int | str | None)
            complaint = _complaint(entity, owner, other)
            assert not complaint or item["PK"] in complaint or "sealed" in complaint
            complaints += bool(complaint)
    assert complaints > 0
