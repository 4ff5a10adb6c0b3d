"""`artshop migrate creators`: every product has a creator afterwards, whatever stands in the way."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from catalog.listing import list_products
from catalog.product_filters import Filters
from common.dynamodb import Item, UnitOfWork, Update, delete_item, get_item, put_item, update_item
from common.repositories.creators import (
    CREATORS,
    DISABLED,
    all_creators,
    creator_by_slug,
    creator_by_user,
)
from common.repositories.listings import all_rows, total_of
from common.repositories.product_writes import (
    add_product,
    change_product,
    delete_product,
    restore_product,
)
from common.repositories.products import LISTS, Product, product_by_id
from migration.creators.backfill import Backfill, backfill_creators
from migration.creators.command import creators_command
from tests.catalog.builders import believable_row, row
from tests.support.creator_works import creator_rows, works_of_creator
from tests.support.races import just_before
from tools.errors import ToolError

NOW = datetime(2026, 3, 1, tzinfo=UTC)
STAMP = "2026-03-01T00:00:00.000Z"


def backfill(slug: str = "studio", name: str = "Studio", user_id: str | None = None) -> Backfill:
    return backfill_creators(slug, name, user_id, clock=lambda: NOW)


def add(product: Product) -> Product:
    with UnitOfWork() as work:
        add_product(work, product)
    return product


def found(product_id: int) -> Product:
    product = product_by_id(product_id)
    assert product is not None
    return product


def document(product_id: int) -> Item:
    return get_item((f"PRODUCT#{product_id}", "METADATA"), consistent=True) or {}


def test_products_of_every_status_get_the_creator_and_keep_the_rest(table: str) -> None:
    before = [add(believable_row(n)) for n in (1, 2)]
    before += [add(row(3, status="draft")), add(row(4, status="archived"))]
    done = backfill()
    assert (done.created, done.processed, done.updated, done.skipped, done.failed) == (True, 4, 4, 0, [])
    assert (done.creator_exists, done.with_creator, done.missing, done.passed) == (True, 4, [], True)
    for product in before:
        assert found(product.id) == replace(
            product,
            creator_id=done.creator.id,
            featured=False,
            moderation_status="approved",
            updated_at=STAMP,
            version=product.version + 1,
        )


def test_deleted_products_get_it_too_and_stay_deleted(table: str) -> None:
    product = add(row(1))
    with UnitOfWork() as work:
        delete_product(work, product, "2026-02-01T00:00:00.000Z")
    done = backfill()
    assert done.updated == 1
    assert (found(1).creator_id, found(1).deleted_at) == (done.creator.id, "2026-02-01T00:00:00.000Z")
    assert not any(name.startswith("GSI") for name in document(1))


def test_the_creator_is_active_and_has_the_slug(table: str) -> None:
    done = backfill(user_id="u1")
    assert creator_by_slug("studio") == done.creator
    assert creator_by_user("u1") == done.creator
    assert (done.creator.display_name, done.creator.status) == ("Studio", "active")
    assert done.creator.theme == {"primary_color": "#000000", "accent_color": "#FF6B6B", "font": "Inter"}


def test_a_second_run_changes_nothing(table: str) -> None:
    add(row(1))
    first = backfill()
    before = document(1)
    done = backfill_creators("studio", "Another Name")
    assert (done.created, done.creator, done.updated, done.skipped) == (False, first.creator, 0, 1)
    assert document(1) == before
    assert all_creators() == [first.creator]


def test_products_of_other_creators_are_left_alone(table: str) -> None:
    add(row(1, creator_id="someone", featured=True, moderation_status="pending"))
    add(row(2))
    done = backfill()
    assert (done.updated, done.skipped, done.with_creator) == (1, 1, 2)
    assert (found(1).creator_id, found(1).featured, found(1).moderation_status) == (
        "someone",
        True,
        "pending",
    )


def test_only_products_are_products(table: str) -> None:
    put_item({"PK": "PRODUCT_OF_ANOTHER_KIND#1", "SK": "METADATA"})
    put_item({"PK": "ORDER#1", "SK": "METADATA"})
    add(row(1))
    assert backfill().processed == 1


def test_one_failing_product_does_not_stop_the_rest(table: str) -> None:
    for number in (1, 2, 3):
        add(row(number))
    # A version that is no number cannot be counted up.
    update_item(("PRODUCT#2", "METADATA"), Update().set("version", "two"))
    done = backfill()
    assert (done.updated, [number for number, _ in done.failed], done.missing) == (2, ["2"], ["2"])
    assert not done.passed
    update_item(("PRODUCT#2", "METADATA"), Update().set("version", 2))
    again = backfill()
    assert (again.updated, again.skipped, again.passed) == (1, 2, True)


def test_a_product_that_is_deleted_for_good_meanwhile_does_not_come_back(table: str) -> None:
    add(row(1))
    with just_before("migration.creators.owning._write", lambda: delete_item(("PRODUCT#1", "METADATA"))):
        done = backfill()
    assert (done.updated, done.passed) == (0, True)
    assert document(1) == {}


def test_a_product_that_is_given_a_creator_meanwhile_keeps_it(table: str) -> None:
    add(row(1))
    given = Update().set("creator_id", "someone")
    with just_before(
        "migration.creators.owning._write",
        lambda: update_item(("PRODUCT#1", "METADATA"), given),
    ):
        done = backfill()
    # What a creator was given like this is completed at once.
    assert (done.updated, done.completed, done.skipped) == (0, 1, 1)
    assert (found(1).creator_id, creator_rows("someone")[0].id) == ("someone", 1)


def as_it_was_given_before(product_id: int, **fields: object) -> None:
    """What the command once wrote of a product's creator: the document alone, which no list reads."""
    values = {"creator_id": "someone", "featured": False, "moderation_status": "approved"} | fields
    update = Update().increment("version", 1)
    for name, value in values.items():
        update.set(name, value)
    update_item((f"PRODUCT#{product_id}", "METADATA"), update)


def test_the_marketplace_reads_what_was_given(table: str) -> None:
    before = [add(believable_row(1)), add(row(2, status="draft")), add(row(3))]
    creator_id = backfill().creator.id
    assert [it.id for it in works_of_creator(creator_id)] == [3, 2, 1]
    assert [(it.id, it.status, it.is_public_at(""), it.creator_id) for it in creator_rows(creator_id)] == [
        (3, "published", True, creator_id),
        (2, "draft", False, creator_id),
        (1, "published", True, creator_id),
    ]
    assert [it.id for it in list_products(Filters(("published",), creator=creator_id), 1, 20).products] == [
        3,
        1,
    ]
    # The storefront's lists are what they were.
    assert [it.id for it in list_products(Filters(("published",)), 1, 20).products] == [3, 1]
    assert [total_of(each) for each in LISTS] == [2, 1, 0, 0]
    assert works_of_creator(creator_id)[2].variants == before[0].variants


def test_what_was_given_before_lists_knew_of_creators_is_completed(table: str) -> None:
    for number in (1, 2, 3):
        add(row(number))
        as_it_was_given_before(number)
    add(row(4))
    with UnitOfWork() as work:
        delete_product(work, found(3), STAMP)
    assert creator_rows("someone") == []
    plan = backfill_creators("studio", "Studio", dry_run=True)
    assert (plan.incomplete, "3 that had a creator would be completed, so that lists know it") == (
        ["1", "2", "3"],
        plan.report().summary[2],
    )
    done = backfill()
    assert (done.updated, done.completed, done.skipped, done.failed) == (1, 3, 3, [])
    assert (done.incomplete, done.passed) == ([], True)
    assert [(it.id, it.is_public_at("")) for it in creator_rows("someone")] == [(2, True), (1, True)]
    with UnitOfWork() as work:
        restore_product(work, found(3), STAMP)
    assert next((it.id, it.creator_id) for it in creator_rows("someone")) == (3, "someone")
    again = backfill()
    assert (again.updated, again.completed, again.skipped) == (0, 0, 4)


def test_what_was_rejected_before_lists_knew_of_that_is_taken_out_of_the_public_ones(table: str) -> None:
    add(row(1))
    as_it_was_given_before(1, moderation_status="rejected")
    assert [it.id for it in list_products(Filters(("published",)), 1, 20).products] == []
    backfill()
    assert [total_of(each) for each in LISTS] == [0, 0, 0, 1]
    assert (all_rows("published"), [it.id for it in all_rows("held_back")]) == ([], [1])


def test_works_given_to_a_disabled_creator_are_withheld(table: str) -> None:
    first = backfill().creator
    with UnitOfWork() as work:
        CREATORS.change(work, first, replace(first, status=DISABLED))
    add(row(1))
    add(row(2, status="draft"))
    assert backfill().updated == 2
    assert [(it.id, it.withheld, it.status) for it in creator_rows(first.id)] == [
        (2, True, "draft"),
        (1, True, "published"),
    ]
    assert [total_of(each) for each in LISTS] == [0, 0, 0, 2]


def test_works_given_beside_the_disabling_of_the_creator_are_withheld(table: str) -> None:
    creator = backfill().creator
    add(row(1))

    def disable() -> None:
        with UnitOfWork() as work:
            CREATORS.change(work, creator, replace(creator, status=DISABLED))

    with just_before("migration.creators.owning.same_status_check", disable):
        backfill()
    assert (found(1).withheld, total_of("published"), total_of("held_back")) == (True, 0, 1)


def test_a_product_that_is_published_beside_the_run_is_counted_where_it_stands(table: str) -> None:
    before = add(row(1, status="draft"))

    def publish() -> None:
        with UnitOfWork() as work:
            change_product(work, before, replace(before, status="published", version=2))

    with just_before("migration.creators.owning._write", publish):
        done = backfill()
    assert (done.updated, found(1).status) == (1, "published")
    assert [total_of(each) for each in LISTS] == [1, 0, 0, 0]


def test_a_product_without_its_small_row_is_reported_and_not_made_up(table: str) -> None:
    add(row(1))
    delete_item(("PRODUCT#1", "LISTING"))
    done = backfill()
    assert ([number for number, _ in done.failed], done.passed) == (["1"], False)
    assert get_item(("PRODUCT#1", "LISTING")) is None


def test_two_runs_at_once_make_one_creator(table: str) -> None:
    with just_before("migration.creators.backfill.CREATORS.add", backfill):
        done = backfill()
    assert not done.created
    assert all_creators() == [done.creator]


def test_the_account_of_a_creator_may_come_later(table: str) -> None:
    first = backfill()
    done = backfill(user_id="u1")
    assert (done.creator.id, done.creator.user_id) == (first.creator.id, "u1")
    assert creator_by_user("u1") == done.creator
    assert backfill().creator == done.creator


def test_a_creator_is_not_taken_from_an_account(table: str) -> None:
    add(row(1))
    backfill(user_id="u1")
    with pytest.raises(ToolError, match="belongs to the account u1, not u2"):
        backfill(user_id="u2")


@pytest.mark.parametrize("slug", ["", "Studio", "-studio", "città"])
def test_what_is_no_slug_is_refused_before_anything_is_written(table: str, slug: str) -> None:
    with pytest.raises(ToolError, match="is no slug"):
        backfill(slug)
    assert all_creators() == []


def command(*arguments: str) -> Result:
    return CliRunner().invoke(creators_command, ["--slug", "studio", "--name", "Studio", *arguments])


def test_the_command_reports_what_it_did(table: str, tmp_path: Path) -> None:
    add(row(1))
    answer = command("--report", str(tmp_path))
    assert answer.exit_code == 0, answer.output
    assert "1 products: 1 updated, 0 had a creator, 0 failed" in answer.output
    report = json.loads((tmp_path / "creators.json").read_text())
    creator = creator_by_slug("studio")
    assert creator is not None
    assert {name: report[name] for name in ("creatorId", "creatorCreated", "processed", "updated", "ok")} == {
        "creatorId": creator.id,
        "creatorCreated": True,
        "processed": 1,
        "updated": 1,
        "ok": True,
    }
    assert report["verification"] == {
        "creatorExists": True,
        "withCreator": 1,
        "withoutCreator": 0,
        "missingIds": [],
        "incompleteIds": [],
    }


def test_a_rehearsal_says_what_would_be_done_and_writes_nothing(table: str, tmp_path: Path) -> None:
    add(row(1))
    before = document(1)
    answer = command("--dry-run", "--report", str(tmp_path))
    assert answer.exit_code == 0, answer.output
    assert "creator studio would be created" in answer.output
    assert "1 products: 1 would get it, 0 have a creator" in answer.output
    assert (document(1), all_creators()) == (before, [])
    report = json.loads((tmp_path / "creators.json").read_text())
    assert (report["dryRun"], report["creatorId"], report["updated"]) == (True, None, 0)
    assert report["verification"]["missingIds"] == ["1"]
    done = backfill(user_id="u1")
    assert f"creator studio is there, id {done.creator.id}" in command("--dry-run").output
    assert "belongs to the account u1" in str(command("--dry-run", "--user-id", "u2").exception)


def test_the_command_ends_with_1_while_a_product_has_no_creator(table: str) -> None:
    add(row(1))
    update_item(("PRODUCT#1", "METADATA"), Update().set("version", "one"))
    answer = command()
    assert answer.exit_code == 1
    assert "product 1 has no creator; repeat the command" in answer.output


def test_the_name_of_a_creator_who_was_there_is_kept(table: str) -> None:
    command()
    answer = CliRunner().invoke(creators_command, ["--slug", "studio", "--name", "Other"])
    assert "The creator is called 'Studio'; that was left as it is." in answer.output
