"""How Etsy is reached: the application's keys, where its servers are, and what is kept for sales."""

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from common import config
from etsy_sync.adapters.interface import NotConfigured

API_BASE = "https://openapi.etsy.com/v3"
TOKEN_URL = "https://api.etsy.com/v3/public/oauth/token"  # noqa: S105 - an address
AUTHORIZE_URL = "https://www.etsy.com/oauth/connect"

# The share of a day's calls that only what follows a sale may use.
DAILY_RESERVE = Decimal("0.2")

_YES, _NO = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})


@dataclass(frozen=True, slots=True, kw_only=True)
class EtsySettings:
    """The application as it is registered at Etsy, and the addresses without a trailing slash.

    `client_id` is the keystring, `client_secret` the shared secret. `shop_ids` are the shops that may be
    connected (empty: any). `daily_reserve` is a fraction from 0 to 1. Etsy charges a fee when a listing
    that sold out is put on sale again: `renew_sold_out` allows that.
    """

    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    redirect_uri: str = ""
    webhook_secret: str = field(default="", repr=False)
    shop_ids: tuple[str, ...] = ()
    api_base: str = API_BASE
    token_url: str = TOKEN_URL
    authorize_url: str = AUTHORIZE_URL
    daily_reserve: Decimal = DAILY_RESERVE
    is_enabled: bool = True
    renew_sold_out: bool = False

    @classmethod
    def from_environment(cls) -> "EtsySettings":
        """The settings of the environment and the secret store. Raises ConfigurationError."""
        listed = config.setting("ETSY_SHOP_IDS").split(",")
        return cls(
            client_id=config.setting("ETSY_CLIENT_ID"),
            client_secret=config.secret("ETSY_CLIENT_SECRET", ""),
            redirect_uri=config.setting("ETSY_REDIRECT_URI"),
            webhook_secret=config.secret("ETSY_WEBHOOK_SECRET", ""),
            shop_ids=tuple(shop_id.strip() for shop_id in listed if shop_id.strip()),
            api_base=config.setting("ETSY_API_BASE", API_BASE).rstrip("/"),
            token_url=config.setting("ETSY_TOKEN_URL", TOKEN_URL),
            authorize_url=config.setting("ETSY_AUTHORIZE_URL", AUTHORIZE_URL),
            daily_reserve=_share("ETSY_DAILY_RESERVE", DAILY_RESERVE),
            is_enabled=_flag("ETSY_SYNC_ENABLED", default=True),
            renew_sold_out=_flag("ETSY_RENEW_SOLD_OUT", default=False),
        )

    @property
    def missing(self) -> tuple[str, ...]:
        """The settings that no call can be made without and that are not set."""
        needed = {
            "ETSY_CLIENT_ID": self.client_id,
            "ETSY_CLIENT_SECRET": self.client_secret,
            "ETSY_REDIRECT_URI": self.redirect_uri,
        }
        return tuple(name for name, value in needed.items() if not value)

    @property
    def is_configured(self) -> bool:
        """Whether Etsy can be called; `is_enabled` says whether it should be by itself."""
        return not self.missing

    def require(self) -> "EtsySettings":
        """These settings. Raises NotConfigured naming what is missing."""
        if self.missing:
            raise NotConfigured(f"Etsy is not configured: {', '.join(self.missing)} missing")
        return self

    @property
    def api_key(self) -> str:
        """What `x-api-key` carries: both parts, where OAuth's client id is the first alone."""
        return f"{self.client_id}:{self.client_secret}"


def _share(name: str, default: Decimal) -> Decimal:
    text = config.setting(name, str(default))
    try:
        share = Decimal(text)
    except InvalidOperation:
        share = Decimal(-1)
    if not (share.is_finite() and 0 <= share <= 1):
        raise config.ConfigurationError(f"{name} must be a fraction from 0 to 1, such as 0.2, not {text!r}")
    return share


def _flag(name: str, *, default: bool) -> bool:
    text = config.setting(name, "true" if default else "false").lower()
    if text not in _YES | _NO:
        raise config.ConfigurationError(f"{name} must be true or false, not {text!r}")
    return text in _YES
