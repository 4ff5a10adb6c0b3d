"""The links in mail and on papers: each leads to its page, is good for that alone, and papers' end."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from common.clock import utc_now
from common.config import ConfigurationError
from common.errors import NotFound
from common.order_links import (
    certificate_link,
    order_of_link,
    paper_link,
    paper_of_link,
    piece_of_link,
    withdrawal_link,
)
from common.repositories.orders import Order
from common.signed_links import LinkEnded

NOW = utc_now()
ORDER = Order(
    id=12,
    order_number="ORD-00000012",
    customer_email="someone@example.org",
    customer_name="Someone",
    subtotal=Decimal(10),
    tax=Decimal(0),
    discount=Decimal(0),
    total=Decimal(10),
    currency="EUR",
    payment_method="mock",
    created_at="2026-11-01T10:00:00Z",
    updated_at="2026-11-01T10:00:00Z",
)


@pytest.fixture(autouse=True)
def _shop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_URL", "https://shop.example.org/api-stage/")


def test_a_withdrawal_is_reached_for_good_and_names_nobody() -> None:
    link = withdrawal_link(ORDER)
    assert "someone" not in link
    base, _, end = link.rpartition("/")
    assert base == "https://shop.example.org/api-stage/withdrawal"
    assert order_of_link(end, NOW + timedelta(days=9999)) == 12


def test_a_paper_is_reached_for_ninety_days() -> None:
    base, _, end = paper_link("A-2026-17", NOW).rpartition("/")
    assert base == "https://shop.example.org/api-stage/papers"
    assert paper_of_link(end, NOW + timedelta(days=89)) == "A-2026-17"
    with pytest.raises(LinkEnded):
        paper_of_link(end, NOW + timedelta(days=91))


def test_a_certificate_is_reached_for_good() -> None:
    base, _, end = certificate_link("4-12").rpartition("/")
    assert base == "https://shop.example.org/api-stage/certificates"
    assert piece_of_link(end, NOW + timedelta(days=9999)) == "4-12"


@pytest.mark.parametrize("read", [paper_of_link, piece_of_link])
def test_a_link_is_good_for_its_own_page_alone(read: Callable[..., str]) -> None:
    with pytest.raises(NotFound):
        read(withdrawal_link(ORDER).rpartition("/")[2], NOW)


@pytest.mark.parametrize("name", ["A/17", "A.17"])
def test_what_would_not_fit_a_path_is_a_defect(name: str) -> None:
    with pytest.raises(ValueError, match=r"no (slash|point)"):
        paper_link(name, NOW)


def test_without_an_address_of_the_shop_there_is_no_link(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOP_URL")
    with pytest.raises(ConfigurationError, match="SHOP_URL"):
        withdrawal_link(ORDER)
