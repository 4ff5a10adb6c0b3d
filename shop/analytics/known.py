"""Which creators are shown, and whose a product is: asked by each process now and then, not with each event.

What is known is kept for some minutes and no more than so many of it, so that who asks for made-up names
neither fills the memory nor pushes out what is real. Who is disabled is counted for as long as that.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Generic, TypeVar

from common.dynamodb import Key, batch_get
from common.repositories.creators import ACTIVE, CREATORS, Creator
from common.repositories.products import document_key

# In seconds: how long something is known that is there, and that it is not there.
KNOWN_FOR, UNKNOWN_FOR = 300, 30
MOST_KNOWN, MOST_UNKNOWN = 2_000, 2_000


T = TypeVar("T")


class Facts(Generic[T]):
    """What a process knows of each key for a while; what was least used lately is forgotten first."""

    def __init__(self, most: int, seconds: int) -> None:
        self.most, self.seconds = most, seconds
        self._facts: OrderedDict[Key, tuple[T, int]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._facts)

    def get(self, key: Key, now: int) -> T | None:
        """What is known at `now` (epoch seconds)."""
        with self._lock:
            found = self._facts.get(key)
            if found is None or found[1] <= now:
                return None
            self._facts.move_to_end(key)
            return found[0]

    def learn(self, key: Key, fact: T, now: int) -> None:
        """Keeps it from `now` on."""
        with self._lock:
            self._facts[key] = fact, now + self.seconds
            self._facts.move_to_end(key)
            while len(self._facts) > self.most:
                self._facts.popitem(last=False)

    def forget(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._facts.clear()


# Of a creator that there is, its status; of a product, whose it is.
_known: Facts[str] = Facts(MOST_KNOWN, KNOWN_FOR)
_unknown: Facts[str] = Facts(MOST_UNKNOWN, UNKNOWN_FOR)
# Of what never changes of a creator: the id, the slug, and when they came.
_creators: Facts[Creator] = Facts(MOST_KNOWN, KNOWN_FOR)


def is_shown(creator_id: str, product_id: int | None, now: int) -> tuple[bool, bool]:
    """Whether there is such a creator who is not disabled, and whether the product, if any, is theirs.

    By one batch read of what this process does not know at `now` (epoch seconds).
    """
    creator = CREATORS.key(creator_id)
    product = None if product_id is None else document_key(product_id)
    facts = _facts_of({creator: "status"} | ({} if product is None else {product: "creator_id"}), now)
    return facts[creator] == ACTIVE, product is None or facts[product] == creator_id


def creator_as_known(kind: str, name: str, find: Callable[[], Creator | None], now: int) -> Creator | None:
    """The creator whom `find` finds, which is asked once in a while for each `name` of a `kind`.

    Their id, slug and `created_at` are true; what else there is of them may be minutes old.
    """
    key = (kind, name)
    creator = _creators.get(key, now)
    if creator is None and (creator := find()) is not None:
        _creators.learn(key, creator, now)
    return creator


def forget() -> None:
    """Forgets everything, as a new process has."""
    _creators.forget()
    _known.forget()
    _unknown.forget()


def _facts_of(wanted: Mapping[Key, str], now: int) -> dict[Key, str]:
    """What each row has in the attribute that is wanted of it; empty for what there is not."""
    facts = {key: _fact(key, now) for key in wanted}
    asked = [key for key, fact in facts.items() if fact is None]
    rows = batch_get(asked) if asked else {}
    for key in asked:
        row = rows.get(key)
        is_there = row is not None and "deleted_at" not in row
        facts[key] = fact = str(row.get(wanted[key], "")) if row is not None and is_there else ""
        (_known if is_there else _unknown).learn(key, fact, now)
    return {key: fact or "" for key, fact in facts.items()}


def _fact(key: Key, now: int) -> str | None:
    known = _known.get(key, now)
    return _unknown.get(key, now) if known is None else known
