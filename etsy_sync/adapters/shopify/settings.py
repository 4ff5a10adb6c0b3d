"""Which Shopify shop is connected, and as which app."""

import re
from dataclasses import dataclass, field

from common import config
from etsy_sync.adapters.interface import NotConfigured

# Shopify releases a version each quarter and keeps it for about a year.
# https://shopify.dev/docs/api/usage/versioning
API_VERSION = "2026-10"

_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")
_NUMBER = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class ShopifySettings:
    """The connection to one shop.

    `location_id` is the number of the place whose stock the shop manages here. The secret signs the
    webhooks too; `previous_secret` is accepted for them while Shopify still uses it. `api_base` is where
    the shop's API is, without a trailing slash.
    """

    shop_domain: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    previous_secret: str = field(default="", repr=False)
    location_id: str = ""
    api_version: str = API_VERSION
    api_base: str = ""

    @classmethod
    def from_environment(cls) -> "ShopifySettings":
        """The settings of this process; what is not set stays empty."""
        domain = _bare_domain(config.setting("SHOPIFY_SHOP_DOMAIN"))
        return cls(
            shop_domain=domain,
            client_id=config.setting("SHOPIFY_CLIENT_ID"),
            client_secret=config.secret("SHOPIFY_CLIENT_SECRET", ""),
            previous_secret=config.secret("SHOPIFY_PREVIOUS_CLIENT_SECRET", ""),
            location_id=config.setting("SHOPIFY_LOCATION_ID").rpartition("/")[2],
            api_version=config.setting("SHOPIFY_API_VERSION", API_VERSION),
            api_base=config.setting("SHOPIFY_API_BASE", f"https://{domain}").rstrip("/"),
        )

    @property
    def is_configured(self) -> bool:
        """Whether calls can be made."""
        return not self._missing()

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """What a webhook may be signed with; none when webhooks cannot be trusted."""
        return tuple(secret for secret in (self.client_secret, self.previous_secret) if secret)

    def require(self) -> "ShopifySettings":
        """These settings; raises NotConfigured, which names what is missing or unusable."""
        missing = self._missing()
        if missing:
            raise NotConfigured(f"Shopify is not configured: {missing}")
        return self

    def _missing(self) -> str:
        needed = {
            "SHOPIFY_SHOP_DOMAIN": self.shop_domain,
            "SHOPIFY_CLIENT_ID": self.client_id,
            "SHOPIFY_CLIENT_SECRET": self.client_secret,
            "SHOPIFY_LOCATION_ID": self.location_id,
        }
        unset = [name for name, value in needed.items() if not value]
        if unset:
            return f"{', '.join(unset)} not set"
        # The client secret is sent to this host: a slip of the pen must not send it to another.
        if not _DOMAIN.fullmatch(self.shop_domain):
            return "SHOPIFY_SHOP_DOMAIN is not of the form my-shop.myshopify.com"
        if not _NUMBER.fullmatch(self.location_id):
            return "SHOPIFY_LOCATION_ID is not a number"
        return ""


def _bare_domain(text: str) -> str:
    return text.lower().removeprefix("https://").rstrip("/")
