"""What the shop says to a creator's work, and what follows from it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from catalog.moderation import moderate
from catalog.products import bring_back_product, remove_product, update_product
from common.clock import iso
from common.dynamodb import UnitOfWork, get_item
from common.errors import NotFound
from common.repositories.creators import ACTIVE, DISABLED
from common.repositories.listings import total_of
from common.repositories.products import APPROVED, HELD_BACK, MODERATION_STATUSES, REJECTED, Product
from tests.catalog.builders import actions_of, audit_of, row, store
from tests.catalog.work_builders import (
    LATER,
    MODERATOR,
    REASON,
    add_creator,
    add_work,
    approve,
    known_work,
    reject,
    set_status,
    withhold,
)
from tests.support.races import just_after, just_before

COMMIT = "common.dynamodb.UnitOfWork.commit"


def totals() -> tuple[int, int]:
    """How many are published and approved, and how many are held back."""
    return total_of("published"), total_of(HELD_BACK)


@pytest.fixture(autouse=True)
def _creator(table: str) -> None:
    add_creator()


@pytest.mark.parametrize("before", MODERATION_STATUSES)
def test_a_work_is_approved_from_every_state(before: str) -> None:
    reason = REASON if before == REJECTED else None
    add_work(1, moderation_status=before, rejection_reason=reason)
    approved = approve(1)
    assert known_work(1) == approved
    assert (approved.moderation_status, approved.rejection_reason, approved.is_public_at("")) == (
        APPROVED,
        None,
        True,
    )
    assert totals() == (1, 0)


@pytest.mark.parametrize("before", MODERATION_STATUSES)
def test_a_work_is_rejected_from_every_state_with_its_reason(before: str) -> None:
    add_work(1, moderation_status=before, rejection_reason="Another" if before == REJECTED else None)
    rejected = reject(1)
    assert known_work(1) == rejected
    assert (rejected.moderation_status, rejected.rejection_reason, rejected.is_public_at("")) == (
        REJECTED,
        REASON,
        False,
    )
    assert totals() == (0, 1)


def test_a_decision_is_dated_and_audited_and_leaves_the_rest_of_the_work(table: str) -> None:
    before = add_work(1, tags=("ink",), featured=True)
    after, moment = reject(1), iso(LATER)
    assert after == replace(
        before,
        moderation_status=REJECTED,
        rejection_reason=REASON,
        moderated_at=moment,
        updated_at=moment,
        version=2,
    )
    (entry,) = audit_of("Product", 1)
    assert (entry.action, entry.user_id) == ("REJECT_PRODUCT", MODERATOR.id)
    assert entry.changes == {
        "moderation_status": {"old": "pending", "new": "rejected"},
        "rejection_reason": {"old": None, "new": REASON},
    }


def test_a_repeated_decision_changes_nothing_and_tells_nobody_again() -> None:
    add_work(1)
    told: list[Product] = []

    def decide() -> Product:
        return moderate(1, REJECTED, REASON, MODERATOR, LATER, extra=lambda _, product: told.append(product))

    assert decide() == decide() == known_work(1)
    assert (len(told), actions_of("Product", 1)) == (1, ["REJECT_PRODUCT"])
    # Another reason is another word.
    reject(1, "Too small")
    assert known_work(1).rejection_reason == "Too small"


def test_what_belongs_to_a_decision_is_stored_with_it_or_not_at_all() -> None:
    add_work(1)

    def refuse(_work: UnitOfWork, _product: Product) -> None:
        raise NotFound("The creator has no address")

    with pytest.raises(NotFound, match="no address"):
        moderate(1, APPROVED, None, MODERATOR, LATER, extra=refuse)
    assert (known_work(1).moderation_status, totals()) == ("pending", (0, 1))


def test_the_shop_s_own_work_may_be_taken_from_the_public_and_given_back() -> None:
    store([row(1)])
    reject(1)
    assert totals() == (0, 1)
    approve(1)
    assert totals() == (1, 0)


def test_what_is_not_there_is_not_decided() -> None:
    add_work(1)
    remove_product(1, MODERATOR, LATER)
    for product_id in (1, 2):
        with pytest.raises(NotFound):
            approve(product_id)
    assert get_item(("PRODUCT#2", "METADATA")) is None


@pytest.mark.parametrize(
    ("decide", "expected"), [(approve, (APPROVED, (1, 0))), (reject, (REJECTED, (0, 1)))]
)
def test_a_decision_beside_an_edit_keeps_both(
    decide: Callable[[int], Product], expected: tuple[str, tuple[int, int]]
) -> None:
    add_work(1)
    with just_before(COMMIT, lambda: update_product(1, {"title": "Edited"}, MODERATOR, LATER)):
        decide(1)
    after = known_work(1)
    assert (after.title, (after.moderation_status, totals())) == ("Edited", expected)


@pytest.mark.parametrize(
    ("decide", "expected"), [(approve, (APPROVED, (1, 0))), (reject, (REJECTED, (0, 1)))]
)
def test_an_edit_beside_a_decision_keeps_both(
    decide: Callable[[int], Product], expected: tuple[str, tuple[int, int]]
) -> None:
    add_work(1)
    with just_before(COMMIT, lambda: decide(1)):
        update_product(1, {"title": "Edited"}, MODERATOR, LATER)
    after = known_work(1)
    assert (after.title, (after.moderation_status, totals())) == ("Edited", expected)


def test_of_two_decisions_at_once_the_later_holds_and_the_work_is_counted_once() -> None:
    add_work(1)
    with just_before(COMMIT, lambda: reject(1)):
        approve(1)
    assert (known_work(1).moderation_status, known_work(1).rejection_reason) == (APPROVED, None)
    assert totals() == (1, 0)


def test_a_deletion_beside_a_decision_wins() -> None:
    add_work(1)
    with just_before(COMMIT, lambda: remove_product(1, MODERATOR, LATER)), pytest.raises(NotFound):
        approve(1)
    assert totals() == (0, 0)


def test_a_work_that_is_approved_beside_the_disabling_of_its_creator_is_withheld() -> None:
    add_work(1)
    # The search for the creator's works has passed before this one is written.
    with just_before(COMMIT, lambda: set_status("c-1", DISABLED)):
        approve(1)
    after = known_work(1)
    assert (after.moderation_status, after.withheld, after.is_public_at("")) == (APPROVED, True, False)
    assert totals() == (0, 1)


def test_a_work_that_is_approved_beside_the_enabling_of_its_creator_is_not_withheld() -> None:
    add_work(1)
    withhold()
    with just_before(COMMIT, lambda: set_status("c-1", ACTIVE)):
        approve(1)
    assert (known_work(1).withheld, known_work(1).is_public_at("")) == (None, True)


def test_a_work_whose_creator_is_gone_is_decided_like_any_other() -> None:
    add_work(1, creator_id="nobody")
    assert approve(1).is_public_at("")


def test_a_restored_work_follows_its_creator_as_of_now() -> None:
    add_work(1, moderation_status=APPROVED)
    remove_product(1, MODERATOR, LATER)
    withhold()
    restored = bring_back_product(1, MODERATOR, LATER)
    assert (restored.withheld, restored.is_public_at(""), totals()) == (True, False, (0, 1))
    assert (get_item(("PRODUCT#1", "LISTING")) or {})["withheld"] is True
    remove_product(1, MODERATOR, LATER)
    set_status("c-1", ACTIVE)
    restored = bring_back_product(1, MODERATOR, LATER)
    assert (restored.withheld, restored.is_public_at(""), totals()) == (None, True, (1, 0))


def test_a_work_that_is_restored_beside_the_disabling_of_its_creator_is_withheld() -> None:
    add_work(1, moderation_status=APPROVED)
    remove_product(1, MODERATOR, LATER)
    with just_before(COMMIT, lambda: set_status("c-1", DISABLED)):
        bring_back_product(1, MODERATOR, LATER)
    assert (known_work(1).withheld, totals()) == (True, (0, 1))


@pytest.mark.parametrize("decide", [approve, reject])
def test_channels_hear_of_a_decision_after_its_commit_and_of_its_repetition(
    decide: Callable[[int], Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    add_work(1)
    heard: list[tuple[list[str | None], str | None]] = []
    monkeypatch.setattr(
        "catalog.moderation.announce",
        lambda skus: heard.append((list(skus), known_work(1).moderation_status)),
    )
    after = decide(1)
    decide(1)
    assert heard == [(["V-1-0"], after.moderation_status)] * 2


def test_nobody_hears_of_a_decision_that_was_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[object] = []
    monkeypatch.setattr("catalog.moderation.announce", heard.append)
    add_work(1)
    gone = just_after("catalog.moderation.live_product", lambda: remove_product(1, MODERATOR, LATER))
    with gone, pytest.raises(NotFound):
        approve(1)
    assert heard == []
