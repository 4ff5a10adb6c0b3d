"""Orders as a file: a row for each line, amounts once, no formula, and what the filters leave."""

import csv
import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from common.csv_files import BYTE_ORDER_MARK
from common.repositories.orders import Delivery, OrderDetails, OrderLine, Parcel, TaxAmount
from orders import csv_export
from orders.csv_export import COLUMNS, order_rows
from tests.catalog.builders import refused
from tests.orders.order_builders import an_order, orders_app, store_orders
from tests.support.http import Answer, Client
from tests.support.tokens import admin_token
from tools.cli import cli

PATH = "/api/admin/orders/export"

pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def admin(table: str) -> Client:
    """An administrator."""
    return Client(orders_app(), token=admin_token())


def exported(answer: Answer) -> list[dict[str, str]]:
    """The rows that were answered."""
    assert answer.status == 200, answer.text
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix(BYTE_ORDER_MARK), newline="")))


def a_line(number: int, **fields: object) -> OrderLine:
    price = Decimal("10.50")
    line = OrderLine(number, 1, 10, f"Work {number}", "Small", f"SKU-{number}", 2, price, price * 2)
    return replace(line, **fields)  # type: ignore[arg-type] # of whatever field


def test_a_line_is_a_row_and_amounts_stand_in_the_first() -> None:
    order = an_order(
        5,
        total=Decimal("1E+2"),
        shipping=Decimal("4.90"),
        refunded_pieces={"1": 1},
        parcel=Parcel("Poste", "RA1"),
        invoice="2026/7",
        corrections=("N2026/1", "N2026/2"),
    )
    taxes = (
        TaxAmount("AT", "standard", Decimal("0.2"), Decimal("100.00"), Decimal("20.00")),
        TaxAmount("AT", "art", Decimal("0.1"), Decimal("10.00"), Decimal("1.00")),
    )
    details = OrderDetails(
        (a_line(1, tax_class="art", tax_rate=Decimal("0.1"), numbers=(4, 5)), a_line(2)),
        shipping_address={"street": "Via Roma 1", "city": "Graz", "country": "AT"},
        delivery=Delivery("Parcel", Decimal("4.90"), "AT"),
        taxes=taxes,
        vat_number="ATU12345675",
    )
    first, second = order_rows(order, details)
    assert first["order_number"] == second["order_number"] == "ORD-00000005"
    assert (first["product"], second["product"]) == ("Work 1", "Work 2")
    assert (first["quantity"], first["refunded_quantity"], second["refunded_quantity"]) == (2, 1, 0)
    assert (first["numbers"], first["tax_rate"], first["tax_class"]) == ("4 5", Decimal("0.1"), "art")
    assert str(first["total"]) == "100.00"
    assert (first["shipping"], first["shipping_method"]) == (Decimal("4.90"), "Parcel")
    assert first["taxes"] == "AT standard 0.2: 20.00 of 100.00; AT art 0.1: 1.00 of 10.00"
    assert (second["invoice"], second["corrections"]) == ("2026/7", "N2026/1 N2026/2")
    assert (first["vat_number"], first["prices_include_tax"]) == ("ATU12345675", "false")
    assert (first["carrier"], first["tracking_number"]) == ("Poste", "RA1")
    assert second["shipping_city"] == "Graz"
    assert not second.keys() & {"total", "shipping", "taxes"}
    assert first.keys() | second.keys() <= set(COLUMNS)


def test_an_order_without_lines_or_with_an_address_of_any_shape_is_one_row() -> None:
    (only,) = order_rows(an_order(1), OrderDetails((), shipping_address=["Via Roma"]))
    assert (only["total"], only["shipping_city"]) == (Decimal("10.00"), None)


def test_the_file_has_the_oldest_first_and_what_the_filters_leave(admin: Client) -> None:
    days = [f"2026-01-0{number}T12:00:00.000Z" for number in (1, 2, 3)]
    orders = [an_order(number, created_at=day) for number, day in enumerate(days, 1)]
    store_orders([replace(orders[0], customer_name="=HYPERLINK(1)"), orders[1], orders[2]])
    rows = exported(admin.get(PATH))
    assert [it["created_at"] for it in rows] == days
    assert rows[0]["customer_name"] == "'=HYPERLINK(1)"
    later = exported(admin.get(PATH, params={"start_date": "2026-01-02", "end_date": "2026-01-02"}))
    assert [it["created_at"] for it in later] == days[1:2]
    assert exported(admin.get(PATH, params={"start_date": "2026-02-02", "end_date": "2026-01-02"})) == []


def test_more_than_an_answer_can_hold_is_refused_whole(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_orders([an_order(1)])
    monkeypatch.setattr(csv_export, "fits", lambda text: len(text) < 500)
    refused(admin.get(PATH), 409, "start_date", "artshop orders export")


def test_only_an_administrator_has_the_file(table: str) -> None:
    refused(Client(orders_app()).get(PATH), 401)


def test_the_command_writes_what_the_route_answers(
    admin: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARTSHOP_DATA_DIR", str(tmp_path))
    store_orders([an_order(1)])
    file = tmp_path / "orders.csv"
    written = CliRunner().invoke(cli, ["orders", "export", str(file)])
    assert written.exit_code == 0, written.output
    assert file.read_bytes().decode() == admin.get(PATH).text
    again = CliRunner().invoke(cli, ["orders", "export", str(file)])
    assert again.exit_code == 1
    assert "--force" in again.output
    day = ["--since", "1999-01-01", "--until", "1999-01-01"]
    printed = CliRunner().invoke(cli, ["orders", "export", "-", *day])
    assert printed.exit_code == 0, printed.output
    assert printed.stdout_bytes.decode() == admin.get(PATH).text.splitlines(keepends=True)[0]
