"""Any history of buyers, channels and the artist: each number has one owner, or one reason why not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from catalog.variants import StockOperation, count_stock, update_variant
from common.clock import utc_now
from common.dynamodb import create_table, delete_table
from common.errors import ShopError
from common.optimistic import StaleVersion
from common.repositories.editions import NUMBER, PROOF, SOLD, all_of_edition
from common.repositories.orders import Order, OrderDetails, details_of, order_by_id
from common.repositories.products import Edition
from common.repositories.stock_movements import movements_of_variant
from etsy_sync.inbound.sales import take_sale
from orders.editions import Decision, exchange, give_number, give_proof, release, take_back_by_hand, withhold
from orders.orders import StatusChange, change_status
from orders.payments import pay
from orders.refund_plans import ReturnedItem
from orders.refunds import cancel_order, refund_order
from orders.unpaid import cancel_all_overdue
from tests.common.stock_builders import on_shelf
from tests.etsy_sync.inbound.builders import a_line, an_order, dying_after, linked, refund
from tests.orders.edition_builders import ADMIN, PRINT, bought, check_edition, open_edition
from tests.orders.order_builders import counter, stock_of
from tests.support.races import just_before

COMMIT = "common.dynamodb.transaction.UnitOfWork.commit"
SIZE = 6

PIECES = st.integers(1, 3)
NUMBERS = st.integers(1, SIZE)
POSITIONS = st.integers(0, 3)
EVENTS = st.sampled_from(("t-1", "t-2", "t-3"))
RESTOCK = st.sampled_from((True, None, False))
STEPS = st.sampled_from((release, withhold, take_back_by_hand, give_number))

Act = Callable[[], object]
RIVALS: dict[str, Act] = {
    "another buyer": bought,
    "a sale elsewhere": lambda: take_sale(an_order(a_line("rival"), order_id="rival"), utc_now()),
    "more pieces": lambda: count_stock(PRINT, "add", 1, ADMIN, utc_now()),
    "one kept": lambda: withhold(Decision(PRINT, SIZE, "kept", ADMIN, utc_now())),
    "all unpaid cancelled": lambda: cancel_all_overdue(utc_now() + timedelta(minutes=31)),
}
RIVAL = st.none() | st.sampled_from(sorted(RIVALS))


class EditionMachine(RuleBasedStateMachine):
    """An edition on a table of its own; what the shop refuses changes nothing, and is no defect."""

    def __init__(self) -> None:
        super().__init__()
        create_table()
        on_shelf(1)
        open_edition(SIZE)
        linked()

    def teardown(self) -> None:
        delete_table()

    @initialize(pieces=st.integers(1, 2), fails=st.booleans())
    def begin_with_three_orders(self, pieces: int, fails: bool) -> None:
        """One that is paid, one that is not, and one that is cancelled before it is paid."""
        for each in (pieces, 1, 1):
            bought(each)
        attempt(lambda: pay(1, {"simulateFailure": fails}, utc_now()))
        cancel_order(3, None, None, ADMIN, utc_now())

    @rule(pieces=PIECES, rival=RIVAL)
    def buy(self, pieces: int, rival: str | None) -> None:
        attempt(lambda: bought(pieces), rival)

    @rule(pieces=PIECES, writes=st.integers(0, 2))
    def buy_and_die(self, pieces: int, writes: int) -> None:
        with dying_after(writes):
            attempt(lambda: bought(pieces))

    @rule(position=POSITIONS, fails=st.booleans())
    def pay(self, position: int, fails: bool) -> None:
        self._of_order(position, lambda order: pay(order, {"simulateFailure": fails}, utc_now()))

    @rule(position=POSITIONS)
    def ship(self, position: int) -> None:
        self._of_order(
            position, lambda order: change_status(order, StatusChange("shipped"), ADMIN, utc_now())
        )

    @rule(rival=RIVAL)
    def give_up_what_is_unpaid(self, rival: str | None) -> None:
        attempt(lambda: cancel_all_overdue(utc_now() + timedelta(minutes=31)), rival)

    @rule(position=POSITIONS, restock=RESTOCK, rival=RIVAL)
    def cancel(self, position: int, restock: bool | None, rival: str | None) -> None:
        self._of_order(position, lambda order: cancel_order(order, restock, None, ADMIN, utc_now()), rival)

    @rule(position=POSITIONS, restock=RESTOCK, pieces=st.integers(0, 2), rival=RIVAL)
    def refund(self, position: int, restock: bool | None, pieces: int, rival: str | None) -> None:
        items = (ReturnedItem(line=1, quantity=pieces),) if pieces else ()
        self._of_order(
            position,
            lambda order: refund_order(order, None, restock, None, ADMIN, utc_now(), items=items),
            rival,
        )

    @rule(event=EVENTS, pieces=PIECES, called_off=st.integers(0, 3), rival=RIVAL)
    def report_a_sale(self, event: str, pieces: int, called_off: int, rival: str | None) -> None:
        line = a_line(event, pieces)
        if called_off:
            line = replace(line, cancellations=refund(min(pieces, called_off)))
        attempt(lambda: take_sale(an_order(line, order_id=event), utc_now()), rival)

    @rule(event=EVENTS, pieces=PIECES, writes=st.integers(0, 4))
    def report_a_sale_and_die(self, event: str, pieces: int, writes: int) -> None:
        with dying_after(writes):
            attempt(lambda: take_sale(an_order(a_line(event, pieces), order_id=event), utc_now()))

    @rule(step=STEPS, number=NUMBERS, rival=RIVAL)
    def decide(self, step: Callable[[Decision], None], number: int, rival: str | None) -> None:
        attempt(lambda: step(Decision(PRINT, number, "so be it", ADMIN, utc_now())), rival)

    @rule(number=NUMBERS, other=NUMBERS)
    def exchange(self, number: int, other: int) -> None:
        attempt(lambda: exchange(Decision(PRINT, number, "the other one", ADMIN, utc_now()), other))

    @rule(number=st.integers(1, 3), rival=RIVAL)
    def give_a_proof(self, number: int, rival: str | None) -> None:
        attempt(lambda: give_proof(Decision(PRINT, number, "a proof", ADMIN, utc_now(), PROOF)), rival)

    @rule(operation=st.sampled_from(("set", "add", "subtract")), pieces=PIECES, rival=RIVAL)
    def count(self, operation: StockOperation, pieces: int, rival: str | None) -> None:
        attempt(lambda: count_stock(PRINT, operation, pieces, ADMIN, utc_now()), rival)

    @rule(size=st.integers(2, SIZE), rival=RIVAL)
    def end_the_edition_earlier(self, size: int, rival: str | None) -> None:
        attempt(lambda: update_variant(PRINT, {"edition": Edition(size, 2)}, ADMIN, utc_now()), rival)

    @invariant()
    def each_number_is_explained(self) -> None:
        check_edition()
        assert stock_of(1) == SIZE + sum(it.delta for it in movements_of_variant(PRINT))
        orders = every_order()
        for row in all_of_edition(PRINT)[0]:
            if row.kind == NUMBER and row.state == SOLD and row.owner and row.owner.source == "order":
                order, details = orders[int(row.owner.event_id)]
                assert order.cancelled_at is None
                line = next(line for line in details.lines if line.id == row.owner.line)
                assert row.number in (line.numbers or ())
        for order, details in orders.values():
            assert is_settled(order, details)

    def _of_order(self, position: int, step: Callable[[int], object], rival: str | None = None) -> None:
        placed = counter()[0]
        if placed:
            attempt(lambda: step(position % placed + 1), rival)


def attempt(step: Act, rival: str | None = None) -> None:
    """Takes a step, if the shop lets it be taken; a rival is faster by a moment."""

    def overtake() -> None:
        attempt(RIVALS[rival or ""])

    try:
        if rival is None:
            step()
            return
        with just_before(COMMIT, overtake):
            step()
    except StaleVersion:
        # Whoever was overtaken once has time enough to decide anew.
        raise
    except ShopError:
        return
    except AssertionError as missed:
        # A step that was refused before it wrote anything was overtaken by nobody.
        if "nothing raced" not in str(missed):
            raise


def every_order() -> dict[int, tuple[Order, OrderDetails]]:
    """All orders with their details, by their ids."""
    found = {}
    for number in range(1, counter()[0] + 1):
        order, details = order_by_id(number), details_of(number)
        if order is not None and details is not None:
            found[number] = order, details
    return found


def is_settled(order: Order, details: OrderDetails) -> bool:
    """Whether a shop's order has as many numbers as pieces."""
    return order.channel is not None or all(len(it.numbers or ()) == it.quantity for it in details.lines)


def _settings(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture
def _world(aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", f"test-{uuid4()}")
    monkeypatch.setenv("PAYMENT_PROVIDER", "mock")
    monkeypatch.setenv("UNPAID_ORDER_MINUTES", "30")


@pytest.mark.usefixtures("_world")
def test_a_few_histories_of_an_edition() -> None:
    run_state_machine_as_test(EditionMachine, settings=_settings(3, 12))


@pytest.mark.exhaustive
@pytest.mark.usefixtures("_world")
def test_many_histories_of_an_edition() -> None:
    run_state_machine_as_test(EditionMachine, settings=_settings(20, 25))
