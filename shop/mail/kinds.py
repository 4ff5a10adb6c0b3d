"""Which kinds of mail there are: to whom each goes, who can cause it, and how long it is worth sending."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from common.outbox import RETENTION

Audience = Literal["buyer", "member", "artist"]

DIGEST, TEST = "artist_digest", "test"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of mail, which has a template of its `name` in each language.

    `scope` groups what one address gets of it in a day, so that what a stranger can cause in one group
    takes nothing from another. `is_of_strangers` says that somebody who has neither paid nor signed in
    can cause it; of a mail about an order the order says that, by whether it was ever paid.
    """

    name: str
    audience: Audience
    scope: str
    is_of_strangers: bool = False
    good_for: timedelta = RETENTION


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("order_placed", "buyer", "ORDER"),
        Kind("order_paid", "buyer", "ORDER"),
        Kind("payment_failed", "buyer", "ORDER"),
        Kind("order_shipped", "buyer", "ORDER"),
        Kind("order_refunded", "buyer", "ORDER"),
        Kind("order_cancelled", "buyer", "ORDER"),
        # Apart from all others, because the law demands this receipt.
        Kind("withdrawal_received", "buyer", "WITHDRAWAL", is_of_strangers=True),
        Kind("withdrawal_refused", "buyer", "WITHDRAWAL"),
        Kind("password_reset", "member", "PASSWORD", is_of_strangers=True),
        Kind("account_created", "member", "ACCOUNT", is_of_strangers=True),
        Kind("product_approved", "member", "CREATOR"),
        Kind("product_rejected", "member", "CREATOR"),
        Kind("creator_status", "member", "CREATOR"),
        Kind("creator_milestone", "member", "CREATOR"),
        Kind(DIGEST, "artist", "ARTIST"),
        Kind(TEST, "artist", "TEST", is_of_strangers=True),
    )
}
