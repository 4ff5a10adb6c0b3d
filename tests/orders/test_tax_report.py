"""The report of a quarter: whatever was sold and given back, its lines add up to the orders to the cent."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from common.clock import iso, utc_now
from common.currencies import decimals_of
from common.dynamodb import UnitOfWork
from common.repositories.orders import (
    Order,
    OrderDetails,
    TaxAmount,
    change_order,
    order_by_id,
)
from common.repositories.selling_terms import TERMS, SellingTerms
from orders.quarters import quarter_in, quarter_of
from orders.refund_taxes import taxes_of_refund
from orders.repositories.refunds import FAILED, PENDING, SUCCEEDED, Refund
from orders.tax_report import CHANNEL, ONE_RATE, Dealing, Sums, TaxReport, Total, report_of
from tests.catalog.builders import ok, refused, store
from tests.orders.cart_builders import on_sale
from tests.orders.order_builders import ADDRESS, an_order, body_of, buyer, check_out, orders_app, wanted
from tests.orders.tax_builders import VIENNA, by_country
from tests.support.http import Client
from tests.support.tokens import admin_token
from tools.cli import cli

QUARTER = quarter_in("2026-Q4")
MOMENTS = (
    "2026-08-01T10:00:00.000Z",
    "2026-10-01T10:00:00.000Z",
    "2026-12-31T22:59:59.999Z",
    "2027-01-01T10:00:00.000Z",
)
TREATMENTS = st.sampled_from(["one_stop_shop", "domestic", "export", "reverse_charge"])
RATES = st.sampled_from([Decimal("0.2"), Decimal("0.22"), Decimal("0.05"), Decimal(0)])


@st.composite
def dealings(draw: st.DrawFn) -> Dealing:
    """An order as some rule of taxes made it, with refunds at other times."""
    currency = draw(st.sampled_from(["EUR", "JPY"]))
    unit = Decimal(1).scaleb(-decimals_of(currency))
    rates = draw(st.lists(RATES, max_size=3, unique=True))
    taxes = tuple(
        TaxAmount(draw(st.sampled_from(["AT", "DE"])), f"class-{rate}", rate, net * unit, tax * unit)
        for rate in rates
        for net, tax in [(draw(st.integers(0, 10_000)), draw(st.integers(0, 2_000)))]
    )
    if taxes:
        total, tax = sum(it.net + it.tax for it in taxes), sum(it.tax for it in taxes)
    else:
        total, tax = (draw(st.integers(0, 10_000)) * unit for _ in range(2))
    order = an_order(
        draw(st.integers(1, 1000)),
        total=Decimal(total),
        tax=Decimal(tax),
        currency=currency,
        paid_at=draw(st.none() | st.sampled_from(MOMENTS)),
        created_at=draw(st.sampled_from(MOMENTS)),
        channel=draw(st.none() | st.just("etsy")) if not taxes else None,
    )
    details = OrderDetails((), taxes=taxes, tax_treatment=draw(TREATMENTS) if taxes else None)
    return Dealing(order, details, _refunds(draw, order, details))


def _refunds(draw: st.DrawFn, order: Order, details: OrderDetails) -> list[Refund]:
    made: list[Refund] = []
    left = order.total
    for number in range(1, draw(st.integers(0, 3)) + 1):
        part = draw(st.fractions(0, 1, max_denominator=7))
        amount = left if part == 1 else (left * part.numerator / part.denominator).quantize(left)
        status = draw(st.sampled_from([SUCCEEDED, SUCCEEDED, FAILED, PENDING]))
        taxes = taxes_of_refund(order, details, amount, {}, made)
        made.append(_refund(number, amount, status, draw(st.sampled_from(MOMENTS)), taxes))
        left -= amount if status != FAILED else 0
    return made


def _refund(
    number: int, amount: Decimal, status: str, closed: str, taxes: tuple[TaxAmount, ...] = ()
) -> Refund:
    return Refund(
        order_id=1,
        number=number,
        amount=amount,
        restock=False,
        cancels=False,
        actor="1",
        created_at=closed,
        closed_at=None if status == PENDING else closed,
        status=status,
        taxes=taxes,
    )


def _of(report: TaxReport, currency: str) -> Sums:
    return sum((sums for kind, sums in report.lines.items() if kind.currency == currency), Sums())


@given(st.lists(dealings(), max_size=6))
def test_the_lines_add_up_to_the_orders_of_each_currency(all_of_them: list[Dealing]) -> None:
    report = report_of(QUARTER, all_of_them)
    for currency in ("EUR", "JPY"):
        paid = [
            it.order
            for it in all_of_them
            if it.order.currency == currency and QUARTER.holds(it.order.paid_at or it.order.created_at)
        ]
        back = [
            refund
            for it in all_of_them
            for refund in it.refunds
            if it.order.currency == currency
            and refund.status == SUCCEEDED
            and QUARTER.holds(refund.closed_at)
        ]
        sums = _of(report, currency)
        assert sums.net + sums.tax == sum(order.total for order in paid)
        assert sums.refunded_net + sums.refunded_tax == sum(refund.amount for refund in back)
        total = report.totals.get(currency, Total())
        assert (total.orders, total.gross) == (len(paid), sum(order.total for order in paid))
        assert (total.refunds, total.refunded) == (len(back), sum(refund.amount for refund in back))


@given(st.lists(dealings(), max_size=6))
def test_the_taxes_of_the_lines_are_those_that_the_orders_hold(all_of_them: list[Dealing]) -> None:
    report = report_of(QUARTER, all_of_them)
    held = sum(
        tax.tax
        for it in all_of_them
        if QUARTER.holds(it.order.paid_at or it.order.created_at)
        for tax in it.details.taxes
    )
    told = sum(sums.tax for kind, sums in report.lines.items() if kind.treatment not in (CHANNEL, ONE_RATE))
    assert held == told


def _only(dealing: Dealing) -> list[tuple[Any, ...]]:
    report = report_of(QUARTER, [dealing])
    return [
        (
            kind.treatment,
            kind.country,
            kind.rate,
            kind.sold_in,
            sums.net - sums.refunded_net,
            sums.tax - sums.refunded_tax,
        )
        for kind, sums in report.lines.items()
    ]


def _sold(total: str, tax: str, paid: str = MOMENTS[1], **fields: Any) -> Order:
    return an_order(1, total=Decimal(total), tax=Decimal(tax), paid_at=paid, **fields)


def test_a_refund_of_what_was_sold_before_is_a_correction_of_that_quarter() -> None:
    taxes = (TaxAmount("AT", "standard", Decimal("0.2"), Decimal(100), Decimal(20)),)
    details = OrderDetails((), taxes=taxes, tax_treatment="one_stop_shop")
    order = _sold("120", "20", MOMENTS[0])
    back = _refund(
        1, Decimal(60), SUCCEEDED, MOMENTS[1], taxes_of_refund(order, details, Decimal(60), {}, [])
    )
    assert _only(Dealing(order, details, [back])) == [
        ("one_stop_shop", "AT", Decimal("0.2"), "2026-Q3", Decimal(-50), Decimal(-10))
    ]


def test_orders_without_amounts_by_rate_are_told_by_their_one_number() -> None:
    none = OrderDetails(())
    assert _only(Dealing(_sold("122", "22"), none)) == [(ONE_RATE, "", None, "2026-Q4", 100, 22)]
    assert _only(Dealing(_sold("50", "9", channel="etsy"), none)) == [(CHANNEL, "", None, "2026-Q4", 41, 9)]
    untaxed = replace(none, tax_treatment="untaxed")
    assert _only(Dealing(_sold("80", "0"), untaxed)) == [("untaxed", "", None, "2026-Q4", 80, 0)]


def test_refunds_of_such_orders_take_their_share_of_the_one_number() -> None:
    back = [
        _refund(1, Decimal("61.00"), SUCCEEDED, MOMENTS[1]),
        _refund(2, Decimal("61.00"), SUCCEEDED, MOMENTS[2]),
    ]
    assert _only(Dealing(_sold("122", "22"), OrderDetails(()), back)) == [
        (ONE_RATE, "", None, "2026-Q4", 0, 0)
    ]


def test_what_was_refunded_beyond_an_orders_taxes_is_shown_apart() -> None:
    back = [_refund(1, Decimal("130.00"), SUCCEEDED, MOMENTS[1])]
    lines = _only(Dealing(_sold("122", "22"), OrderDetails(()), back))
    assert ("unassigned", "", None, "2026-Q4", Decimal(-8), 0) in lines


@pytest.fixture
def artist(table: str) -> Client:
    return Client(orders_app(), token=admin_token())


def _bought(address: dict[str, str], *items: int) -> int:
    lines = [wanted(item) for item in items]
    answer = check_out(buyer(), body_of(*lines, payment_method="mock", shipping_address=address))
    assert answer.status == 201, answer.text
    number = int(answer.json["order"]["id"])
    ok(buyer().post(f"/api/orders/{number}/payment", json={}))
    return number


def _moved(number: int, **fields: Any) -> None:
    order = order_by_id(number)
    assert order is not None
    with UnitOfWork() as work:
        change_order(work, order, replace(order, **fields))


def _get(artist: Client, quarter: str, **options: Any) -> Any:
    return ok(artist.get(f"/api/admin/reports/oss?quarter={quarter}", **options))


def test_the_report_is_that_of_orders_that_were_bought_and_given_back(artist: Client) -> None:
    store([on_sale(1, "120.00"), on_sale(2, "52.50", tax_class="art"), on_sale(3, "7000", currency="JPY")])
    with UnitOfWork() as work:
        TERMS.add(work, SellingTerms(taxes=by_country(), version=1))
    vienna = _bought(VIENNA, 1)
    _bought(ADDRESS, 1, 2)
    _bought(VIENNA | {"country": "Japan"}, 3)
    late = _bought(VIENNA, 1)
    # Placed in this quarter, and paid in a later one.
    _moved(late, paid_at="2099-12-30T10:00:00.000Z")
    ok(artist.post(f"/api/admin/orders/{vienna}/refund", json={"amount": 30}))
    now = quarter_of(iso(utc_now()))
    report = _get(artist, now)
    lines = {(it["treatment"], it["country"], it["rate"], it["currency"]): it for it in report["lines"]}
    austria = lines["one_stop_shop", "AT", Decimal("0.2"), "EUR"]
    assert (austria["net"], austria["tax"], austria["refunded_net"], austria["refunded_tax"]) == (
        100,
        20,
        25,
        5,
    )
    assert lines["domestic", "IT", Decimal("0.05"), "EUR"]["tax"] == Decimal("2.5")
    assert lines["export", "JP", 0, "JPY"]["net"] == 7000
    totals = {it["currency"]: it for it in report["totals"]}
    assert (totals["EUR"]["orders"], totals["EUR"]["gross"]) == (2, Decimal("292.5"))
    assert (totals["EUR"]["refunds"], totals["EUR"]["gross_after_refunds"]) == (1, Decimal("262.5"))
    assert sum(it["gross_after_refunds"] for it in report["lines"] if it["currency"] == "EUR") == Decimal(
        "262.5"
    )
    later = _get(artist, "2099-Q4")
    assert [(it["orders"], it["gross"]) for it in later["totals"]] == [(1, 120)]


def test_the_table_has_a_row_for_each_line_and_one_for_each_currency(artist: Client) -> None:
    store([on_sale(1, "120.00")])
    with UnitOfWork() as work:
        TERMS.add(work, SellingTerms(taxes=by_country(), version=1))
    _bought(VIENNA, 1)
    now = quarter_of(iso(utc_now()))
    answer = artist.get(f"/api/admin/reports/oss?quarter={now}&format=csv")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="oss-{now}.csv"'
    header, line, total = answer.text.lstrip("\ufeff").splitlines()
    assert header.startswith("quarter,treatment,country,rate,currency,sold_in,orders,net,tax")
    assert line == f"{now},one_stop_shop,AT,0.2,EUR,{now},1,100.00,20.00,0,0.00,0.00,100.00,20.00,120.00"
    assert total == f"{now},total of all orders,,,EUR,,1,,,0,,,,,120.00"


@pytest.mark.parametrize(("query", "named"), [("", "quarter"), ("?quarter=2026-Q4&format=xml", "format")])
def test_another_quarter_or_format_is_refused_by_its_field(artist: Client, query: str, named: str) -> None:
    answer = artist.get(f"/api/admin/reports/oss{query}")
    assert (answer.status, list(answer.json["fields"])) == (400, [named])


def test_the_report_is_for_administrators_alone(table: str) -> None:
    refused(Client(orders_app()).get("/api/admin/reports/oss?quarter=2026-Q4"), 401)


def test_the_command_writes_what_the_route_answers(
    artist: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARTSHOP_DATA_DIR", str(tmp_path))
    store([on_sale(1, "120.00")])
    _bought(ADDRESS, 1)
    now, file = quarter_of(iso(utc_now())), tmp_path / "oss.csv"
    written = CliRunner().invoke(cli, ["taxes", "oss", now, "--out", str(file)])
    assert written.exit_code == 0, written.output
    answer = artist.get(f"/api/admin/reports/oss?quarter={now}&format=csv")
    assert file.read_bytes().decode() == answer.text
    assert ",one_rate,,,EUR," in answer.text
    wrong = CliRunner().invoke(cli, ["taxes", "oss", "2026-Q5"])
    assert wrong.exit_code == 1
    assert "must be a quarter" in wrong.output
