"""What one order costs by itself, worked out by hand."""

from decimal import Decimal

import pytest

from tools.costs.order import order_lines
from tools.costs.prices import prices_of
from tools.costs.report import order_json, order_rows

PRICES = prices_of("us-east-1")


@pytest.mark.usefixtures("round_units")
def test_an_order_is_its_calls_its_mails_and_its_papers() -> None:
    lines = {line.name: line for line in order_lines(1, 1024, PRICES)}
    # Seven calls of 2 units and four mails of 4; 30 a call and 5 a mail. Three calls write less without.
    assert (lines["read_requests"].plain, lines["read_requests"].full) == (Decimal(14), Decimal(30))
    assert (lines["write_requests"].plain, lines["write_requests"].full) == (
        Decimal(3 * 30 + 4 * 20),
        Decimal(230),
    )
    assert (lines["lambda_requests"].plain, lines["lambda_requests"].full) == (Decimal(7), Decimal(12))
    assert (lines["lambda_gb_seconds"].plain, lines["lambda_gb_seconds"].full) == (
        Decimal("0.56"),
        Decimal("2.22"),
    )
    assert (lines["mails"].plain, lines["mails"].full) == (Decimal(0), Decimal(4))


@pytest.mark.usefixtures("round_units")
def test_a_thousand_orders_cost_what_their_lines_cost_together() -> None:
    lines = order_lines(1, 512, PRICES)
    _, *rows, total = order_rows(lines)
    assert float(total[-1]) == pytest.approx(sum(float(row[-1]) for row in rows), abs=0.005)
    assert float(total[-1]) == pytest.approx(
        1000 * sum(each["full_usd"] for each in order_json(lines)), abs=0.001
    )
