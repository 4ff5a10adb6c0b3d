"""The time, and the two forms in which it is stored: ISO 8601 text and epoch seconds."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The current time, aware, in UTC."""
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """An aware time as ISO 8601 in UTC with milliseconds, as in `2026-01-31T10:00:00.123Z`.

    Texts of this form sort as the times do. Finer parts are cut off. Raises ValueError for a time
    without a zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def epoch(moment: datetime) -> int:
    """An aware time as whole seconds since 1970 (the form of `expires_at`), rounded down."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return int(moment.timestamp() // 1)


def parse_iso(text: str) -> datetime:
    """The time that a stored text or a platform's names, aware, in UTC; one without a zone is UTC.

    What the shop's own clients write is read by `common.dates`. Raises ValueError when the text is no date or
    time, or one that has no place in the calendar of UTC.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("beyond the calendar") from error
