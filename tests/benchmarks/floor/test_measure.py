"""What the handler sends is sent again by both others, each on rows of its own where something is written."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app import app
from benchmarks.floor.calls import FLOOR_CALLS
from benchmarks.floor.measure import CLIENT, HANDLER, WIRE, FloorBench, FloorSample, Turn
from benchmarks.floor.replay import Recording, Sent
from benchmarks.order_calls import PAGE
from common.dynamodb import get_item
from orders.repositories.carts import cart_key
from tests.support.engines import DYNAMODB_LOCAL

BY_NAME = {call.name: call for call in FLOOR_CALLS}
ADDING = BY_NAME["add a second product to a cart"]


@pytest.fixture
def engine_name() -> str:
    """What goes over the wire needs an engine at its other end."""
    return DYNAMODB_LOCAL


@pytest.fixture
def bench(table: str) -> Iterator[FloorBench]:
    opened = FloorBench(app, products=10, orders=PAGE)
    opened.open()
    yield opened
    opened.close()


@pytest.mark.exhaustive
def test_every_call_is_answered_and_sent_again(bench: FloorBench) -> None:
    for call in FLOOR_CALLS:
        found = bench.measure(call, 1)
        assert found.trips >= 1
        for side in (HANDLER, CLIENT, WIRE):
            assert found.cpu(side) > 0
            assert found.wall(side) > 0


def test_each_side_adds_to_carts_of_its_own(bench: FloorBench) -> None:
    bench.measure(ADDING, 1)
    carts = [get_item(cart_key(f"bench-1-{index:05}")) for index in range(3 + 3 * 5)]
    assert [len((cart or {}).get("items", ())) for cart in carts] == [2] * len(carts)


def test_a_request_that_is_refused_ends_the_measurement(bench: FloorBench) -> None:
    with pytest.raises(RuntimeError, match="answered 404"):
        bench.measure(replace(ADDING, body={"product_id": 999, "quantity": 1}), 1)


def test_a_recording_becomes_that_of_another_row() -> None:
    body = json.dumps({"Key": {"PK": {"S": "CART#one"}}})
    recording = Recording([("get_item", json.loads(body))], [Sent({"Host": "one"}, body.encode())])
    other = recording.of("one", "two")
    assert other.calls == [("get_item", {"Key": {"PK": {"S": "CART#two"}}})]
    assert other.sent == [Sent({"Host": "one"}, body.replace("one", "two").encode())]


def test_a_ratio_is_the_median_of_the_rounds_and_not_that_of_the_medians() -> None:
    rounds = [_round(10, 10), _round(20, 40), _round(900, 300)]
    sample = FloorSample(ADDING, 1, rounds)
    assert sample.ratio(HANDLER, CLIENT) == 1.0
    assert (sample.wall(HANDLER), sample.wall(CLIENT)) == (20, 40)


def _round(handler: int, client: int) -> tuple[Turn, Turn, Turn]:
    return Turn(handler, 1), Turn(client, 1), Turn(5, 1)
