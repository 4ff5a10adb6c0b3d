"""How far each of a channel's reports has been read: one row for each kind, beside the channel's state."""

from dataclasses import dataclass
from datetime import datetime

from common.clock import iso
from common.dynamodb import Item, Key, get_item, put_item


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportState:
    """`pending` is the id of a report that was requested and not read yet, `until` where the last one
    that was read ends (ISO 8601 UTC).
    """

    pending: str | None = None
    until: str | None = None


def report_key(channel: str, kind: str) -> Key:
    """The key of the state of a kind of report."""
    return f"{channel.upper()}_SYNC#main", f"REPORT#{kind}"


def report_state(channel: str, kind: str) -> ReportState:
    """How far a kind of report has been read, by one consistent read."""
    item = get_item(report_key(channel, kind), consistent=True) or {}
    return ReportState(pending=item.get("pending"), until=item.get("until"))


def keep_report_state(channel: str, kind: str, state: ReportState, now: datetime) -> None:
    """Keeps how far a kind of report has been read; one run of a kind at a time."""
    pk, sk = report_key(channel, kind)
    values: Item = {"pending": state.pending, "until": state.until, "updated_at": iso(now)}
    put_item({"PK": pk, "SK": sk, **{name: value for name, value in values.items() if value is not None}})
