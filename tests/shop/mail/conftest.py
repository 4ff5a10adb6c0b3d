"""A shop that writes mail, and a carrier that keeps it."""

import pytest

from tests.shop.mail.builders import Carrier


@pytest.fixture(autouse=True)
def writing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shop writes."""
    monkeypatch.setenv("MAIL_FROM", "The shop <shop@shop.test>")
    monkeypatch.setenv("SHOP_URL", "https://api.shop.test")


@pytest.fixture
def carrier(table: str, monkeypatch: pytest.MonkeyPatch) -> Carrier:
    """Where mails go."""
    made = Carrier()
    monkeypatch.setattr("shop.mail.sending.transport", lambda: made)
    return made
