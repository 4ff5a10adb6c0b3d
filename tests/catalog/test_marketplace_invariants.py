"""Whatever creators and administrators do through HTTP: nothing of one creator is touched by another."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalog.builders import created, ok
from tests.catalog.marketplace import ALL, OWN, Artist, error_of, new_artist, one, shelved, work_body
from tests.support.http import Client

CREATORS = 3
ACTIONS = ("add", "edit", "hide", "feature", "delete", "approve", "reject")
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.integers(0, CREATORS - 1), st.integers(0, 6)), max_size=14
)


@dataclass
class Expected:
    """What there has to be of a work."""

    owner: int
    status: str = "pending"
    published: bool = True
    featured: bool = False


@dataclass
class Market:
    """A few creators and an administrator, and what there has to be of each work by its id."""

    artists: list[Artist]
    admin: Client
    visitor: Client
    shelf: str
    works: dict[str, Expected]

    def do(self, action: str, who: int, number: int) -> None:
        """One step; what is not the caller's is refused and changes nothing."""
        if action == "add":
            sent = work_body(self.shelf, creatorId=self.artists[number % CREATORS].creator.id)
            work = one(created(self.artists[who].client.post(OWN, json=sent)))
            assert work["creatorId"] == self.artists[who].creator.id
            self.works[work["id"]] = Expected(who)
        elif self.works:
            self._on(list(self.works)[number % len(self.works)], action, who)

    def _on(self, work_id: str, action: str, who: int) -> None:
        work, client = self.works[work_id], self.artists[who].client
        if action in {"approve", "reject"}:
            ok(self.admin.put(f"{ALL}/{work_id}/{action}", json={"reason": "No"}))
            work.status = {"approve": "approved", "reject": "rejected"}[action]
            return
        if action == "delete":
            answer = client.delete(f"{OWN}/{work_id}")
        else:
            fields = {"edit": {"title": "New"}, "hide": {"published": False}, "feature": {"featured": True}}
            answer = client.put(f"{OWN}/{work_id}", json=fields[action])
        if who != work.owner:
            error_of(answer, 403, "FORBIDDEN")
            return
        ok(answer)
        if action == "delete":
            del self.works[work_id]
            return
        work.published &= action != "hide"
        work.featured |= action == "feature"
        work.status = "pending" if work.status == "rejected" else work.status

    def check(self) -> None:
        """Every list holds what it has to, and nothing else."""
        for who, artist in enumerate(self.artists):
            mine = {id_: work for id_, work in self.works.items() if work.owner == who}
            own = ok(artist.client.get(OWN))["products"]
            assert {it["id"]: self._seen(it) for it in own} == mine
            public = [id_ for id_ in reversed(mine) if self._is_public(mine[id_])]
            public.sort(key=lambda id_: not mine[id_].featured)
            assert [it["id"] for it in ok(self.visitor.get(artist.page))["products"]] == public
            featured = ok(self.visitor.get(artist.page.replace("products", "featured")))["products"]
            assert [it["id"] for it in featured] == [id_ for id_ in public if mine[id_].featured]
        waiting = ok(self.admin.get(f"{ALL}/pending"))["products"]
        pending = [id_ for id_, work in self.works.items() if work.status == "pending"]
        assert [it["id"] for it in waiting] == pending[::-1]

    def _seen(self, shown: dict[str, Any]) -> Expected:
        owner = next(n for n, it in enumerate(self.artists) if it.creator.id == shown["creatorId"])
        return Expected(owner, shown["status"], shown["published"], shown["featured"])

    @staticmethod
    def _is_public(work: Expected) -> bool:
        return work.published and work.status == "approved"


@pytest.mark.exhaustive
@pytest.mark.usefixtures("table")
@settings(max_examples=12)
@given(steps=STEPS)
def test_nothing_of_one_creator_is_touched_by_another(
    admin: Client, visitor: Client, steps: list[Any]
) -> None:
    # The queue is the whole shop's, so what another example has left waits no more.
    for work in ok(admin.get(f"{ALL}/pending"))["products"]:
        ok(admin.put(f"{ALL}/{work['id']}/approve"))
    market = Market([new_artist() for _ in range(CREATORS)], admin, visitor, shelved(admin), {})
    for step in steps:
        market.do(*step)
    market.check()
