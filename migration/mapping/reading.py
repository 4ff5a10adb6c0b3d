"""A row of PostgreSQL as the mapping reads it: texts, amounts, times, with what is missing filled in."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from common.clock import epoch, iso
from migration.mapping.records import BadRow, Context, Row

UPLOADS = "/uploads/"

# Beyond it no time of expiry can be added.
_LATEST = datetime(9998, 1, 1, tzinfo=UTC)


class Columns:
    """The columns of one row of `table`.

    A column that the source does not have, or that is NULL where the shop needs a value, is what the
    schema says by default; without such a default it is a BadRow.
    """

    def __init__(self, table: str, row: Row, context: Context) -> None:
        self.table = table
        self.row = row
        self.context = context

    def get(self, name: str, default: Any = None) -> Any:
        """A column as it is; `default` where the source has no such column."""
        return self.row.get(name, default)

    def required(self, name: str, default: Any = None) -> Any:
        """A column that always has a value. Raises BadRow."""
        value = self.row.get(name)
        if value is None:
            value = default
        if value is None:
            raise self.bad(f"{name} is missing" if name not in self.row else f"{name} is NULL")
        return value

    def amount(self, name: str, default: Decimal | None = Decimal(0)) -> Decimal:
        """A number with decimals that always has a value. Raises BadRow."""
        return Decimal(self.required(name, default))

    def optional_amount(self, name: str) -> Decimal | None:
        """A number with decimals, or None."""
        value = self.row.get(name)
        return None if value is None else Decimal(value)

    def moment(self, name: str) -> str | None:
        """A time in ISO 8601 UTC with milliseconds, or None."""
        value = self.row.get(name)
        return None if value is None else iso(as_utc(value))

    def created_at(self, name: str = "created_at") -> str:
        """The time of creation; that of the migration where the source does not say."""
        return iso(as_utc(self.required(name, self.context.as_of)))

    def updated_at(self) -> str:
        """The time of the last change; that of the creation where the source does not say."""
        created_at = self.row.get("created_at") or self.context.as_of
        return iso(as_utc(self.required("updated_at", created_at)))

    def expires_at(self, name: str, lifetime: timedelta) -> int:
        """Epoch seconds, `lifetime` after the named time and never before that of the migration."""
        since = as_utc(self.required(name, self.context.as_of))
        return epoch(max(min(since, _LATEST), self.context.as_of) + lifetime)

    def media(self, name: str) -> str | None:
        """What is stored for the address of a file, or None."""
        return media_key(self.row.get(name), self.context.media_bases)

    def bad(self, reason: str) -> BadRow:
        """The error that this row cannot be moved."""
        return BadRow(self.table, self.row.get("id"), reason)


def as_utc(moment: datetime) -> datetime:
    """A time of PostgreSQL, aware; one without a zone is UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def media_key(address: str | None, bases: tuple[str, ...]) -> str | None:
    """The S3 key of an upload of the shop's own, `uploads/...`; any other address as it is."""
    if address is None:
        return None
    for base in bases:
        own = base.rstrip("/") + UPLOADS
        if address.startswith(own):
            return UPLOADS.lstrip("/") + address[len(own) :]
    return address.removeprefix("/") if address.startswith(UPLOADS) else address


def media_address(key: str | None) -> str | None:
    """The address that PostgreSQL has for a stored key."""
    is_upload = key is not None and key.startswith(UPLOADS.lstrip("/"))
    return f"/{key}" if is_upload else key


def without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are set."""
    return {name: value for name, value in values.items() if value is not None}
