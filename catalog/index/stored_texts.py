"""The texts of all products as bytes, made so that reading them takes milliseconds.

A line of JSON says what follows: words and lengths; then come arrays of numbers, lowest byte first.
"""

import json
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any, Literal

from catalog.index.bitsets import bits_of, members
from catalog.index.postings import Postings, is_dense
from catalog.index.segments import Segment
from catalog.index.vocabulary import Vocabulary

# Another number for each change of what is stored, or of how texts are folded and split.
_FORMAT = 1
_END = b"\n"
_Kind = Literal["I", "q", "Q"]


def packed(segment: Segment) -> bytes:
    """A segment without the places of products that are gone."""
    live = list(members(segment.live()))
    new_places = dict(zip(live, range(len(live)), strict=True))
    writer = _Writer(new_places)
    writer.numbers("q", [segment.ids[place] for place in live])
    writer.numbers("Q", [segment.digests[place] for place in live])
    head = {
        "format": _FORMAT,
        "products": len(live),
        "lists": {name: f"{writer.moved(members(places)):x}" for name, places in segment.lists.items()},
        "vocabularies": [
            writer.vocabulary(vocabulary, of_words) for vocabulary, of_words in _kept_together(segment)
        ],
    }
    return b"".join([json.dumps(head, separators=(",", ":")).encode(), _END, *writer.blobs])


def unpacked(dumped: bytes) -> Segment:
    """The segment of `packed`; raises ValueError for bytes that are none, or of another release."""
    line, end, rest = dumped.partition(_END)
    try:
        head = json.loads(line)
        if not end or head["format"] != _FORMAT:
            raise ValueError("texts of another format")
        reader = _Reader(rest, head["products"])
        ids, digests = reader.numbers("q", reader.size), reader.numbers("Q", reader.size)
        lists = {name: int(places, 16) for name, places in head["lists"].items()}
        segment = Segment(ids, digests, lists)
        for (vocabulary, of_words), about in zip(_kept_together(segment), head["vocabularies"], strict=True):
            vocabulary.begin_with(about["words"])
            for postings, (dense, rare) in zip(of_words, about["postings"], strict=True):
                postings.begin_with(*reader.postings(len(about["words"]), dense, rare))
    except (KeyError, TypeError) as error:
        raise ValueError("no stored texts") from error
    return segment


def _kept_together(segment: Segment) -> list[tuple[Vocabulary, list[Postings]]]:
    """Each vocabulary with what there is of its words."""
    said = (segment.titles, segment.labels, segment.descriptions)
    return [
        (segment.said.words, [kind.words for kind in said]),
        (segment.said.parts, [kind.parts for kind in said]),
        (segment.counted.words, [segment.skus.words]),
        (segment.counted.parts, [segment.skus.parts]),
        (segment.gaps, [segment.between]),
    ]


class _Writer:
    """Collects arrays; `new_places` maps the places of the products that stay to their new ones."""

    def __init__(self, new_places: Mapping[int, int]) -> None:
        self.blobs: list[bytes] = []
        self._new_places, self._size = new_places, len(new_places)

    def numbers(self, kind: _Kind, numbers: Iterable[int]) -> None:
        """An array of numbers, as `array` calls their kind."""
        held = array(kind, numbers)
        if sys.byteorder == "big":
            held.byteswap()
        self.blobs.append(held.tobytes())

    def moved(self, places: Iterable[int]) -> int:
        """The new places of those products that stay, as bits."""
        return bits_of((self._kept(places),), self._size)

    def vocabulary(self, vocabulary: Vocabulary, of_words: Sequence[Postings]) -> dict[str, Any]:
        """The words in use, sorted, and for each of `of_words` how many dense words and rare places."""
        runs = [
            [self._kept(postings.runs(number)) for postings in of_words]
            for number in range(len(vocabulary.words))
        ]
        in_use = sorted((word, number) for number, word in enumerate(vocabulary.words) if any(runs[number]))
        about = [
            self._postings([runs[number][index] for _, number in in_use]) for index in range(len(of_words))
        ]
        return {"words": [word for word, _ in in_use], "postings": about}

    def _postings(self, runs: Sequence["array[int]"]) -> tuple[int, int]:
        dense = [number for number, places in enumerate(runs) if is_dense(len(places), self._size)]
        rare = [places if not is_dense(len(places), self._size) else () for places in runs]
        starts = list(accumulate(map(len, rare), initial=0))
        self.numbers("I", dense)
        self.numbers("I", starts)
        for places in rare:
            self.numbers("I", places)
        length = _bytes_of(self._size)
        self.blobs += [bits_of((runs[number],), self._size).to_bytes(length, "little") for number in dense]
        return len(dense), starts[-1]

    def _kept(self, places: Iterable[int]) -> "array[int]":
        new = self._new_places
        return array("I", [new[place] for place in places if place in new])


class _Reader:
    """Reads arrays one behind the other; `size` is the number of the products."""

    def __init__(self, held: bytes, size: int) -> None:
        self.size = size
        self._held, self._place = memoryview(held), 0

    def numbers(self, kind: _Kind, count: int) -> "array[int]":
        """The next so many numbers, as `array` calls their kind."""
        found = array(kind)
        found.frombytes(self._taken(count * found.itemsize))
        if sys.byteorder == "big":
            found.byteswap()
        return found

    def postings(
        self, words: int, dense: int, rare: int
    ) -> tuple["array[int]", "array[int]", dict[int, int]]:
        """What Postings begin with."""
        numbers, starts = self.numbers("I", dense), self.numbers("I", words + 1)
        places, length = self.numbers("I", rare), _bytes_of(self.size)
        return starts, places, {number: int.from_bytes(self._taken(length), "little") for number in numbers}

    def _taken(self, length: int) -> memoryview:
        part = self._held[self._place : self._place + length]
        if len(part) != length:
            raise ValueError("stored texts end early")
        self._place += length
        return part


def _bytes_of(size: int) -> int:
    return (size >> 3) + 1
