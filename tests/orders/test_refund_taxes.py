"""Which tax goes back with refunds: in whatever portions, all of them give back exactly an order's taxes."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from common.currencies import decimals_of
from common.money import smallest_unit, to_money
from common.repositories.orders import Order, OrderDetails, OrderLine, TaxAmount
from orders.refund_pieces import added, left_to_refund, unrefunded, worth
from orders.refund_shipping import is_shipping_open, shipping_charge
from orders.refund_taxes import taxes_of_refund
from orders.repositories.refunds import FAILED, SUCCEEDED, Refund
from orders.taxation import Buyer, taxation_of
from orders.taxes import taxed_totals, with_rates
from tests.orders.order_builders import an_order
from tests.orders.tax_builders import VIENNA, by_country
from tests.orders.test_taxes import line

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
SHAPES = st.tuples(st.integers(1, 4), st.integers(0, 20_000), st.sampled_from([None, "art", "book"]))
# What each refund is for: pieces, an amount, one that fails, the shipping, and last all that is left.
PIECES, AMOUNT, FAILING, SHIPPING, REST = range(5)
STEPS = st.lists(st.tuples(st.integers(PIECES, SHIPPING), st.integers(0, 10**6)), max_size=10)


def placed(
    shapes: list[tuple[int, int, str | None]], shipping: int, currency: str, *, includes: bool
) -> tuple[Order, OrderDetails]:
    """An order of such lines, as checkout makes it."""
    taxation = taxation_of(by_country(prices_include_tax=includes), Buyer({**VIENNA, "country": "IT"}), NOW)
    bought = [line(cents, quantity, kind, currency) for quantity, cents, kind in shapes]
    cost = Decimal(shipping).scaleb(-decimals_of(currency))
    amounts = taxed_totals(bought, None, taxation, NOW, cost)
    stored = [
        OrderLine(number, 1, 10, "Work", None, None, it.quantity, it.unit_price, it.total)
        for number, it in enumerate(bought, 1)
    ]
    details = OrderDetails(with_rates(tuple(stored), bought, taxation), taxes=amounts.taxes)
    order = an_order(
        1,
        subtotal=amounts.subtotal,
        shipping=amounts.shipping,
        tax=amounts.tax,
        total=amounts.total,
        currency=currency,
        prices_include_tax=includes,
    )
    return order, details


def refund(number: int, amount: Decimal, taxes: tuple[TaxAmount, ...], status: str = SUCCEEDED) -> Refund:
    return Refund(
        order_id=1,
        number=number,
        amount=amount,
        restock=False,
        cancels=False,
        actor="1",
        created_at="2026-12-01T12:00:00.000Z",
        status=status,
        taxes=taxes,
    )


@given(
    st.lists(SHAPES, min_size=1, max_size=4),
    st.integers(0, 5000),
    st.sampled_from(("EUR", "JPY")),
    st.booleans(),
    STEPS,
)
def test_all_refunds_of_an_order_give_back_exactly_its_taxes(
    shapes: list[tuple[int, int, str | None]],
    shipping: int,
    currency: str,
    includes: bool,
    steps: list[tuple[int, int]],
) -> None:
    order, details = placed(shapes, shipping, currency, includes=includes)
    made: list[Refund] = []
    for kind, choice in [*steps, (REST, 0)]:
        rest, pieces = left_to_refund(order), {}
        if not rest:
            break
        amount = rest if kind == REST else min(rest, (choice % 100 + 1) * smallest_unit(currency))
        left = unrefunded(order, details.lines)
        if kind == SHIPPING and is_shipping_open(order, details.lines):
            amount = min(rest, shipping_charge(order, details.lines))
        if kind == PIECES and left:
            chosen = sorted(left)[choice % len(left)]
            pieces = {chosen: 1 + choice % left[chosen]}
            amount = min(rest, worth(order, details.lines, pieces))
        taxes = taxes_of_refund(order, details, amount, pieces, made)
        assert sum(it.net + it.tax for it in taxes) == amount
        assert all(it.net >= 0 and it.tax >= 0 for it in taxes)
        made.append(refund(len(made) + 1, amount, taxes, FAILED if kind == FAILING else SUCCEEDED))
        if kind != FAILING:
            order = replace(
                order,
                refunded_amount=order.refunded_amount + amount,
                refunded_pieces=added(order.refunded_pieces, pieces),
                refunded_shipping=order.refunded_shipping or kind == SHIPPING,
            )
    given_back = [it for each in made if each.status != FAILED for it in each.taxes]
    for tax in details.taxes:
        same = [it for it in given_back if (it.tax_class, it.rate) == (tax.tax_class, tax.rate)]
        assert sum(it.net for it in same) == tax.net
        assert sum(it.tax for it in same) == tax.tax


def test_pieces_take_back_the_tax_of_their_own_rate() -> None:
    order, details = placed([(1, 10500, "art"), (1, 12200, None)], 0, "EUR", includes=True)
    (only,) = taxes_of_refund(order, details, Decimal("105.00"), {"1": 1}, [])
    assert (only.tax_class, only.net, only.tax) == ("art", Decimal("100.00"), Decimal("5.00"))


def test_where_tax_is_added_pieces_cost_their_price_with_their_own_tax() -> None:
    order, details = placed([(1, 10000, "art"), (1, 10000, None)], 0, "EUR", includes=False)
    assert worth(order, details.lines, {"1": 1}) == Decimal("105.00")
    assert worth(order, details.lines, {"2": 1}) == Decimal("122.00")


def test_an_amount_for_nothing_in_particular_takes_of_each_rate_in_proportion() -> None:
    order, details = placed([(1, 10500, "art"), (1, 31500, None)], 0, "EUR", includes=True)
    taxes = taxes_of_refund(order, details, Decimal("40.00"), {}, [])
    assert [it.net + it.tax for it in taxes] == [Decimal("10.00"), Decimal("30.00")]
    assert taxes[1].tax == to_money(Decimal(30) * 22 / 122, "EUR")


def test_an_order_whose_tax_is_one_number_has_none_by_rate() -> None:
    order = an_order(1, total=Decimal("12.20"), tax=Decimal("2.20"))
    assert taxes_of_refund(order, OrderDetails(()), Decimal("12.20"), {}, []) == ()
    assert taxes_of_refund(order, None, Decimal("12.20"), {}, []) == ()
