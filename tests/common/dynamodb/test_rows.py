"""Rows of one declaration: found by their indexes, written as differences, alone with what is theirs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest

from common.dynamodb import (
    AT_ONCE,
    ConditionFailed,
    Index,
    Item,
    Unique,
    UnitOfWork,
    Update,
    get_item,
    index_keys,
    meter,
    put_item,
    sort_key,
    update_item,
)
from common.dynamodb.rows import Rows
from common.errors import Conflict, NotFound
from common.optimistic import StaleVersion
from tests.support.races import just_before

NOW, LATER = "2026-01-31T10:00:00.000Z", "2026-02-01T10:00:00.000Z"
EPOCH = 1_800_000_000

pytestmark = pytest.mark.usefixtures("table")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A row with everything that rows can have."""

    id: int
    slug: str
    created_at: str = NOW
    updated_at: str = NOW
    price: Decimal = Decimal(0)
    tags: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    artist: str | None = None
    currency: str = "EUR"
    deleted_at: str | None = None
    version: int = 1


BY_SLUG: Index[Work] = Index("GSI1", "WORK_SLUG#{slug}", "METADATA")
ALL: Index[Work] = Index("GSI2", "WORK", lambda work: f"{work.slug[:2]}#{work.id:04d}")
BY_ARTIST: Index[Work] = Index(
    "GSI3", "WORK_ARTIST#{artist}", "{id:04d}", when=lambda work: bool(work.artist)
)
GONE: Index[Work] = Index("GSI1", "WORK_DELETED", "{deleted_at}#{id}", of_deleted=True)
WORKS = Rows(
    Work,
    "Work",
    key="WORK#{id}",
    indexes=(BY_SLUG, ALL, BY_ARTIST, GONE),
    unique=(Unique("WORK_SLUG", "slug"),),
    unstored=("currency",),
)


@dataclass(frozen=True, slots=True)
class Note:
    """A row under another's partition, without a version; it expires."""

    work_id: int
    number: int
    text: str | None = None
    state: str | None = None
    expires_at: int = EPOCH


NOTES = Rows(Note, "Note", key="WORK#{work_id}", sort="NOTE#{number:03d}", guard=("state",))


def added(number: int = 1, slug: str = "ink", **fields: Any) -> Work:
    work = Work(id=number, slug=slug, **fields)
    WORKS.add(AT_ONCE, work)
    return work


def stored(number: int = 1) -> Item:
    return get_item(("WORK#" + str(number), "METADATA"), consistent=True) or {}


def found(number: int = 1) -> Work:
    work = WORKS.get(number)
    assert work is not None
    return work


def owner_of(slug: str) -> str | None:
    return (get_item((f"UNIQUE#WORK_SLUG#{slug}", "METADATA"), consistent=True) or {}).get("owner")


def slugs(index: Index[Work], **parts: Any) -> list[str]:
    return [work.slug for work in WORKS.all(index.query(**parts))]


def test_a_row_holds_its_fields_and_its_index_entries() -> None:
    work = added(price=Decimal("2.50"), tags=("a",), texts={"it": "Inchiostro"})
    assert stored() == {
        "PK": "WORK#1",
        "SK": "METADATA",
        **index_keys("GSI1", "WORK_SLUG#ink", "METADATA"),
        **index_keys("GSI2", "WORK", "in#0001"),
        "id": 1,
        "slug": "ink",
        "created_at": NOW,
        "updated_at": NOW,
        "price": Decimal("2.5"),
        "tags": ["a"],
        "texts": {"it": "Inchiostro"},
        "version": 1,
    }
    assert found() == WORKS.first(BY_SLUG.query(slug="ink")) == work
    assert WORKS.get(2) is WORKS.first(BY_SLUG.query(slug="oil")) is None


def test_a_row_that_is_there_is_not_written_over() -> None:
    work = added()
    with pytest.raises(Conflict, match="Work 1 already exists"):
        added(slug="oil")
    with pytest.raises(StaleVersion):
        WORKS.add(AT_ONCE, replace(work, slug="oil"), exists=StaleVersion("It"))
    assert (found(), owner_of("oil")) == (work, None)


def test_what_one_row_has_alone_is_refused_to_another_by_its_noun_and_field() -> None:
    added()
    with pytest.raises(Conflict, match="Work with slug 'ink' already exists") as refused:
        added(2)
    assert refused.value.details == {"fields": {"slug": ["already exists"]}}
    assert WORKS.get(2) is None


def test_an_empty_text_is_had_alone_like_any_other_until_it_is_changed() -> None:
    work = added(slug="")
    assert owner_of("") == "WORK#1"
    with pytest.raises(Conflict):
        added(2, slug="")
    WORKS.change(AT_ONCE, work, replace(work, slug="ink"))
    assert (owner_of(""), owner_of("ink")) == (None, "WORK#1")


def test_a_change_writes_what_differs_and_nothing_else() -> None:
    before = added(artist="ada", texts={"it": "a"})
    update_item(("WORK#1", "METADATA"), Update().set("price", 7).set("foreign", "kept"))
    after = WORKS.change(
        AT_ONCE, before, replace(before, slug="oil", texts={}, artist=None, updated_at=LATER)
    )
    assert (after.version, after.slug) == (2, "oil")
    assert found() == replace(after, price=Decimal(7))
    assert stored()["foreign"] == "kept"
    assert {"artist", "GSI3PK", "GSI3SK"}.isdisjoint(stored())
    assert (slugs(ALL), slugs(BY_SLUG, slug="ink"), slugs(BY_ARTIST, artist="ada")) == (["oil"], [], [])
    assert (owner_of("ink"), owner_of("oil")) == (None, "WORK#1")


def test_a_value_that_becomes_its_default_again_is_written_over_what_is_stored() -> None:
    before = added(currency="JPY")
    assert stored()["currency"] == "JPY"
    WORKS.change(AT_ONCE, before, replace(before, currency="EUR"))
    assert stored()["currency"] == "EUR"


def test_a_change_is_not_one_to_another_row() -> None:
    before = added()
    with pytest.raises(ValueError, match="another row"):
        WORKS.change(AT_ONCE, before, replace(before, id=2))


def test_an_older_reading_changes_nothing() -> None:
    before = added()
    newer = WORKS.change(AT_ONCE, before, replace(before, price=Decimal(1)))
    with pytest.raises(StaleVersion, match="Work was changed"):
        WORKS.change(AT_ONCE, before, replace(before, slug="oil"))
    with pytest.raises(StaleVersion):
        WORKS.delete(AT_ONCE, before, LATER)
    with pytest.raises(StaleVersion), UnitOfWork() as unit:
        WORKS.guard(unit, before)
    with UnitOfWork() as unit:
        WORKS.guard(unit, newer)
    assert (found(), owner_of("oil")) == (newer, None)


def test_a_rival_that_was_faster_wins() -> None:
    before = added()

    def rival() -> None:
        WORKS.change(AT_ONCE, before, replace(before, price=Decimal(9)))

    with just_before("common.dynamodb.items.call", rival), pytest.raises(StaleVersion):
        WORKS.change(AT_ONCE, before, replace(before, price=Decimal(1)))
    assert found().price == Decimal(9)


def test_what_is_not_there_cannot_be_changed() -> None:
    ghost = Work(id=9, slug="ghost")
    with pytest.raises(NotFound, match="Work not found"):
        WORKS.change(AT_ONCE, ghost, replace(ghost, price=Decimal(1)))
    assert (WORKS.get(9), owner_of("ghost")) == (None, None)


def test_a_deleted_row_is_in_the_indexes_of_deleted_rows_alone_and_its_value_is_free() -> None:
    gone = WORKS.delete(AT_ONCE, added(artist="ada"), LATER)
    assert (gone.deleted_at, gone.updated_at, gone.version) == (LATER, LATER, 2)
    assert found() == gone
    keys = {name: value for name, value in stored().items() if name.startswith("GSI")}
    assert keys == index_keys("GSI1", "WORK_DELETED", f"{LATER}#1")
    assert WORKS.markers(gone) == []
    assert added(2).slug == "ink"


def test_a_restored_row_is_back_everywhere_and_claims_its_value_again() -> None:
    work = added(artist="ada")
    gone = WORKS.delete(AT_ONCE, work, LATER)
    back = WORKS.restore(AT_ONCE, gone, LATER, price=Decimal(3))
    assert back == found() == replace(work, updated_at=LATER, version=3, price=Decimal(3))
    assert (slugs(BY_SLUG, slug="ink"), slugs(BY_ARTIST, artist="ada"), slugs(GONE)) == (["ink"], ["ink"], [])
    assert WORKS.markers(back) == [{"PK": "UNIQUE#WORK_SLUG#ink", "SK": "METADATA", "owner": "WORK#1"}]
    assert owner_of("ink") == "WORK#1"


def test_a_row_whose_value_another_has_by_now_is_not_restored() -> None:
    gone = WORKS.delete(AT_ONCE, added(), LATER)
    added(2)
    with pytest.raises(Conflict, match="already exists"):
        WORKS.restore(AT_ONCE, gone, LATER)
    assert found() == gone


def test_of_two_restorations_one_is_refused() -> None:
    gone = WORKS.delete(AT_ONCE, added(), LATER)
    with just_before("common.dynamodb.transaction.call", lambda: WORKS.restore(AT_ONCE, gone, LATER)):  # noqa: SIM117
        with pytest.raises(StaleVersion):
            WORKS.restore(AT_ONCE, gone, LATER)
    assert found().version == 3


@pytest.mark.parametrize("deleted_at", [None, LATER])
def test_a_change_does_not_touch_what_is_deleted(deleted_at: str | None) -> None:
    work = added()
    gone = WORKS.delete(AT_ONCE, work, LATER)
    reading = replace(gone, deleted_at=deleted_at)
    with pytest.raises(StaleVersion):
        WORKS.change(AT_ONCE, reading, replace(reading, slug="oil"))
    assert (found(), owner_of("oil")) == (gone, None)


def test_an_index_that_was_declared_since_a_row_was_written_is_left_and_entered_too() -> None:
    """A row keeps what its declaration of then gave it; deletion looks at every index of the table."""
    older = Rows(Work, "Work", key="WORK#{id}", indexes=(BY_SLUG, BY_ARTIST))
    newer = Rows(Work, "Work", key="WORK#{id}", indexes=(BY_SLUG, ALL))
    work = Work(id=1, slug="ink", artist="ada")
    older.add(AT_ONCE, work)
    gone = newer.delete(AT_ONCE, work, LATER)
    assert not any(name.startswith("GSI") for name in stored())
    newer.restore(AT_ONCE, gone, LATER)
    assert (slugs(ALL), slugs(BY_SLUG, slug="ink")) == (["ink"], ["ink"])


def test_two_entries_of_one_index_are_a_mistake_of_the_declaration() -> None:
    twice = Rows(Work, "Work", key="WORK#{id}", indexes=(ALL, Index("GSI2", "OTHER", "{id}")))
    with pytest.raises(ValueError, match="two entries of GSI2"):
        twice.item(Work(id=1, slug="ink"))


@pytest.mark.parametrize("write", [WORKS.add, lambda unit, work: WORKS.change(unit, found(), work)])
def test_writes_in_a_unit_of_work_happen_with_it_or_not_at_all(write: Callable[..., object]) -> None:
    if write != WORKS.add:
        added(slug="first")
    before = stored()
    with pytest.raises(StaleVersion), UnitOfWork() as unit:
        write(unit, Work(id=1, slug="ink"))
        unit.put({"PK": "A", "SK": "B"})
        WORKS.guard(unit, Work(id=2, slug="none"))
    assert (stored(), owner_of("ink"), get_item(("A", "B"))) == (before, None, None)


def test_a_row_without_markers_is_written_at_once_by_a_single_write() -> None:
    note = Note(1, 1, "a")
    with meter() as usage:
        NOTES.add(AT_ONCE, note)
        NOTES.change(AT_ONCE, note, replace(note, text="b"))
    assert usage.calls == 2
    assert [each.text for each in NOTES.all(NOTES.under(1), now=0)] == ["b"]


def test_rows_under_one_partition_are_read_in_order_without_the_others() -> None:
    added()
    for number in (10, 2, 1):
        NOTES.add(AT_ONCE, Note(1, number))
    assert [note.number for note in NOTES.all(NOTES.under(1))] == [1, 2, 10]
    assert [note.number for note in NOTES.all(NOTES.under(1, descending=True), limit=1)] == [10]
    assert NOTES.key(1, 7) == NOTES.key_of(Note(1, 7)) == ("WORK#1", "NOTE#007")
    assert set(NOTES.many([NOTES.key(1, 2), NOTES.key(1, 3)])) == {NOTES.key(1, 2)}


def test_an_expired_row_is_gone_and_makes_room() -> None:
    NOTES.add(AT_ONCE, Note(1, 1, "old", expires_at=5))
    assert NOTES.get(1, 1) is None
    assert NOTES.get(1, 1, now=4) == Note(1, 1, "old", expires_at=5)
    NOTES.add(AT_ONCE, Note(1, 1, "new", expires_at=2 * EPOCH))
    with pytest.raises(Conflict, match="Note 1 1 already exists"):
        NOTES.add(AT_ONCE, Note(1, 1))
    assert NOTES.get(1, 1, now=EPOCH) == Note(1, 1, "new", expires_at=2 * EPOCH)


@pytest.mark.parametrize("joined", [False, True])
def test_without_a_version_the_guarding_fields_refuse_an_older_reading(joined: bool) -> None:
    before = Note(1, 1, "a")
    NOTES.add(AT_ONCE, before)

    def change(text: str, state: str | None) -> None:
        after = replace(before, text=text, state=state)
        if not joined:
            NOTES.change(AT_ONCE, before, after)
            return
        with UnitOfWork() as unit:
            NOTES.change(unit, before, after)

    change("b", None)
    change("c", "closed")
    with pytest.raises(StaleVersion):
        change("d", None)
    assert NOTES.get(1, 1, now=0) == Note(1, 1, "c", "closed")


def test_a_change_of_nothing_still_asks_whether_the_row_is_as_it_was_read() -> None:
    before = Note(1, 1)
    NOTES.add(AT_ONCE, before)
    NOTES.change(AT_ONCE, before, replace(before, state="closed"))
    with pytest.raises(StaleVersion), UnitOfWork() as unit:
        NOTES.change(unit, before, before)


def test_pages_follow_each_other_by_cursor() -> None:
    for number in range(1, 6):
        added(number, f"s{number}")
    query = ALL.query(descending=True)
    page, cursor = WORKS.page(query, 2)
    assert [work.id for work in page] == [5, 4]
    assert cursor == WORKS.cursor_behind(query, page[-1])
    rest, end = WORKS.page(query, 9, cursor)
    assert ([work.id for work in rest], end) == ([3, 2, 1], None)
    part = ALL.query(sort=sort_key().begins_with("s3"))
    assert [work.id for work in WORKS.all(part)] == [3]


def test_put_writes_whatever_is_there() -> None:
    for text in ("a", "b"):
        NOTES.put(AT_ONCE, Note(1, 1, text))
    assert NOTES.get(1, 1, now=0) == Note(1, 1, "b")


def test_a_refusal_without_a_meaning_of_its_own_is_that_of_the_engine() -> None:
    put_item({"PK": "A", "SK": "B"})
    with pytest.raises(ConditionFailed):
        AT_ONCE.update(("A", "B"), Update().set("a", 1), condition=NOTES.as_read(Note(1, 1, state="closed")))
    with pytest.raises(NotFound):
        AT_ONCE.delete(("A", "C"), condition=WORKS.as_read(Work(id=1, slug="")), failed=WORKS.refused)


def test_a_reading_is_completed_by_what_another_field_says() -> None:
    shouted = Rows(
        Note,
        "Note",
        key="WORK#{work_id}",
        sort="NOTE#{number:03d}",
        guard=("state",),
        completed=lambda note: replace(note, text=f"{note.text} {note.number}"),
    )
    plain = Note(work_id=1, number=7, text="seven")
    assert shouted.item(plain) == NOTES.item(plain)
    assert shouted.of(NOTES.item(plain)).text == "seven 7"
