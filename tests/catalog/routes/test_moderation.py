"""Moderation through HTTP: what waits, what is approved and rejected, and how creators are told."""

from collections.abc import Callable
from typing import Any

import pytest

from common.clock import epoch, utc_now
from common.dynamodb import UnitOfWork
from common.http import Role
from common.outbox import Body, opened
from common.repositories.accounts import ACCOUNTS, remove_account
from common.repositories.outbox import waiting_mails
from tests.catalog.builders import actions_of, new_product, ok
from tests.catalog.marketplace import (
    ALL,
    OWN,
    Artist,
    error_of,
    new_artist,
    new_work,
    one,
    signed_in,
    stored,
)
from tests.support.http import Answer, Client
from tests.support.races import just_before


def approve(client: Client, work: dict[str, Any], **options: Any) -> Answer:
    """An administrator's yes."""
    return client.put(f"{ALL}/{work['id']}/approve", **options)


def reject(client: Client, work: dict[str, Any], reason: Any = "Too dark", **options: Any) -> Answer:
    """An administrator's no."""
    return client.put(f"{ALL}/{work['id']}/reject", json={"reason": reason}, **options)


def mails() -> list[tuple[str, Body | None]]:
    """The kind and the body of each mail that waits."""
    return [(mail.kind, opened(mail)) for mail in waiting_mails(10, epoch(utc_now()))]


def test_a_work_is_on_its_creators_page_once_it_is_approved(
    visitor: Client, artist: Artist, admin: Client, shelf: str
) -> None:
    work = new_work(artist, shelf, stock=2)
    assert ok(visitor.get(artist.page))["products"] == []
    assert visitor.get(f"/api/products/{work['slug']}").status == 404
    approved = one(ok(approve(admin, work)))
    assert (approved["status"], approved["id"]) == ("approved", work["id"])
    assert [it["id"] for it in ok(visitor.get(artist.page))["products"]] == [work["id"]]
    assert ok(visitor.get(f"/api/products/{work['slug']}"))["variants"][0]["stock"] == 2
    rejected = one(ok(reject(admin, work, "  Too dark  ")))
    assert (rejected["status"], rejected["rejectionReason"]) == ("rejected", "Too dark")
    assert ok(visitor.get(artist.page))["products"] == []
    again = one(ok(approve(admin, work)))
    assert "rejectionReason" not in again
    expected = ["CREATE", "APPROVE_PRODUCT", "REJECT_PRODUCT", "APPROVE_PRODUCT"]
    assert actions_of("Product", int(work["id"])) == expected


def test_the_queue_holds_what_waits_the_newest_first(artist: Artist, admin: Client, shelf: str) -> None:
    new_product(admin)
    first, second, third = (new_work(artist, shelf, published=number != 1) for number in range(3))
    ok(approve(admin, second))
    fourth = new_work(new_artist(display_name="Ada"), shelf)
    queue = ok(admin.get(f"{ALL}/pending"))
    assert [it["id"] for it in queue["products"]] == [fourth["id"], third["id"], first["id"]]
    assert [it["creatorName"] for it in queue["products"]] == ["Ada", *[artist.creator.display_name] * 2]
    assert queue["total"] == 3


@pytest.mark.parametrize("role", [Role.EDITOR, Role.CREATOR])
def test_only_administrators_decide(artist: Artist, shelf: str, role: Role) -> None:
    work = new_work(artist, shelf)
    _, other = signed_in(role)
    calls: list[Callable[[], Answer]] = [
        lambda: other.get(f"{ALL}/pending"),
        lambda: approve(other, work),
        lambda: reject(other, work),
        lambda: artist.client.put(f"{ALL}/{work['id']}/approve"),
    ]
    for call in calls:
        error_of(call(), 403, "FORBIDDEN")
    assert stored(work).moderation_status == "pending"


def test_refusals_of_a_word_come_in_their_order(artist: Artist, admin: Client, shelf: str) -> None:
    work, missing = new_work(artist, shelf), {"id": "99"}
    error_of(approve(admin, {"id": "abc"}), 400, "INVALID_REQUEST")
    error_of(reject(admin, {"id": "abc"}), 400, "INVALID_REQUEST")
    error_of(admin.put(f"{ALL}/99/reject"), 400, "INVALID_REQUEST")
    for reason in ("", "   ", None, 7, "x" * 501):
        error = error_of(reject(admin, missing, reason), 400, "INVALID_REQUEST")
        assert error["message"].startswith("reason ")
    error_of(admin.put(f"{ALL}/99/reject", json={}), 400, "INVALID_REQUEST")
    error_of(reject(admin, missing), 404, "NOT_FOUND")
    error_of(approve(admin, missing), 404, "NOT_FOUND")
    assert stored(work).version == 1


@pytest.mark.usefixtures("token_key_at_hand")
class TestMails:
    """A key to seal mails with is configured."""

    def test_a_creator_is_told_once_of_each_word(self, artist: Artist, admin: Client, shelf: str) -> None:
        work = new_work(artist, shelf, title="Moon")
        for _ in range(2):
            ok(approve(admin, work))
            ok(reject(admin, work, "Too dark"))
            ok(reject(admin, work, "Too dark"))
        account = ACCOUNTS.get(artist.creator.user_id)
        assert account is not None
        told = mails()
        assert sorted(kind for kind, _ in told) == ["product_approved"] * 2 + ["product_rejected"] * 2
        common = {"productId": work["id"], "slug": "moon", "title": "Moon"}
        for kind, body in told:
            assert body is not None
            assert body.to == account.email
            assert common.items() <= body.data.items()
            assert body.data.get("reason") == ("Too dark" if kind == "product_rejected" else None)

    def test_who_wants_no_mails_is_told_nothing(self, admin: Client, shelf: str) -> None:
        artist = new_artist(notification_preferences={"productApproval": False, "productRejection": True})
        work = new_work(artist, shelf)
        ok(approve(admin, work))
        ok(reject(admin, work))
        assert [kind for kind, _ in mails()] == ["product_rejected"]

    def test_a_creator_without_an_account_is_told_nothing(self, admin: Client, shelf: str) -> None:
        artist = new_artist()
        work = new_work(artist, shelf)
        account = ACCOUNTS.get(artist.creator.user_id)
        assert account is not None
        with UnitOfWork() as unit:
            remove_account(unit, account)
        ok(approve(admin, work))
        assert mails() == []


def test_an_edit_beside_the_approval_is_what_is_approved(artist: Artist, admin: Client, shelf: str) -> None:
    work = new_work(artist, shelf)
    with just_before("catalog.moderation.decide_product", lambda: _retitle(artist, work)):
        approved = one(ok(approve(admin, work)))
    assert (approved["title"], approved["status"]) == ("Sun", "approved")


def test_who_says_what_was_seen_does_not_approve_another_work(
    artist: Artist, admin: Client, shelf: str
) -> None:
    work = new_work(artist, shelf)
    with just_before("catalog.moderation.live_product", lambda: _retitle(artist, work)):
        error_of(approve(admin, work, json={"updatedAt": work["updatedAt"]}), 409, "CONFLICT")
    error_of(approve(admin, work, headers={"If-Match": '"seen"'}), 412, "PRECONDITION_FAILED")
    assert stored(work).moderation_status == "pending"
    assert one(ok(approve(admin, work, json={"updatedAt": stored(work).updated_at})))["title"] == "Sun"


def test_a_rejection_says_as_well_what_was_seen(artist: Artist, admin: Client, shelf: str) -> None:
    work = new_work(artist, shelf)
    said = {"reason": "Too dark", "updatedAt": work["updatedAt"]}
    with just_before("catalog.moderation.live_product", lambda: _retitle(artist, work)):
        error_of(admin.put(f"{ALL}/{work['id']}/reject", json=said), 409, "CONFLICT")
    assert stored(work).moderation_status == "pending"
    now = {**said, "updatedAt": stored(work).updated_at}
    assert one(ok(admin.put(f"{ALL}/{work['id']}/reject", json=now)))["status"] == "rejected"


def _retitle(artist: Artist, work: dict[str, Any]) -> None:
    ok(artist.client.put(f"{OWN}/{work['id']}", json={"title": "Sun"}))
