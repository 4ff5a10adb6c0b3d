"""What the synchronisation asks of a channel, and how a channel says that it could not do it.

The texts of these errors are shown and stored: they hold no tokens and nothing about a customer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


class ChannelError(Exception):
    """A channel could not do what it was asked."""


class NotConfigured(ChannelError):
    """A setting is missing; the text names it."""


class AuthExpired(ChannelError):
    """The channel no longer accepts the shop's consent: the owner has to connect it again."""


class Transient(ChannelError):
    """The network or the channel's server failed, also when asked again; later it may work."""


class Stale(ChannelError):
    """The channel shows another quantity than was read before: read again and decide again."""


class RateLimited(ChannelError):
    """The channel allows no further call for `retry_after` seconds; `is_daily` when its day is used up."""

    def __init__(self, text: str, retry_after: int, *, is_daily: bool = False) -> None:
        super().__init__(text)
        self.retry_after = retry_after
        self.is_daily = is_daily


class Rejected(ChannelError):
    """The channel refuses the call, and will refuse it again; `code` is the channel's own word for why."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Observation:
    """What a channel shows of one target (a listing, an inventory item, a seller's SKU) at a moment.

    `quantities` is what buyers can have of each SKU: 0 where the target is not on sale, None where the
    target has no such SKU or has it more than once. `is_on_sale` is False when it was taken off sale by
    whomever. `raw` is what the channel needs again to write, such as Etsy's inventory as it was read.
    """

    quantities: Mapping[str, int | None]
    is_on_sale: bool = True
    raw: Any = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One of the orders that a channel lists, in a form that nobody can read; `id` is its id there."""

    id: str


class Channel(Protocol):
    """One channel. Every method raises the errors above and no others for what the channel does."""

    @property
    def name(self) -> str:
        """`etsy`, `shopify` or `amazon`."""

    @property
    def settles_after(self) -> int:
        """For how many seconds after a write the channel may still show what was there before; 0: none."""

    @property
    def repeats_exactly(self) -> bool:
        """Whether a write with the same idempotency key has its effect once and answers the same again."""

    def observe(self, target: str, skus: Sequence[str]) -> Observation:
        """What the channel shows of these SKUs of a target."""

    def observe_many(self, targets: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Observation]]:
        """What the channel shows of many targets and their SKUs, in any order, by as few calls as it allows.

        Targets that the channel does not have are left out.
        """

    def write(self, target: str, quantities: Mapping[str, int], seen: Observation, key: str) -> None:
        """Makes a target offer these quantities of its SKUs; what is not named stays as it is.

        All zero takes the target off sale where the channel allows no other way, and more than zero puts
        it on sale again. `seen` is the observation that it was decided by; `key` (a UUID) is the same for
        every repetition of one write.
        """
