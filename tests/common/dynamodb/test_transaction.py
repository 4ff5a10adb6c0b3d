"""Tests of the unit of work: all or nothing, refusals by action, rivals and retries."""

from itertools import permutations
from typing import Any

import pytest
from botocore.exceptions import ClientError

from common.dynamodb import (
    ConditionFailed,
    Item,
    Query,
    TransactionBusy,
    TransactionRefused,
    TransactionTooLarge,
    UnitOfWork,
    UnstorableValue,
    Update,
    attr,
    fetch_all,
    get_item,
    meter,
    put_item,
    update_item,
)
from common.errors import Conflict, InvalidInput, Unavailable
from tests.support import wire
from tests.support.races import just_before

STOCK = {"PK": "P", "SK": "STOCK", "left": 3}


class SoldOut(Conflict):
    """Not enough is left."""


def sold_out(item: Item | None) -> Exception:
    return SoldOut(f"{item['left'] if item else 0} left")


def take(work: UnitOfWork, amount: int, key: tuple[str, str] = ("P", "STOCK"), **options: Any) -> None:
    condition = attr("left").ge(amount)
    work.update(key, Update().increment("left", -amount), condition=condition, **options)


def test_all_kinds_of_actions_are_committed_as_one(table: str) -> None:
    put_item(STOCK)
    put_item({"PK": "P", "SK": "OLD"})
    put_item({"PK": "P", "SK": "CHECKED", "open": True})
    with meter() as usage:
        with UnitOfWork() as work:
            work.put({"PK": "P", "SK": "NEW", "a": 1}, condition=attr("PK").missing())
            take(work, 1)
            work.delete(("P", "OLD"), condition=attr("PK").exists())
            work.check(("P", "CHECKED"), attr("open").eq(True))
        assert usage.calls == 1
    assert {item["SK"]: item for item in fetch_all(Query("P"))} == {
        "NEW": {"PK": "P", "SK": "NEW", "a": 1},
        "STOCK": STOCK | {"left": 2},
        "CHECKED": {"PK": "P", "SK": "CHECKED", "open": True},
    }


def test_nothing_is_written_before_the_end_of_the_block(table: str) -> None:
    with UnitOfWork() as work:
        work.put(STOCK)
        assert get_item(("P", "STOCK")) is None
        assert len(work) == 1
    assert get_item(("P", "STOCK")) == STOCK


def test_an_empty_unit_of_work_sends_nothing(table: str) -> None:
    with meter() as usage, UnitOfWork():
        pass
    assert usage.calls == 0


def test_an_exception_discards_everything(table: str) -> None:
    work = UnitOfWork()

    def fail_within() -> None:
        with work:
            work.put(STOCK)
            raise KeyError

    with meter() as usage, pytest.raises(KeyError):
        fail_within()
    assert usage.calls == 0
    assert len(work) == 0
    assert get_item(("P", "STOCK")) is None


def test_a_unit_of_work_may_be_used_again(table: str) -> None:
    work = UnitOfWork()
    for left in (1, 2):
        with work:
            work.put(STOCK | {"left": left})
    assert get_item(("P", "STOCK")) == STOCK | {"left": 2}


def test_actions_are_sent_in_key_order(table: str) -> None:
    sent = wire.sent_parameters("TransactWriteItems")
    for order in permutations(["A", "B", "C"]):
        with UnitOfWork() as work:
            for sort in order:
                work.put({"PK": "P", "SK": sort})
    sorts = [[it["Put"]["Item"]["SK"]["S"] for it in params["TransactItems"]] for params in sent]
    assert sorts == [["A", "B", "C"]] * 6


def test_one_refused_action_refuses_all(table: str) -> None:
    put_item(STOCK)
    work = UnitOfWork()
    work.put({"PK": "P", "SK": "ORDER"})
    take(work, 4)
    with pytest.raises(TransactionRefused):
        work.commit()
    assert get_item(("P", "ORDER")) is None
    assert get_item(("P", "STOCK")) == STOCK


def test_refusals_tell_which_action_met_what(table: str) -> None:
    put_item(STOCK)
    put_item({"PK": "A", "SK": "STOCK", "left": 9})
    put_item({"PK": "Z", "SK": "STOCK", "left": 0})
    work = UnitOfWork()
    take(work, 1, ("Z", "STOCK"), tag="line 0")
    take(work, 1, ("A", "STOCK"), tag="line 1")
    take(work, 5, ("P", "STOCK"), tag="line 2")
    take(work, 1, ("M", "STOCK"), tag="line 3")
    work.put({"PK": "B", "SK": "ORDER"}, tag="order")
    with pytest.raises(TransactionRefused) as caught:
        work.commit()
    assert [(it.key, it.tag, it.item) for it in caught.value.refusals] == [
        (("Z", "STOCK"), "line 0", {"PK": "Z", "SK": "STOCK", "left": 0}),
        (("P", "STOCK"), "line 2", STOCK),
        (("M", "STOCK"), "line 3", None),
    ]
    assert caught.value.status == 409


@pytest.mark.parametrize("kind", ["put", "update", "delete", "check"])
def test_every_kind_of_action_reports_its_refusal(table: str, kind: str) -> None:
    put_item(STOCK)
    work = UnitOfWork()
    impossible = attr("left").gt(100)
    if kind == "put":
        work.put(STOCK, condition=impossible, tag=kind)
    elif kind == "update":
        work.update(("P", "STOCK"), Update().set("left", 1), condition=impossible, tag=kind)
    elif kind == "delete":
        work.delete(("P", "STOCK"), condition=impossible, tag=kind)
    else:
        work.check(("P", "STOCK"), impossible, tag=kind)
    with pytest.raises(TransactionRefused) as caught:
        work.commit()
    assert [(it.tag, it.item) for it in caught.value.refusals] == [(kind, STOCK)]
    assert get_item(("P", "STOCK")) == STOCK


def test_the_error_of_the_action_is_raised(table: str) -> None:
    put_item(STOCK)
    work = UnitOfWork()
    take(work, 4, failed=sold_out)
    with pytest.raises(SoldOut, match="3 left") as caught:
        work.commit()
    cause = caught.value.__cause__
    assert isinstance(cause, TransactionRefused)
    assert cause.refusals[0].item == STOCK
    assert isinstance(cause.__cause__, ClientError)
    work = UnitOfWork()
    take(work, 4, failed=SoldOut("ready-made"))
    with pytest.raises(SoldOut, match="ready-made"):
        work.commit()


def test_the_first_action_speaks_for_several(table: str) -> None:
    put_item(STOCK)
    work = UnitOfWork()
    take(work, 4, ("Z", "STOCK"), failed=SoldOut("first"))
    take(work, 4, ("A", "STOCK"), failed=SoldOut("second"))
    with pytest.raises(SoldOut, match="first"):
        work.commit()


def test_a_refused_action_without_an_error_of_its_own_leaves_the_list(table: str) -> None:
    work = UnitOfWork()
    take(work, 4, ("A", "STOCK"), failed=SoldOut("first"))
    take(work, 4, ("B", "STOCK"))
    with pytest.raises(TransactionRefused) as caught:
        work.commit()
    assert [refusal.key for refusal in caught.value.refusals] == [("A", "STOCK"), ("B", "STOCK")]


def test_an_action_that_held_needs_no_error_of_its_own(table: str) -> None:
    put_item(STOCK)
    work = UnitOfWork()
    take(work, 1)
    take(work, 4, ("B", "STOCK"), failed=SoldOut("gone"))
    with pytest.raises(SoldOut):
        work.commit()


def test_stock_taken_just_before_the_commit_is_not_taken_again(table: str) -> None:
    put_item(STOCK)

    def rival() -> None:
        update_item(("P", "STOCK"), Update().increment("left", -2), condition=attr("left").ge(2))

    work = UnitOfWork()
    take(work, 2, failed=sold_out)
    with just_before("common.dynamodb.transaction.call", rival), pytest.raises(SoldOut, match="1 left"):
        work.commit()
    assert get_item(("P", "STOCK")) == STOCK | {"left": 1}


def test_a_checked_item_that_changes_just_before_the_commit_stops_it(table: str) -> None:
    put_item({"PK": "P", "SK": "CART", "open": True})

    def rival() -> None:
        update_item(("P", "CART"), Update().set("open", False))

    work = UnitOfWork()
    work.check(("P", "CART"), attr("open").eq(True))
    work.put({"PK": "P", "SK": "ORDER"})
    with just_before("common.dynamodb.transaction.call", rival), pytest.raises(TransactionRefused):
        work.commit()
    assert get_item(("P", "ORDER")) is None


def test_two_actions_on_one_key_are_refused_by_name() -> None:
    work = UnitOfWork()
    work.put(STOCK)
    with pytest.raises(ValueError, match="P/STOCK"):
        work.delete(("P", "STOCK"))


def test_a_hundred_actions_fit_and_one_more_does_not(table: str) -> None:
    with UnitOfWork() as work:
        for number in range(100):
            work.put({"PK": "P", "SK": f"{number:03}"})
        with pytest.raises(TransactionTooLarge):
            work.put({"PK": "P", "SK": "100"})
    assert len(fetch_all(Query("P"))) == 100
    assert issubclass(TransactionTooLarge, InvalidInput)


def test_an_action_too_many_discards_the_others(table: str) -> None:
    def put_too_many() -> None:
        with UnitOfWork() as work:
            for number in range(101):
                work.put({"PK": "P", "SK": f"{number:03}"})

    with meter() as usage, pytest.raises(TransactionTooLarge):
        put_too_many()
    assert usage.calls == 0


def test_an_unstorable_value_is_refused_where_it_is_added() -> None:
    work = UnitOfWork()
    with pytest.raises(UnstorableValue, match="price"):
        work.put({"PK": "P", "SK": "A", "price": 1.5})
    assert len(work) == 0


def test_conflicts_with_rivals_are_retried_with_a_new_token(table: str) -> None:
    waits: list[float] = []
    sent = wire.sent_parameters("TransactWriteItems")
    wire.refuse_calls(
        "TransactWriteItems",
        [
            wire.cancelled("None", "TransactionConflict"),
            wire.cancelled("ThrottlingError", "None"),
            wire.cancelled("ProvisionedThroughputExceeded", "TransactionConflict"),
            {"Error": {"Code": "TransactionConflictException", "Message": "ongoing"}},
        ],
    )
    with UnitOfWork(sleep=waits.append) as work:
        work.put(STOCK)
        work.put({"PK": "P", "SK": "ORDER"})
    assert len(fetch_all(Query("P"))) == 2
    assert len(waits) == 4
    assert len({parameters["ClientRequestToken"] for parameters in sent}) == 5
    assert all(parameters["TransactItems"] == sent[0]["TransactItems"] for parameters in sent)


@pytest.mark.parametrize(("options", "attempts"), [({}, 6), ({"retries": 2}, 3), ({"retries": 0}, 1)])
def test_rivals_that_do_not_give_way_end_it(table: str, options: dict[str, int], attempts: int) -> None:
    waits: list[float] = []
    answered = wire.refuse_calls("TransactWriteItems", [wire.cancelled("TransactionConflict")] * 9)
    work = UnitOfWork(sleep=waits.append, **options)
    work.put(STOCK)
    with pytest.raises(TransactionBusy):
        work.commit()
    assert len(answered) == attempts
    assert len(waits) == attempts - 1
    assert get_item(("P", "STOCK")) is None
    assert issubclass(TransactionBusy, Unavailable)


def test_a_refusal_beside_a_conflict_is_not_retried(table: str) -> None:
    refusals = [wire.cancelled("TransactionConflict", "ConditionalCheckFailed")] * 2
    answered = wire.refuse_calls("TransactWriteItems", refusals)
    work = UnitOfWork()
    work.put({"PK": "B", "SK": "B"}, condition=attr("PK").missing(), tag="second")
    work.put({"PK": "A", "SK": "A"}, condition=attr("PK").missing(), tag="first")
    with pytest.raises(TransactionRefused) as caught:
        work.commit()
    assert [(it.tag, it.item) for it in caught.value.refusals] == [("second", None)]
    assert len(answered) == 1


@pytest.mark.parametrize(
    "refusal",
    [
        wire.cancelled("ValidationError"),
        wire.cancelled("TransactionConflict", "ValidationError"),
        wire.cancelled("ItemCollectionSizeLimitExceeded"),
        wire.cancelled("None"),
        {"Error": {"Code": "ValidationException", "Message": "no"}},
        {"Error": {"Code": "IdempotentParameterMismatchException", "Message": "no"}},
    ],
)
def test_other_refusals_are_passed_on_at_once(table: str, refusal: dict[str, Any]) -> None:
    amount = len(refusal.get("CancellationReasons", ["one"]))
    answered = wire.refuse_calls("TransactWriteItems", [refusal] * 2)
    work = UnitOfWork()
    for number in range(amount):
        work.put({"PK": "P", "SK": str(number)})
    with pytest.raises(ClientError):
        work.commit()
    assert len(answered) == 1


def test_a_repeated_request_of_the_client_keeps_its_token(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire.without_waiting(monkeypatch)
    sent = wire.sent_requests("TransactWriteItems")
    broken = wire.break_connection("TransactWriteItems", times=2)
    with UnitOfWork() as work:
        work.put(STOCK)
    assert len(broken) == 2
    assert len(sent) == 3
    assert len({request.body for request in sent}) == 1
    assert get_item(("P", "STOCK")) == STOCK


def test_a_single_condition_outside_a_unit_of_work_is_another_error(table: str) -> None:
    with pytest.raises(ConditionFailed):
        put_item(STOCK, condition=attr("PK").exists())
    work = UnitOfWork()
    work.put(STOCK, condition=attr("PK").exists())
    with pytest.raises(TransactionRefused):
        work.commit()


def test_what_follows_a_commit_is_done_once_and_after_it(table: str) -> None:
    put_item(STOCK)
    found: list[Item | None] = []
    with UnitOfWork() as work:
        take(work, 1)
        work.afterwards(lambda: found.append(get_item(("P", "STOCK"), consistent=True)))
    work.commit()
    assert found == [STOCK | {"left": 2}]


def test_what_follows_a_commit_is_not_done_when_there_is_none(table: str) -> None:
    put_item(STOCK)
    done: list[str] = []
    work = UnitOfWork()
    with pytest.raises(ValueError, match="no"), work:
        take(work, 1)
        work.afterwards(lambda: done.append("discarded"))
        raise ValueError("no")
    with pytest.raises(TransactionRefused), work:
        take(work, 9)
        work.afterwards(lambda: done.append("refused"))
    with work:
        take(work, 1)
    assert done == []
