"""The shapes of what is answered about mails."""

from typing import TypedDict


class Mail(TypedDict):
    """A mail, without whom it goes to and what it says; times in ISO 8601 UTC.

    `due_at` is set while it waits; `outcome` and `reason` where it ended unsent.
    """

    id: str
    kind: str
    order_number: str | None
    created_at: str
    due_at: str | None
    attempts: int
    outcome: str | None
    reason: str | None
    ended_at: str | None
    sent_at: str | None


class MailList(TypedDict):
    """Mails that wait, those due first at the top, or that ended unsent, newest first; 100 at most."""

    mails: list[Mail]
    count: int


class SuppressedAddress(TypedDict):
    """An address that is not written to any more, by its hash, and why."""

    id: str
    reason: str
    since: str


class SuppressedAddresses(TypedDict):
    """The newest 100 of them."""

    suppressed: list[SuppressedAddress]
    count: int
