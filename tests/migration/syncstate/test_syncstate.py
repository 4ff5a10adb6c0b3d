"""`artshop migrate syncstate`: the shop's stock is master, and a second run changes nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from catalog.variants import count_stock
from common.clock import epoch, iso
from common.dynamodb import UnitOfWork, call, from_wire, table_name
from common.http import Identity, Role
from common.repositories.sku_stock import record_broadcast, set_buffer, sku_rows
from common.repositories.stock_alerts import alerts_of_sku, mark_alert_read
from common.stock_ledger import apply_channel_sale
from common.stock_levels import current_stock
from etsy_sync.repositories.stock_returns import returns_of
from etsy_sync.repositories.stock_transactions import TRANSACTIONS
from migration.syncstate.command import syncstate_command
from migration.syncstate.moving import Moved, move_store
from migration.syncstate.store import read_store
from tests.common.stock_builders import NOW, SKU, booked, on_shelf, physical
from tools.errors import ToolError

ADMIN = Identity("1", "admin", Role.ADMIN)
MOMENT = iso(NOW)
MILLISECONDS = epoch(NOW) * 1000
STORE: dict[str, Any] = {
    "physical": {SKU: 15, "LOOSE": 8, "NONE": 0},
    "buffer": {SKU: 10, "LOOSE": 0},
    "lastBroadcast": {SKU: {"count": 5, "txId": "tx-1", "timestamp": MOMENT}},
    "transactions": {
        "tx-1": {"timestamp": MOMENT, "action": "sync", "status": "completed"},
        "tx-0": {"timestamp": "2020-01-01T00:00:00Z", "action": "sync", "status": "completed"},
    },
    "returns": {
        SKU: [
            {"quantity": 2, "disposition": "SELLABLE", "orderId": SKU, "timestamp": MOMENT},
            {"quantity": 1, "disposition": "CUSTOMER_DAMAGED", "orderId": "111", "timestamp": MOMENT},
        ]
    },
    "alerts": [
        {
            "alertId": "a-1",
            "type": "return_damaged",
            "severity": "critical",
            "sku": SKU,
            "message": "broken",
            "timestamp": MILLISECONDS,
            "read": False,
        }
    ],
}


@pytest.fixture
def path(table: str, tmp_path: Path) -> Path:
    """Where the store lies."""
    return tmp_path / "store.json"


def move(path: Path, store: Any = None, *, dry_run: bool = False) -> Moved:
    """Moves a store that lies there, after writing it."""
    path.write_text(json.dumps(STORE if store is None else store))
    return move_store(path, dry_run=dry_run, clock=lambda: NOW)


def table_rows() -> list[dict[str, Any]]:
    """All rows of the table, in order."""
    rows = map(from_wire, call("scan", TableName=table_name(), ConsistentRead=True)["Items"])
    return sorted(rows, key=lambda row: (row["PK"], row["SK"]))


def test_everything_arrives_beside_the_stock_that_the_shop_has(path: Path) -> None:
    on_shelf(15)
    moved = move(path)
    assert moved.passed
    stocks = current_stock([SKU, "LOOSE", "NONE"])
    assert {sku: (it.physical, it.buffer, it.broadcast) for sku, it in stocks.items()} == {
        SKU: (15, 10, 5),
        "LOOSE": (8, 0, 8),
        "NONE": (0, 0, 0),
    }
    assert stocks[SKU].last_broadcast["amazon"].count == 5
    transaction = TRANSACTIONS.get("tx-1")
    assert transaction is not None
    assert (transaction.status, transaction.created_at) == ("completed", MOMENT)
    assert TRANSACTIONS.get("tx-0") is None
    assert [(each.quantity, each.order_id) for each in returns_of(SKU, 9)] == [(1, "111"), (2, "unknown")]
    (alert,) = alerts_of_sku(SKU, 9)
    assert (alert.id, alert.created_at, alert.is_read) == ("a-1", iso(NOW.replace(microsecond=0)), False)
    assert sum(movement.delta for movement in booked("LOOSE")) == 8


def test_a_second_run_changes_nothing_whatever_was_sold_since(path: Path) -> None:
    on_shelf(15)
    move(path)
    before = table_rows()
    assert move(path).passed
    assert table_rows() == before
    apply_channel_sale("etsy", "r-1", "LOOSE", 8, NOW)
    mark_alert_read("a-1", NOW)
    assert record_broadcast(SKU, "amazon", 4, "tx-9", NOW.replace(year=NOW.year + 1))
    before = table_rows()
    second = move(path)
    assert (second.passed, second.added.total(), physical("LOOSE")) == (True, 0, 0)
    assert table_rows() == before


def test_another_number_in_the_shop_is_listed_and_stays(path: Path) -> None:
    on_shelf(9)
    with UnitOfWork() as work:
        set_buffer(work, SKU, 3, NOW)
        set_buffer(work, "LOOSE", 0, NOW)
    moved = move(path, {"physical": {SKU: 15}, "buffer": {SKU: 10, "LOOSE": 4}})
    assert moved.conflicts == [("LOOSE", "buffer", 0, 4), (SKU, "physical", 9, 15), (SKU, "buffer", 3, 10)]
    assert not moved.passed
    assert (physical(), sku_rows([SKU])[SKU].buffer) == (9, 3)


def test_numbers_are_compared_with_what_the_shop_has_now(path: Path) -> None:
    apply_channel_sale("etsy", "r-1", "LOOSE", 1, NOW)
    assert move(path, {"physical": {"LOOSE": 8}}).passed
    assert physical("LOOSE") == 8
    on_shelf(5)
    assert move(path, {"physical": {SKU: 5}}).passed
    count_stock(10, "add", 1, ADMIN, NOW)
    assert move(path, {"physical": {SKU: 5}}).conflicts == [(SKU, "physical", 6, 5)]


def test_a_dry_run_says_the_same_and_writes_nothing(path: Path) -> None:
    on_shelf(15)
    before = table_rows()
    dry = move(path, dry_run=True)
    assert table_rows() == before
    wet = move(path)
    assert (dry.added, dry.unchanged, dry.conflicts) == (wet.added, wet.unchanged, wet.conflicts)


def test_what_cannot_be_read_is_named_and_the_rest_moves(path: Path) -> None:
    store = {
        "physical": {"A": 5, " ": 1, "B": -1, "C": 1.5, "D": True},
        "buffer": {"x" * 201: 1},
        "lastBroadcast": {"A": {"count": 1}, "B": None},
        "transactions": [{"txId": "t", "timestamp": "yesterday"}, {"timestamp": MOMENT, "status": "lost"}],
        "returns": [{"sku": "A", "quantity": 1, "timestamp": 10**20}],
        "alerts": {"a-1": {"severity": "loud", "timestamp": MOMENT}},
        "queue": [],
        "version": 2,
    }
    moved = move(path, store)
    assert [entry for entry, _ in moved.store.bad] == [
        "physical. ",
        "physical.B",
        "physical.C",
        "physical.D",
        f"buffer.{'x' * 201}",
        "lastBroadcast.A",
        "lastBroadcast.B",
        "transactions.0",
        "transactions.1",
        "returns.0",
        "alerts.a-1",
    ]
    assert (moved.passed, moved.store.unknown, physical("A")) == (False, ["queue", "version"], 5)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"physical": []}', "\udcff"])
def test_a_file_that_is_no_store_is_refused(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ToolError, match=r"store\.json"):
        read_store(path)


def test_the_command_reports_and_ends_with_1_when_numbers_differ(path: Path, tmp_path: Path) -> None:
    on_shelf(9)
    path.write_text(json.dumps(STORE | {"queue": []}))
    runner, folder = CliRunner(), tmp_path / "reports"
    result = runner.invoke(syncstate_command, [str(path), "--report", str(folder)])
    assert result.exit_code == 1
    assert f"{SKU}: physical is 9 here (kept) and 15 in the file" in result.output
    assert "Not known, left out: queue" in result.output
    assert len(list(folder.iterdir())) == 2
    count_stock(10, "set", 15, ADMIN, NOW)
    assert runner.invoke(syncstate_command, [str(path), "--dry-run"]).exit_code == 0
