"""The search boxes, drop-downs and pages of both storefronts, in the calls that they send.

The newer storefront asks /api/products, the older one /api/shop/products, which looks in titles alone; both
send their order, their page and the empty choices along with each pause in typing. Their administrators'
tables ask /api/products with a token, and /api/admin/shop/products.
"""

import unicodedata
from decimal import Decimal
from typing import Any

import pytest

from common.repositories.products import CategorySummary, Variant
from tests.catalog.builders import ok, refused, row, store
from tests.support.http import Answer, Client

NEWER, OLDER, OLDER_TABLE = "/api/products", "/api/shop/products", "/api/admin/shop/products"
# What either shop page sends with everything, in its first state.
SHOP_PAGE = {
    "status": "published",
    "sort_by": "created_at",
    "sort_order": "DESC",
    "page": "1",
    "per_page": "12",
}
TITLES = (
    "Il faro di Camogli",
    "Faro e luna",
    "Città di notte",
    "Gatto 🐈 nero",
    "100% cotone",
    "Perché no?",
    "Lighthouse at dusk",
    "snake_case",
    "Leon sul tetto",
    "Leon nel bosco",
)
PRINTS, CLOTHES = CategorySummary(1, "Stampe", "stampe"), CategorySummary(2, "Vestiti", "vestiti")


@pytest.fixture(autouse=True)
def shop(table: str) -> None:
    """Two works of each title, the second of each sold out, and one that is still a draft."""
    store(_works())


def _works() -> list[Any]:
    works = [row(number, **_fields(number)) for number in range(1, 2 * len(TITLES) + 1)]
    return [*works, row(99, title="Faro in lavorazione", status="draft")]


def _fields(number: int) -> dict[str, Any]:
    is_second, index = number > len(TITLES), (number - 1) % len(TITLES)
    moment = row(number).created_at
    variant = Variant(
        number * 10, number, f"V-{number}", "A4", {}, Decimal(0), 0 if is_second else 2, moment, moment
    )
    return {
        "title": TITLES[index],
        "base_price": Decimal(10 + index),
        "short_description": "Una stampa",
        "long_description": "Stampata a mano",
        "character_value": "Leon il Camaleonte" if "Leon" in TITLES[index] else None,
        "categories": (CLOTHES if index % 2 else PRINTS,),
        "variants": (variant,),
    }


def asked(client: Client, path: str, **changes: str) -> dict[str, Any]:
    """What the shop page is answered after `changes` of its first state."""
    return ok(client.get(path, params=SHOP_PAGE | changes))


def titles(answer: dict[str, Any]) -> list[str]:
    return [product["title"] for product in answer["products"]]


@pytest.mark.parametrize("path", [NEWER, OLDER])
def test_the_first_state_shows_what_is_newest_with_all_that_a_card_reads(visitor: Client, path: str) -> None:
    answer = asked(visitor, path)
    assert (answer["total"], answer["page"], answer["per_page"]) == (20, 1, 12)
    assert [product["id"] for product in answer["products"]] == list(range(20, 8, -1))
    for product in answer["products"]:
        assert float(product["base_price"]) >= 10
        assert (product["currency"], product["images"]) == ("EUR", [])
        assert sum(variant["stock"] for variant in product["variants"]) == (0 if product["id"] > 10 else 2)
        assert (product["short_description"], product["long_description"]) == (
            "Una stampa",
            "Stampata a mano",
        )


@pytest.mark.parametrize("path", [NEWER, OLDER])
@pytest.mark.parametrize("word", ["camogli", "Lighthouse", "Città", "perché", "FARO"])
def test_every_letter_that_is_typed_finds_the_work_and_taking_letters_back_does_too(
    visitor: Client, path: str, word: str
) -> None:
    typed = [word[:length] for length in range(1, len(word) + 1)]
    found = {text: asked(visitor, path, search=text, per_page="100") for text in typed}
    for text, answer in found.items():
        wanted = {title for title in TITLES if plain(word) in plain(title)}
        assert wanted <= set(titles(answer)), text
        assert answer["total"] == len(answer["products"])
        in_order = [product["id"] for product in answer["products"]]
        assert in_order == sorted(in_order, reverse=True), text
        assert "Faro in lavorazione" not in titles(answer)
    # What is sent again is answered alike.
    for text in reversed(typed):
        assert asked(visitor, path, search=text, per_page="100") == found[text]
    assert found[word]["total"] <= found[word[:1]]["total"]


def plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@pytest.mark.parametrize("path", [NEWER, OLDER])
@pytest.mark.parametrize("text", ["", " ", "\t \n", "\u00a0"])
def test_an_empty_box_searches_nothing(visitor: Client, path: str, text: str) -> None:
    assert asked(visitor, path, search=text) == asked(visitor, path)


@pytest.mark.parametrize("path", [NEWER, OLDER])
@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("  faro e luna ", "Faro e luna"),
        ("100%", "100% cotone"),
        ("🐈", "Gatto 🐈 nero"),
        ("snake_case", "snake_case"),
        ("no?", "Perché no?"),
        ("citta\u0300", "Città di notte"),
        ("ＦＡＲＯ", "Faro e luna"),
    ],
)
def test_what_is_typed_beside_letters_is_taken_for_what_it_is(
    visitor: Client, path: str, text: str, title: str
) -> None:
    assert title in titles(asked(visitor, path, search=text))


@pytest.mark.parametrize("path", [NEWER, OLDER])
@pytest.mark.parametrize(
    "text",
    [
        "x" * 1000,
        "faro " * 200,
        "%",
        "_",
        "'; DROP TABLE products; --",
        "👩‍👩‍👧",
        "\ud83d",
        "ß" * 300,
        "a" * 20 + "\u0301" * 800,
        "<b>",
    ],
    ids=range(10),
)
def test_whatever_is_pasted_into_the_box_is_answered_as_a_list(visitor: Client, path: str, text: str) -> None:
    answer = asked(visitor, path, search=text.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
    assert 0 <= len(answer["products"]) <= answer["total"] <= 20
    assert answer["page"] == 1


@pytest.mark.parametrize("path", [NEWER, OLDER])
@pytest.mark.parametrize("text", ["\x00", "fa\x00ro", "x" * 1801])
def test_what_no_text_can_hold_is_refused_by_name(visitor: Client, path: str, text: str) -> None:
    refused(visitor.get(path, params=SHOP_PAGE | {"search": text}), 400, "search")


@pytest.mark.parametrize("path", [NEWER, OLDER])
@pytest.mark.parametrize(
    ("sort_by", "key"),
    [
        ("base_price", lambda each: (float(each["base_price"]), each["id"])),
        ("created_at", lambda each: each["id"]),
    ],
    ids=["base_price", "created_at"],
)
@pytest.mark.parametrize("search", ["", "a"])
def test_the_drop_down_of_orders_is_obeyed_with_and_without_a_search(
    visitor: Client, path: str, sort_by: str, key: Any, search: str
) -> None:
    for order in ("ASC", "DESC"):
        answer = asked(visitor, path, sort_by=sort_by, sort_order=order, search=search, per_page="100")
        assert answer["products"] == sorted(answer["products"], key=key, reverse=order == "DESC")
        assert answer["total"] > 10


@pytest.mark.parametrize("path", [NEWER, OLDER])
def test_the_drop_down_of_characters_narrows_a_search_and_its_first_line_does_not(
    visitor: Client, path: str
) -> None:
    leon = asked(visitor, path, character_value="Leon il Camaleonte")
    assert (leon["total"], set(titles(leon))) == (4, {"Leon sul tetto", "Leon nel bosco"})
    both = asked(visitor, path, character_value="leon il camaleonte", search="bosco")
    assert titles(both) == ["Leon nel bosco"] * 2
    assert asked(visitor, path, character_value="") == asked(visitor, path)
    assert asked(visitor, path, character_value="Nobody")["total"] == 0


@pytest.mark.parametrize("path", [NEWER, OLDER])
def test_a_category_and_prices_narrow_and_empty_fields_do_not(visitor: Client, path: str) -> None:
    prints = asked(visitor, path, category="stampe")
    assert prints["total"] == 10
    assert {each["categories"][0]["slug"] for each in prints["products"]} == {"stampe"}
    assert asked(visitor, path, category="", min_price="", max_price="") == asked(visitor, path)
    dear = asked(visitor, path, min_price="12.00", max_price="13", search="o")
    assert {float(each["base_price"]) for each in dear["products"]} <= {12.0, 13.0}
    assert dear["total"] == 4
    assert asked(visitor, path, min_price="13", max_price="12")["total"] == 0


def test_the_box_of_what_is_in_stock_hides_what_is_sold_out(visitor: Client) -> None:
    for said, total in (("true", 10), ("1", 10), ("false", 10), ("", 20), ("maybe", 20)):
        assert asked(visitor, NEWER, in_stock=said)["total"] == total
    shown = asked(visitor, NEWER, in_stock="true", search="faro", sort_by="title", sort_order="ASC")
    assert titles(shown)[:2] == ["Faro e luna", "Il faro di Camogli"]
    assert all(each["variants"][0]["stock"] == 2 for each in shown["products"])


@pytest.mark.parametrize("path", [NEWER, OLDER])
def test_who_types_on_a_later_page_sees_the_true_total_and_comes_back(visitor: Client, path: str) -> None:
    """The shop page keeps its number while a filter changes, so that it may be behind the end."""
    assert len(asked(visitor, path, page="2")["products"]) == 8
    behind = asked(visitor, path, page="2", search="faro")
    assert (behind["products"], behind["page"]) == ([], 2)
    back = asked(visitor, path, search="faro")
    assert behind["total"] == back["total"] == len(back["products"]) >= 4
    assert len(asked(visitor, path, page="2", search="")["products"]) == 8


@pytest.mark.parametrize("path", [NEWER, OLDER])
def test_the_pages_of_a_search_together_are_all_that_it_finds(visitor: Client, path: str) -> None:
    whole = asked(visitor, path, search="o", per_page="100")
    pages = [asked(visitor, path, search="o", per_page="5", page=str(number)) for number in range(1, 6)]
    assert [each for page in pages for each in page["products"]] == whole["products"][:25]
    assert {page["total"] for page in pages} == {whole["total"]}


def test_a_search_goes_on_behind_its_cursor(visitor: Client) -> None:
    """`searchProducts` sends no order of its own."""
    answer = ok(visitor.get(NEWER, params={"search": "faro", "limit": "1"}))
    seen = [product["id"] for product in answer["products"]]
    while cursor := answer.get("lastEvaluatedKey"):
        answer = ok(visitor.get(NEWER, params={"search": "faro", "limit": "1", "last_key": cursor}))
        seen += [product["id"] for product in answer["products"]]
    assert len(seen) == len(set(seen)) == answer["total"]
    assert {1, 2, 11, 12} <= set(seen)


def test_what_was_typed_before_is_answered_from_what_the_browser_kept_until_it_changes(
    admin: Client, visitor: Client
) -> None:
    def again(tag: str) -> Answer:
        return visitor.get(NEWER, params=SHOP_PAGE | {"search": "faro"}, headers={"If-None-Match": tag})

    first = visitor.get(NEWER, params=SHOP_PAGE | {"search": "faro"})
    assert again(first.headers["ETag"]).status == 304
    ok(admin.put("/api/products/1", json={"title": "Il vecchio faro"}))
    changed = again(first.headers["ETag"])
    assert "Il vecchio faro" in titles(ok(changed))
    assert changed.headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize("path", [NEWER, OLDER_TABLE])
def test_the_administrators_table_searches_every_status_in_pages_of_ten(admin: Client, path: str) -> None:
    first = ok(admin.get(path, params={"page": "1", "per_page": "10"}))
    assert (first["total"], len(first["products"])) == (21, 10)
    found = ok(admin.get(path, params={"search": "faro", "page": "1", "per_page": "10"}))
    assert "Faro in lavorazione" in titles(found)
    for product in found["products"]:
        assert {"id", "title", "base_price", "currency", "status"} <= product.keys()
        assert all("stock" in variant for variant in product["variants"])
        assert len(product["images"]) == 0
    for size in ("20", "50"):
        assert len(ok(admin.get(path, params={"page": "1", "per_page": size}))["products"]) == min(
            int(size), 21
        )
