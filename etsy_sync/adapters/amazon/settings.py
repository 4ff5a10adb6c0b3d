"""Which seller's Amazon account the shop writes to, and with which secrets."""

from dataclasses import dataclass, field

from common.config import secret, setting
from etsy_sync.adapters.interface import NotConfigured

EUROPE = "https://sellingpartnerapi-eu.amazon.com"
TOKEN_URL = "https://api.amazon.com/auth/o2/token"  # noqa: S105 - an address, no secret


@dataclass(frozen=True, slots=True)
class AmazonSettings:
    """An application's keys, a seller's consent (`refresh_token`), and the marketplace that is sold in."""

    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)
    seller_id: str
    marketplace_id: str
    api_base: str = EUROPE
    token_url: str = TOKEN_URL

    @classmethod
    def from_environment(cls) -> "AmazonSettings":
        """What the environment and the secret store hold; what is missing there is empty."""
        return cls(
            client_id=setting("AMAZON_CLIENT_ID"),
            client_secret=secret("AMAZON_CLIENT_SECRET", ""),
            refresh_token=secret("AMAZON_REFRESH_TOKEN", ""),
            seller_id=setting("AMAZON_SELLER_ID"),
            marketplace_id=setting("AMAZON_MARKETPLACE_ID"),
            api_base=setting("AMAZON_API_BASE", EUROPE).rstrip("/"),
            token_url=setting("AMAZON_TOKEN_URL", TOKEN_URL),
        )

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the settings that are not given."""
        given = {
            "AMAZON_CLIENT_ID": self.client_id,
            "AMAZON_CLIENT_SECRET": self.client_secret,
            "AMAZON_REFRESH_TOKEN": self.refresh_token,
            "AMAZON_SELLER_ID": self.seller_id,
            "AMAZON_MARKETPLACE_ID": self.marketplace_id,
        }
        return tuple(name for name, value in given.items() if not value)

    @property
    def is_configured(self) -> bool:
        """Whether the shop can sell on Amazon."""
        return not self.missing

    def require(self) -> "AmazonSettings":
        """These settings; NotConfigured, naming what is missing, when they are not complete."""
        if self.missing:
            raise NotConfigured(f"{', '.join(self.missing)} not set")
        return self
