"""A creator who is disabled takes the works along, and brings them back when enabled."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from catalog.products import update_product
from catalog.withholding import Withheld, withhold_works
from common.dynamodb import meter
from common.errors import NotFound
from common.repositories.creators import ACTIVE, DISABLED
from common.repositories.listings import total_of
from common.repositories.products import APPROVED, HELD_BACK, MODERATION_STATUSES
from common.stock_levels import current_stock
from tests.catalog.builders import actions_of, row, store
from tests.catalog.work_builders import (
    LATER,
    MODERATOR,
    add_creator,
    add_work,
    approve,
    known_work,
    set_status,
    withhold,
)
from tests.support.races import just_before

COMMIT = "common.dynamodb.UnitOfWork.commit"


@pytest.fixture(autouse=True)
def _creators(table: str) -> None:
    add_creator()
    add_creator("c-2")


def release() -> Withheld:
    """Enables the creator, whose works follow."""
    set_status("c-1", ACTIVE)
    return withhold_works("c-1", False, MODERATOR, LATER)


def withheld(*product_ids: int) -> list[bool | None]:
    """What each work says of it."""
    return [known_work(each).withheld for each in product_ids]


def test_every_work_of_the_creator_follows_and_nobody_else_s() -> None:
    for number, status in enumerate(MODERATION_STATUSES, start=1):
        add_work(number, moderation_status=status)
    add_work(4, moderation_status=APPROVED, status="draft")
    add_work(11, creator_id="c-2", moderation_status=APPROVED)
    store([row(21)])
    assert withhold() == Withheld(works=4, changed=4)
    assert withheld(1, 2, 3, 4, 11, 21) == [True] * 4 + [None] * 2
    assert (known_work(11).is_public_at(""), known_work(21).is_public_at("")) == (True, True)
    assert release() == Withheld(works=4, changed=4)
    assert withheld(1, 2, 3, 4) == [None] * 4
    statuses = [known_work(number).moderation_status for number in (1, 2, 3)]
    assert statuses == list(MODERATION_STATUSES)
    assert sorted(actions_of("Product", 1)) == ["RELEASE_PRODUCT", "WITHHOLD_PRODUCT"]


def test_withheld_works_move_to_what_is_held_back_and_return() -> None:
    add_work(1, moderation_status=APPROVED)
    add_work(2)
    assert (total_of("published"), total_of(HELD_BACK)) == (1, 1)
    withhold()
    assert (total_of("published"), total_of(HELD_BACK)) == (0, 2)
    assert current_stock(["V-1-0"])["V-1-0"].broadcast == 0
    release()
    assert (total_of("published"), total_of(HELD_BACK)) == (1, 1)
    assert current_stock(["V-1-0"])["V-1-0"].broadcast == 10


def test_a_repetition_reads_and_writes_nothing() -> None:
    for number in range(1, 6):
        add_work(number)
    withhold()
    with meter() as usage:
        assert withhold_works("c-1", True, MODERATOR, LATER) == Withheld(works=5, changed=0)
    assert (usage.calls, usage.write_units) == (3, Decimal(0))


def test_a_call_that_ends_early_is_gone_on_with() -> None:
    for number in range(1, 6):
        add_work(number)
    set_status("c-1", DISABLED)
    answers = iter([True, True, False])
    first = withhold_works("c-1", True, MODERATOR, LATER, may_go_on=lambda: next(answers))
    assert (first.works, first.changed, first.is_done) == (5, 2, False)
    assert withhold_works("c-1", True, MODERATOR, LATER) == Withheld(works=5, changed=3)
    assert withheld(1, 2, 3, 4, 5) == [True] * 5


def test_a_call_that_comes_late_does_nothing() -> None:
    add_work(1)
    assert withhold_works("c-1", True, MODERATOR, LATER) == Withheld(is_done=False)
    set_status("c-1", DISABLED)
    assert withhold_works("c-1", False, MODERATOR, LATER) == Withheld(is_done=False)
    assert withheld(1) == [None]


def test_a_call_that_is_overtaken_leaves_what_follows_the_newer_status() -> None:
    for number in (1, 2):
        add_work(number, moderation_status=APPROVED)
    set_status("c-1", DISABLED)
    with just_before(COMMIT, release):
        late = withhold_works("c-1", True, MODERATOR, LATER)
    assert (late.changed, late.is_done) == (0, False)
    assert withheld(1, 2) == [None, None]


@pytest.mark.parametrize(
    ("rival", "title", "status"),
    [
        (lambda: update_product(1, {"title": "Edited"}, MODERATOR, LATER), "Edited", "pending"),
        (lambda: approve(1), "Row 0001", "approved"),
    ],
)
def test_a_change_of_the_work_at_the_same_moment_holds(
    rival: Callable[[], object], title: str, status: str
) -> None:
    add_work(1)
    set_status("c-1", DISABLED)
    with just_before(COMMIT, rival):
        withhold_works("c-1", True, MODERATOR, LATER)
    after = known_work(1)
    assert (after.title, after.moderation_status, after.withheld) == (title, status, True)
    assert (total_of("published"), total_of(HELD_BACK)) == (0, 1)


def test_a_work_that_the_index_does_not_know_yet_does_not_become_public(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add_work(1)

    def nothing_yet(_creator: str) -> list[int]:
        return []

    with monkeypatch.context() as late:
        late.setattr("catalog.withholding.creator_work_ids", nothing_yet)
        assert withhold().works == 0
    assert withheld(1) == [None]
    assert not approve(1).is_public_at("")
    assert withheld(1) == [True]


def test_what_is_written_all_the_time_keeps_no_other_from_being_withheld(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in (1, 2, 3):
        add_work(number)
    set_status("c-1", DISABLED)
    busy = known_work(2)
    real = known_work

    def read(product_id: int) -> object:
        # The second is always read as it was before the rival's last write.
        if product_id == 2:
            update_product(2, {"title": "Again"}, MODERATOR, LATER)
            return busy
        return real(product_id)

    with monkeypatch.context() as rival:
        rival.setattr("catalog.withholding.product_by_id", read)
        done = withhold_works("c-1", True, MODERATOR, LATER)
    assert (done.changed, done.is_done) == (2, False)
    assert withheld(1, 2, 3) == [True, None, True]
    assert withhold_works("c-1", True, MODERATOR, LATER).changed == 1


def test_there_is_nothing_to_withhold_of_nobody() -> None:
    with pytest.raises(NotFound, match="Creator not found"):
        withhold_works("c-9", True, MODERATOR, LATER)


def test_channels_hear_of_each_work(monkeypatch: pytest.MonkeyPatch) -> None:
    add_work(1)
    add_work(2)
    heard: list[str | None] = []
    monkeypatch.setattr("catalog.withholding.announce", heard.extend)
    withhold()
    assert sorted(map(str, heard)) == ["V-1-0", "V-2-0"]
