"""The texts of all products as bytes, made so that reading them takes milliseconds.

A line of JSON says what follows: names, words and lengths; then come arrays of numbers, lowest byte first.
"""

import json
import sys
from array import array
from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import Any, Literal

from catalog.index.bitsets import bits_of, members
from catalog.index.fields import Field
from catalog.index.postings import Postings, is_dense
from catalog.index.segments import Segment
from catalog.index.vocabulary import Vocabulary

# Another number for each change of what is stored, or of how texts are folded and split.
_FORMAT = 1
_END = b"\n"
_Kind = Literal["I", "q", "Q"]


def packed(segment: Segment, names: Mapping[str, str]) -> bytes:
    """A segment without the places of products that are gone, and the names of the categories."""
    live = list(members(segment.live()))
    new = array("I", bytes(4 * len(segment.ids)))
    for place, old in enumerate(live):
        new[old] = place
    is_live = segment.live()
    fields = [_packed_field(each, new, is_live, len(live)) for each in segment.fields]
    head = {
        "format": _FORMAT,
        "products": len(live),
        "names": dict(names),
        "lists": {name: f"{_moved(places, new, len(live)):x}" for name, places in segment.lists.items()},
        "fields": [about for about, _ in fields],
    }
    about_products = [
        _bytes("q", map(segment.ids.__getitem__, live)),
        _bytes("Q", map(segment.digests.__getitem__, live)),
    ]
    blobs = (blob for _, of_field in fields for blob in of_field)
    return b"".join([json.dumps(head, separators=(",", ":")).encode(), _END, *about_products, *blobs])


def unpacked(dumped: bytes) -> tuple[Segment, dict[str, str]]:
    """The segment and names of `packed`; raises ValueError for bytes that are none, or of another release."""
    line, end, rest = dumped.partition(_END)
    try:
        head = json.loads(line)
        if not end or head["format"] != _FORMAT:
            raise ValueError("texts of another format")
        reader = _Reader(memoryview(rest))
        count = head["products"]
        ids, digests = reader.numbers("q", count), reader.numbers("Q", count)
        lists = {name: int(places, 16) for name, places in head["lists"].items()}
        fields = [_unpacked_field(about, reader, count) for about in head["fields"]]
    except (KeyError, TypeError) as error:
        raise ValueError("no stored texts") from error
    return Segment(ids, digests, lists, *fields), head["names"]


class _Reader:
    """Reads arrays one behind the other."""

    def __init__(self, held: memoryview) -> None:
        self._held, self._place = held, 0

    def taken(self, length: int) -> memoryview:
        """The next so many bytes."""
        part = self._held[self._place : self._place + length]
        if len(part) != length:
            raise ValueError("stored texts end early")
        self._place += length
        return part

    def numbers(self, kind: _Kind, count: int) -> "array[int]":
        """The next so many numbers, as `array` calls their kind."""
        found = array(kind)
        found.frombytes(self.taken(count * found.itemsize))
        if sys.byteorder == "big":
            found.byteswap()
        return found


def _packed_field(each: Field, new: "array[int]", live: int, size: int) -> tuple[dict[str, Any], list[bytes]]:
    """What is said of a field, and its arrays: each rare word's texts, counted and named, others' bits."""
    runs = [
        (word, array("I", [new[place] for place in each.postings.runs(number) if live >> place & 1]))
        for number, word in enumerate(each.vocabulary.words)
    ]
    # Those that most have come first: whoever looks for all that have any of some words is soon done.
    frequent = sorted((run for run in runs if run[1]), key=lambda run: (-len(run[1]), run[0]))
    dense = [places for _, places in frequent if is_dense(len(places), size)]
    rare = [places for _, places in frequent[len(dense) :]]
    about = {
        "words": [word for word, _ in frequent],
        "dense": len(dense),
        "places": sum(map(len, rare)),
    }
    bits = [bits_of((places,), size).to_bytes(_bytes_of(size), "little") for places in dense]
    return about, [_bytes("I", map(len, rare)), *(_bytes("I", places) for places in rare), *bits]


def _unpacked_field(about: Mapping[str, Any], reader: _Reader, size: int) -> Field:
    words, dense = about["words"], about["dense"]
    lengths = reader.numbers("I", len(words) - dense)
    places = reader.numbers("I", about["places"])
    starts = array("I", bytes(4 * dense))
    starts.extend(accumulate(lengths, initial=0))
    bits = {number: int.from_bytes(reader.taken(_bytes_of(size)), "little") for number in range(dense)}
    return Field(Vocabulary(words), Postings(starts, places, bits))


def _moved(places: int, new: "array[int]", size: int) -> int:
    return bits_of(([new[place] for place in members(places)],), size)


def _bytes(kind: _Kind, numbers: Iterable[int]) -> bytes:
    held = array(kind, numbers)
    if sys.byteorder == "big":
        held.byteswap()
    return held.tobytes()


def _bytes_of(size: int) -> int:
    return (size >> 3) + 1
