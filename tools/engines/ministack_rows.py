"""MiniStack's tables, buckets and queues as rows: what changed since the last save, and how to fill them."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from tools.engines.recorded import RecordedTables
from tools.engines.row_store import Key, RowStore
from tools.engines.transaction_tokens import TransactionTokens

# Kept by MiniStack beside the tables, by name of its state.
SETTINGS = (
    "tags",
    "ttl_settings",
    "pitr_settings",
    "kinesis_destinations",
    "contributor_insights",
    "backups",
    "resource_policies",
    "exports",
    "imports",
)
# They follow from the items; the last is which of them each index has, found when a query asks for it.
FOLLOWING = ("ItemCount", "TableSizeBytes", "_index_members")


class Rows(Protocol):
    """One service's part of the rows."""

    def changes(self) -> Mapping[Key, Any | None]:
        """What differs from the rows that were saved last; None for a row that is gone."""

    def saved(self) -> None:
        """Take what `changes` gave for saved."""


class Difference:
    """Finds what changed among few or small values by comparing them with those that were saved."""

    def __init__(self, mark: Callable[[Any], Any] = json.dumps) -> None:
        self._mark = mark
        self._saved: dict[Key, Any] = {}
        self._seen: dict[Key, Any] = {}

    def changes(self, current: Mapping[Key, Any]) -> dict[Key, Any | None]:
        """The values whose mark is not the saved one, and None for those that are gone."""
        self._seen = {key: self._mark(value) for key, value in current.items()}
        changed = {key: current[key] for key, mark in self._seen.items() if self._saved.get(key) != mark}
        return changed | dict.fromkeys(key for key in self._saved if key not in self._seen)

    def saved(self) -> None:
        """Take what was compared last for saved."""
        self._saved = self._seen


class TableRows:
    """DynamoDB: a row for each item, table, setting and transaction's token.

    The items are recorded as they change; looking for changes would cost the more the more there are.
    """

    def __init__(self, service: Any, store: RowStore) -> None:
        self._service = service
        self._count: Callable[[dict[str, Any]], None] = service._update_counts
        # It goes through all partitions at every write, which at 100 MB takes far longer than the write.
        service._update_counts = _leave_uncounted
        self._changes: dict[Key, Any | None] = {}
        self._settings = Difference()
        # Tables and settings are compared only after a request that may have changed them.
        self.settings_changed = store.is_new
        self.tokens = TransactionTokens(self._changes)
        self._load(store)

    def changes(self) -> Mapping[Key, Any | None]:
        """Items, tokens and, where they may have changed, tables and settings."""
        if not self.settings_changed:
            return self._changes
        return self._changes | self._settings.changes(self._described())

    def saved(self) -> None:
        """Start anew."""
        self._changes.clear()
        if self.settings_changed:
            self._settings.saved()
        self.settings_changed = False

    def count_items(self) -> None:
        """Bring the tables' counts up to date, which their descriptions show."""
        for table in self._service._tables._data.values():
            self._count(table)

    def _load(self, store: RowStore) -> None:
        tables = dict(self._service._tables._data)
        for (_, *key), table in store.rows("table"):
            tables[tuple(key)] = table | {"items": defaultdict(dict)}
        for (_, account, region, name, partition, sort), item in store.rows("item"):
            tables[account, region, name]["items"][partition][sort] = item
        for state in SETTINGS:
            data = getattr(self._service, f"_{state}")._data
            data.update({tuple(key[1:]): value for key, value in store.rows(state)})
        self.tokens.load(store.rows(self.tokens.KIND))
        self._record(tables, all_are_changes=store.is_new)
        if not store.is_new:
            self._settings.changes(self._described())
            self._settings.saved()

    def _record(self, tables: dict[Any, dict[str, Any]], *, all_are_changes: bool) -> None:
        recorded = RecordedTables(self._note, {} if all_are_changes else tables)
        if all_are_changes:
            recorded.update(tables)
        self._service._tables._data = recorded
        self.count_items()

    def _note(self, account: str, region: str, table: str, partition: str, sort: str, item: Any) -> None:
        self._changes["item", account, region, table, partition, sort] = item

    def _described(self) -> dict[Key, Any]:
        left_out = {"items", *FOLLOWING}
        described: dict[Key, Any] = {
            ("table", *key): {name: value for name, value in table.items() if name not in left_out}
            for key, table in self._service._tables._data.items()
        }
        for state in SETTINGS:
            described |= _rows_of(state, getattr(self._service, f"_{state}"))
        return described


class BucketRows:
    """S3: a row for each bucket and each of its settings; the objects lie in files, whole or not at all."""

    def __init__(self, service: Any, store: RowStore) -> None:
        self._service = service
        self._difference = Difference()
        found = service._buckets._data
        for (_, *key), bucket in store.rows("bucket"):
            # MiniStack has read the files already, and their bucket's settings are not among them.
            objects = found.get(tuple(key), {}).get("objects", {})
            found[tuple(key)] = bucket | {"objects": objects}
        for state, settings in service._PERSISTED_BUCKET_DICTS.items():
            settings._data.update({tuple(key[1:]): value for key, value in store.rows(state)})
        if not store.is_new:
            self.changes()
            self.saved()

    def changes(self) -> Mapping[Key, Any | None]:
        """The buckets and settings that differ."""
        current: dict[Key, Any] = {
            ("bucket", *key): {name: value for name, value in bucket.items() if name != "objects"}
            for key, bucket in self._service._buckets._data.items()
        }
        for state, settings in self._service._PERSISTED_BUCKET_DICTS.items():
            current |= _rows_of(state, settings)
        return self._difference.changes(current)

    def saved(self) -> None:
        """Start anew."""
        self._difference.saved()


class QueueRows:
    """SQS: a row for each queue and each message, received ones included."""

    def __init__(self, service: Any, store: RowStore) -> None:
        self._service = service
        self._queues = Difference()
        self._messages = Difference(_state_of_message)
        queues = service._queues._data
        for (_, *key), queue in store.rows("queue"):
            queues[tuple(key)] = queue | {"messages": []}
        for (_, account, region, url, _), message in store.rows("message"):
            queues[account, region, url]["messages"].append(message)
        service._rebuild_queue_name_index()
        if not store.is_new:
            self.changes()
            self.saved()

    def changes(self) -> Mapping[Key, Any | None]:
        """The queues that differ, and the messages that came, went or were received."""
        queues = self._service._queues._data
        described = {
            ("queue", *key): {name: value for name, value in queue.items() if name != "messages"}
            for key, queue in queues.items()
        }
        messages = {
            ("message", *key, message["id"]): message
            for key, queue in queues.items()
            for message in queue["messages"]
        }
        return self._queues.changes(described) | self._messages.changes(messages)

    def saved(self) -> None:
        """Start anew."""
        self._queues.saved()
        self._messages.saved()


def _leave_uncounted(_: dict[str, Any]) -> None:
    pass


def _rows_of(kind: str, scoped: Any) -> dict[Key, Any]:
    """The entries of one of MiniStack's dictionaries, whose keys begin with account and region or account."""
    entries: Iterable[tuple[tuple[str, ...], Any]] = scoped._data.items()
    return {(kind, *key): value for key, value in entries}


def _state_of_message(message: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a message's row is written anew for; to compare whole messages costs more than to receive them."""
    return message["visible_at"], message["receive_count"], message["receipt_handle"]
