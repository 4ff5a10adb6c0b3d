"""Has each change of MiniStack's saved before its answer goes out, and refuses what cannot be saved."""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from tools.engines.ministack_rows import Rows, TableRows
from tools.engines.row_store import RowStore
from tools.engines.transaction_tokens import TokenMismatch

Answer = tuple[int, dict[str, str], Any]
# Method, path, headers, body and query, as MiniStack's services take them.
Handler = Callable[..., Awaitable[Answer]]

READS = ("Get", "BatchGet", "TransactGet", "Query", "Scan", "Describe", "List", "Receive")
ITEM_WRITES = frozenset(
    {
        "PutItem",
        "UpdateItem",
        "DeleteItem",
        "BatchWriteItem",
        "TransactWriteItems",
        "ExecuteStatement",
        "BatchExecuteStatement",
    }
)
# They replace a table's items as a whole, past what records each change.
NOT_RECORDED = frozenset({"ExecuteTransaction", "RestoreTableFromBackup", "RestoreTableToPointInTime"})
REFUSED = "The embedded engine cannot save, so it refuses to write; its log says why"

logger = logging.getLogger("artshop.engine")


class ObjectNotKept(Exception):
    """An object's file could not be written."""


class Saver:
    """Saves what the services change to one store, and knows for which of them that fails.

    A change that could not be saved is tried again with every request: an answer of success never goes
    out while something that was answered before is missing from the file.
    """

    def __init__(
        self, store: RowStore, services: Mapping[str, Rows], lock: AbstractContextManager[Any]
    ) -> None:
        self._store = store
        self._services = services
        # Held by whatever changes a service from another thread.
        self._lock = lock
        self._failures: dict[str, str] = {}

    def save(self, service: str) -> bool:
        """Write what the service changed; False, and said in the log, when it cannot be written."""
        rows = self._services[service]
        with self._lock:
            try:
                changes = rows.changes()
                if changes:
                    self._store.save(changes)
            except Exception as error:  # noqa: BLE001 - whatever it is, nothing unsaved may be acknowledged
                self._complain(service, error)
                return False
            rows.saved()
        if self._failures.pop(service, None):
            logger.warning("%s is saved again", service)
        return True

    def save_everything(self) -> None:
        """Write what all services hold in one piece, or nothing of it; raises what prevents it."""
        parts = [rows.changes() for rows in self._services.values()]
        self._store.save({key: content for part in parts for key, content in part.items()})
        for rows in self._services.values():
            rows.saved()

    def failure(self) -> str:
        """Why writes are refused, after another attempt; empty when everything is saved."""
        for service in tuple(self._failures):
            self.save(service)
        return "; ".join(f"{service}: {reason}" for service, reason in self._failures.items())

    def _complain(self, service: str, error: Exception) -> None:
        reason = f"{type(error).__name__}: {error}"
        if self._failures.get(service) != reason:
            logger.error("%s CANNOT BE SAVED, its writes are refused: %s", service, reason, exc_info=error)
        self._failures[service] = reason


def saving_tables(service: Any, rows: TableRows, saver: Saver) -> Handler:
    """DynamoDB's handler, with each request carried out and saved as one step.

    `service._lock` keeps MiniStack's expiry thread out meanwhile; the handler itself never waits.
    """
    handle: Handler = service.handle_request

    async def handle_and_save(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
    ) -> Answer:
        action = action_of(headers)
        with service._lock:
            if action.endswith("Table"):
                rows.count_items()
            if action.startswith(READS):
                return await handle(method, path, headers, body, query)
            if action in NOT_RECORDED:
                return json_error(400, "UnknownOperationException", f"This engine does not keep {action}")
            if not saver.save("dynamodb"):
                return json_error(500, "InternalServerError", REFUSED)
            rows.settings_changed = action not in ITEM_WRITES
            try:
                if action == "TransactWriteItems":
                    answer = await _once(
                        service, rows, body, lambda: handle(method, path, headers, body, query)
                    )
                else:
                    answer = await handle(method, path, headers, body, query)
            finally:
                saved = saver.save("dynamodb")
        return answer if saved else json_error(500, "InternalServerError", REFUSED)

    return handle_and_save


def saving_buckets(service: Any, saver: Saver) -> Handler:
    """S3's handler, which answers 500 where MiniStack only warns that an object's file was not written."""
    handle: Handler = service.handle_request
    write: Callable[[str, str, dict[str, Any]], None] = service._persist_object

    def write_or_raise(bucket: str, key: str, record: dict[str, Any]) -> None:
        write(bucket, key, record)
        # It drops the body from memory as soon as both files are there.
        if record["body"] is not None:
            raise ObjectNotKept(f"{bucket}/{key}")

    async def handle_and_save(method: str, *request: Any, **options: Any) -> Answer:
        if method in {"GET", "HEAD"}:
            return await handle(method, *request, **options)
        if not saver.save("s3"):
            return _xml_error()
        try:
            answer = await handle(method, *request, **options)
        except ObjectNotKept as error:
            logger.exception("THE OBJECT %s CANNOT BE WRITTEN, its upload is refused", error.args[0])
            return _xml_error()
        return answer if saver.save("s3") else _xml_error()

    service._persist_object = write_or_raise
    return handle_and_save


def saving_queues(service: Any, saver: Saver) -> Handler:
    """SQS's handler; that a message was received is saved too: it counts for the dead-letter queue."""
    handle: Handler = service.handle_request

    async def handle_and_save(method: str, path: str, headers: dict[str, str], *request: Any) -> Answer:
        is_read = action_of(headers).startswith(READS)
        if not saver.save("sqs") and not is_read:
            return json_error(500, "InternalFailure", REFUSED)
        answer = await handle(method, path, headers, *request)
        if not saver.save("sqs") and not is_read:
            return json_error(500, "InternalFailure", REFUSED)
        return answer

    return handle_and_save


def action_of(headers: Mapping[str, str]) -> str:
    """The operation that a request of DynamoDB's or SQS's JSON protocol names; else empty."""
    return headers.get("x-amz-target", "").rpartition(".")[2]


def json_error(status: int, code: str, message: str) -> Answer:
    """An error as DynamoDB and SQS answer it."""
    body = json.dumps({"__type": code, "message": message})
    return status, {"Content-Type": "application/x-amz-json-1.0"}, body.encode()


async def _once(
    service: Any, rows: TableRows, body: bytes, carry_out: Callable[[], Awaitable[Answer]]
) -> Answer:
    """The answer to a transaction, which is carried out unless its token says that it was already."""
    try:
        request = json.loads(body)
        token = request.get("ClientRequestToken")
    except (ValueError, AttributeError):
        return await carry_out()
    if not token:
        return await carry_out()
    scope = service.get_account_id(), service.get_region()
    # MiniStack's own memory of tokens has no end, and would see them first.
    service._txn_idempotency.clear()
    try:
        known = rows.tokens.answer_to(scope, request)
    except TokenMismatch as error:
        return json_error(400, "IdempotentParameterMismatchException", str(error))
    if known is not None:
        return 200, {"Content-Type": "application/x-amz-json-1.0"}, known.encode()
    answer = await carry_out()
    if answer[0] == 200:
        rows.tokens.remember(scope, request, bytes(answer[2]).decode())
    return answer


def _xml_error() -> Answer:
    body = f"<?xml version='1.0'?><Error><Code>InternalError</Code><Message>{REFUSED}</Message></Error>"
    return 500, {"Content-Type": "application/xml"}, body.encode()
