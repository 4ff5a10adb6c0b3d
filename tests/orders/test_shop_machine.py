"""Any sequence of steps of buyers and administrators: the shop does what a plain model of it does."""

from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from catalog.variants import StockOperation, count_stock
from common.clock import utc_now
from common.dynamodb import Key, create_table, delete_table
from common.repositories.order_counter import COUNTER_KEY
from common.repositories.products import listing_key
from orders import carts
from orders.allocation import RequestedItem
from orders.idempotency import KeyReused, Token
from orders.payment_records import IS_PAID
from orders.payments import pay
from orders.refunds import cancel_order, refund_order
from orders.repositories.carts import cart_from_item, item_id
from orders.repositories.discounts import DISCOUNTS
from orders.sessions import Visitor
from tests.orders.cart_builders import SESSION
from tests.orders.shop_model import CODES, PRICES, TAX_PERCENT, Sale, Shop
from tests.orders.shop_steps import (
    ADMIN,
    Books,
    expected,
    meets,
    money,
    open_shop,
    place,
    read_books,
    token,
)

VISITOR = Visitor(SESSION)
CART = (VISITOR.key,)

VARIANTS = st.sampled_from(sorted(PRICES))
CODE_NAMES = st.sampled_from(sorted(CODES))
PIECES = st.integers(1, 4)
LINES = st.dictionaries(VARIANTS, PIECES, min_size=1)
# Few orders and amounts, so that one order meets several steps.
POSITIONS = st.integers(0, 1)
RESTOCK = st.sampled_from((True, None, False))
OF_SHIPPING = 0
PERCENT = st.sampled_from((OF_SHIPPING, 33, OF_SHIPPING, 60, None, 100, 110))


class ShopMachine(RuleBasedStateMachine):
    """The services on a table of their own, and beside them the model."""

    def __init__(self) -> None:
        super().__init__()
        create_table()
        open_shop()
        self.shop = Shop()
        # Where refunds and cancellations keep the keys that they were asked for with.
        self.others: set[Key] = set()

    def teardown(self) -> None:
        delete_table()

    @initialize(lines=LINES, code=st.none() | CODE_NAMES, chosen=VARIANTS, gives_shipping=st.booleans())
    def open_with_a_paid_order(
        self, lines: dict[int, int], code: str | None, chosen: int, gives_shipping: bool
    ) -> None:
        self.order_named_items(lines, code)
        if self.shop.sales:
            self.pay(0, fails=False)
            if gives_shipping:
                self._refund_shipping(1, self.shop.sales[0])
        self.add(chosen, 1)

    @rule(chosen=VARIANTS, pieces=PIECES)
    def add(self, chosen: int, pieces: int) -> None:
        refusal = self.shop.put(chosen, self.shop.cart.get(chosen, 0) + pieces)
        meets(refusal, lambda: carts.add_item(VISITOR, chosen // 10, chosen, pieces, utc_now()))

    @rule(chosen=VARIANTS, pieces=PIECES)
    def change(self, chosen: int, pieces: int) -> None:
        item = item_id(chosen // 10, chosen)
        refusal = self.shop.change(chosen, pieces)
        meets(refusal, lambda: carts.change_item(VISITOR, item, pieces, utc_now()))

    @rule(chosen=VARIANTS)
    def remove(self, chosen: int) -> None:
        self.shop.cart.pop(chosen, None)
        carts.remove_item(VISITOR, item_id(chosen // 10, chosen), utc_now())

    @rule(code=CODE_NAMES)
    def apply_code(self, code: str) -> None:
        refusal = self.shop.apply(code)
        meets(refusal, lambda: carts.apply_discount(VISITOR, code, utc_now()))

    @rule()
    def take_code_off(self) -> None:
        self.shop.cart_code = None
        carts.remove_discount(VISITOR, utc_now())

    @rule(keyed=st.booleans())
    def check_out(self, keyed: bool) -> None:
        key = self._new_key() if keyed else None
        refusal = self.shop.check_out(key)
        meets(refusal, lambda: place(cart_keys=CART, token=token(key) if key else None))

    @rule(lines=LINES, code=st.none() | CODE_NAMES)
    def order_named_items(self, lines: dict[int, int], code: str | None) -> None:
        wanted = tuple(RequestedItem(name // 10, name, pieces) for name, pieces in lines.items())
        key = self._new_key()
        refusal = self.shop.order(lines, code, key)
        meets(refusal, lambda: place(wanted=wanted, discount_code=code, token=token(key)))

    @precondition(lambda self: self.shop.keys)
    @rule(position=POSITIONS, same=st.booleans())
    def send_a_key_again(self, position: int, same: bool) -> None:
        key = sorted(self.shop.keys)[position % len(self.shop.keys)]
        if same:
            assert place(cart_keys=CART, token=token(key)).id == self.shop.keys[key]
        else:
            meets(KeyReused, lambda: place(cart_keys=CART, token=token(key, "another request")))

    @precondition(lambda self: self.shop.sales)
    @rule(position=POSITIONS, fails=st.booleans())
    def pay(self, position: int, fails: bool) -> None:
        number, sale = self._sale(position)
        refusal = self.shop.pay(sale, fails=fails)
        meets(refusal, lambda: pay(number, {"simulateFailure": fails}, utc_now()))

    @precondition(lambda self: self.shop.sales)
    @rule(position=POSITIONS, percent=PERCENT, restock=RESTOCK)
    def refund(self, position: int, percent: int | None, restock: bool | None) -> None:
        number, sale = self._sale(position)
        if percent == OF_SHIPPING:
            self._refund_shipping(number, sale)
            return
        cents = None if percent is None else max(1, sale.total * percent // 100)
        amount = None if cents is None else money(cents)
        refusal = self.shop.refund(sale, cents, restock)
        meets(
            refusal,
            lambda: refund_order(number, amount, restock, None, ADMIN, utc_now(), token=self._other_token()),
        )

    def _refund_shipping(self, number: int, sale: Sale) -> None:
        refusal = self.shop.refund_shipping(sale)
        now, made = utc_now(), self._other_token()
        meets(
            refusal,
            lambda: refund_order(number, None, None, None, ADMIN, now, shipping=True, token=made),
        )

    @precondition(lambda self: self.shop.sales)
    @rule(position=POSITIONS, restock=RESTOCK)
    def cancel(self, position: int, restock: bool | None) -> None:
        number, sale = self._sale(position)
        refusal = self.shop.cancel(sale, restock)
        meets(
            refusal, lambda: cancel_order(number, restock, None, ADMIN, utc_now(), token=self._other_token())
        )

    @rule(chosen=VARIANTS, operation=st.sampled_from(("set", "add", "subtract")), pieces=PIECES)
    def count_pieces(self, chosen: int, operation: StockOperation, pieces: int) -> None:
        refusal = self.shop.count(chosen, operation, pieces)
        meets(refusal, lambda: count_stock(chosen, operation, pieces, ADMIN, utc_now()))

    @invariant()
    def books_are_right(self) -> None:
        books = read_books()
        self._no_piece_is_lost_or_made(books)
        self._each_order_is_as_in_the_model(books)
        self._each_key_stands_for_one_order(books)
        self._codes_count_the_orders_that_use_them(books)
        self._cart_is_as_in_the_model(books)
        for number in books.orders:
            amounts_add_up(books, number)

    def _no_piece_is_lost_or_made(self, books: Books) -> None:
        stock = {name: books.rows[listing_key(name // 10)]["stock"][str(name)] for name in PRICES}
        assert min(stock.values()) >= 0
        assert {name: stock[name] + books.held[name] for name in PRICES} == self.shop.supplied
        assert stock == self.shop.stock

    def _each_order_is_as_in_the_model(self, books: Books) -> None:
        assert [books.seen(number) for number in books.orders] == [expected(it) for it in self.shop.sales]
        counted = books.rows.get(COUNTER_KEY, {"orders": 0})
        assert counted["orders"] == len(books.orders)

    def _each_key_stands_for_one_order(self, books: Books) -> None:
        keys = {key for key in books.rows if key[0].startswith("IDEMPOTENCY#")} - self.others
        found = {books.rows[key]["order_id"] for key in keys}
        assert found == set(self.shop.keys.values())
        assert {key: books.rows[token(key).mark.key]["order_id"] for key in self.shop.keys} == self.shop.keys
        assert len(found) == len(keys) == len(self.shop.keys)

    def _codes_count_the_orders_that_use_them(self, books: Books) -> None:
        live = [order.discount_code for order in books.orders.values() if order.cancelled_at is None]
        for name, code in CODES.items():
            used = books.rows[DISCOUNTS.key(code.id)]["times_used"]
            assert used == live.count(name) == self.shop.uses(name)

    def _cart_is_as_in_the_model(self, books: Books) -> None:
        row = books.rows.get(VISITOR.key)
        cart = cart_from_item(row) if row else None
        found = {item.variant_id: item.quantity for item in cart.items} if cart else {}
        assert found == self.shop.cart
        assert (cart and cart.discount_code) == self.shop.cart_code

    def _new_key(self) -> str:
        return f"key-{len(self.shop.keys)}"

    def _other_token(self) -> Token:
        made = token(uuid4().hex)
        self.others.add(made.mark.key)
        return made

    def _sale(self, position: int) -> tuple[int, Sale]:
        index = position % len(self.shop.sales)
        return index + 1, self.shop.sales[index]


def amounts_add_up(books: Books, number: int) -> None:
    """Checks the amounts of an order against its lines, its payment and its refunds."""
    order = books.orders[number]
    assert order.subtotal == sum(line.unit_price * line.quantity for line in books.lines[number])
    assert order.total == order.subtotal + order.shipping + order.tax - order.discount
    assert 0 <= order.refunded_amount <= (order.total if order.payment_status in IS_PAID else 0)
    assert order.refunded_amount == books.refunded(number)


MACHINE = settings(
    max_examples=12,
    stateful_step_count=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.exhaustive
def test_the_shop_does_what_the_model_does(aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", f"test-{uuid4()}")
    monkeypatch.setenv("PAYMENT_PROVIDER", "mock")
    monkeypatch.setenv("TAX_RATE", str(Decimal(TAX_PERCENT) / 100))
    run_state_machine_as_test(ShopMachine, settings=MACHINE)
