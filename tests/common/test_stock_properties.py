"""Any sequence of sales, returns and counts, with repetitions: the books add up, and nothing is oversold."""

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from catalog.variants import count_stock
from common.clock import utc_now
from common.dynamodb import create_table, delete_table
from common.errors import ShopError
from common.http import Identity, Role
from common.repositories.stock import InsufficientStock
from common.stock_ledger import (
    Outcome,
    apply_channel_sale,
    apply_count,
    apply_delivery,
    apply_return,
)
from orders.allocation import OutOfStock
from orders.checkout import place_order
from orders.refunds import cancel_order
from tests.common.stock_builders import SKU, booked, on_shelf, physical, stock_of_variant
from tests.orders.order_builders import purchase

ADMIN = Identity("1", "admin", Role.ADMIN)
LOOSE = "LOOSE"

SKUS = st.sampled_from((SKU, LOOSE))
PIECES = st.integers(1, 6)
# Few ids, so that many events are repetitions.
EVENTS = st.sampled_from(("1", "2", "3"))
CHANNELS = st.sampled_from(("etsy", "amazon"))


class Ledger(RuleBasedStateMachine):
    """The ledger on a table of its own, and beside it what must be there."""

    def __init__(self) -> None:
        super().__init__()
        create_table()
        on_shelf(5)
        self.there = {SKU: 5, LOOSE: 0}
        self.seen: set[tuple[str, ...]] = set()
        self.orders: dict[int, int] = {}

    def teardown(self) -> None:
        delete_table()

    @rule(channel=CHANNELS, event=EVENTS, sku=SKUS, pieces=PIECES)
    def sell(self, channel: str, event: str, sku: str, pieces: int) -> None:
        outcome = apply_channel_sale(channel, event, sku, pieces, utc_now())
        if self._is_new("sale", channel, event, sku):
            short = max(0, pieces - self.there[sku])
            kind = "shortfall" if short else "applied"
            assert (outcome.kind, outcome.delta, outcome.shortfall) == (kind, short - pieces, short)
            self.there[sku] += outcome.delta
        else:
            assert outcome == Outcome("duplicate", sku)

    @rule(channel=CHANNELS, event=EVENTS, sku=SKUS, pieces=PIECES, restock=st.booleans())
    def take_back(self, channel: str, event: str, sku: str, pieces: int, restock: bool) -> None:
        outcome = apply_return(channel, event, sku, pieces, utc_now(), restock=restock)
        is_new = self._is_new("return", channel, event, sku)
        assert outcome.kind == ("applied" if is_new else "duplicate")
        self.there[sku] += pieces if restock and is_new else 0

    @rule(event=EVENTS, sku=SKUS, pieces=PIECES)
    def deliver(self, event: str, sku: str, pieces: int) -> None:
        outcome = apply_delivery("delivery", event, sku, pieces, utc_now())
        is_new = self._is_new("delivery", event, sku)
        assert outcome.kind == ("applied" if is_new else "duplicate")
        self.there[sku] += pieces if is_new else 0

    @rule(sku=SKUS, pieces=PIECES)
    def count(self, sku: str, pieces: int) -> None:
        apply_count("admin", str(uuid4()), sku, pieces, utc_now())
        self.there[sku] = pieces

    @rule(operation=st.sampled_from(("add", "subtract")), pieces=PIECES)
    def correct(self, operation: str, pieces: int) -> None:
        change = pieces if operation == "add" else -pieces
        refusal = InsufficientStock if self.there[SKU] + change < 0 else None
        if self._goes(refusal, lambda: count_stock(10, operation, pieces, ADMIN, utc_now())):  # type: ignore[arg-type]
            self.there[SKU] += change

    @rule(pieces=PIECES)
    def order(self, pieces: int) -> None:
        refusal = OutOfStock if pieces > self.there[SKU] else None
        if self._goes(refusal, lambda: place_order(purchase((1, pieces)), utc_now())):
            self.orders[len(self.orders) + 1] = pieces
            self.there[SKU] -= pieces

    @rule(number=st.integers(1, 3))
    def cancel(self, number: int) -> None:
        if self.orders.get(number):
            cancel_order(number, True, None, ADMIN, utc_now())
            self.there[SKU] += self.orders[number]
            self.orders[number] = 0

    @invariant()
    def books_add_up(self) -> None:
        for sku, pieces in self.there.items():
            assert physical(sku) == pieces >= 0
            assert sum(movement.delta for movement in booked(sku)) == pieces
        assert stock_of_variant() == self.there[SKU]

    def _is_new(self, *event: str) -> bool:
        is_new = event not in self.seen
        self.seen.add(event)
        return is_new

    @staticmethod
    def _goes(refusal: type[ShopError] | None, step: object) -> bool:
        assert callable(step)
        if refusal is None:
            step()
            return True
        with pytest.raises(refusal):
            step()
        return False


MACHINE = settings(
    max_examples=15,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.exhaustive
def test_the_books_always_add_up(aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", f"test-{uuid4()}")
    monkeypatch.setenv("PAYMENT_PROVIDER", "mock")
    run_state_machine_as_test(Ledger, settings=MACHINE)
