"""Which numbers of an edition are still to be given out, as the listing row of its product keeps them.

A number below `next` was given out and has a row of its own (`common.repositories.editions`), or it is
`free`: nobody has it. From `next` on nobody has any. So the numbers that were given out are a set, whose
size is `next - 1` less those that are free.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from common.dynamodb import Item
from common.dynamodb.shapes import Shape
from common.errors import InvalidInput
from common.optimistic import StaleVersion


class TooFewNumbers(InvalidInput):
    """More pieces of an edition would be on sale than numbers are left for."""

    def __init__(self, left: int) -> None:
        super().__init__(
            f"Only {left} numbers of this edition are left", fields={"stock": [f"must be at most {left}"]}
        )
        self.left = left


@dataclass(frozen=True, slots=True)
class Numbering:
    """What is left of an edition of `size` pieces and `proofs` artist's proofs.

    `next` is the number after the highest that anybody has, `free` those below it that nobody has, in their
    order, `next_proof` the proof that is given out next.
    """

    size: int
    next: int = 1
    free: tuple[int, ...] = ()
    proofs: int = 0
    next_proof: int = 1

    @property
    def left(self) -> int:
        """How many pieces can still be numbered."""
        return self.size - self.next + 1 + len(self.free)

    @property
    def is_begun(self) -> bool:
        """Whether anybody has a number or a proof of it."""
        return self.next > 1 or self.next_proof > 1

    def first(self, pieces: int) -> tuple[int, ...]:
        """The numbers that so many pieces get: the lowest that nobody has; TooFewNumbers."""
        if pieces > self.left:
            raise TooFewNumbers(self.left)
        again = self.free[:pieces]
        return (*again, *range(self.next, self.next + pieces - len(again)))

    def without(self, numbers: Iterable[int]) -> "Numbering":
        """What is left once these are given out; StaleVersion when one of them is not there to be given."""
        given = set(numbers)
        until = max((*given, self.next - 1)) + 1
        there = {*self.free, *range(self.next, until)}
        if not given <= there or until - 1 > self.size:
            raise StaleVersion("The edition")
        return replace(self, next=until, free=tuple(sorted(there - given)))

    def with_free(self, numbers: Iterable[int]) -> "Numbering":
        """What is left once nobody has these any more."""
        free = {*self.free, *numbers}
        following = self.next
        while following - 1 in free:
            following -= 1
        return replace(self, next=following, free=tuple(sorted(it for it in free if it < following)))


_SHAPE = Shape(Numbering, unstored=("free", "proofs", "next_proof"))


def numbering_map(numbering: Numbering) -> Item:
    """An edition as the listing row holds it under the id of its variant."""
    return _SHAPE.store(numbering)


def numbering_in(listing: Item, variant_id: int | str) -> Numbering | None:
    """What a listing row says of a variant's edition; None for one whose pieces are not numbered."""
    held = listing.get("editions", {}).get(str(variant_id))
    return _SHAPE.read(held) if held else None
