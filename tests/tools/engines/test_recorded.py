"""Dictionaries that tell what changes: none of a dictionary's ways to change goes unnoticed."""

import copy
from collections import defaultdict
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tools.engines.recorded import Recorded, RecordedTables

SHOP = ("1", "eu-west-1", "shop")


def test_every_way_of_changing_is_noted() -> None:
    noted: list[tuple[Any, Any]] = []
    recorded = Recorded(lambda key, value: noted.append((key, value)), {"a": 1, "b": 2, "c": 3, "d": 4})
    recorded["e"] = 5
    del recorded["a"]
    assert recorded.pop("b") == 2
    assert recorded.pop("none", "default") == "default"
    recorded.update({"f": 6}, g=7)
    assert recorded.setdefault("h", 8) == 8
    assert recorded.setdefault("h", 9) == 8
    assert noted == [("e", 5), ("a", None), ("b", None), ("f", 6), ("g", 7), ("h", 8)]
    noted.clear()
    recorded.popitem()
    recorded.clear()
    assert {key for key, value in noted if value is None} == {"c", "d", "e", "f", "g", "h"}
    assert not recorded


def test_a_copy_is_a_plain_dictionary() -> None:
    noted: list[Any] = []
    tables = RecordedTables(lambda *note: noted.append(note), {SHOP: {"items": {"a": {"b": 1}}}})
    copied = copy.deepcopy(tables)
    assert copied == {SHOP: {"items": {"a": {"b": 1}}}}
    copied[SHOP]["items"]["a"]["b"] = 2
    assert type(copied) is type(copied[SHOP]["items"]) is dict
    assert noted == []


def test_what_is_given_is_not_a_change_and_what_is_set_is() -> None:
    noted: list[Any] = []
    tables = RecordedTables(lambda *note: noted.append(note), {SHOP: {"items": {"a": {"b": "item"}}}})
    assert noted == []
    other = ("1", "eu-west-1", "other")
    tables[other] = {"items": defaultdict(dict, {"c": {"d": "item"}})}
    tables[SHOP] = {"items": {}}
    assert noted == [(*other, "c", "d", "item"), (*SHOP, "a", "b", None)]


KEYS = st.sampled_from(["a", "b"])
CHANGES = st.one_of(
    st.tuples(st.just("put"), KEYS, KEYS, st.integers(0, 9)),
    st.tuples(st.just("pop"), KEYS, KEYS, st.none()),
    st.tuples(st.just("partition"), KEYS, st.none(), st.none()),
    st.tuples(st.just("table"), st.none(), st.none(), st.none()),
)


@given(st.lists(CHANGES, max_size=30))
def test_the_notes_make_the_same_items(changes: list[tuple[str, Any, Any, Any]]) -> None:
    rows: dict[tuple[str, str], Any] = {}

    def note(account: str, region: str, table: str, partition: str, sort: str, item: Any) -> None:
        if item is None:
            del rows[partition, sort]
        else:
            rows[partition, sort] = item

    tables = RecordedTables(note, {SHOP: {"items": defaultdict(dict)}})
    for what, partition, sort, value in changes:
        items = tables[SHOP]["items"]
        if what == "put":
            items[partition][sort] = value
        elif what == "pop":
            items.get(partition, {}).pop(sort, None)
        elif what == "partition":
            items.pop(partition, None)
        else:
            del tables[SHOP]
            tables[SHOP] = {"items": defaultdict(dict)}
        held = {(p, s): item for p, held in tables[SHOP]["items"].items() for s, item in held.items()}
        assert rows == held
