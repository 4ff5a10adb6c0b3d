"""Whatever is done through HTTP: who holds the catalogue shows what a process shows that has just begun."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalog.builders import new_category, new_image, new_product, new_variant, ok, picture
from tests.catalog.marketplace import ALL, OWN, Artist, new_artist, new_work, shelved
from tests.support.http import Client
from tests.support.processes import Process

_OF_PRODUCTS = ("rename", "price", "archive", "publish", "delete", "restore", "sell", "refill")
_OF_PARTS = ("add a size", "drop a size", "replace the picture", "move to a category")
_OF_CATEGORIES = ("rename the category", "delete the category")
_OF_WORKS = ("offer", "approve", "reject", "feature", "disable", "enable")
ACTS = (*_OF_PRODUCTS, *_OF_PARTS, *_OF_CATEGORIES, *_OF_WORKS)
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 4)), min_size=1, max_size=5)

SHOP: tuple[dict[str, str], ...] = (
    {},
    {"sort_by": "title", "per_page": "3"},
    {"in_stock": "true"},
    {"sort_by": "base_price", "category": "{category}"},
    {"search": "work"},
)


_NUMBERS = count(1)


@dataclass
class Shop:
    """A shop with a creator, and all who look at it."""

    visitor: Client
    admin: Client
    artist: Artist
    category: int
    shelf: str
    products: list[int] = field(default_factory=list)
    variants: list[int] = field(default_factory=list)
    acted: int = 0

    def act(self, act: str, number: int) -> None:
        """One act on one of the products; it may be refused, and nothing else."""
        self.acted += 1
        product = self.products[number % len(self.products)]
        if act == "offer":
            work = new_work(self.artist, self.shelf, title=f"Offered work {self.acted}")
            self.products.append(int(work["id"]))
            return
        if act == "add a size":
            answer = self.admin.post(
                f"/api/products/{product}/variants",
                json={"sku": f"SIZE-{self.acted}", "name": "Large", "stock": 2},
            )
            self.variants += [answer.json["id"]] if answer.status == 201 else []
        elif act == "replace the picture":
            files = {"file": ("a.png", picture(colour="blue"), "image/png")}
            answer = self.admin.post(f"/api/products/{product}/images", files=files, data={"position": "0"})
        else:
            answer = self._changed(act, product, self.variants[number % len(self.variants)])
        assert answer.status < 500, answer.text

    def _changed(self, act: str, product: int, variant: int) -> Any:
        admin, page = self.admin, f"/api/products/{product}"
        sizes, shelves = f"/api/variants/{variant}", f"/api/categories/{self.category}"
        status = f"/api/admin/creators/{self.artist.creator.id}/status"
        return {
            "rename": lambda: admin.put(page, json={"title": f"Renamed work {self.acted}"}),
            "price": lambda: admin.put(page, json={"base_price": self.acted}),
            "archive": lambda: admin.put(page, json={"status": "archived"}),
            "publish": lambda: admin.put(page, json={"status": "published"}),
            "delete": lambda: admin.delete(page),
            "restore": lambda: admin.post(f"{page}/restore"),
            "sell": lambda: admin.patch(f"{sizes}/stock", json={"operation": "subtract", "quantity": 1}),
            "refill": lambda: admin.patch(f"{sizes}/stock", json={"operation": "add", "quantity": 2}),
            "drop a size": lambda: admin.delete(sizes),
            "move to a category": lambda: admin.put(page, json={"category_ids": [self.category]}),
            "rename the category": lambda: admin.put(shelves, json={"name": f"Prints {self.acted}"}),
            "delete the category": lambda: admin.delete(shelves),
            "approve": lambda: admin.put(f"{ALL}/{product}/approve"),
            "reject": lambda: admin.put(f"{ALL}/{product}/reject", json={"reason": "No"}),
            "feature": lambda: admin.put(f"{ALL}/{product}", json={"featured": True}),
            "disable": lambda: admin.put(status, json={"status": "disabled"}),
            "enable": lambda: admin.put(status, json={"status": "active"}),
        }[act]()

    def lists(self) -> dict[str, tuple[str, str]]:
        """Every list as each of those who look at it is answered: its tag and its body."""
        creator, admin = self.artist.page, self.admin
        queries = [
            {name: value.format(category=self.category) for name, value in query.items()} for query in SHOP
        ]
        asked = [(self.visitor, "/api/products", query) for query in queries]
        asked += [(self.visitor, path, {}) for path in ("/api/shop/products", creator)]
        asked += [(self.visitor, creator.replace("products", "featured"), {})]
        asked += [(self.artist.client, OWN, {}), (admin, ALL, {}), (admin, f"{ALL}/pending", {})]
        asked += [(admin, "/api/admin/shop/products", {}), (admin, "/api/products", {"status": "published"})]
        answers = {
            f"{path}{query}{client.token}": client.get(path, params=query) for client, path, query in asked
        }
        assert {answer.status for answer in answers.values()} <= {200, 403, 404}
        return {name: (answer.headers.get("ETag", ""), answer.text) for name, answer in answers.items()}


def a_shop(visitor: Client, admin: Client) -> Shop:
    """A shop with three products of its own and two of a creator."""
    prints, artist = new_category(admin, f"prints-{next(_NUMBERS)}"), new_artist()
    shop = Shop(visitor, admin, artist, prints["id"], shelved(admin))
    for _ in range(3):
        made = new_product(admin, category_ids=[prints["id"]])
        shop.variants.append(new_variant(admin, made["id"])["id"])
        new_image(admin, made["id"])
        shop.products.append(made["id"])
    for _ in range(2):
        work = new_work(artist, shop.shelf)
        ok(admin.put(f"{ALL}/{work['id']}/approve"))
        shop.products.append(int(work["id"]))
    return shop


def bodies(lists: dict[str, tuple[str, str]]) -> dict[str, str]:
    """The lists without their tags and without what differs from one error to the next."""
    return {name: body for name, (_, body) in lists.items() if '"requestId"' not in body}


@pytest.mark.exhaustive
@settings(max_examples=4)
@given(steps=STEPS)
def test_what_is_held_is_never_older_than_what_is_read(
    bucket: str, visitor: Client, admin: Client, steps: list[tuple[str, int]]
) -> None:
    _compare(a_shop(visitor, admin), steps)


@pytest.mark.exhaustive
def test_each_act_is_seen_by_a_process_that_holds_the_catalogue(
    bucket: str, visitor: Client, admin: Client
) -> None:
    _compare(a_shop(visitor, admin), [(act, number) for number, act in enumerate(ACTS)])


def _compare(shop: Shop, steps: list[tuple[str, int]]) -> None:
    held, lazy = Process(), Process()
    known: dict[tuple[str, str], str] = {}
    with lazy.running():
        shop.lists()
    for number, (act, which) in enumerate(steps):
        shop.act(act, which)
        with Process().running():
            expected = shop.lists()
        with held.running():
            assert bodies(shop.lists()) == bodies(expected), act
            # And once more, of what is kept since.
            again = shop.lists()
        assert bodies(again) == bodies(expected), act
        for name, (tag, body) in [*expected.items(), *again.items()]:
            # One tag is that of one body, whoever made it.
            assert not tag or known.setdefault((name, tag), body) == body, (act, name)
        if number % 3 == 2:
            with lazy.running():
                assert bodies(shop.lists()) == bodies(expected), act
