"""How far each of a channel's reports has been read: one row for each kind, beside the channel's state."""

from dataclasses import dataclass
from datetime import datetime

from common.clock import iso
from common.dynamodb import Key, get_item, put_item
from common.dynamodb.shapes import Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportState:
    """`pending` is the id of a report that was requested and not read yet, `until` where the last one
    that was read ends (ISO 8601 UTC).
    """

    pending: str | None = None
    until: str | None = None


_SHAPE = Shape(ReportState)


def report_key(channel: str, kind: str) -> Key:
    """The key of the state of a kind of report."""
    return f"{channel.upper()}_SYNC#main", f"REPORT#{kind}"


def report_state(channel: str, kind: str) -> ReportState:
    """How far a kind of report has been read, by one consistent read."""
    return _SHAPE.read(get_item(report_key(channel, kind), consistent=True) or {})


def keep_report_state(channel: str, kind: str, state: ReportState, now: datetime) -> None:
    """Keeps how far a kind of report has been read; one run of a kind at a time."""
    pk, sk = report_key(channel, kind)
    put_item({"PK": pk, "SK": sk, **_SHAPE.store(state), "updated_at": iso(now)})
