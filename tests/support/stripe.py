"""A Stripe account for tests that pay by it."""

from collections.abc import Iterator

import pytest

from tools.fakes.stripe_server import API_KEY, WEBHOOK_SECRET, Fake, running_stripe


@pytest.fixture
def stripe(table: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    """A Stripe account of its own, which the shop is set up to use; the library retries at once."""
    monkeypatch.setattr("stripe._http_client.HTTPClient.INITIAL_DELAY", 0)
    monkeypatch.setattr("stripe._http_client.HTTPClient.MAX_DELAY", 0)
    with running_stripe() as fake:
        monkeypatch.setenv("PAYMENT_PROVIDER", "stripe")
        monkeypatch.setenv("STRIPE_API_KEY", API_KEY)
        monkeypatch.setenv("STRIPE_WEBHOOK_SECRET", WEBHOOK_SECRET)
        monkeypatch.setenv("STRIPE_API_BASE", fake.url)
        yield fake
