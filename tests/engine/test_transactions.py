"""What only AWS's own engine judges about transactions: tokens, limits, order of the reasons."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from common.dynamodb import (
    Query,
    TransactionRefused,
    UnitOfWork,
    Update,
    attr,
    batch_write,
    fetch_all,
    get_client,
    get_item,
    put_item,
)
from common.errors import Conflict
from tests.support import wire

STOCK = {"PK": "P", "SK": "STOCK", "left": 10}


def test_a_commit_whose_answer_was_lost_is_applied_once(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put_item(STOCK)
    wire.without_waiting(monkeypatch)
    sent = wire.sent_requests("TransactWriteItems")
    lost = wire.lose_answer("TransactWriteItems")
    with UnitOfWork() as work:
        work.update(("P", "STOCK"), Update().increment("left", -3), condition=attr("left").ge(3))
        work.put({"PK": "P", "SK": "ORDER"}, condition=attr("PK").missing())
    assert [answer.status_code for answer in lost] == [200]
    assert len(sent) == 2
    assert get_item(("P", "STOCK")) == STOCK | {"left": 7}
    assert get_item(("P", "ORDER")) is not None


def test_without_the_token_the_same_loss_would_count_twice(table: str) -> None:
    # Proves that the test above would notice: the engine does apply equal writes with other tokens.
    put_item(STOCK)
    for _ in range(2):
        with UnitOfWork() as work:
            work.update(("P", "STOCK"), Update().increment("left", -3))
    assert get_item(("P", "STOCK")) == STOCK | {"left": 4}


def test_a_refusal_whose_answer_was_lost_is_still_a_refusal(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_item(STOCK)
    wire.without_waiting(monkeypatch)
    lost = wire.lose_answer("TransactWriteItems")
    work = UnitOfWork()
    work.update(("P", "STOCK"), Update().increment("left", -11), condition=attr("left").ge(11), tag="it")
    with pytest.raises(TransactionRefused) as caught:
        work.commit()
    assert [answer.status_code for answer in lost] == [400]
    assert [(refusal.tag, refusal.item) for refusal in caught.value.refusals] == [("it", STOCK)]


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.integers(0, 99), st.booleans()), min_size=1, max_size=12, unique_by=lambda it: it[0]
    )
)
def test_each_reason_belongs_to_its_action(table: str, lines: list[tuple[int, bool]]) -> None:
    batch_write([{"PK": "P", "SK": f"{number:02}", "number": number} for number, _ in lines])
    work = UnitOfWork()
    for number, holds in lines:
        wanted = number if holds else -1
        work.update(
            ("P", f"{number:02}"), Update().set("seen", 1), condition=attr("number").eq(wanted), tag=number
        )
    refused = [number for number, holds in lines if not holds]
    if not refused:
        work.commit()
        return
    with pytest.raises(TransactionRefused) as caught:
        work.commit()
    met = [(it.tag, it.item["number"] if it.item else None) for it in caught.value.refusals]
    assert met == [(number, number) for number in refused]
    assert not any("seen" in item for item in fetch_all(Query("P")) if item["number"] in dict(lines))


def test_a_hundred_actions_with_conditions_fit(table: str) -> None:
    with UnitOfWork() as work:
        for number in range(100):
            work.put({"PK": "P", "SK": f"{number:03}"}, condition=attr("PK").missing())
    assert len(fetch_all(Query("P"))) == 100


def test_the_hundredth_action_can_refuse_all(table: str) -> None:
    put_item({"PK": "P", "SK": "099", "taken": True})
    work = UnitOfWork()
    for number in range(100):
        work.put({"PK": "P", "SK": f"{number:03}"}, condition=attr("PK").missing(), tag=number)
    with pytest.raises(TransactionRefused) as caught:
        work.commit()
    assert [(it.tag, it.item) for it in caught.value.refusals] == [
        (99, {"PK": "P", "SK": "099", "taken": True})
    ]
    assert len(fetch_all(Query("P"))) == 1


def test_the_engine_refuses_index_keys_that_are_no_texts(table: str) -> None:
    # moto takes them, which is why it is never the only judge.
    bad: dict[str, Any] = {"PK": "P", "SK": "A", "GSI1PK": 1, "GSI1SK": "B"}
    with pytest.raises(get_client().exceptions.ClientError, match="Type mismatch"):
        put_item(bad)
    report = batch_write([{"PK": "P", "SK": "B"}, bad])
    assert report.succeeded == []
    assert [key for key, _ in report.failed] == [("P", "B"), ("P", "A")]


def _take_of(variant: str) -> UnitOfWork:
    """A sale of a piece of a variant: the condition says that it is there, the update counts down."""
    work = UnitOfWork()
    place = ("stocks", variant)
    condition = attr("PK").exists() & attr(*place).ge(1)
    work.update(("P", "LISTING"), Update().increment(place, -1), condition=condition, tag=variant)
    work.put({"PK": "P", "SK": "ORDER"}, condition=attr("PK").missing())
    return work


LISTING = {"PK": "P", "SK": "LISTING", "stocks": {"1": 4}}


@pytest.mark.parametrize("row", [LISTING, {"PK": "P", "SK": "LISTING"}, None])
def test_an_update_of_what_is_gone_is_refused_by_its_condition(
    table: str, row: dict[str, Any] | None
) -> None:
    # This engine tries the update first and calls the transaction invalid.
    if row is not None:
        put_item(row)
    with pytest.raises(TransactionRefused) as caught:
        _take_of("2").commit()
    assert [(refusal.tag, refusal.item) for refusal in caught.value.refusals] == [("2", row)]
    assert get_item(("P", "ORDER")) is None


def test_the_error_of_the_action_comes_out_beside_an_invalid_update(table: str) -> None:
    put_item(LISTING)
    work = UnitOfWork()
    condition = attr("stocks", "2").ge(1)
    failed = Conflict("sold out")
    work.update(("P", "LISTING"), Update().increment(("stocks", "2"), -1), condition=condition, failed=failed)
    with pytest.raises(Conflict, match="sold out"):
        work.commit()


def test_an_update_that_is_wrong_under_a_condition_that_holds_stays_a_defect(table: str) -> None:
    put_item(LISTING | {"name": "text"})
    for condition in (None, attr("PK").exists()):
        work = UnitOfWork()
        work.update(("P", "LISTING"), Update().increment("name", 1), condition=condition)
        with pytest.raises(ClientError):
            work.commit()


def test_names_of_which_one_begins_like_another_are_told_apart(table: str) -> None:
    # More than ten names: `#n1` is part of `#n10`, and a name that is not used would be refused.
    work = UnitOfWork()
    update = Update().increment(("stocks", "2"), -1)
    for number in range(12):
        update.set(f"field{number}", number)
    work.update(("P", "LISTING"), update, condition=attr("stocks", "2").ge(1) & attr("field11").missing())
    with pytest.raises(TransactionRefused):
        work.commit()
