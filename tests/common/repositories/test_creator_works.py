"""The works of a creator by the index that holds them."""

from dataclasses import replace

from common.dynamodb import UnitOfWork, meter
from common.repositories.creator_works import creator_documents, creator_work_ids
from common.repositories.listings import products_of
from common.repositories.product_writes import add_product, delete_product, restore_product
from common.repositories.products import MODERATION_STATUSES, Product, product_by_id
from tests.catalog.builders import believable_row, row, store
from tests.support.creator_works import creator_rows, works_of_creator

LATER = "2026-02-01T00:00:00.000Z"


def works(count: int, creator_id: str = "c-1", start: int = 1) -> list[Product]:
    """Works of a creator, some of them waiting and some rejected."""
    return [
        replace(
            believable_row(number),
            slug=f"work-{number}",
            creator_id=creator_id,
            moderation_status=MODERATION_STATUSES[number % 3],
        )
        for number in range(start, start + count)
    ]


def test_a_creator_s_works_are_those_of_every_status_and_of_nobody_else(table: str) -> None:
    own = store(works(6))
    store([*works(3, "c-2", start=11), row(21), row(22, status="draft")])
    assert works_of_creator("c-1") == own[::-1]
    rows = creator_rows("c-1")
    assert [(it.id, it.moderation_status) for it in rows] == [
        (it.id, it.moderation_status) for it in own[::-1]
    ]
    assert products_of(rows, creator_documents("c-1")) == own[::-1]
    assert creator_work_ids("c-1") == [it.id for it in own]
    assert (works_of_creator("c-3"), creator_rows("c-3"), creator_documents("c-3")) == ([], [], [])
    assert creator_work_ids("c-3") == []


def test_the_documents_of_a_creator_are_one_query(table: str) -> None:
    store(works(20))
    for ask in (creator_documents, creator_work_ids):
        with meter() as usage:
            ask("c-1")
        assert usage.calls == 1


def test_a_row_knows_its_status_wherever_it_stands(table: str) -> None:
    store(
        [
            row(1, creator_id="c-1", status="draft", moderation_status="approved"),
            row(2, creator_id="c-1", status="archived", moderation_status="pending"),
            row(3, creator_id="c-1", moderation_status="approved", withheld=True),
            row(4, creator_id="c-1", moderation_status="approved"),
        ]
    )
    statuses = [(it.id, it.status, it.is_public_at("")) for it in creator_rows("c-1")]
    assert statuses == [
        (4, "published", True),
        (3, "published", False),
        (2, "archived", False),
        (1, "draft", False),
    ]


def test_a_deleted_work_is_in_no_list_until_it_is_restored(table: str) -> None:
    (work,) = works(1)
    with UnitOfWork() as unit:
        add_product(unit, work)
    with UnitOfWork() as unit:
        delete_product(unit, work, LATER)
    assert (works_of_creator("c-1"), creator_rows("c-1")) == ([], [])
    deleted = product_by_id(work.id)
    assert deleted is not None
    with UnitOfWork() as unit:
        restore_product(unit, deleted, LATER)
    assert [it.id for it in works_of_creator("c-1")] == [work.id]
