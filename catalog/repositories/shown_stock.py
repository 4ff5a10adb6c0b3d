"""The stock that the oldest admin page was shown, by sign-in: the page sends a number back, not its basis.

One row for each list or product that was shown, kept as long as the sign-in is good.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from common import once, prefixes
from common.clock import iso
from common.dynamodb import Item, Query, UnitOfWork, attr, fetch_all, put_item
from common.once import Mark
from common.optimistic import StaleVersion

RETENTION = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Shown:
    """How many pieces of a product a sign-in was shown last, None for never.

    `told_at` is when it last set them itself.
    """

    pieces: int | None = None
    told_at: str | None = None


def remember(session: str, view: str, pieces: Mapping[int, int], now: datetime) -> None:
    """Keeps what a list shows: product ids and their pieces; `view` names the list."""
    if pieces:
        put_item(_mark(session, f"LIST#{view}").row(now, _shown(pieces, now)))


def last_shown(session: str, product_id: int) -> Shown:
    """What a sign-in was shown last of a product, by one consistent query."""
    rows = fetch_all(Query(_partition(session), consistent=True))
    showing = [row for row in rows if str(product_id) in row["pieces"]]
    newest = max(showing, key=lambda row: str(row["shown_at"]), default=None)
    own = next((row for row in rows if row["SK"] == _own_view(product_id)), None)
    return Shown(
        int(newest["pieces"][str(product_id)]) if newest else None,
        str(own["shown_at"]) if own else None,
    )


def tell(work: UnitOfWork, session: str, product_id: int, pieces: int, before: Shown, now: datetime) -> None:
    """Says in the transaction of a count that this sign-in set `pieces`; StaleVersion when it just did so."""
    once.add(
        work,
        _mark(session, _own_view(product_id)),
        now,
        _shown({product_id: pieces}, now),
        # Stops a form that is sent twice at once from adding its pieces twice: only what it has itself read,
        # as it was then, is replaced.
        unless_met=attr("shown_at").eq(before.told_at) if before.told_at is not None else None,
        repeated=StaleVersion("The stock"),
    )


def _shown(pieces: Mapping[int, int], now: datetime) -> Item:
    return {
        "shown_at": iso(now),
        "pieces": {str(product_id): count for product_id, count in pieces.items()},
    }


def _mark(session: str, view: str) -> Mark:
    return Mark((_partition(session), view), RETENTION)


def _partition(session: str) -> str:
    return f"{prefixes.SHOWN_STOCK}#{session}"


def _own_view(product_id: int) -> str:
    return f"{prefixes.PRODUCT}#{product_id}"
