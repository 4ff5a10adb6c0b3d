"""Tests of documents compressed a few at a time: nothing is lost, whatever changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.index.packed_documents import IN_A_BLOCK, PackedDocuments, pack

ids = st.integers(0, 2**63)
documents = st.dictionaries(ids, st.binary(max_size=30), max_size=3 * IN_A_BLOCK)


@given(documents)
def test_each_is_unpacked_as_it_was(held: dict[int, bytes]) -> None:
    packed = PackedDocuments.from_bytes(pack(held.items()).to_bytes())
    assert dict(packed) == held
    assert len(packed) == len(held)
    assert all(product_id in packed for product_id in held)


@given(documents, st.dictionaries(ids, st.none() | st.binary(max_size=30), max_size=8), st.data())
def test_changes_replace_add_and_take_out(
    held: dict[int, bytes], others: dict[int, bytes | None], data: st.DataObject
) -> None:
    gone = data.draw(st.sets(st.sampled_from(sorted(held)), max_size=4)) if held else set()
    changes: dict[int, bytes | None] = {**others, **dict.fromkeys(gone)}
    everything: dict[int, bytes | None] = {**held, **changes}
    expected = {each: text for each, text in everything.items() if text is not None}
    before = pack(held.items())
    assert dict(before.changed(changes)) == expected
    assert dict(before) == held


def test_what_did_not_change_is_not_compressed_anew() -> None:
    before = pack((number, b"document %d" % number) for number in range(40))
    after = before.changed({0: b"another"})
    kept = set(before._blocks) & set(after._blocks)
    assert len(kept) == len(before._blocks) - 1


def test_of_one_id_the_last_counts() -> None:
    packed = pack([(1, b"old"), *((number, b"x") for number in range(2, 9)), (1, b"new")])
    assert packed[1] == b"new"
    assert sorted(packed) == list(range(1, 9))


def test_one_that_is_not_there_is_a_key_error() -> None:
    packed = pack([(1, b"one")])
    assert packed.get(2) is None
    with pytest.raises(KeyError):
        packed[2]


@given(st.integers(0, 200))
def test_a_piece_that_ends_early_is_refused(end: int) -> None:
    data = pack((number, b"document %d" % number) for number in range(9)).to_bytes()
    whole = {len(pack((n, b"document %d" % n) for n in range(count)).to_bytes()) for count in (0, 4, 8)}
    if end in whole or end >= len(data):
        return
    with pytest.raises(ValueError, match="ends early"):
        PackedDocuments.from_bytes(data[:end])
