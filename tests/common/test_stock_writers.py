"""Whoever changes a count passes the ledger, so that no piece of an edition is sold without its number."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog.inventory import adjust_stock
from catalog.row_stock import save_stock
from catalog.variants import count_stock, update_variant
from common.clock import utc_now
from common.errors import InvalidInput
from common.repositories import stock
from common.repositories.editions import SOLD
from common.repositories.numbering import TooFewNumbers
from common.stock_ledger import apply_channel_sale, apply_count, apply_delivery
from etsy_sync.stock.inventory import take_order
from tests.common.stock_builders import SKU, on_shelf
from tests.orders.edition_builders import ADMIN, PRINT, bought, check_edition, left, open_edition, states
from tests.orders.order_builders import stock_of

ROOT = Path(__file__).parents[2]
PACKAGES = ("common", "catalog", "orders", "content", "shop", "etsy_sync")

# What changes a count, and who may call it besides the ledger.
MOVERS = frozenset(
    {"add_stock", "move_together", "removal", "set_stock", "setting", "take_all", "take_stock"}
)
CALLERS = {
    "common/stock_ledger.py": MOVERS - {"removal", "setting"},
    # A count that is set with other fields of its variant, and one that goes with it.
    "catalog/variants.py": {"setting"},
    "common/repositories/edition_rows.py": {"setting"},
    "catalog/repositories/product_parts.py": {"removal"},
}


def test_nobody_but_the_ledger_moves_a_count() -> None:
    found = {}
    for path in sorted(each for package in PACKAGES for each in (ROOT / package).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        names = {
            alias.name
            for node in imports
            if node.module == stock.__name__
            for alias in node.names
            if alias.name in MOVERS
        }
        if names:
            found[path.relative_to(ROOT).as_posix()] = names
    assert found == CALLERS


SALES: dict[str, Callable[[], object]] = {
    "here": lambda: bought(2),
    "on a channel": lambda: apply_channel_sale("etsy", "t-1", SKU, 2, utc_now()),
    "by a client of the sync": lambda: take_order("amazon", "A-1", {SKU: 2}, utc_now()),
}


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("name", SALES)
def test_each_way_of_selling_a_piece_gives_it_a_number(name: str) -> None:
    on_shelf(1)
    open_edition()
    SALES[name]()
    assert (states(), stock_of(1)) == ({1: SOLD, 2: SOLD}, 3)
    check_edition()


# Each makes it four pieces of one.
COUNTS: dict[str, Callable[[], object]] = {
    "a count": lambda: count_stock(PRINT, "set", 4, ADMIN, utc_now()),
    "an addition": lambda: count_stock(PRINT, "add", 3, ADMIN, utc_now()),
    "a form of the variant": lambda: update_variant(PRINT, {"stock": 4}, ADMIN, utc_now()),
    "a form of the oldest page": lambda: save_stock(1, 4, "session", 1, ADMIN, utc_now()),
    "several at once": lambda: adjust_stock({PRINT: 3}, ADMIN, utc_now()),
    "a delivery": lambda: apply_delivery("client", "init-1", SKU, 3, utc_now()),
    "an import": lambda: apply_count("import", "1", SKU, 4, utc_now()),
}


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("name", COUNTS)
def test_each_way_of_counting_takes_no_number_and_needs_one_for_each_piece(name: str) -> None:
    on_shelf(1)
    open_edition(4, stock=1)
    COUNTS[name]()
    assert (states(), stock_of(1), left().next) == ({}, 4, 1)
    open_edition(3, stock=1)
    with pytest.raises(InvalidInput) as refused:
        COUNTS[name]() if name != "a delivery" else apply_delivery("client", "init-2", SKU, 3, utc_now())
    assert isinstance(refused.value, TooFewNumbers)
    assert stock_of(1) == 1
