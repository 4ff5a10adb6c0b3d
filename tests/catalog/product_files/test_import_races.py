"""Imports beside buyers, other administrators, themselves, and ends in the middle."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from catalog.product_files import imports
from catalog.product_files.applying import carry_out
from catalog.product_files.imports import apply_import, dry_run
from catalog.repositories import product_imports
from catalog.repositories.product_imports import EXPORT_KEPT, IMPORTS, ProductImport
from common.clock import utc_now
from common.dynamodb import UnitOfWork
from common.errors import Outdated
from common.leases import LeaseTaken
from common.repositories.products import Product, product_by_slug
from common.repositories.stock_movements import movements_of_variant
from shop.account_log import Person
from tests.catalog.builders import new_product, new_variant, ok, refused, variant_body
from tests.catalog.product_files.steps import (
    IMPORT,
    applied,
    brought_in,
    edited,
    errors_of,
    exported,
    file_of,
    fitting,
    rows_of,
)
from tests.support.http import Client
from tests.support.races import just_before

ACTOR = Person("tests")

pytestmark = pytest.mark.usefixtures("bucket")


@pytest.fixture(autouse=True)
def _moon(admin: Client) -> None:
    """A product with five pieces of one variant."""
    new_product(admin, slug="moon", title="Moon", variants=[variant_body(sku="M-1", name="Small", stock=5)])


def stored(slug: str = "moon") -> Product:
    """A product as it is."""
    found = product_by_slug(slug)
    assert found is not None
    return found


def pieces() -> int:
    """How many pieces there are."""
    return stored().variants[0].stock


def sell(admin: Client, quantity: int) -> None:
    """Takes pieces out, as a sale does."""
    variant = stored().variants[0].id
    ok(admin.patch(f"/api/variants/{variant}/stock", json={"operation": "subtract", "quantity": quantity}))


def rename(admin: Client, title: str = "Changed by hand") -> None:
    """Another administrator changes the product."""
    ok(admin.put(f"/api/products/{stored().id}", json={"title": title}))


def planned(text: str) -> str:
    """The id of the import of a file that fits."""
    run = dry_run(text.encode(), ACTOR, utc_now())
    assert run.started is not None, run.plan.errors
    return run.started.id


@contextmanager
def dying_in_step(number: int) -> Iterator[None]:
    """Ends the process, as far as the run can tell, when that step is to begin."""
    original = carry_out

    def dying(doing: Any) -> None:
        if doing.number == number:
            raise KeyboardInterrupt
        original(doing)

    with patch.object(imports, "carry_out", dying), pytest.raises(KeyboardInterrupt):
        yield


def test_pieces_that_were_sold_since_the_export_stay_sold(admin: Client) -> None:
    text = edited(exported(admin), "moon", stock="8")
    sell(admin, 2)
    assert fitting(admin, text)["planned"][0]["stock"] == 3
    brought_in(admin, text)
    assert pieces() == 6


def test_pieces_that_are_sold_between_dry_run_and_run_stay_sold(admin: Client) -> None:
    said = fitting(admin, edited(exported(admin), "moon", stock="3"))
    sell(admin, 1)
    applied(admin, said)
    assert pieces() == 2


def test_pieces_that_are_sold_while_they_are_taken_away_are_not_taken_twice(admin: Client) -> None:
    said = fitting(admin, edited(exported(admin), "moon", stock="1"))
    # Stops more from being taken than is left: the condition of taking pieces, met with the buyer's write.
    with just_before("catalog.variants.take_out", lambda: sell(admin, 3)):
        done = applied(admin, said)
    assert done["refused"][0]["message"].startswith("Insufficient stock")
    assert pieces() == 2


def test_an_old_number_of_pieces_moves_nothing(admin: Client) -> None:
    text = edited(exported(admin), "moon", title="Luna")
    sell(admin, 4)
    brought_in(admin, text)
    assert (pieces(), stored().title) == (1, "Luna")


def test_the_same_file_moves_its_pieces_once_and_an_edited_one_the_rest(admin: Client) -> None:
    text = exported(admin)
    brought_in(admin, edited(text, "moon", stock="8"))
    sell(admin, 1)
    assert fitting(admin, edited(text, "moon", stock="8"))["products"]["left"] == 1
    brought_in(admin, edited(text, "moon", stock="9"))
    assert pieces() == 8
    assert sum(it.delta for it in movements_of_variant(stored().variants[0].id)) == 8


def test_a_file_that_is_no_export_leaves_pieces_alone_and_says_so(admin: Client) -> None:
    said = fitting(admin, "slug,sku,stock\nmoon,M-1,9\n")
    assert (said["products"]["left"], said["warnings"][0]["column"]) == (1, "stock")
    assert pieces() == 5


def test_an_export_of_long_ago_moves_no_pieces(admin: Client) -> None:
    (row,) = rows_of(exported(admin))
    old = utc_now() - EXPORT_KEPT - timedelta(days=1)
    row |= {"stock": "6", "exported": f"{old:%Y%m%dT%H%M%SZ}-0123abcd"}
    assert "90 days" in errors_of(admin, file_of([row]))[0][2]


def test_a_product_that_was_changed_since_the_export_is_not_written_over(admin: Client) -> None:
    text = edited(exported(admin), "moon", title="Luna")
    rename(admin)
    ((number, column, _),) = errors_of(admin, text)
    assert (number, column) == (2, "version")
    brought_in(admin, edited(text, "moon", version=""))
    assert stored().title == "Luna"


def test_an_export_may_be_edited_and_brought_in_again(admin: Client) -> None:
    text = exported(admin)
    brought_in(admin, edited(text, "moon", title="Luna", weight="100"))
    brought_in(admin, edited(text, "moon", title="Luna II", weight="120"))
    assert (stored().title, stored().variants[0].weight) == ("Luna II", 120)
    rename(admin)
    assert errors_of(admin, edited(text, "moon", title="Luna III"))[0][1] == "version"


def test_a_shop_that_moved_on_since_the_dry_run_is_not_written_to(admin: Client) -> None:
    text = f"{'slug,title,base_price'}\nmoon,Luna,\nsun,Sun,2.00\n".replace("Luna,", "Luna,25.00")
    said = fitting(admin, text)
    rename(admin)
    path = f"{IMPORT}/{said['import']['id']}"
    refused(admin.post(f"{path}/apply"), 409, "begin another")
    assert (stored().title, product_by_slug("sun")) == ("Changed by hand", None)
    assert ok(admin.get(path))["state"] == "planned"


def test_a_product_that_is_changed_during_the_run_is_left_and_told_of_and_the_others_are_done(
    admin: Client,
) -> None:
    text = "slug,title,base_price,sku,variant\nmoon,Luna,25.00,M-1,Tiny\nsun,Sun,2.00,S-1,One\n"
    said = fitting(admin, text)
    # Stops the run from writing over what somebody saved after its dry run: the check of the version.
    with just_before("catalog.product_files.imports.carry_out", lambda: rename(admin)):
        done = applied(admin, said)
    ((told),) = done["refused"]
    assert (told["row"], told["slug"], done["refused_count"]) == (2, "moon", 1)
    assert "dry run" in told["message"]
    assert (stored().title, stored().variants[0].name) == ("Changed by hand", "Small")
    assert stored("sun").title == "Sun"


def test_a_change_at_the_same_moment_is_met_by_the_version_in_the_transaction(admin: Client) -> None:
    said = fitting(admin, "slug,title\nmoon,Luna\n")
    # Stops a write that is decided on an older reading: StaleVersion, and the reading after it is refused.
    with just_before("catalog.products.change_product", lambda: rename(admin)):
        done = applied(admin, said)
    assert done["refused_count"] == 1
    assert stored().title == "Changed by hand"


def test_a_name_that_is_taken_during_the_run_is_told_of(admin: Client) -> None:
    said = fitting(admin, "slug,title,base_price\nsun,Sun,2.00\n")
    taken = lambda: new_product(admin, slug="sun")  # noqa: E731 - what happens in between
    with just_before("catalog.product_files.imports.carry_out", taken):
        done = applied(admin, said)
    assert "already exists" in done["refused"][0]["message"]


MANY = "slug,title,base_price,sku,variant,stock\n" + "".join(
    f"sun-{number},Sun,2.00,S-{number},One,{number}\n" for number in range(6)
)


@pytest.mark.parametrize("number", [0, 1, 3, 5])
def test_a_run_that_ends_in_the_middle_goes_on_and_makes_nothing_twice(admin: Client, number: int) -> None:
    import_id = planned(MANY)
    with dying_in_step(number):
        apply_import(import_id, ACTOR, utc_now())
    done = apply_import(import_id, ACTOR, utc_now())
    assert (done.state, done.done, done.refused) == ("done", 6, ())
    assert [stored(f"sun-{each}").variants[0].stock for each in range(6)] == list(range(6))
    assert len(rows_of(exported(admin))) == 7


def test_a_run_that_ended_may_be_begun_anew_with_the_same_file(admin: Client) -> None:
    text = edited(exported(admin), "moon", title="Luna", variant="Tiny", stock="9")
    import_id = planned(text)
    with dying_in_step(2):
        apply_import(import_id, ACTOR, utc_now())
    assert (stored().title, stored().variants[0].name, pieces()) == ("Luna", "Tiny", 5)
    brought_in(admin, text)
    assert (stored().variants[0].name, pieces()) == ("Tiny", 9)
    # Stops the first import, which goes on after all, from adding the pieces of this export once more.
    done = apply_import(import_id, ACTOR, utc_now())
    assert (done.state, done.refused_count, pieces()) == ("done", 1, 9)


def test_a_step_whose_answer_was_lost_is_known_again(admin: Client) -> None:
    import_id = planned(edited(exported(admin), "moon", stock="7"))
    original = UnitOfWork.commit
    lost: list[bool] = []

    def losing(work: UnitOfWork) -> None:
        is_move = any(key[0].startswith("STOCK_MOVEMENT#") for key in work._actions)
        original(work)
        if is_move and not lost:
            lost.append(True)
            raise ConnectionError("the answer was lost")

    with patch.object(UnitOfWork, "commit", losing), pytest.raises(ConnectionError):
        apply_import(import_id, ACTOR, utc_now())
    assert (pieces(), lost) == (7, [True])
    assert apply_import(import_id, ACTOR, utc_now()).state == "done"
    assert pieces() == 7


def test_a_step_that_another_run_does_at_the_same_moment_is_done_once(admin: Client) -> None:
    import_id = planned(edited(exported(admin), "moon", stock="7"))

    def rival() -> None:
        with patch.object(imports, "held", _unheld):
            apply_import(import_id, ACTOR, utc_now())

    # Stops a run that has outlived its lease from moving pieces that the next one moves: the mark.
    with just_before("catalog.variants.put_in", rival), pytest.raises(Exception, match="at the same moment"):
        apply_import(import_id, ACTOR, utc_now())
    assert pieces() == 7
    assert apply_import(import_id, ACTOR, utc_now()).state == "done"


@contextmanager
def _unheld(*_: object) -> Iterator[None]:
    yield


def test_two_runs_at_once_wait_for_each_other(admin: Client) -> None:
    import_id = planned(MANY)

    def second() -> None:
        with pytest.raises(LeaseTaken):
            apply_import(import_id, ACTOR, utc_now())

    with just_before("catalog.product_files.imports.carry_out", second):
        assert apply_import(import_id, ACTOR, utc_now()).state == "done"


def test_a_run_works_for_a_while_and_is_asked_on(admin: Client) -> None:
    import_id = planned(MANY)
    ticks = iter(range(100))
    seen: list[ProductImport] = []
    while not seen or seen[-1].state != "done":
        lasts = timedelta(seconds=4)
        seen.append(apply_import(import_id, ACTOR, utc_now(), lasts=lasts, clock=lambda: next(ticks)))
    assert len(seen) > 1
    assert [it.done for it in seen] == sorted({it.done for it in seen})
    assert seen[0].state == "applying"
    assert seen[-1].done == 6


def test_an_import_is_forgotten_after_a_week(admin: Client) -> None:
    import_id = planned(MANY)
    later = utc_now() + product_imports.IMPORT_KEPT + timedelta(seconds=1)
    with pytest.raises(Exception, match="not found"):
        apply_import(import_id, ACTOR, later)


def test_a_product_that_is_deleted_during_the_run_is_told_of(admin: Client) -> None:
    said = fitting(admin, "slug,title\nmoon,Luna\n")
    gone = lambda: ok(admin.delete(f"/api/products/{stored().id}"))  # noqa: E731 - what happens in between
    with just_before("catalog.product_files.imports.carry_out", gone):
        done = applied(admin, said)
    assert "not found" in done["refused"][0]["message"]


def test_a_variant_that_is_added_by_hand_meanwhile_is_a_change(admin: Client) -> None:
    import_id = planned("slug,title\nmoon,Luna\n")
    new_variant(admin, stored().id)
    with pytest.raises(Outdated):
        apply_import(import_id, ACTOR, utc_now())
    assert IMPORTS.get(import_id) is not None
