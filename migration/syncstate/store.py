"""SyncState's store.json: what is in it, in the shop's own types, and what in it cannot be read."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, uuid5

from common.clock import epoch, iso, parse_iso
from common.repositories.sku_stock import Broadcast
from common.repositories.stock_alerts import SEVERITIES, Alert
from etsy_sync.repositories.stock_returns import StockReturn
from etsy_sync.repositories.stock_transactions import RETENTION, StockTransaction
from tools.errors import ToolError

CHANNEL = "amazon"
NO_ORDER = "unknown"
LONGEST_SKU = 200
LARGEST = 1_000_000_000

_T = TypeVar("_T")
_Read = Callable[[str, Any], _T]


class Unreadable(ValueError):
    """An entry that cannot be read; the text says why."""


@dataclass(slots=True)
class Store:
    """What the file holds; `bad` lists entries that cannot be read and why, `unknown` keys it knows not."""

    physical: dict[str, int] = field(default_factory=dict)
    buffer: dict[str, int] = field(default_factory=dict)
    broadcasts: dict[str, Broadcast] = field(default_factory=dict)
    transactions: list[StockTransaction] = field(default_factory=list)
    returns: list[tuple[str, StockReturn]] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    bad: list[tuple[str, str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def skus(self) -> list[str]:
        """Every SKU that has a count or a buffer, in order."""
        return sorted(self.physical.keys() | self.buffer.keys())


def read_store(path: Path) -> Store:
    """What a store.json holds. ToolError when it is no such file."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, RecursionError, ValueError) as error:
        raise ToolError(f"{path} cannot be read: {error}") from error
    if not isinstance(data, dict) or not isinstance(data.get("physical"), dict):
        raise ToolError(f"{path} is no store of SyncState: it has no object `physical`")
    store = Store()
    store.physical = dict(_part(data, "physical", store, _count))
    store.buffer = dict(_part(data, "buffer", store, _count))
    store.broadcasts = dict(_part(data, "lastBroadcast", store, _broadcast))
    store.transactions = [each for _, each in _part(data, "transactions", store, _transaction)]
    store.returns = list(_part(data, "returns", store, _return))
    store.alerts = [each for _, each in _part(data, "alerts", store, _alert)]
    store.unknown = sorted(data)
    return store


def _part(data: dict[str, Any], name: str, store: Store, read: "_Read[_T]") -> Iterator[tuple[str, _T]]:
    """What can be read of one part, which is taken out of `data`; the rest is listed as bad."""
    for key, value in _entries(data.pop(name, None)):
        try:
            yield key, read(key, value)
        except (Unreadable, TypeError, KeyError) as error:
            reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            store.bad.append((f"{name}.{key}", reason))


def _entries(part: Any) -> Iterator[tuple[str, Any]]:
    """The entries of an object or a list; those of a list within one come one by one."""
    pairs = part.items() if isinstance(part, Mapping) else enumerate(part if isinstance(part, list) else [])
    for key, value in pairs:
        if isinstance(value, list):
            for number, each in enumerate(value):
                named = {"sku": key, **each} if isinstance(each, Mapping) and key else each
                yield f"{key}.{number}", named
        else:
            yield str(key), value


def _count(sku: str, value: Any) -> int:
    _sku(sku)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
        raise Unreadable(f"{value!r} is no number of pieces")
    return value


def _broadcast(sku: str, value: Any) -> Broadcast:
    _sku(sku)
    return Broadcast(_count(sku, value["count"]), str(value["txId"]), iso(_moment(value["timestamp"])))


def _transaction(name: str, value: Any) -> StockTransaction:
    began = _moment(value["timestamp"])
    status = value.get("status", "completed")
    if status not in {"pending", "completed", "failed"}:
        raise Unreadable(f"{status!r} is no status")
    expires_at = value.get("expiresAt")
    return StockTransaction(
        id=str(value.get("txId") or name),
        sku=str(value.get("sku", "")),
        action=str(value.get("action", "sync")),
        status=status,
        created_at=iso(began),
        expires_at=expires_at if isinstance(expires_at, int) else epoch(began + RETENTION),
        error=None if value.get("error") is None else str(value["error"]),
    )


def _return(_: str, value: Any) -> StockReturn:
    sku, moment = _sku(value["sku"]), iso(_moment(value["timestamp"]))
    order = str(value.get("orderId") or NO_ORDER)
    return StockReturn(
        sku=sku,
        quantity=_count(sku, value["quantity"]),
        disposition=str(value.get("disposition", "UNKNOWN")).upper(),
        # SyncState wrote the SKU where the order belongs.
        order_id=NO_ORDER if order == sku else order,
        returned_at=moment,
        created_at=moment,
        channel=CHANNEL,
    )


def _alert(name: str, value: Any) -> Alert:
    severity = str(value.get("severity", "info")).lower()
    if severity not in SEVERITIES:
        raise Unreadable(f"{severity!r} is no severity")
    moment = iso(_moment(value["timestamp"]))
    return Alert(
        # An alert without an id gets the same one at every run.
        id=str(value.get("alertId") or value.get("id") or uuid5(NAMESPACE_URL, f"syncstate:{name}:{moment}")),
        type=str(value.get("type", "manual_review")),
        severity=severity,
        sku=str(value.get("sku", "")),
        message=str(value.get("message", "")),
        created_at=moment,
        is_read=bool(value.get("read", False)),
    )


def _sku(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value.strip()) <= LONGEST_SKU or value != value.strip():
        raise Unreadable(f"a SKU has 1 to {LONGEST_SKU} characters and no blanks around them")
    return value


def _moment(value: Any) -> datetime:
    """A time as SyncState wrote it: ISO 8601, or milliseconds since 1970."""
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000, UTC)
        return parse_iso(value)
    except (ValueError, OverflowError, OSError) as error:
        raise Unreadable(f"{value!r} is no time") from error
