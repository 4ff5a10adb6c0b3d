"""Documents as a snapshot holds them: compressed a few at a time, so that a process unpacks what it shows."""

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate, pairwise
from typing import NamedTuple

# Of one document alone a quarter more is stored; of more together, more is unpacked to show one.
IN_A_BLOCK = 4
_LEVEL = 6
_HEAD = struct.Struct("<II")


class _Block(NamedTuple):
    """Documents one after the other, compressed; their ids, and where each ends once they are unpacked."""

    ids: tuple[int, ...]
    ends: tuple[int, ...]
    data: bytes


class PackedDocuments(Mapping[int, bytes]):
    """The encoded documents of products by their ids; safe to read from several threads."""

    __slots__ = ("_blocks", "_last", "_places", "_size")

    def __init__(self, blocks: Iterable[_Block] = ()) -> None:
        self._blocks = tuple(blocks)
        self._places = {
            product_id: place for place, block in enumerate(self._blocks) for product_id in block.ids
        }
        self._size = sum(len(block.data) for block in self._blocks)
        # Whoever reads all of them in their order unpacks each block once.
        self._last: tuple[int, Mapping[int, bytes]] = (-1, {})

    def __getitem__(self, product_id: int) -> bytes:
        place = self._places[product_id]
        held, unpacked = self._last
        if held != place:
            unpacked = _unpacked(self._blocks[place])
            self._last = place, unpacked
        return unpacked[product_id]

    def __iter__(self) -> Iterator[int]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, product_id: object) -> bool:
        return product_id in self._places

    @property
    def size(self) -> int:
        """How many bytes they take, packed."""
        return self._size

    def changed(self, changes: Mapping[int, bytes | None]) -> "PackedDocuments":
        """The same with these documents added or replaced, and without those that are None."""
        touched = {self._places[product_id] for product_id in changes if product_id in self._places}
        kept = [block for place, block in enumerate(self._blocks) if place not in touched]
        loose = {
            product_id: data
            for place in sorted(touched)
            for product_id, data in _unpacked(self._blocks[place]).items()
        }
        left = {product_id: data for product_id, data in {**loose, **changes}.items() if data is not None}
        return PackedDocuments((*kept, *_blocks_of(left.items())))

    def to_bytes(self) -> bytes:
        """All of them in one piece."""
        parts = []
        for block in self._blocks:
            count = len(block.ids)
            parts.append(_HEAD.pack(count, len(block.data)))
            parts.append(struct.pack(f"<{count}Q{count}I", *block.ids, *block.ends))
            parts.append(block.data)
        return b"".join(parts)

    @classmethod
    def from_bytes(cls, data: bytes) -> "PackedDocuments":
        """Those that `to_bytes` gave. ValueError where the piece ends early."""
        blocks = []
        place = 0
        try:
            while place < len(data):
                count, length = _HEAD.unpack_from(data, place)
                place += _HEAD.size
                numbers = struct.unpack_from(f"<{count}Q{count}I", data, place)
                place += count * 12
                blocks.append(_Block(numbers[:count], numbers[count:], data[place : place + length]))
                place += length
        except struct.error as error:
            raise ValueError("ends early") from error
        if place != len(data):
            raise ValueError("ends early")
        return cls(blocks)


def pack(documents: Iterable[tuple[int, bytes]]) -> PackedDocuments:
    """Packs encoded documents, each with its product's id, as they come; of one id the last counts."""
    return PackedDocuments(_blocks_of(documents))


def _blocks_of(documents: Iterable[tuple[int, bytes]]) -> Iterator[_Block]:
    waiting: dict[int, bytes] = {}
    for product_id, data in documents:
        waiting[product_id] = data
        if len(waiting) == IN_A_BLOCK:
            yield _packed(waiting)
            waiting = {}
    if waiting:
        yield _packed(waiting)


def _packed(documents: Mapping[int, bytes]) -> _Block:
    ends = tuple(accumulate(map(len, documents.values())))
    return _Block(tuple(documents), ends, zlib.compress(b"".join(documents.values()), _LEVEL))


def _unpacked(block: _Block) -> dict[int, bytes]:
    data = zlib.decompress(block.data)
    stretches = pairwise((0, *block.ends))
    return {
        product_id: data[start:end] for product_id, (start, end) in zip(block.ids, stretches, strict=True)
    }
