"""What a channel is told of a SKU: pure rules, by numbers that were read elsewhere.

`broadcast` is what all channels may offer, `expected` what this one shows when all of its sales have been
applied here, `observed` what it shows. The difference of the last two are sales that have not arrived.
"""

from dataclasses import dataclass, replace

from etsy_sync.adapters.registry import CHANNELS
from etsy_sync.repositories.channel_links import ChannelLink


@dataclass(frozen=True, slots=True)
class Decision:
    """What a channel is told: `quantity` and whether that is news to it.

    `base` is what the link expects from then on, `pending` how many pieces the channel has sold that have
    not been applied here. `is_news` False and `is_confirmed` says that the channel shows it by itself.
    """

    quantity: int
    base: int
    pending: int
    is_news: bool
    is_confirmed: bool = False


def offered(channel: str, broadcast: int) -> int:
    """What a channel may offer of what all may."""
    largest = CHANNELS[channel].largest_quantity
    return broadcast if largest is None else min(broadcast, largest)


def is_unsure(link: ChannelLink) -> bool:
    """Whether a late channel may have set its quantity over sales that it made before it showed it.

    Then it shows them as unsold, though they have been applied here; telling or asking it again settles it.
    """
    return CHANNELS[link.channel].shows_late and link.base is not None and link.sold_here != link.base_sold


def decide(link: ChannelLink, broadcast: int, observed: int | None) -> Decision:
    """What to tell the channel; `observed` None where it cannot be relied on.

    What the channel sold and the shop does not know yet is taken off, because the write would put it back.
    """
    allowed = offered(link.channel, broadcast)
    if observed is None:
        return Decision(allowed, allowed, 0, is_news=link.expected != allowed or is_unsure(link))
    pending = 0 if link.expected is None else max(0, link.expected - observed)
    quantity = max(0, allowed - pending)
    if quantity != observed:
        return Decision(quantity, quantity + pending, pending, is_news=True)
    # Pieces that the channel sold beyond what there is stay counted as pending until they are applied.
    is_confirmed = pending == 0 and (link.expected != allowed or is_unsure(link))
    return Decision(quantity, quantity + pending, pending, is_news=False, is_confirmed=is_confirmed)


def resolve_intent(link: ChannelLink, observed: int) -> ChannelLink:
    """The link after a write of which nobody knows whether the channel accepted it.

    When the channel shows exactly what one of the two cases makes it show, that one holds. Else the case
    that expects more: then too much counts as sold, and the channel offers too little, not too much.
    """
    intent = link.intent
    if intent is None:
        return link
    accepted = replace(link, base=intent.base, base_sold=intent.sold)
    if link.expected is None:
        # Of a first write only what was shown before it is known.
        is_unchanged = observed == intent.changed_from and link.sold_here == intent.sold
        return link if is_unchanged and observed != intent.quantity else accepted
    if observed == accepted.expected:
        return accepted
    if observed == link.expected:
        return link
    return max(accepted, link, key=lambda case: case.expected or 0)
