"""What was unlinked by hand is remembered until it is linked by hand."""

import pytest

from common.clock import utc_now
from common.dynamodb import UnitOfWork
from etsy_sync.repositories.link_exclusions import allow_linking, exclude_from_linking, excluded_from_linking

pytestmark = pytest.mark.usefixtures("table")


def test_each_channel_has_its_own() -> None:
    with UnitOfWork() as work:
        exclude_from_linking(work, "etsy", "1", "", utc_now())
        exclude_from_linking(work, "shopify", "1", "A", utc_now())
        exclude_from_linking(work, "shopify", "1", "B", utc_now())
    assert excluded_from_linking("etsy") == {("1", "")}
    assert excluded_from_linking("shopify") == {("1", "A"), ("1", "B")}
    assert excluded_from_linking("amazon") == frozenset()


def test_what_is_linked_by_hand_is_forgotten() -> None:
    with UnitOfWork() as work:
        exclude_from_linking(work, "shopify", "1", "A", utc_now())
    with UnitOfWork() as work:
        allow_linking(work, "shopify", "1", "A")
        allow_linking(work, "shopify", "1", "NEVER")
    assert excluded_from_linking("shopify") == frozenset()
