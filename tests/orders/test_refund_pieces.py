"""What pieces of an order cost: in whatever portions they go back, exactly what was charged goes back."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from common.clock import utc_now
from common.errors import Conflict, InvalidInput
from common.repositories.orders import Order, OrderLine
from orders.providers.minor_units import from_minor, to_minor
from orders.refund_completion import By
from orders.refund_pieces import added, open_pieces, unrefunded, unreturned, worth
from orders.refund_plans import ReturnedItem, Wish, plan
from orders.refund_shipping import is_shipping_open, shipping_charge
from tests.orders.order_builders import an_order

CENTS = st.integers(0, 10_000)
LINES = st.lists(st.tuples(st.integers(1, 7), CENTS), min_size=1, max_size=4)


def lines_of(shapes: list[tuple[int, int]]) -> list[OrderLine]:
    """Lines of so many pieces at so many cents."""
    return [_line(number, *shape) for number, shape in enumerate(shapes, 1)]


def _line(number: int, quantity: int, cents: int) -> OrderLine:
    price = Decimal(cents) / 100
    return OrderLine(number, 1, number, "Work", "Print", None, quantity, price, price * quantity)


@given(
    LINES,
    st.integers(0, 100_000),
    st.sampled_from(("EUR", "JPY", "KWD")),
    st.lists(st.integers(0, 9), max_size=12),
)
def test_any_split_of_all_pieces_adds_up_to_the_total(
    shapes: list[tuple[int, int]], units: int, currency: str, choices: list[int]
) -> None:
    lines = lines_of(shapes)
    total = from_minor(units, currency)
    order = an_order(1, total=total, currency=currency)
    given_back = Decimal(0)
    for choice in choices:
        left = unrefunded(order, lines)
        if not left:
            break
        line = sorted(left)[choice % len(left)]
        portion = {line: 1 + choice % left[line]}
        amount = worth(order, lines, portion)
        assert amount >= 0
        given_back += amount
        order = replace(order, refunded_pieces=added(order.refunded_pieces, portion))
    given_back += worth(order, lines, unrefunded(order, lines))
    assert to_minor(given_back, currency) == to_minor(total, currency)


@given(LINES, st.integers(0, 100_000))
def test_a_share_is_within_a_cent_of_its_part_by_price(shapes: list[tuple[int, int]], units: int) -> None:
    lines = lines_of(shapes)
    order = an_order(1, total=from_minor(units, "EUR"))
    whole = sum(line.total_price for line in lines)
    for line in lines:
        if whole:
            exact = order.total * line.total_price / whole
            assert abs(worth(order, lines, {str(line.id): line.quantity}) - exact) <= Decimal("0.01")


def test_discount_and_tax_are_shared_by_price() -> None:
    lines = lines_of([(1, 3000), (2, 500)])
    # 40.00 and 22 % of it, less 10.00.
    order = an_order(1, total=Decimal("38.80"))
    assert worth(order, lines, {"1": 1}) == Decimal("29.10")
    assert worth(order, lines, {"2": 1}) == Decimal("4.85")


def test_pieces_that_cost_nothing_share_what_was_charged_all_the_same() -> None:
    lines = lines_of([(1, 0), (3, 0)])
    assert worth(an_order(1, total=Decimal("4.00")), lines, {"2": 2}) == Decimal("2.00")


def test_old_orders_whose_pieces_are_back_have_none_left_to_give_back() -> None:
    lines = lines_of([(2, 1000)])
    old = an_order(1, total=Decimal("20.00"), payment_status="partially_refunded", restocked=True)
    assert (unreturned(old, lines), open_pieces(old, lines), unrefunded(old, lines)) == ({}, {}, {"1": 2})


def test_old_orders_that_were_refunded_have_none_left_to_refund() -> None:
    lines = lines_of([(2, 1000)])
    old: Order = an_order(1, total=Decimal("20.00"), payment_status="refunded")
    assert (unrefunded(old, lines), unreturned(old, lines)) == ({}, {"1": 2})


@st.composite
def shipped(draw: st.DrawFn) -> tuple[Order, list[OrderLine]]:
    """An order with shipping as the checkout makes it, by one rate or by rates, with a code or none."""
    lines = lines_of(draw(LINES))
    goods = sum((line.total_price for line in lines), Decimal(0))
    shipping = Decimal(draw(st.integers(1, 5_000))) / 100
    off = (draw(st.integers(0, 100)) * goods / 100).quantize(Decimal("0.01"))
    shipping_off = (draw(st.integers(0, 100)) * shipping / 100).quantize(Decimal("0.01"))
    charged = goods + shipping - off - shipping_off
    rate, is_by_rate = Decimal(draw(st.integers(0, 30))) / 100, draw(st.booleans())
    includes = is_by_rate and draw(st.booleans())
    tax = ((charged if is_by_rate else goods + shipping) * rate).quantize(Decimal("0.01"))
    order = an_order(
        1,
        subtotal=goods,
        shipping=shipping,
        discount=off + shipping_off,
        shipping_discount=shipping_off,
        prices_include_tax=includes,
        tax=tax,
        total=charged + (0 if includes else tax),
        payment_status="paid",
    )
    return order, [replace(line, tax_rate=rate if is_by_rate else None) for line in lines]


@given(shipped(), st.lists(st.tuples(st.integers(0, 9), st.sampled_from([True, False, None])), max_size=12))
def test_pieces_and_shipping_add_up_to_the_total_in_whatever_portions(
    made: tuple[Order, list[OrderLine]], choices: list[tuple[int, bool | None]]
) -> None:
    order, lines = made
    for choice, shipping in choices:
        left = unrefunded(order, lines)
        named = sorted(left)[choice % len(left)] if left else None
        items = (ReturnedItem(1 + choice % left[named], line=int(named)),) if named else ()
        try:
            decided = plan(order, lines, _wish(items, shipping))
        except (Conflict, InvalidInput):
            continue
        assert 0 < decided.amount <= order.total - order.refunded_amount
        assert not (decided.shipping and order.refunded_shipping)
        order = replace(
            order,
            refunded_amount=order.refunded_amount + decided.amount,
            refunded_pieces=added(order.refunded_pieces, decided.pieces),
            refunded_shipping=order.refunded_shipping or decided.shipping,
            payment_status="partially_refunded",
        )
    open_charge = shipping_charge(order, lines) if is_shipping_open(order, lines) else 0
    left_over = worth(order, lines, unrefunded(order, lines)) + open_charge
    assert order.refunded_amount + left_over == order.total


@given(shipped())
def test_the_shipping_comes_to_what_was_charged_for_it(made: tuple[Order, list[OrderLine]]) -> None:
    order, lines = made
    charge = shipping_charge(order, lines)
    everything = {str(line.id): line.quantity for line in lines}
    assert charge + worth(order, lines, everything) == order.total
    assert order.shipping - order.shipping_discount <= charge <= order.total


def test_the_tax_of_the_shipping_goes_back_with_it() -> None:
    lines = lines_of([(1, 4000)])
    # 22 % of 50.00 added, and a code of 10.00 off the goods alone.
    order = an_order(
        1,
        subtotal=Decimal(40),
        shipping=Decimal(10),
        discount=Decimal(10),
        tax=Decimal(11),
        total=Decimal(51),
    )
    assert shipping_charge(order, lines) == Decimal("12.20")
    assert worth(order, lines, {"1": 1}) == Decimal("38.80")


def _wish(items: tuple[ReturnedItem, ...], shipping: bool | None) -> Wish:
    return Wish(None, None, None, By("1"), utc_now(), items=items, shipping=shipping)
