"""Milestones are told once each, to whom wants to know."""

from typing import Any

import pytest

from common.clock import epoch, iso
from common.dynamodb import UnitOfWork
from common.outbox import opened
from common.repositories.accounts import Account, add_account
from common.repositories.creators import Creator
from common.repositories.outbox import waiting_mails
from shop.analytics.milestones import CLICKS, KIND, PAGE_VIEWS, tell_milestones
from shop.repositories.analytics import Counts, DaySummary, store_summary
from tests.shop.analytics.builders import ADA, NOW, creator, minutes
from tests.support.races import just_before

USER = "7f0c2d3e-0000-4000-8000-000000000001"


@pytest.fixture(autouse=True)
def _sealed(token_key_at_hand: None) -> None:
    pass


def artist(**fields: Any) -> Creator:
    """A creator with an account."""
    account = Account(
        id=USER, email="ada@example.com", name="A", created_at=iso(NOW), updated_at=iso(NOW), role="creator"
    )
    with UnitOfWork() as work:
        add_account(work, account)
    return creator(**({"user_id": USER, "display_name": "Ada"} | fields))


def came(day: int, views: int = 0, clicks: int = 0, as_of: int = 0) -> None:
    counts = Counts(views, 0, clicks)
    store_summary(
        DaySummary(creator_id=ADA, date=f"2026-03-{day:02d}", as_of=iso(minutes(as_of)), people=counts)
    )


def mails() -> list[tuple[str, dict[str, Any]]]:
    """To whom a mail waits, and what it says; the order does not matter."""
    found = []
    for mail in waiting_mails(100, epoch(NOW)):
        body = opened(mail)
        assert mail.kind == KIND
        assert body is not None
        found.append((body.to, dict(body.data)))
    return sorted(found, key=str)


def mail(kind: str, milestone: int) -> tuple[str, dict[str, Any]]:
    return "ada@example.com", {"creatorName": "Ada", "type": kind, "milestone": milestone}


def test_the_totals_of_all_days_count_and_each_milestone_is_told_once(table: str) -> None:
    whose = artist()
    came(1, views=60)
    assert tell_milestones(whose, NOW) == 0
    came(2, views=40, clicks=10)
    assert [tell_milestones(whose, minutes(number)) for number in (1, 2)] == [2, 0]
    assert mails() == sorted([mail(PAGE_VIEWS, 100), mail(CLICKS, 10)], key=str)
    came(3, views=399)
    assert tell_milestones(whose, NOW) == 0
    came(4, views=1)
    assert tell_milestones(whose, NOW) == 1
    assert mail(PAGE_VIEWS, 500) in mails()
    assert len(mails()) == 3


def test_of_several_at_once_the_highest_is_told_and_none_comes_back(table: str) -> None:
    whose = artist()
    came(1, views=1_200)
    assert tell_milestones(whose, NOW) == 1
    assert mails() == [mail(PAGE_VIEWS, 1_000)]
    came(1, views=700, as_of=1)
    assert tell_milestones(whose, NOW) == 0
    assert len(mails()) == 1


def test_two_runs_at_once_tell_it_once(table: str) -> None:
    whose = artist()
    came(1, views=100)
    with just_before("shop.analytics.milestones._queue", lambda: tell_milestones(whose, NOW)):
        assert tell_milestones(whose, NOW) == 0
    assert mails() == [mail(PAGE_VIEWS, 100)]


@pytest.mark.parametrize(
    "fields", [{"notification_preferences": {"milestones": False}}, {"user_id": None}, {"user_id": "1"}]
)
def test_who_wants_none_or_has_no_account_is_told_of_none_and_not_later(
    table: str, fields: dict[str, Any]
) -> None:
    whose = artist(**fields)
    came(1, views=100)
    tell_milestones(whose, NOW)
    assert mails() == []
    tell_milestones(creator(user_id=USER), NOW)
    assert mails() == []


def test_other_preferences_do_not_matter(table: str) -> None:
    whose = artist(notification_preferences={"productApproval": False})
    came(1, views=100)
    tell_milestones(whose, NOW)
    assert mails() == [mail(PAGE_VIEWS, 100)]
