"""Several writes as one: all of them happen, or none.

`UnitOfWork` collects actions and commits them as one TransactWriteItems. What each condition stops is
said where the action is added; a refusal is mapped back to that action.
"""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self
from uuid import uuid4

from common.config import table_name
from common.errors import Conflict, InvalidInput, Unavailable

from .backoff import Sleep, delay
from .client import call
from .codec import Item, Key, from_wire, key_of, key_to_wire, to_wire
from .expressions import Condition, Expression, Update

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

MAX_ACTIONS = 100
RETRIES = 5

# What a write answers when a transaction writes the same item at the same moment.
TRANSACTION_CONFLICT = "TransactionConflictException"

Failure = Exception | Callable[[Item | None], Exception]

_TEMPORARY = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
_REFUSED = "ConditionalCheckFailed"
# DynamoDB Local tries an update before it looks at its condition.
_UNFIT = "ValidationError"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An action whose condition did not hold, and the item that it met (None when there was none)."""

    key: Key
    tag: object
    item: Item | None


class TransactionRefused(Conflict):
    """Conditions did not hold, so nothing was written; `refusals` in the order of the actions."""

    def __init__(self, refusals: list[Refusal]) -> None:
        super().__init__("The data was changed meanwhile; read it again and retry")
        self.refusals = refusals


class TransactionTooLarge(InvalidInput):
    """More actions than one transaction can hold."""

    def __init__(self) -> None:
        super().__init__(f"Too many changes at once: at most {MAX_ACTIONS} fit in one step")


class TransactionBusy(Unavailable):
    """Others kept writing the same items through all retries; nothing was written."""

    def __init__(self) -> None:
        super().__init__("Others are changing the same data; try again", retry_after=1)


@dataclass(frozen=True, slots=True)
class _Action:
    key: Key
    wire: dict[str, Any]
    failed: Failure | None
    tag: object


class UnitOfWork:
    """Collects writes and commits them as one on a clean exit of its `with` block.

    An exception in the block discards them. `failed` of an action is the error to raise when its
    condition does not hold, or a function that makes it from the item found; `tag` is given back in the
    refusal. At most 100 actions (TransactionTooLarge), one per key (ValueError). What `afterwards` is given
    is done when they are committed.
    """

    def __init__(self, *, retries: int = RETRIES, sleep: Sleep = time.sleep) -> None:
        self._actions: dict[Key, _Action] = {}
        self._afterwards: list[Callable[[], object]] = []
        self._retries = retries
        self._sleep = sleep

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.commit()
        else:
            self._actions.clear()
            self._afterwards.clear()

    def __len__(self) -> int:
        return len(self._actions)

    def put(
        self,
        item: Mapping[str, Any],
        *,
        condition: Condition | None = None,
        failed: Failure | None = None,
        tag: object = None,
    ) -> None:
        """Write a whole item."""
        self._add("Put", key_of(item), {"Item": to_wire(item)}, condition, failed, tag)

    def update(
        self,
        key: Key,
        update: Update,
        *,
        condition: Condition | None = None,
        failed: Failure | None = None,
        tag: object = None,
    ) -> None:
        """Change an item, creating it when there is none."""
        expression = Expression()
        body = {"Key": key_to_wire(key), "UpdateExpression": update.render(expression)}
        self._add("Update", key, body, condition, failed, tag, expression)

    def delete(
        self,
        key: Key,
        *,
        condition: Condition | None = None,
        failed: Failure | None = None,
        tag: object = None,
    ) -> None:
        """Delete an item; that it is not there is no error by itself."""
        self._add("Delete", key, {"Key": key_to_wire(key)}, condition, failed, tag)

    def check(
        self,
        key: Key,
        condition: Condition,
        *,
        failed: Failure | None = None,
        tag: object = None,
    ) -> None:
        """Demand that an item, which is not written, meets a condition."""
        self._add("ConditionCheck", key, {"Key": key_to_wire(key)}, condition, failed, tag)

    def afterwards(self, step: Callable[[], object]) -> None:
        """Do this once everything is committed, and not at all when it is not; it must raise nothing.

        For what others are told of early that they would find by themselves: a process that ends between the
        commit and the step never does it.
        """
        self._afterwards.append(step)

    def commit(self) -> None:
        """Write everything collected, all or nothing; sends nothing when there is nothing.

        Raises the `failed` error of the first refused action when every refused one has such an error,
        TransactionRefused otherwise, and TransactionBusy when rivals kept all retries from passing.
        """
        actions, self._actions = list(self._actions.values()), {}
        steps, self._afterwards = self._afterwards, []
        if not actions:
            return
        for attempt in range(self._retries + 1):
            if attempt:
                self._sleep(delay(attempt - 1))
            if _send(actions):
                break
        else:
            raise TransactionBusy
        for step in steps:
            step()

    def _add(
        self,
        kind: str,
        key: Key,
        body: dict[str, Any],
        condition: Condition | None,
        failed: Failure | None,
        tag: object,
        expression: Expression | None = None,
    ) -> None:
        if key in self._actions:
            raise ValueError(f"two actions on {key[0]}/{key[1]} in one unit of work")
        if len(self._actions) >= MAX_ACTIONS:
            raise TransactionTooLarge
        expression = expression or Expression()
        body["TableName"] = table_name()
        if condition is not None:
            body["ConditionExpression"] = condition.render(expression)
            body["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        body.update(expression.parameters())
        self._actions[key] = _Action(key, {kind: body}, failed, tag)


def _send(actions: list[_Action]) -> bool:
    """Commit once; False when the attempt met rivals and may be repeated."""
    from botocore.exceptions import ClientError

    # In key order, so that units of work that share items meet them in the same order.
    ordered = sorted(actions, key=lambda action: action.key)
    try:
        # The token stays the same when the client sends again after a lost answer, so the service
        # recognises the repetition and does not apply the writes twice.
        call(
            "transact_write_items",
            TransactItems=[action.wire for action in ordered],
            ClientRequestToken=str(uuid4()),
        )
    except ClientError as error:
        reasons = _without_unfit_updates(_reasons(error, ordered), ordered)
        refused = [action for action in actions if reasons[action.key].get("Code") == _REFUSED]
        if refused:
            _refuse(refused, reasons, error)
        if not _is_temporary(error, reasons):
            raise
        return False
    return True


def _reasons(error: "ClientError", ordered: list[_Action]) -> dict[Key, dict[str, Any]]:
    """The reason of each action, by key; the service lists them in the order of the actions."""
    response: Mapping[str, Any] = error.response
    listed = response.get("CancellationReasons") or [{}] * len(ordered)
    return {action.key: reason for action, reason in zip(ordered, listed, strict=True)}


def _without_unfit_updates(
    reasons: dict[Key, dict[str, Any]], ordered: list[_Action]
) -> dict[Key, dict[str, Any]]:
    """The reasons as an engine gives them that looks at an action's condition first.

    An update of an entry that is gone is refused by its condition; one that is wrong under a condition
    that holds stays the defect that it is.
    """
    unfit = [action for action in ordered if reasons[action.key].get("Code") == _UNFIT]
    return reasons | {action.key: reasons[action.key] | _judged(action) for action in unfit}


def _judged(action: _Action) -> dict[str, Any]:
    """The reason why an action's condition alone is refused; empty when it holds or there is none."""
    from botocore.exceptions import ClientError

    (body,) = action.wire.values()
    if "ConditionExpression" not in body:
        return {}
    try:
        call("transact_write_items", TransactItems=[{"ConditionCheck": _check_of(body)}])
    except ClientError as error:
        reason: dict[str, Any] = _reasons(error, [action])[action.key]
        return reason if reason.get("Code") == _REFUSED else {}
    return {}


def _check_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a check with the condition of an action; unused names and values are refused."""
    condition = body["ConditionExpression"]
    check = {
        name: body[name]
        for name in ("TableName", "ConditionExpression", "ReturnValuesOnConditionCheckFailure")
    }
    check["Key"] = body.get("Key") or {name: body["Item"][name] for name in ("PK", "SK")}
    for name in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
        used = {it: body[name][it] for it in body.get(name, {}) if re.search(rf"{it}\b", condition)}
        if used:
            check[name] = used
    return check


def _is_temporary(error: "ClientError", reasons: Mapping[Key, Mapping[str, Any]]) -> bool:
    if error.response["Error"]["Code"] == TRANSACTION_CONFLICT:
        return True
    codes = {reason.get("Code") or "None" for reason in reasons.values()} - {"None"}
    return bool(codes) and codes <= _TEMPORARY


def _refuse(
    refused: list[_Action], reasons: Mapping[Key, Mapping[str, Any]], error: "ClientError"
) -> NoReturn:
    refusals = [Refusal(it.key, it.tag, _found(reasons[it.key])) for it in refused]
    summary = TransactionRefused(refusals)
    summary.__cause__ = error
    failed = refused[0].failed
    if failed is None or any(action.failed is None for action in refused):
        raise summary
    raise (failed if isinstance(failed, Exception) else failed(refusals[0].item)) from summary


def _found(reason: Mapping[str, Any]) -> Item | None:
    wire = reason.get("Item")
    return from_wire(wire) if wire else None
