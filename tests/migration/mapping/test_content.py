"""Personaggi and fumetti on their way: their places, and pictures in every JSON that there is."""

from typing import Any

import pytest

from common.dynamodb import Update, batch_write, update_item
from common.repositories.personaggi import PERSONAGGI
from content.repositories.fumetti import FUMETTI
from migration.mapping.records import Record, Row
from tests.migration.mapping.records import ENTITY, one, stored
from tests.migration.mapping.test_products import MOMENT, TIMES


def figure(**changes: Any) -> Record:
    row: Row = {"id": 9, "name": "Leone", "order": 2, "images": None, "background_type": "image"}
    return one("personaggi", row | TIMES | changes)


def moved(record: Record) -> None:
    assert batch_write(stored(ENTITY[record.entity], record)).failed == []


def test_the_shop_lists_what_was_moved_in_its_order(table: str) -> None:
    moved(figure(id=1, order=7))
    moved(figure(icon="/uploads/a.png", background_image=""))
    moved(figure(id=3, order=1, deleted_at=MOMENT))
    assert [entry.id for entry in PERSONAGGI.live()] == [9, 1]
    assert [entry.id for entry in PERSONAGGI.deleted()] == [3]
    first = PERSONAGGI.live()[0]
    assert (first.icon, first.background_image, first.background_color) == ("uploads/a.png", "", "#E0E7FF")


@pytest.mark.parametrize(
    ("column", "shown"),
    [
        (None, ()),
        ([], ()),
        (["/uploads/a.png", ""], ("uploads/a.png", "")),
        ('["/uploads/a.png"]', ("uploads/a.png",)),
        ([{"url": "/uploads/a.png"}, "https://shop.example.com/uploads/b.png"], ("uploads/b.png",)),
        ({"z": None}, ()),
        ("no JSON", ()),
        ("[" * 2000, ()),
        (7, ()),
    ],
)
def test_pictures_are_shown_and_the_column_comes_back_as_it_was(
    table: str, column: Any, shown: tuple[str, ...]
) -> None:
    moved(figure(images=column))
    found = PERSONAGGI.get(9)
    assert found is not None
    assert found.images == shown
    (row,) = ENTITY["personaggi"].rows(stored(ENTITY["personaggi"], figure(images=column)))["personaggi"]
    assert row["images"] == column


def test_pictures_that_were_changed_since_come_back_instead(table: str) -> None:
    moved(figure(images='["/uploads/a.png"]'))
    item = update_item(PERSONAGGI.key(9), Update().set("images", ["uploads/new.png"]))
    (row,) = ENTITY["personaggi"].rows([item])["personaggi"]
    assert row["images"] == ["/uploads/new.png"]


def test_pages_stay_in_reading_order_and_new_entries_come_behind(table: str) -> None:
    row: Row = {"id": 2, "title": "Primo", "order": 5, "pages": ["/uploads/2.jpg", "/uploads/1.jpg"]}
    record = one("fumetti", row | TIMES)
    moved(record)
    assert FUMETTI.live()[0].pages == ("uploads/2.jpg", "uploads/1.jpg")
    assert ENTITY["fumetti"].highest(record) == {"FUMETTO_ID": 2, "FUMETTO_ORDER": 5}
