"""Tests of the documents that a process keeps: what is current is kept, within so much memory."""

from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from typing import Any

import pytest

from catalog.index.catalogue import Catalogue
from catalog.index.documents import Documents, is_current, kept_documents, reset
from catalog.index.packed_documents import pack
from catalog.index.stored_documents import encode
from common.config import ConfigurationError
from common.dynamodb import Item
from common.repositories.listings import ListingRow, listing_row
from common.repositories.products import Product, document_item, listing_item
from tests.catalog.builders import believable_row, row

FIRST, SECOND = "2026-01-01T10:00:00.000Z#000000000001", "2026-01-01T10:00:01.000Z#000000000002"
MEGABYTE = 1024 * 1024


def both(product: Product, mark: str | None = FIRST, row_mark: str | None = None) -> tuple[Item, ListingRow]:
    """The document of a product and what lists know of it, as one change with this mark left them."""
    document = document_item(product) | ({"document_mark": mark} if mark else {})
    known = listing_row(listing_item(product))._replace(mark=row_mark or mark, document_mark=mark)
    return document, known


def test_a_document_is_kept_for_as_long_as_its_row_bears_its_mark() -> None:
    kept, (document, known) = Documents(MEGABYTE), both(believable_row(1))
    assert kept.document(known, None) is None
    kept.keep(known, document, None)
    assert kept.document(known, None) == document
    # Stock moves under a mark of its own.
    assert kept.document(known._replace(mark=SECOND, stock={"10": 0}), None) == document
    for other in (known._replace(document_mark=SECOND), known._replace(document_mark=None)):
        assert kept.document(other, None) is None
    # A row that was read late does not end what is newer.
    assert kept.document(known, None) == document


def test_what_was_never_marked_is_kept_with_the_holding_that_it_came_with() -> None:
    kept, (document, known) = Documents(MEGABYTE), both(believable_row(1), None)
    first, second = Catalogue(), Catalogue()
    kept.keep(known, document, None)
    kept.keep_text(known, "view", "{}", None)
    assert (kept.document(known, None), kept.kept_bytes) == (None, 0)
    kept.keep(known, document, first)
    kept.keep_text(known, "view", "{}", first)
    assert (kept.document(known, first), kept.text(known, "view", first)) == (document, "{}")
    # What comes back after another is another holding too.
    for other in (None, second, first):
        assert (kept.document(known, other), kept.text(known, "view", other)) == (None, None)


def test_a_text_is_good_for_one_row_and_one_view() -> None:
    kept, (_, known) = Documents(MEGABYTE), both(row(1))
    kept.keep_text(known, ("list", "https://media.example"), '{"id":1}', None)
    assert kept.text(known, ("list", "https://media.example"), None) == '{"id":1}'
    assert kept.text(known, ("list", "https://other.example"), None) is None
    assert kept.text(known._replace(id=2), ("list", "https://media.example"), None) is None
    # Stock that has moved is another row.
    assert kept.text(known._replace(mark=SECOND), ("list", "https://media.example"), None) is None


@pytest.mark.parametrize(
    "said",
    [
        {"document_mark": SECOND},
        {"document_mark": None},
        {"deleted_at": "2026-01-01T10:00:00.000Z"},
        {"status": "draft"},
        {"moderation_status": "rejected"},
        {"withheld": True},
    ],
)
def test_a_document_that_says_otherwise_than_its_row_is_not_current(said: dict[str, Any]) -> None:
    document, known = both(row(1, creator_id="c-1", moderation_status="approved"))
    assert is_current(document, known)
    assert not is_current(document | said, known)


def test_the_least_used_go_first_when_there_is_no_more_room() -> None:
    pairs = [both(believable_row(number)) for number in range(1, 41)]
    document, known = pairs[0]
    one = Documents(MEGABYTE)
    one.keep(known, document, None)
    size = one.kept_bytes
    kept = Documents(10 * size + 9 * 20)
    for document, known in pairs:
        kept.keep(known, document, None)
        assert kept.document(pairs[0][1], None) == pairs[0][0]
        assert kept.kept_bytes <= 10 * size + 9 * 20
    found = [known.id for _, known in pairs if kept.document(known, None)]
    assert found == [1, *range(32, 41)]
    kept.keep(pairs[0][1], pairs[0][0], None)
    assert [known.id for _, known in pairs if kept.document(known, None)] == found


def test_a_process_without_room_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    document, known = both(row(1))
    monkeypatch.setenv("KEPT_DOCUMENTS_MB", "0")
    reset()
    kept = kept_documents()
    kept.keep(known, document, None)
    kept.fill(pack([(1, encode(document))]), Catalogue())
    assert (kept.document(known, None), kept.kept_bytes) == (None, 0)


@pytest.mark.parametrize(("memory", "text", "expected"), [("", "", 64), ("2048", "", 256), ("2048", "3", 3)])
def test_how_much_is_kept_follows_from_the_memory_of_the_function(
    monkeypatch: pytest.MonkeyPatch, memory: str, text: str, expected: int
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", memory)
    monkeypatch.setenv("KEPT_DOCUMENTS_MB", text)
    reset()
    documents = kept_documents()
    assert documents is kept_documents()
    assert vars(documents)["_most_bytes"] == expected * MEGABYTE


@pytest.mark.parametrize("text", ["-1", "1.5", "much", "10241", "99999999"])
def test_a_setting_that_is_no_size_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("KEPT_DOCUMENTS_MB", text)
    reset()
    with pytest.raises(ConfigurationError, match="KEPT_DOCUMENTS_MB"):
        kept_documents()


def test_the_documents_of_a_snapshot_are_held_against_their_rows_when_they_are_used() -> None:
    pairs = [both(believable_row(number), FIRST if number % 2 else None) for number in range(1, 9)]
    load, kept = Catalogue(), Documents(MEGABYTE)
    packed = pack((known.id, encode(document)) for document, known in pairs)
    kept.fill(packed, load)
    assert kept.kept_bytes == packed.size > 0
    for document, known in pairs:
        assert kept.document(known._replace(document_mark=SECOND), load) is None
        assert kept.document(known, None) is None
        assert kept.document(known, load) == document
    # What was used and has a mark outlives the holding.
    later = Catalogue()
    assert [known.id for _, known in pairs if kept.document(known, later)] == [1, 3, 5, 7]
    kept.fill(pack([]), later)
    assert [known.id for _, known in pairs if kept.document(known, later)] == [1, 3, 5, 7]


def test_a_snapshot_leaves_room_for_what_is_shown() -> None:
    pairs = [both(believable_row(number)) for number in range(1, 41)]
    packed = pack((known.id, encode(document)) for document, known in pairs)
    load, kept = Catalogue(), Documents(packed.size * 2 - 2)
    kept.fill(packed, load)
    assert (kept.kept_bytes, kept.document(pairs[0][1], load)) == (0, None)
    kept = Documents(packed.size * 2)
    kept.fill(packed, load)
    for document, known in pairs:
        assert kept.document(known, load) == document
        assert packed.size < kept.kept_bytes <= packed.size * 2


@pytest.mark.exhaustive
def test_several_threads_find_what_they_ask_for_and_nothing_else() -> None:
    pairs = [both(believable_row(number)) for number in range(1, 21)]
    kept = Documents(30 * 1024)

    def ask(start: int) -> None:
        for _, (document, known) in zip(range(300), cycle(pairs[start:] + pairs[:start]), strict=False):
            found = kept.document(known, None)
            assert found in (None, document)
            if found is None:
                kept.keep(known, document, None)
            kept.keep_text(known, "view", str(known.id), None)
            assert kept.text(known, "view", None) in (None, str(known.id))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(ask, range(8)))
    assert 0 < kept.kept_bytes <= 30 * 1024
