"""The access layer: everything that the project says to DynamoDB goes through here."""

from common.config import table_name

from .at_once import AT_ONCE, AtOnce
from .batch import BatchIncomplete, BatchReport, batch_get, batch_put_json, batch_write, delete_by_ids
from .client import ItemTooLarge, call, get_client, reset_client
from .codec import (
    Item,
    Key,
    UnstorableValue,
    from_wire,
    from_wire_value,
    key_of,
    to_wire,
    to_wire_value,
)
from .counters import next_id, next_ids, raise_counter
from .cursor import InvalidCursor, read_cursor, sign_cursor
from .entries import Index, Unique
from .expressions import Attribute, Condition, Expression, Update, attr
from .ids import has_prefix, with_prefix, without_prefix
from .items import ConditionFailed, OutcomeUnknown, delete_item, get_item, put_item, update_item
from .lifecycle import (
    absent,
    expected_version,
    is_live,
    live,
    not_deleted,
    present,
)
from .meter import Usage, meter
from .query import Page, Query, SortCondition, count, cursor_behind, fetch_all, fetch_page, sort_key
from .table import INDEXES, create_table, delete_table, index_keys, table_definition
from .transaction import (
    Refusal,
    TransactionBusy,
    TransactionRefused,
    TransactionTooLarge,
    UnitOfWork,
)
from .unique import change, claim, release

__all__ = [
    "AT_ONCE",
    "INDEXES",
    "AtOnce",
    "Attribute",
    "BatchIncomplete",
    "BatchReport",
    "Condition",
    "ConditionFailed",
    "Expression",
    "Index",
    "InvalidCursor",
    "Item",
    "ItemTooLarge",
    "Key",
    "OutcomeUnknown",
    "Page",
    "Query",
    "Refusal",
    "SortCondition",
    "TransactionBusy",
    "TransactionRefused",
    "TransactionTooLarge",
    "Unique",
    "UnitOfWork",
    "UnstorableValue",
    "Update",
    "Usage",
    "absent",
    "attr",
    "batch_get",
    "batch_put_json",
    "batch_write",
    "call",
    "change",
    "claim",
    "count",
    "create_table",
    "cursor_behind",
    "delete_by_ids",
    "delete_item",
    "delete_table",
    "expected_version",
    "fetch_all",
    "fetch_page",
    "from_wire",
    "from_wire_value",
    "get_client",
    "get_item",
    "has_prefix",
    "index_keys",
    "is_live",
    "key_of",
    "live",
    "meter",
    "next_id",
    "next_ids",
    "not_deleted",
    "present",
    "put_item",
    "raise_counter",
    "read_cursor",
    "release",
    "reset_client",
    "sign_cursor",
    "sort_key",
    "table_definition",
    "table_name",
    "to_wire",
    "to_wire_value",
    "update_item",
    "with_prefix",
    "without_prefix",
]
