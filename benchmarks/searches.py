"""What searching costs by the size of the catalogue, the index alone: `python -m benchmarks.searches 1000`.

The queries of people who type, each asked of an index that was loaded and has not answered it before. Times
are the processor's, in milliseconds.
"""

import sys
from collections.abc import Callable
from random import Random
from statistics import median
from time import process_time
from typing import TypeVar

from benchmarks.shop import NAMES, TREE
from benchmarks.words import texts_of, vocabulary
from catalog.index.texts import TextIndex, Texts
from common.slugs import slugify

T = TypeVar("T")
SIZES = (1_000, 10_000)
_EACH = 30
_PUT = 200


def queries() -> dict[str, list[str]]:
    """What is asked, by kind; the same at every size."""
    chance = Random(14)  # noqa: S311 - repeatable, and no secret
    known = [word for word in vocabulary() if len(word) >= 5]
    frequent = known[: 10 * _EACH : 10]
    titles = [texts_of(number).title.split() for number in range(_EACH)]
    return {
        "1 letter": list("abcdefghijlmnopqrstuvz"),
        "2 letters": [word[:2] for word in frequent],
        "3 letters": [word[:3] for word in frequent],
        "5 letters": [word[:5] for word in frequent],
        "word": frequent,
        "two words": [" ".join(words[-2:]) for words in titles],
        "slip": [_slipped(word, chance) for word in frequent],
        "nothing": [f"qxz{chance.choice(known)[::-1]}" for _ in range(_EACH)],
    }


def measure(size: int) -> None:
    """Prints what a size costs: filling, dumping, loading, putting, and each kind of query."""
    index = TextIndex()
    filled = _timed(lambda: index.fill((number, _texts(number)) for number in range(size)))[1]
    dumped, dumping = _timed(index.dump)
    loaded, loading = _timed(lambda: TextIndex.load(dumped))
    print(f"\n{size} products: {len(dumped) / 1e6:.1f} MB; {filled:.0f} to fill, ", end="")
    print(f"{dumping:.0f} to dump, {loading:.1f} to load")
    every: list[float] = []
    for kind, asked in queries().items():
        took = [_asked(loaded, query) for query in asked]
        every += took
        print(f"{kind:10} p50 {median(took):7.2f}  most {max(took):7.2f}")
    print(f"{'all':10} p50 {median(every):7.2f}")
    changed = [(number, _texts(number + size)) for number in range(min(size, _PUT))]
    print(f"{'put':10} p50 {median(_put(loaded, *change) for change in changed):7.2f}")


def _asked(index: TextIndex, query: str) -> float:
    return _timed(lambda: index.find(query))[1]


def _put(index: TextIndex, number: int, texts: Texts) -> float:
    return _timed(lambda: index.put(number, texts))[1]


def _texts(number: int) -> Texts:
    said, category = texts_of(number), TREE[number % len(TREE)][0]
    return Texts(
        title=said.title,
        short=said.short_description,
        long=said.long_description,
        character=NAMES[number % len(NAMES)],
        categories=((slugify(category), category),),
        skus=(f"PRT-{number:05d}", *(f"PRT-{number:05d}-{size}" for size in ("A4", "A3", "50x70"))),
    )


def _slipped(word: str, chance: Random) -> str:
    place = chance.randrange(len(word) - 1)
    less, more = word[:place] + word[place + 1 :], word[:place] + "x" + word[place:]
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return chance.choice((less, more, swapped))


def _timed(act: Callable[[], T]) -> tuple[T, float]:
    began = process_time()
    result = act()
    return result, 1000 * (process_time() - began)


if __name__ == "__main__":
    for wanted in map(int, sys.argv[1:]) if len(sys.argv) > 1 else SIZES:
        measure(wanted)
