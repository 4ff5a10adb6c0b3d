"""Where a SKU is sold on a channel, and what the channel is expected to show of it.

A link stands beside the row of its SKU; GSI1 lists the links of one target (an Etsy listing may hold many
SKUs), GSI2 all links of a channel. `sold_here` counts every piece that the channel sold and that has been
taken out of the shop's stock; it only grows, in the transaction that takes the pieces out. So what the
channel is expected to show follows from what it was last told, without any write that could be lost.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from common import prefixes
from common.clock import iso
from common.dynamodb import (
    Condition,
    ConditionFailed,
    Index,
    Key,
    OutcomeUnknown,
    UnitOfWork,
    Update,
    attr,
    delete_item,
    fetch_all,
    update_item,
)
from common.dynamodb.rows import Rows
from common.dynamodb.shapes import Kind
from common.dynamodb.transaction import MAX_ACTIONS
from common.errors import Conflict
from common.optimistic import StaleVersion

PENDING, SYNCED, FAILED = "pending", "synced", "failed"


@dataclass(frozen=True, slots=True)
class Intent:
    """A write that a channel is being asked for: `quantity` is what it is told, when `changed_from` was seen.

    `base` and `sold` become those of the link once the channel has accepted. `key` is the idempotency key
    of the write, `at` when it was decided (ISO 8601 UTC).
    """

    quantity: int
    base: int
    sold: int
    changed_from: int | None
    key: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelLink:
    """A SKU on a channel; `target` is the channel's id of what is written to, times in ISO 8601 UTC.

    `base` is what the channel showed when it was last told or asked, had every sale there been applied
    here, and `base_sold` the `sold_here` that belongs to it; None before the first time. `last_broadcast`
    is the quantity that it was told last. `extra` is what the channel needs besides, such as the shop of a
    listing, or whether Amazon keeps the pieces.
    `failures` counts failed attempts since the last success.
    """

    sku: str
    channel: str
    target: str
    created_at: str
    updated_at: str
    product_id: int | None = None
    variant_id: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    base: int | None = None
    base_sold: int = 0
    last_broadcast: int | None = None
    sold_here: int = 0
    intent: Intent | None = None
    sync_status: str = PENDING
    error: str | None = None
    failures: int = 0
    written_at: str | None = None
    last_synced_at: str | None = None

    @property
    def expected(self) -> int | None:
        """What the channel shows when every sale there has been applied here; None when nobody knows."""
        return None if self.base is None else self.base - (self.sold_here - self.base_sold)

    @property
    def is_kept_there(self) -> bool:
        """Whether the channel keeps and sends the pieces itself: then nothing of the shop's is sold by it."""
        return bool(self.extra.get("is_fba"))

    @property
    def key(self) -> Key:
        """The key of its row."""
        return LINKS.key_of(self)


_OF_TARGET = Index[ChannelLink]("GSI1", prefixes.LINK_TARGET + "#{channel}#{target}", "{sku}")
_OF_CHANNEL = Index[ChannelLink]("GSI2", prefixes.LINK + "#{channel}", "{sku}#{target}")

LINKS = Rows(
    ChannelLink,
    "Link",
    key=prefixes.SKU + "#{sku}",
    sort=prefixes.LINK + "#{channel}#{target}",
    indexes=(_OF_TARGET, _OF_CHANNEL),
    stored_as={"last_broadcast": "told"},
    # What was seen before may be None, and is stored as such.
    kinds={"intent": Kind(asdict, lambda stored: Intent(**{"changed_from": None, **stored}))},
)


def find_link(sku: str, channel: str, target: str) -> ChannelLink | None:
    """A link, by one consistent read."""
    return LINKS.get(sku, channel, target)


def links_of_sku(sku: str) -> list[ChannelLink]:
    """Where a SKU is sold, by one consistent query."""
    return LINKS.all(LINKS.under(sku))


def links_of_target(channel: str, target: str) -> list[ChannelLink]:
    """The links of what a channel sells under one id, each read consistently, by SKU.

    A link that was made a moment ago may be missing, because GSI1 names them.
    """
    named = fetch_all(_OF_TARGET.query(channel=channel, target=target, select=("PK", "SK")))
    found = LINKS.many((item["PK"], item["SK"]) for item in named)
    return sorted(found.values(), key=lambda link: link.sku)


def links_at(keys: Iterable[Key]) -> dict[Key, ChannelLink]:
    """The links that there are at these keys (`LINKS.key`), by one read for each hundred."""
    return LINKS.many(keys, consistent=False)


def all_links(channel: str) -> Iterator[ChannelLink]:
    """Every link of a channel by SKU, page by page (eventually consistent)."""
    cursor = None
    while True:
        links, cursor = LINKS.page(_OF_CHANNEL.query(channel=channel), 500, cursor)
        yield from links
        if cursor is None:
            return


def add_link(work: UnitOfWork, link: ChannelLink) -> None:
    """Links a SKU to a target; Conflict at the commit when it is linked to it already."""
    # Stops a second linking from forgetting what the channel was told through the first.
    LINKS.add(work, link, exists=Conflict(f"{link.sku} is linked already"))


def remove_link(link: ChannelLink) -> bool:
    """Dissolves a link; False when it is gone already."""
    return delete_item(link.key) is not None


def dissolve(work: UnitOfWork, link: ChannelLink) -> None:
    """Dissolves a link together with whatever else `work` does."""
    work.delete(link.key)


def reassign(work: UnitOfWork, link: ChannelLink, product_id: int, variant_id: int) -> None:
    """Says that another variant has the SKU of a link now; what the channel was told stays known."""
    update = Update().set("product_id", product_id).set("variant_id", variant_id)
    # Stops a link that is dissolved at this moment from leaving a row that has nothing but these.
    work.update(link.key, update, condition=attr("PK").exists(), failed=StaleVersion("Link"))


def count_sold_here(work: UnitOfWork, link: ChannelLink, quantity: int) -> None:
    """Says in the transaction of a sale on a channel that its quantity there has become so much lower."""
    # Stops a link that is dissolved at this moment from leaving a row that has nothing but a number.
    is_there = attr("PK").exists()
    work.update(
        link.key, Update().add("sold_here", quantity), condition=is_there, failed=StaleVersion("Link")
    )


def begin_writes(intents: Sequence[tuple[ChannelLink, Intent]]) -> None:
    """Records what a channel is about to be asked for.

    StaleVersion when a sale of the channel was applied since the links were read, or another worker has
    an intent: then nothing is recorded.
    """
    _write(
        # The count stops a sale that was applied after the links were read, and before the stock was, from
        # being taken off twice: as applied and as still to come.
        (
            link,
            Update().set("intent", asdict(intent)),
            attr("sold_here").eq(link.sold_here) & _same_intent(link),
        )
        for link, intent in intents
    )


def finish_writes(links: Sequence[ChannelLink], now: datetime) -> None:
    """Records that the channel accepted the intents of these links.

    StaleVersion when one of them is no longer the link's: another worker has gone on from there.
    """
    _write((link, _settled(_accepted(link, now), now), _same_intent(link)) for link in links)


def confirm(link: ChannelLink, base: int, now: datetime) -> None:
    """Records that the channel shows `base` without having been told.

    StaleVersion as in `begin_writes`, and when the channel has been told something else since.
    """
    seen = Update().set("base", base).set("base_sold", link.sold_here).remove("told")
    update = _settled(seen, now)
    # Stops what was seen a while ago from replacing what another worker has told the channel since.
    same_base = attr("base").missing() if link.base is None else attr("base").eq(link.base)
    _write([(link, update, attr("sold_here").eq(link.sold_here) & same_base & _same_intent(link))])


def drop_intents(links: Sequence[ChannelLink]) -> None:
    """Records that the channel did not accept the intents of these links."""
    _write((link, Update().remove("intent"), _same_intent(link)) for link in links)


def note_failure(link: ChannelLink, error: str, now: datetime) -> int:
    """Records that the channel could not be told; answers how many times in a row."""
    update = Update().set("sync_status", FAILED).set("error", error).add("failures", 1)
    try:
        # Stops a link that was dissolved meanwhile from leaving a row of an error.
        row = update_item(link.key, update.set("updated_at", iso(now)), condition=attr("PK").exists())
    except ConditionFailed:
        return 0
    return int(row["failures"])


def _accepted(link: ChannelLink, now: datetime) -> Update:
    if link.intent is None:
        raise ValueError(f"{link.sku}: nothing was asked for")
    return (
        Update()
        .set("base", link.intent.base)
        .set("base_sold", link.intent.sold)
        .set("told", link.intent.quantity)
        .set("written_at", iso(now))
        .remove("intent")
    )


def _settled(update: Update, now: datetime) -> Update:
    moment = iso(now)
    update.set("sync_status", SYNCED).set("last_synced_at", moment).set("updated_at", moment)
    return update.set("failures", 0).remove("error")


def _same_intent(link: ChannelLink) -> Condition:
    if link.intent is None:
        return attr("PK").exists() & attr("intent").missing()
    # Stops a worker that was held up from ending what another one began after it.
    return attr("intent", "key").eq(link.intent.key)


def _write(changes: Any) -> None:
    listed: list[tuple[ChannelLink, Update, Condition]] = list(changes)
    if len(listed) == 1:
        link, update, condition = listed[0]
        try:
            update_item(link.key, update, condition=condition)
        except (ConditionFailed, OutcomeUnknown):
            # What was decided again is written under the same condition, so that it cannot count twice.
            raise StaleVersion("Link") from None
        return
    # A listing with more SKUs than one transaction holds: some intents without a write do no harm.
    for start in range(0, len(listed), MAX_ACTIONS):
        with UnitOfWork() as work:
            for link, update, condition in listed[start : start + MAX_ACTIONS]:
                work.update(link.key, update, condition=condition, failed=StaleVersion("Link"))
