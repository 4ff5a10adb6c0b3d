"""What is held back, on DynamoDB Local: what lists with it cost, and decisions that really meet."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from itertools import cycle

from catalog.withholding import withhold_works
from common.dynamodb import meter
from common.errors import ShopError
from common.repositories.creator_works import creator_documents, creator_work_ids
from common.repositories.creators import ACTIVE, DISABLED
from common.repositories.listings import all_rows, total_of
from common.repositories.products import APPROVED, HELD_BACK, LISTS, MODERATION_STATUSES, PENDING, Product
from tests.catalog.builders import believable_row, catalog_app, ok, store
from tests.catalog.work_builders import (
    LATER,
    MODERATOR,
    add_creator,
    add_work,
    approve,
    known_work,
    reject,
    set_status,
)
from tests.engine.test_catalog_races import at_once, until_answered
from tests.orders.cart_builders import variant
from tests.orders.order_builders import body_of, buyer, check_out, order_rows, stock_of, wanted
from tests.support.http import Answer, Client
from tests.support.tokens import admin_token

# Whether an administrator's token still counts is one read more.
TOKEN_TRIPS, TOKEN_UNITS = 1, 1


def works(count: int, start: int = 1, status: str = APPROVED) -> list[Product]:
    """Works of the size that shops have."""
    return [
        replace(
            believable_row(number),
            slug=f"work-{number}",
            creator_id="c-1",
            moderation_status=status,
            featured=False,
        )
        for number in range(start, start + count)
    ]


def test_twenty_works_of_a_creator(table: str) -> None:
    store([*works(20), *(believable_row(number) for number in range(101, 151))])
    for ask in (creator_documents, creator_work_ids):
        with meter() as usage:
            assert len(list(ask("c-1"))) == 20
        assert usage.calls == 1
        assert 0 < usage.read_units <= Decimal(7), (ask, usage)


def test_an_administrator_s_lists_cost_one_trip_more_for_what_is_held_back(table: str) -> None:
    store([*(believable_row(number) for number in range(1, 51)), *works(10, start=101, status=PENDING)])
    admin, visitor = Client(catalog_app(), token=admin_token()), Client(catalog_app())
    # From here on the process holds the catalogue.
    ok(visitor.get("/api/products", params={"sort_by": "title"}))
    for asked, trips, units in (({"status": "published"}, 2, 10), ({"sort_by": "title"}, 2, 16)):
        with meter() as usage:
            assert ok(visitor.get("/api/products", params=asked))["total"] == 50
        assert usage.calls <= trips, usage
        assert usage.read_units <= units, usage
        with meter() as usage:
            everything = ok(admin.get("/api/products", params={"status": "published", **asked}))
        assert everything["total"] == 60
        assert usage.calls <= trips + 1 + TOKEN_TRIPS, usage
        assert usage.read_units <= units + 4 + TOKEN_UNITS, usage


def test_approvals_rejections_and_edits_of_one_work_at_once_count_it_once(table: str) -> None:
    add_creator()
    add_work(1)
    admin = Client(catalog_app(), token=admin_token())
    kinds = cycle(("approve", "reject", "edit"))
    tasks = [next(kinds) for _ in range(9)]

    def act(number: int) -> Answer:
        if tasks[number] == "edit":
            return until_answered(lambda: admin.put("/api/products/1", json={"title": f"T{number}"}))
        path = f"/api/admin/products/1/{tasks[number]}"
        body = {"reason": f"R{number}"} if tasks[number] == "reject" else None
        return until_answered(lambda: admin.put(path, json=body))

    statuses = Counter(answer.status for answer in at_once(len(tasks), act))
    assert statuses.keys() <= {200, 409}
    work = known_work(1)
    assert work.moderation_status in MODERATION_STATUSES
    assert (work.rejection_reason is not None) == (work.moderation_status == "rejected")
    assert [total_of(each) for each in LISTS] == [int(work.listed_as == each) for each in LISTS]
    assert [len(all_rows(each)) for each in LISTS] == [total_of(each) for each in LISTS]


def test_works_are_never_public_once_disabling_has_ended_whoever_approves_meanwhile(table: str) -> None:
    add_creator()
    for number in range(1, 9):
        add_work(number)

    def act(number: int) -> Product | None:
        if number == 0:
            set_status("c-1", DISABLED)
            withhold_works("c-1", True, MODERATOR, LATER)
            return None
        try:
            return approve(number)
        except ShopError:
            return None

    at_once(9, act)
    assert withhold_works("c-1", True, MODERATOR, LATER).is_done
    assert [known_work(number).is_public_at("") for number in range(1, 9)] == [False] * 8
    assert (total_of("published"), total_of(HELD_BACK)) == (0, 8)
    set_status("c-1", ACTIVE)
    assert withhold_works("c-1", False, MODERATOR, LATER).is_done
    approved = sum(known_work(number).moderation_status == APPROVED for number in range(1, 9))
    assert (total_of("published"), total_of(HELD_BACK)) == (approved, 8 - approved)


def test_no_piece_is_sold_after_the_rejection(table: str) -> None:
    add_creator()
    add_work(1, moderation_status=APPROVED, variants=(variant(1, stock=50),))
    left_at_rejection: list[int] = []

    def act(number: int) -> Answer | None:
        if number == 4:
            reject(1)
            left_at_rejection.append(stock_of(1))
            return None
        client = buyer(f"session-{number}-of-a-buyer", address=f"203.0.113.{number}")
        return until_answered(lambda: check_out(client, body_of(wanted(1))))

    answers = [answer for answer in at_once(9, act) if answer is not None]
    sold = sum(answer.status == 201 for answer in answers)
    assert {answer.status for answer in answers} <= {201, 400, 404, 409}
    assert stock_of(1) == 50 - sold == left_at_rejection[0]
    assert len(order_rows()) == sold
