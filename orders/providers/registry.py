"""Which payment providers may be used where, and how one is found by its name."""

from common import config
from orders.providers.base import Provider, ProviderNotSetUp
from orders.providers.etsy_link import EtsyLinkProvider
from orders.providers.foreign import ForeignProvider
from orders.providers.mock import MockProvider

MOCK, STRIPE, ETSY = "mock", "stripe", "etsy"


def default_method() -> str:
    """The provider of orders that name none: `PAYMENT_PROVIDER`, by default the mock one."""
    return config.setting("PAYMENT_PROVIDER", MOCK).lower()


def accepted_methods() -> tuple[str, ...]:
    """The names of the providers that may be used here, the default one first."""
    usable = {MOCK: _mock_is_allowed(), STRIPE: _stripe_is_set_up(), ETSY: True}
    first = default_method()
    names = [name for name, allowed in usable.items() if allowed]
    return tuple(sorted(names, key=lambda name: name != first))


def provider_named(name: str | None) -> Provider:
    """The provider with this name; for another one or none one that refuses everything.

    Orders that were imported may name any. Raises ProviderNotSetUp for one that may not be used here
    or lacks its key, so that nothing is begun that it could not be asked for.
    """
    if name not in (MOCK, STRIPE, ETSY):
        return ForeignProvider()
    if name == MOCK and not _mock_is_allowed():
        raise ProviderNotSetUp(MOCK, f"they are not allowed where ENVIRONMENT is {config.environment()}")
    if name == STRIPE:
        if not config.secret("STRIPE_API_KEY", ""):
            raise ProviderNotSetUp(STRIPE, "STRIPE_API_KEY is not set")
        from orders.providers.stripe_provider import StripeProvider

        return StripeProvider()
    return MockProvider() if name == MOCK else EtsyLinkProvider()


def _mock_is_allowed() -> bool:
    # It gives goods away, so production never has it, whatever the settings say.
    if config.environment() == config.PRODUCTION:
        return False
    return config.is_development() or default_method() == MOCK


def _stripe_is_set_up() -> bool:
    places = ("STRIPE_API_KEY", "STRIPE_API_KEY_SECRET_ID", "STRIPE_API_KEY_PARAMETER")
    return default_method() == STRIPE or any(config.setting(place) for place in places)
