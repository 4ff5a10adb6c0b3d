"""How many calls Etsy still allows an application, and which of them are kept for sales.

Etsy limits calls per second and over the last 24 hours and tells in headers what is left.
https://developers.etsy.com/documentation/essentials/rate-limits
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from common.clock import iso, parse_iso
from etsy_sync.adapters.definition import Purpose
from etsy_sync.adapters.http import PATIENCE, retry_after
from etsy_sync.adapters.interface import RateLimited
from etsy_sync.repositories.sync_states import record_rate_limit, sync_state

# What follows a sale: new receipts, and the stock of what was sold.
SALE: Purpose = "sale"
# What can wait a day: listings, the comparison of all stock.
ROUTINE: Purpose = "routine"

# Etsy's own default, until it has told the application's number.
CALLS_A_DAY = 10_000

# The 24 hours slide, so a number this old is asked for again by one call.
BELIEVED_FOR = timedelta(hours=1)
# Other processes call too.
READ_AGAIN_AFTER = timedelta(minutes=1)

# The row moves when the number moved by this share of the day's calls.
STEP = Decimal("0.01")


class Budget:
    """The calls that one shop's application has left, by the headers of its answers.

    The number is shared through the shop's row, which is read once a minute and written only when the
    number moved by a hundredth of a day's calls, crossed the reserve, or a call was refused.
    """

    def __init__(self, shop_id: str, daily_reserve: Decimal) -> None:
        self.shop_id = shop_id
        self.is_second_used_up = False
        self._share = daily_reserve
        self._per_day = CALLS_A_DAY
        self._remaining: int | None = None
        self._believed_until: datetime | None = None
        self._recorded: int | None = None
        self._read_at: datetime | None = None

    @property
    def reserve(self) -> int:
        """How many calls of a day are kept for sales."""
        return int(self._per_day * self._share)

    def check(self, purpose: Purpose, now: datetime) -> None:
        """Raises RateLimited (daily) when no call for this purpose is to be made now."""
        self._read(now)
        if self._remaining is None or self._believed_until is None or now >= self._believed_until:
            return
        wait = max(1, int((self._believed_until - now).total_seconds()))
        if self._remaining <= 0:
            raise RateLimited("Etsy allows no further call today", wait, is_daily=True)
        if purpose == ROUTINE and self._remaining <= self.reserve:
            text = f"{self._remaining} of Etsy's {self._per_day} daily calls are left and kept for sales"
            raise RateLimited(text, wait, is_daily=True)

    def note(self, status: int, headers: Mapping[str, str], now: datetime) -> None:
        """Takes in what an answer tells. Header names in any case, as `requests` gives them."""
        this_second = _number(headers, "x-remaining-this-second", "x-remaining-this-secon")
        self.is_second_used_up = this_second == 0
        self._per_day = _number(headers, "x-limit-per-day") or self._per_day
        left = _number(headers, "x-remaining-today")
        wait = retry_after(headers)
        if status == 429 and (left == 0 or wait > PATIENCE):
            self._record(0, now + timedelta(seconds=wait), now)
            return
        if left is None:
            return
        before, self._remaining = self._recorded, left
        # Only a refusal says for how long there is none; until then a call may try again soon.
        self._believed_until = now + (BELIEVED_FOR if left else READ_AGAIN_AFTER)
        has_crossed = before is None or (before <= self.reserve) != (left <= self.reserve)
        if has_crossed or abs((before or 0) - left) >= max(1, int(self._per_day * STEP)):
            self._record(left, self._believed_until, now)

    @property
    def is_used_up(self) -> bool:
        """Whether Etsy has refused a call because of the day's limit."""
        return self._remaining == 0

    def _record(self, remaining: int, until: datetime, now: datetime) -> None:
        self._remaining = self._recorded = remaining
        self._believed_until = until
        record_rate_limit(self.shop_id, remaining, iso(until), now, self._per_day)

    def _read(self, now: datetime) -> None:
        if self._read_at is not None and now - self._read_at < READ_AGAIN_AFTER:
            return
        self._read_at = now
        row = sync_state(self.shop_id)
        if row is None or row.rate_limit_remaining is None or row.rate_limit_reset_at is None:
            return
        until = parse_iso(row.rate_limit_reset_at)
        if self._believed_until is None or until > self._believed_until:
            self._per_day = row.rate_limit_per_day or self._per_day
            self._remaining = self._recorded = row.rate_limit_remaining
            self._believed_until = until


def _number(headers: Mapping[str, str], *names: str) -> int | None:
    for name in names:
        text = headers.get(name, "").strip()
        if text.isascii() and text.isdigit():
            return int(text)
    return None
