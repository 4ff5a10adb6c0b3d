"""Whatever is done to a product or its stock, in any domain, is in the feed of the catalogue's changes."""

import ast
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.clock import utc_now
from common.dynamodb import Item, Key, call, create_table, delete_table, from_wire, key_of, table_name
from common.repositories.catalogue_changes import changes_since, mark_of
from common.repositories.products import document_key, listing_key
from tests.support.buckets import fresh_bucket
from tests.support.catalogue_acts import ACTS, Act, ActingShop
from tests.support.engines import DYNAMODB_LOCAL, chosen_engine
from tests.support.quick_moto import put_empty_table
from tools.paths import ROOT

PACKAGES = ("catalog", "common", "content", "etsy_sync", "migration", "orders", "shop", "tools")
FEED = "common/repositories/catalogue_changes.py"

Rows = dict[Key, Item]


@pytest.fixture
def shop(table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[ActingShop]:
    monkeypatch.setenv("PAYMENT_PROVIDER", "mock")
    with fresh_bucket():
        yield ActingShop()


def product_rows() -> Rows:
    """The documents and listing rows of the table."""
    wire = call("scan", TableName=table_name(), ConsistentRead=True)["Items"]
    rows = (from_wire(item) for item in wire)
    is_of_product = (row for row in rows if row["PK"].startswith("PRODUCT#"))
    return {key_of(row): row for row in is_of_product if row["SK"] in {"METADATA", "LISTING"}}


def changed_products(before: Rows, after: Rows) -> set[str]:
    return {pk for pk, sk in after if before.get((pk, sk)) != after[pk, sk]}


def hold_to_the_feed(before: Rows, moment: datetime) -> set[str]:
    """The products that changed since `moment`, when their rows were these; the feed has to tell the same."""
    after = product_rows()
    fed = {key_of(row): row for row in changes_since(moment).rows}
    changed = changed_products(before, after)
    assert {pk for pk, _ in fed} == changed
    for key, row in fed.items():
        assert row == after[key]
        assert mark_of(row) is not None
    for pk in changed:
        number = int(pk.partition("#")[2])
        document, listing = after[document_key(number)], after[listing_key(number)]
        assert document["document_mark"] == listing["document_mark"]
        old = before.get(document_key(number))
        assert old is None or (old == document) is (old["document_mark"] == document["document_mark"])
    return changed


def do(shop: ActingShop, act: Act, number: int) -> tuple[int, set[str]]:
    """The status of an act, and what it changed."""
    before, moment = product_rows(), utc_now()
    answer = act(shop, number)
    return getattr(answer, "status", 200), hold_to_the_feed(before, moment)


@pytest.mark.exhaustive
def test_each_kind_of_change_is_told_with_the_row_as_it_is_then(shop: ActingShop) -> None:
    for act in ACTS:
        status, changed = do(shop, act, 0)
        assert status in {200, 201}, act
        assert changed, act


@pytest.mark.exhaustive
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 7)), max_size=12))
@settings(max_examples=12, deadline=None)
def test_whatever_happens_one_after_the_other_is_told(
    table_of_examples: str, acts: list[tuple[Act, int]]
) -> None:
    empty(table_of_examples)
    shop = ActingShop()
    for act, number in acts:
        do(shop, act, number)


def empty(name: str) -> None:
    """Begin with an empty table, in whichever engine the tests run on."""
    if chosen_engine() == DYNAMODB_LOCAL:
        delete_table(name)
        create_table(name)
    else:
        put_empty_table(name)


@pytest.fixture
def table_of_examples(shop: ActingShop) -> str:
    return table_name()


# What makes the rows of a product, and what writes.
KEYS = frozenset({"document_key", "listing_key", "document_item", "listing_item"})
WRITES = frozenset(
    {"update", "put", "delete", "update_item", "put_item", "delete_item", "batch_write", "call"}
)


def strangers(source: str) -> list[str]:
    """The functions of a module that write, and name the key or the item of a product's row."""
    functions = (it for it in ast.walk(ast.parse(source)) if isinstance(it, ast.FunctionDef))
    return [function.name for function in functions if _named(function) & KEYS and _called(function) & WRITES]


def _named(function: ast.FunctionDef) -> set[str]:
    return {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}


def _called(function: ast.FunctionDef) -> set[str]:
    called = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return {it.attr if isinstance(it, ast.Attribute) else getattr(it, "id", "") for it in called}


def test_only_the_feed_itself_writes_rows_of_products() -> None:
    modules = [path for name in PACKAGES for path in sorted((ROOT / name).rglob("*.py"))]
    found = {str(path.relative_to(ROOT)): strangers(path.read_text(encoding="utf-8")) for path in modules}
    assert {path: names for path, names in found.items() if names} == {
        FEED: ["change_listing", "change_rows"],
    }


def test_only_the_feed_and_the_move_make_rows_of_products() -> None:
    makers = ("document_item(", "listing_item(")
    modules = [path for name in PACKAGES for path in sorted((ROOT / name).rglob("*.py"))]
    found = {path.relative_to(ROOT) for path in modules if any(it in path.read_text() for it in makers)}
    own = {"common/repositories/products.py", FEED, "migration/mapping/products.py"}
    assert found == {Path(name) for name in own}


def test_a_writer_that_forgets_the_feed_is_seen() -> None:
    forgetful = "def stocked(work, n):\n    work.update(listing_key(n), Update().set('stock', {}))\n"
    hidden = "def gone(n):\n    key = document_key(n)\n    delete_item(key)\n"
    reading = "def seen(n):\n    return get_item(listing_key(n))\n"
    assert strangers(forgetful + hidden + reading) == ["stocked", "gone"]
