"""The connection to Etsy as an administrator sees it: made, tried and given up."""

import time
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from common.audit import Actor, record
from common.clock import utc_now
from common.config import ConfigurationError
from common.dynamodb import UnitOfWork, attr
from common.encryption import Unsealable
from common.errors import InvalidInput, NotFound
from etsy_sync.adapters.interface import ChannelError, NotConfigured, Transient
from etsy_sync.repositories.etsy_tokens import CONNECTIONS, EtsyConnection, etsy_connections

if TYPE_CHECKING:
    from etsy_sync.adapters.etsy.settings import EtsySettings
    from etsy_sync.adapters.http import Caller

NOT_CONNECTED = "No Etsy shop is connected; connect one at /api/integrations/etsy/auth"

# An answer has 29 seconds: no further attempt is begun when so many have passed.
PATIENCE = 10


@dataclass(frozen=True, slots=True)
class _Owner:
    """Who connects a shop: whoever comes back from Etsy with a state that an administrator was given."""

    id: str = "etsy_owner"


def settings_or_problem() -> tuple["EtsySettings", str]:
    """The settings, and why no call can be made with them; an empty text when calls can be made."""
    from etsy_sync.adapters.etsy.settings import EtsySettings

    try:
        settings = EtsySettings.from_environment()
    except ConfigurationError as error:
        return EtsySettings(is_enabled=False), str(error)
    try:
        return settings.require(), ""
    except NotConfigured as error:
        return settings, str(error)


def connected_shops() -> list[str]:
    """The shops that are connected and that `ETSY_SHOP_IDS` allows."""
    allowed = settings_or_problem()[0].shop_ids
    return [each.shop_id for each in etsy_connections() if not allowed or each.shop_id in allowed]


def shop_named(shop_id: str) -> str:
    """The connected shop of this id, or the first one for an empty id. Raises NotFound."""
    shops = connected_shops()
    if not shops:
        raise NotFound(NOT_CONNECTED)
    if shop_id and shop_id not in shops:
        raise NotFound("This Etsy shop is not connected")
    return shop_id or shops[0]


def connect(code: str, state: str, now: datetime) -> EtsyConnection:
    """Stores the tokens of the shop whose owner has consented. Raises as `oauth.finish` does."""
    from etsy_sync.adapters.etsy import oauth

    connection = oauth.finish(code, state, now, caller=_hurried_caller())
    with UnitOfWork() as work:
        _record(work, _Owner(), "CREATE", connection.shop_id, now)
    return connection


def disconnect(shop_id: str, actor: Actor, now: datetime) -> str:
    """Forgets the tokens of a shop, of the only one for an empty id; answers which one it was.

    Etsy has no call that ends a consent: its owner does that on Etsy. Raises NotFound, InvalidInput.
    """
    known = [connection.shop_id for connection in etsy_connections()]
    if not shop_id and len(known) > 1:
        raise InvalidInput.of_field("shop_id", f"must be one of {', '.join(known)}")
    chosen = shop_id or next(iter(known), "")
    if not chosen:
        raise NotFound(NOT_CONNECTED)
    with UnitOfWork() as work:
        # Stops an entry about a shop that nobody has connected.
        is_there = attr("PK").exists()
        gone = NotFound("This Etsy shop is not connected")
        work.delete(CONNECTIONS.key(chosen), condition=is_there, failed=gone)
        _record(work, actor, "DELETE", chosen, now)
    return chosen


def try_out() -> tuple[bool, str]:
    """Whether Etsy answers each connected shop's client, and what to tell of it; raises nothing of Etsy's."""
    settings, problem = settings_or_problem()
    shops = connected_shops()
    if problem or not shops:
        return False, problem or NOT_CONNECTED
    try:
        for shop_id in shops:
            _ask(settings, shop_id)
    except (ChannelError, ConfigurationError, Unsealable) as error:
        return False, str(error)
    return True, f"Etsy accepts the connection of {_named(shops)}"


def _ask(settings: "EtsySettings", shop_id: str) -> None:
    from etsy_sync.adapters.etsy.client import EtsyClient

    found = EtsyClient(settings, _hurried_caller(), utc_now, shop_id).get("/users/me").get("shop_id")
    if str(found) != shop_id:
        raise Transient(f"the token of shop {shop_id} belongs to another shop; connect it again")


def _hurried_caller() -> "Caller":
    from etsy_sync.adapters.http import process_caller

    caller, started = process_caller(), time.monotonic()

    def wait(seconds: float) -> None:
        if time.monotonic() - started + seconds > PATIENCE:
            raise Transient("Etsy does not answer in time; try again")
        caller.sleep(seconds)

    return replace(caller, sleep=wait)


def _record(work: UnitOfWork, actor: Actor, action: str, shop_id: str, now: datetime) -> None:
    record(work, actor=actor, action=action, entity_type="EtsyConnection", entity_id=shop_id, now=now)


def _named(shops: list[str]) -> str:
    return f"shop {shops[0]}" if len(shops) == 1 else f"shops {', '.join(shops)}"
