"""Payment providers: which there are, which may be used here, and how one is found by its name."""

from orders.providers.base import (
    Charge,
    ChargeStatus,
    Event,
    EventKind,
    GivenBack,
    Intent,
    Provider,
    ProviderNotSetUp,
    ProviderUnavailable,
    RefundRefused,
    Sale,
    idempotency_key,
)
from orders.providers.registry import accepted_methods, default_method, provider_named

__all__ = [
    "Charge",
    "ChargeStatus",
    "Event",
    "EventKind",
    "GivenBack",
    "Intent",
    "Provider",
    "ProviderNotSetUp",
    "ProviderUnavailable",
    "RefundRefused",
    "Sale",
    "accepted_methods",
    "default_method",
    "idempotency_key",
    "provider_named",
]
