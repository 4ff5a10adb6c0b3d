"""A table whose changes become visible late and out of order, marked by clocks that are off."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from common.clock import iso, parse_iso
from common.dynamodb import Item
from common.repositories.catalogue_changes import Changes, mark_keys, mark_of
from common.repositories.products import Product, listing_item
from tests.catalog.builders import row

START = parse_iso("2026-03-01T12:00:00Z")
DELETED_AT = "2026-02-01T00:00:00.000Z"


@dataclass(slots=True)
class Table:
    """Every state of each product's row with the second of its commit; `now` is the true time in seconds.

    A question sees each row as it was up to `latest` seconds ago, of which `random` decides for each row and
    question anew: what one saw the next may not see yet.
    """

    random: Random
    latest: float
    now: float = 0.0
    states: dict[int, list[tuple[float, Item]]] = field(default_factory=dict)
    generations: list[tuple[float, str]] = field(default_factory=list)
    changes: int = 0

    def write(self, product: Product, clock: float) -> None:
        """Commits a product's row, marked by a clock that is so many seconds off."""
        self.changes += 1
        self._commit(product, mark_keys(self._mark(clock)))

    def bring(self, product: Product, clock: float) -> None:
        """Writes a row without a mark, as a move does, and begins a generation."""
        self._commit(product, {})
        self.changes += 1
        self.generations.append((self.now, self._mark(clock)))

    def ask(self, since: str) -> Changes:
        """The rows whose marks are not below, as one question sees them, in no order and some twice."""
        seen = [state for state in self._seen().values() if (mark_of(state) or "") >= since]
        seen += self.random.sample(seen, len(seen) // 2)
        self.random.shuffle(seen)
        return Changes(seen, self._generation())

    def read_all(self) -> list[Item]:
        """The rows that stand in lists, as one reading of all lists sees them."""
        return [state for state in self._seen().values() if "GSI2SK" in state]

    def titles_since(self, moment: float) -> Mapping[int, set[str]]:
        """By product what its title was at any time from the moment on; empty for one that was not there."""
        return {
            product_id: {_title(states, at) for at in self._times(states, moment)}
            for product_id, states in self.states.items()
        }

    def _times(self, states: list[tuple[float, Item]], moment: float) -> list[float]:
        return [moment, *(at for at, _ in states if at > moment)]

    def _commit(self, product: Product, mark: Mapping[str, str]) -> None:
        self.states.setdefault(product.id, []).append((self.now, listing_item(product) | dict(mark)))

    def _mark(self, clock: float) -> str:
        return f"{iso(START + timedelta(seconds=self.now + clock))}#{self.changes:012x}"

    def _seen(self) -> dict[int, Item]:
        seen = {key: _state(states, self._moment()) for key, states in self.states.items()}
        return {key: state for key, state in seen.items() if state is not None}

    def _generation(self) -> str | None:
        moment = self._moment()
        begun = [value for at, value in self.generations if at <= moment]
        return begun[-1] if begun else None

    def _moment(self) -> float:
        return self.now - self.random.uniform(0, self.latest)


def chances(seed: int) -> Random:
    """What decides how late each row is seen, the same for each seed."""
    return Random(seed)  # noqa: S311 - nothing is kept secret by it


def work(product_id: int, title: str, *, deleted: bool = False) -> Product:
    """A product with this title, and the mark of deletion where it is deleted."""
    made = row(product_id, title=title)
    return replace(made, deleted_at=DELETED_AT) if deleted else made


def _state(states: list[tuple[float, Item]], moment: float) -> Item | None:
    visible = [state for at, state in states if at <= moment]
    return visible[-1] if visible else None


def _title(states: list[tuple[float, Item]], moment: float) -> str:
    state = _state(states, moment)
    return state["title"] if state and "GSI2SK" in state else ""
