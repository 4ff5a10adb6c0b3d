"""What orders add up to, by month and by currency."""

from decimal import Decimal

from common.repositories.sales_tally import SalesTally, tally_of, tally_values

MIXED = SalesTally(
    3,
    Decimal("1525.50"),
    {"2026-01": Decimal("1025.50"), "2026-02": Decimal(500)},
    {
        ("", "JPY"): Decimal(1500),
        ("2026-01", "JPY"): Decimal(1000),
        ("2026-02", "JPY"): Decimal(500),
    },
)


def test_a_tally_is_read_as_it_was_written() -> None:
    values = tally_values(MIXED)
    assert values["revenue_JPY"] == 1500
    assert values["sales_2026-02_JPY"] == 500
    assert tally_of({**values, "PK": "COUNTER", "SK": "ORDER_ID", "value": 9}) == MIXED


def test_figures_are_in_one_currency() -> None:
    assert MIXED.by_currency == {"EUR": Decimal("25.50"), "JPY": Decimal(1500)}
    assert MIXED.currency == "EUR"
    assert [MIXED.of_month(month) for month in ("2026-01", "2026-02", "2026-03")] == [Decimal("25.50"), 0, 0]


def test_a_shop_that_sells_in_one_other_currency_counts_in_it() -> None:
    yen = SalesTally(
        1,
        Decimal(700),
        {"2026-02": Decimal(700)},
        {("", "JPY"): Decimal(700), ("2026-02", "JPY"): Decimal(700)},
    )
    assert yen.currency == "JPY"
    assert yen.by_currency == {"JPY": Decimal(700)}
    assert yen.of_month("2026-02") == 700


def test_a_tally_of_before_is_the_shops_own_currency() -> None:
    before = tally_of({"orders": 2, "revenue": Decimal(30), "sales_2026-01": Decimal(30)})
    assert before.currency == tally_of({}).currency == "EUR"
    assert before.by_currency == {"EUR": Decimal(30)}
    assert before.of_month("2026-01") == 30
    assert not tally_of({}).by_currency
