"""Reading and writing one item by its key."""

import time
from collections.abc import Mapping
from typing import Any

from common.errors import Conflict

from .backoff import Sleep, delay
from .client import call, table_name
from .codec import Item, Key, from_wire, key_to_wire, to_wire
from .expressions import Condition, Expression, Update
from .lifecycle import EXPIRES_AT, epoch_now, is_live
from .transaction import RETRIES, TRANSACTION_CONFLICT, TransactionBusy

CONDITION_FAILED = "ConditionalCheckFailedException"


class ConditionFailed(Conflict):
    """The condition of a write did not hold; `item` is what was found, None when nothing was."""

    def __init__(self, item: Item | None = None) -> None:
        super().__init__("The item was changed meanwhile; read it again and retry")
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
    """Write a whole item. Raises ConditionFailed, UnstorableValue, TransactionBusy."""
    _write("put_item", {"Item": to_wire(item)}, condition, sleep=sleep)


def update_item(
    key: Key, update: Update, *, condition: Condition | None = None, sleep: Sleep = time.sleep
) -> Item:
    """Change an item, creating it when there is none, and return it as it is now.

    Raises ConditionFailed, TransactionBusy. An answer that is lost on the way makes the client send
    again, so an `increment` or `add` may count twice: where that matters, use a UnitOfWork.
    """
    expression = Expression()
    parameters = {
        "Key": key_to_wire(key),
        "UpdateExpression": update.render(expression),
        "ReturnValues": "ALL_NEW",
    }
    return from_wire(_write("update_item", parameters, condition, expression, sleep=sleep)["Attributes"])


def delete_item(key: Key, *, condition: Condition | None = None, sleep: Sleep = time.sleep) -> Item | None:
    """Delete an item and return what it was, None when there was none.

    Raises ConditionFailed, TransactionBusy.
    """
    parameters = {"Key": key_to_wire(key), "ReturnValues": "ALL_OLD"}
    wire = _write("delete_item", parameters, condition, sleep=sleep).get("Attributes")
    return from_wire(wire) if wire else None


def _write(
    operation: str,
    parameters: dict[str, Any],
    condition: Condition | None,
    expression: Expression | None = None,
    *,
    sleep: Sleep,
) -> dict[str, Any]:
    expression = expression or Expression()
    if condition is not None:
        parameters["ConditionExpression"] = condition.render(expression)
        parameters["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    parameters.update(expression.parameters())
    for attempt in range(RETRIES + 1):
        if attempt:
            sleep(delay(attempt - 1))
        answer = _send(operation, parameters)
        if answer is not None:
            return answer
    raise TransactionBusy


def _send(operation: str, parameters: dict[str, Any]) -> dict[str, Any] | None:
    """Write once; None when a transaction was writing the item at the same moment."""
    from botocore.exceptions import ClientError

    try:
        return call(operation, TableName=table_name(), **parameters)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == TRANSACTION_CONFLICT:
            return None
        if code != CONDITION_FAILED:
            raise
        found: Any = error.response.get("Item")
        raise ConditionFailed(from_wire(found) if found else None) from error
