"""Reading and writing one item by its key.

A write that the client sends again, because the answer to the first attempt was lost, must neither count
twice nor take itself for a rival. So a conditional put and every update leave a mark in the item, which no
repetition may find: a refusal that met the write's own mark is its success.
"""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from common.config import table_name
from common.errors import Conflict

from .backoff import Sleep, delay
from .client import call
from .codec import WRITE_ID, Item, Key, WireItem, from_wire, key_to_wire, to_wire
from .expressions import Condition, Expression, Update, attr
from .lifecycle import EXPIRES_AT, epoch_now, is_live
from .lost_answers import repeats_lost_answer
from .transaction import RETRIES, TRANSACTION_CONFLICT, TransactionBusy

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

CONDITION_FAILED = "ConditionalCheckFailedException"


class ConditionFailed(Conflict):
    """The condition of a write did not hold; `item` is what was found, None when nothing was."""

    def __init__(self, item: Item | None = None) -> None:
        super().__init__("The item was changed meanwhile; read it again and retry")
        self.item = item


class OutcomeUnknown(Conflict):
    """An answer was lost, and others have written the item since: nobody knows whether the write was made.

    `item` is what was found. Whoever repeats the write may do it a second time.
    """

    def __init__(self, item: Item | None = None) -> None:
        super().__init__("It is not known whether the change was made; look again before you repeat it")
        self.item = item


def get_item(key: Key, *, consistent: bool = False, now: int | None = None) -> Item | None:
    """The item, or None when there is none or it expired by `now` (epoch seconds, default: the clock)."""
    response = call("get_item", TableName=table_name(), Key=key_to_wire(key), ConsistentRead=consistent)
    wire = response.get("Item")
    if not wire:
        return None
    item = from_wire(wire)
    if EXPIRES_AT in item and not is_live(item, epoch_now() if now is None else now):
        return None
    return item


def put_item(
    item: Mapping[str, Any], *, condition: Condition | None = None, sleep: Sleep = time.sleep
) -> None:
    """Write a whole item. Raises ConditionFailed, OutcomeUnknown, UnstorableValue, TransactionBusy."""
    if condition is None:
        _write("put_item", {"Item": to_wire(item)}, sleep=sleep)
        return
    write_id = _new_write_id()
    marked = {**to_wire(item), WRITE_ID: {"S": write_id}}
    _write("put_item", {"Item": marked}, condition & _not_this(write_id), write_id=write_id, sleep=sleep)


def update_item(
    key: Key, update: Update, *, condition: Condition | None = None, sleep: Sleep = time.sleep
) -> Item:
    """Change an item, creating it when there is none, and return it as it is now.

    Raises ConditionFailed, OutcomeUnknown, TransactionBusy. An `increment` or `add` whose condition still
    holds counts twice when an answer is lost and another writer comes between the two attempts: where
    that matters, use a UnitOfWork.
    """
    expression = Expression()
    write_id = _new_write_id()
    parameters = {
        "Key": key_to_wire(key),
        "UpdateExpression": update.render(expression, **{WRITE_ID: write_id}),
        "ReturnValues": "ALL_NEW",
    }
    first = _not_this(write_id)
    condition = first if condition is None else condition & first
    answer = _write("update_item", parameters, condition, expression, write_id=write_id, sleep=sleep)
    return from_wire(answer["Attributes"])


def delete_item(key: Key, *, condition: Condition | None = None, sleep: Sleep = time.sleep) -> Item | None:
    """Delete an item and return what it was, None when there was none.

    Its key alone is returned when it is gone and an answer was lost: then an earlier attempt has most
    likely deleted it. Raises ConditionFailed, TransactionBusy.
    """
    parameters = {"Key": key_to_wire(key), "ReturnValues": "ALL_OLD"}
    wire = _write("delete_item", parameters, condition, sleep=sleep).get("Attributes")
    return from_wire(wire) if wire else None


def _new_write_id() -> str:
    return uuid4().hex[:12]


def _not_this(write_id: str) -> Condition:
    # Stops the repetition of a write whose answer was lost from being applied on top of it.
    return attr(WRITE_ID).ne(write_id)


def _write(
    operation: str,
    parameters: dict[str, Any],
    condition: Condition | None = None,
    expression: Expression | None = None,
    *,
    write_id: str | None = None,
    sleep: Sleep,
) -> dict[str, Any]:
    """The answer to a write, made up where it was lost and the write is known to have been made."""
    from botocore.exceptions import ClientError

    expression = expression or Expression()
    if condition is not None:
        parameters["ConditionExpression"] = condition.render(expression)
        parameters["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    parameters.update(expression.parameters())
    is_lost = False
    for attempt in range(RETRIES + 1):
        if attempt:
            sleep(delay(attempt - 1))
        try:
            answer = call(operation, TableName=table_name(), **parameters)
        except ClientError as error:
            is_lost = is_lost or repeats_lost_answer(error.response)
            # A transaction that is writing the item at the same moment lets nobody else at it.
            if error.response["Error"]["Code"] != TRANSACTION_CONFLICT:
                return _settled(operation, parameters, error, write_id, is_lost=is_lost)
        else:
            is_lost = is_lost or repeats_lost_answer(answer)
            return _deleted(parameters, answer) if is_lost and operation == "delete_item" else answer
    raise OutcomeUnknown if is_lost else TransactionBusy


def _settled(
    operation: str, parameters: dict[str, Any], error: "ClientError", write_id: str | None, *, is_lost: bool
) -> dict[str, Any]:
    """What a refusal means: an answer when the write has been made, else an error."""
    if error.response["Error"]["Code"] != CONDITION_FAILED:
        raise error
    found: WireItem | None = dict(error.response).get("Item")  # type: ignore[assignment]
    if found and write_id and found.get(WRITE_ID) == {"S": write_id}:
        return {"Attributes": found}
    if is_lost and operation == "delete_item" and not found:
        return _deleted(parameters, {})
    item = from_wire(found) if found else None
    # Where there is nothing, nothing of an earlier attempt can be left either.
    if is_lost and item is not None and write_id:
        raise OutcomeUnknown(item) from error
    raise ConditionFailed(item) from error


def _deleted(parameters: Mapping[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """The answer to a deletion that may be the second of its own: the key stands for what was there."""
    return {"Attributes": parameters["Key"], **answer}
