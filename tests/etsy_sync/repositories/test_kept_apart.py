"""What was unlinked by hand is remembered until it is linked by hand."""

import pytest

from common.clock import utc_now
from common.dynamodb import UnitOfWork
from etsy_sync.repositories.kept_apart import keep_apart, kept_apart, link_freely

pytestmark = pytest.mark.usefixtures("table")


def test_each_channel_has_its_own() -> None:
    with UnitOfWork() as work:
        keep_apart(work, "etsy", "1", "", utc_now())
        keep_apart(work, "shopify", "1", "A", utc_now())
        keep_apart(work, "shopify", "1", "B", utc_now())
    assert kept_apart("etsy") == {("1", "")}
    assert kept_apart("shopify") == {("1", "A"), ("1", "B")}
    assert kept_apart("amazon") == frozenset()


def test_what_is_linked_by_hand_is_forgotten() -> None:
    with UnitOfWork() as work:
        keep_apart(work, "shopify", "1", "A", utc_now())
    with UnitOfWork() as work:
        link_freely(work, "shopify", "1", "A")
        link_freely(work, "shopify", "1", "NEVER")
    assert kept_apart("shopify") == frozenset()
