"""Sets of small numbers as whole numbers of Python: bit n stands for n, so that sets meet by `&` and `|`."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import compress

_BITS = tuple(tuple(bit for bit in range(8) if value >> bit & 1) for value in range(256))
_BIT = tuple(1 << bit for bit in range(8))
_NOT_EMPTY = re.compile(rb"[^\0]", re.DOTALL)
_TRUTH, _DIGITS = bytes.maketrans(b"01", b"\0\1"), bytes.maketrans(b"\0\1", b"01")
# With more of the numbers in the set than one in so many, all of them are looked at at once.
_DENSE = 24
# The same of numbers that a set is made of.
_MANY = 16


def bits_of(runs: Sequence[Collection[int]], size: int) -> int:
    """The set of all numbers in `runs`, each below `size`."""
    if sum(map(len, runs)) * _MANY > size:
        # A byte for each number: twice as quick, but for the time that the whole takes.
        truths = bytearray(size)
        for run in runs:
            for number in run:
                truths[number] = 1
        return int(truths.translate(_DIGITS)[::-1], 2)
    buffer, bit = bytearray((size >> 3) + 1), _BIT
    for run in runs:
        for number in run:
            buffer[number >> 3] |= bit[number & 7]
    return int.from_bytes(buffer, "little")


def members(bits: int) -> Iterator[int]:
    """The numbers in a set, lowest first."""
    held = bits.to_bytes((bits.bit_length() + 7) >> 3, "little")
    for found in _NOT_EMPTY.finditer(held):
        start = found.start() << 3
        for bit in _BITS[found[0][0]]:
            yield start + bit


def chosen(names: Sequence[int], bits: int) -> frozenset[int]:
    """The names at those places that are in the set."""
    if bits.bit_count() * _DENSE > len(names):
        truths = f"{bits:b}".encode().translate(_TRUTH)[::-1]
        return frozenset(compress(names, truths))
    return frozenset([names[place] for place in members(bits)])
