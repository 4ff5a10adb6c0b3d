"""The processes that act on products: the artist's, buyers, and whoever shuts creators out."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import inf
from random import Random
from typing import Any

from tests.engine.catalogue_traffic.asking import Asking, Done, Notes, is_ok
from tests.engine.catalogue_traffic.goods import BANNED, COUNT, JUDGED, good_of, title_of, word_of
from tests.engine.catalogue_traffic.timeline import PUBLISHED, Act, Ban, Good, State
from tests.support.http import Answer

# How many products each writer makes.
MADE = 3
KINDS = frozenset(
    (
        "make",
        "publish",
        "unpublish",
        "rename",
        "delete",
        "restore",
        "reject",
        "approve",
        "sell_out",
        "restock",
    )
)
BUYER = {"customer_email": "buyer@example.com", "customer_name": "A Buyer", "payment_method": "mock"}


@dataclass(slots=True)
class Writer:
    """Acts on the products whose numbers leave `number` when they are divided by `of`: nobody else does."""

    number: int
    of: int
    asking: Asking
    notes: Notes
    chance: Random
    known: dict[int, tuple[Good, State]] = field(init=False)
    done: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        mine = (good_of(number) for number in range(1, COUNT + 1) if number % self.of == self.number)
        self.known = {good.id: (good, State()) for good in mine}

    def act(self) -> None:
        """The kind of act that was done least, on any of the products that allow it."""
        allowed: dict[str, list[tuple[Good, State]]] = {}
        for good, state in self.known.values():
            for kind in _kinds(good, state):
                allowed.setdefault(kind, []).append((good, state))
        kinds = [*allowed, *(["make"] if self.done["make"] < MADE else [])]
        self.chance.shuffle(kinds)
        kind = min(kinds, key=self.done.__getitem__)
        if kind == "make":
            self._make()
            return
        good, state = self.chance.choice(allowed[kind])
        after, done = getattr(self, f"_{kind}")(good, state)
        self._note(kind, good, after, done)

    @property
    def has_begun(self) -> bool:
        """Whether every kind of act was done."""
        return set(self.done) >= KINDS

    def _note(self, kind: str, good: Good, after: State, done: Done) -> None:
        acknowledged = done.ended if done.answer else inf
        self.notes.add("act", Act(good.id, done.began, acknowledged, after, kind))
        self.known[good.id] = good, after
        self.done[kind] += 1

    def _make(self) -> None:
        word = word_of(1000 * (self.number + 1) + self.done["make"])
        body = {"title": title_of(word, State()), "slug": word, "base_price": 12, "status": PUBLISHED}
        made: Done = self.asking.until_done("POST", "/api/products", body, _is_made)
        if made.answer is None:
            return
        # A first try that was made although it was answered otherwise leaves the slug taken.
        good = Good(int(made.answer.json["id"]), word, "")
        self.notes.add("good", good)
        self._note("make", good, State(stock=0), made)

    def _change(self, good: Good, **fields: Any) -> Done:
        return self.asking.until_done("PUT", f"/api/products/{good.id}", fields, is_ok)

    def _publish(self, good: Good, state: State) -> tuple[State, Done]:
        return replace(state, status=PUBLISHED), self._change(good, status=PUBLISHED)

    def _unpublish(self, good: Good, state: State) -> tuple[State, Done]:
        status = self.chance.choice(("draft", "archived"))
        return replace(state, status=status), self._change(good, status=status)

    def _rename(self, good: Good, state: State) -> tuple[State, Done]:
        after = replace(state, revision=state.revision + 1)
        return after, self._change(good, title=title_of(good.word, after))

    def _delete(self, good: Good, state: State) -> tuple[State, Done]:
        done = self.asking.until_done("DELETE", f"/api/products/{good.id}", {}, _is_gone)
        return replace(state, deleted=True), done

    def _restore(self, good: Good, state: State) -> tuple[State, Done]:
        done = self.asking.until_done("POST", f"/api/products/{good.id}/restore", {}, is_ok)
        return replace(state, deleted=False), done

    def _reject(self, good: Good, state: State) -> tuple[State, Done]:
        path = f"/api/admin/products/{good.id}/reject"
        done = self.asking.until_done("PUT", path, {"reason": "The picture is blurred"}, is_ok)
        return replace(state, approved=False), done

    def _approve(self, good: Good, state: State) -> tuple[State, Done]:
        path = f"/api/admin/products/{good.id}/approve"
        return replace(state, approved=True), self.asking.until_done("PUT", path, {}, is_ok)

    def _restock(self, good: Good, state: State) -> tuple[State, Done]:
        shown = self.asking.once("GET", f"/api/products/{good.id}", as_artist=True).json["variants"][0]
        # What was sold within a day is counted anew by who says what was shown.
        body = {"stock": 3, "updated_at": shown["updated_at"]}
        done = self.asking.until_done("PUT", f"/api/variants/{good.id * 10}", body, is_ok)
        return replace(state, stock=3), done

    def _sell_out(self, good: Good, state: State) -> tuple[State, Done]:
        """Buys all that is left, under a key, so that a repetition buys nothing."""
        line = {"product_id": good.id, "variant_id": good.id * 10, "quantity": state.stock}
        key = {"Idempotency-Key": f"{self.number}-{self.done.total()}"}
        done = self.asking.until_done("POST", "/api/orders", {**BUYER, "items": [line]}, is_ok, key)
        return replace(state, stock=0), done


def _kinds(good: Good, state: State) -> list[str]:
    if state.deleted:
        return ["restore"]
    if not state.approved:
        return ["approve"]
    if state.status != PUBLISHED:
        return ["publish", "rename"]
    has_own_stock = good.id <= COUNT and not good.sold and good.creator is None
    stock = ["sell_out" if state.stock else "restock"] if has_own_stock else []
    return ["unpublish", "rename", "delete", *stock, *(["reject"] if good.creator == JUDGED else [])]


def _is_made(answer: Answer) -> bool:
    return answer.status == 201


def _is_gone(answer: Answer) -> bool:
    # A repetition finds what the first try has deleted.
    return answer.status in {200, 404}


def buyer(asking: Asking, notes: Notes, chance: Random) -> Callable[[], None]:
    """Buys a piece of what others sell, where that is for sale."""

    def buy() -> None:
        number = chance.choice([number for number in range(1, COUNT + 1) if good_of(number).sold])
        line = {"product_id": number, "variant_id": number * 10, "quantity": 1}
        answer = asking.once("POST", "/api/orders", {**BUYER, "items": [line]})
        assert answer.status in {201, 400, 404, 409, 503}, answer.text
        if answer.status == 201:
            notes.add("sale", Good(number, "", "", sold=True))

    return buy


def bans(asking: Asking, notes: Notes) -> Callable[[], None]:
    """Disables a creator and enables it again, in turns."""
    withheld = False

    def turn() -> None:
        nonlocal withheld
        withheld = not withheld
        body = {"status": "disabled" if withheld else "active"}
        done = asking.until_done("PUT", f"/api/admin/creators/{BANNED}/status", body, _have_followed)
        notes.add("ban", Ban(BANNED, done.began, done.ended if done.answer else inf, withheld))

    return turn


def _have_followed(answer: Answer) -> bool:
    return answer.status == 200 and answer.json["creator"]["worksPending"] is None
