"""What a list may show, given when each act on each product began and was acknowledged.

All moments are of the machine's monotonic clock, which its processes share.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import TypeVar

# Within so many seconds of its acknowledgement everybody's lists know of an act.
KNOWN_WITHIN_S = 1.0
PUBLISHED = "published"

# What a question asks for.
ASKED = {"everything", "category", "in_stock", "creator", "word"}
EVERYTHING, OF_CATEGORY, IN_STOCK, OF_CREATOR, WORD = "everything", "category", "in_stock", "creator", "word"


@dataclass(frozen=True, slots=True)
class Good:
    """A product's unchanging part; pieces of what is `sold` by others are never used up.

    The `word` is in its title alone.
    """

    id: int
    word: str
    category: str
    creator: str | None = None
    sold: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """What acts change of a product; `revision` is in its title."""

    status: str = PUBLISHED
    deleted: bool = False
    approved: bool = True
    stock: int = 3
    revision: int = 0

    @property
    def is_public(self) -> bool:
        """Whether lists show it, as far as it depends on the product."""
        return self.status == PUBLISHED and self.approved and not self.deleted


@dataclass(frozen=True, slots=True)
class Act:
    """A product is in `state` from some moment between `began` and `acknowledged` on."""

    product_id: int
    began: float
    acknowledged: float
    state: State
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Ban:
    """A creator's works are withheld, or not any more, from some moment between these on."""

    creator: str
    began: float
    acknowledged: float
    withheld: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A list that was asked for from `began` to `ended`: its products' revisions by id, and its total."""

    asked: str
    value: str
    began: float
    ended: float
    shown: Mapping[int, int]
    total: int | None
    path: str = ""


_T = TypeVar("_T", Act, Ban)


@dataclass(slots=True)
class Timeline:
    """Everything that was done."""

    goods: Mapping[int, Good]
    acts: Sequence[Act]
    bans: Sequence[Ban] = ()
    _by_product: dict[int, list[Act]] = field(init=False)
    _by_creator: dict[str, list[Ban]] = field(init=False)

    def __post_init__(self) -> None:
        by_product, by_creator = defaultdict(list), defaultdict(list)
        for act in sorted(self.acts, key=lambda each: each.began):
            by_product[act.product_id].append(act)
        for ban in sorted(self.bans, key=lambda each: each.began):
            by_creator[ban.creator].append(ban)
        self._by_product, self._by_creator = dict(by_product), dict(by_creator)

    def complaints(self, seen: Seen) -> Iterator[str]:
        """What is wrong with a list, a sentence for each."""
        must, may = 0, 0
        for good in self.goods.values():
            states, withheld = self._states(good, seen), self._withheld(good, seen)
            fits = [self._fits(good, state, seen) for state in states]
            is_shown = good.id in seen.shown
            may_show = False in withheld and any(fits)
            must_show = withheld == {False} and bool(fits) and all(fits) and self._is_certain(good, seen)
            must, may = must + must_show, may + may_show
            about = f"{seen.path} of {seen.began:.2f} to {seen.ended:.2f}: {good.id} {states} {withheld}"
            if is_shown and not may_show:
                yield f"shows what is not public: {about}"
            elif must_show and not is_shown:
                yield f"misses what is public: {about}"
            elif is_shown and seen.shown[good.id] not in {state.revision for state in states}:
                yield f"shows revision {seen.shown[good.id]}: {about}"
        if unknown := seen.shown.keys() - self.goods.keys():
            yield f"{seen.path} shows {sorted(unknown)}, which nobody made"
        if seen.total is not None and not must <= seen.total <= may:
            yield f"{seen.path} of {seen.began:.2f} counts {seen.total}, not {must} to {may}"

    def _states(self, good: Good, seen: Seen) -> list[State]:
        """The states that a list may know of a product: those in force from a second before it began."""
        return [act.state for act in _in_force(self._by_product.get(good.id, []), seen)]

    def _withheld(self, good: Good, seen: Seen) -> set[bool]:
        if good.creator is None or good.creator not in self._by_creator:
            return {False}
        return {ban.withheld for ban in _in_force(self._by_creator[good.creator], seen)}

    def _fits(self, good: Good, state: State, seen: Seen) -> bool:
        if not state.is_public:
            return False
        if seen.asked == OF_CATEGORY:
            return good.category == seen.value
        if seen.asked == OF_CREATOR:
            return good.creator == seen.value
        return seen.asked != IN_STOCK or good.sold or state.stock > 0

    def _is_certain(self, good: Good, seen: Seen) -> bool:
        """A search finds the product with the word; that it finds others like it is no mistake."""
        return seen.asked != WORD or good.word == seen.value


def _in_force(history: Sequence[_T], seen: Seen) -> list[_T]:
    followers = [each.acknowledged for each in history[1:]] + [inf]
    return [
        each
        for each, superseded in zip(history, followers, strict=True)
        if each.began <= seen.ended and superseded > seen.began - KNOWN_WITHIN_S
    ]
