"""Suggestions while somebody types: what matches, in which order, and for whose eyes."""

from decimal import Decimal
from typing import Any

import pytest

from common.repositories.products import PENDING, CategorySummary
from tests.catalog.builders import new_product, ok, refused, row, store
from tests.support.http import Client

PATH = "/api/products/suggest"
PRINTS, CATS = CategorySummary(1, "Stampe d'arte", "stampe"), CategorySummary(2, "Animali", "gatti-e-co")


@pytest.fixture(autouse=True)
def shop(table: str) -> None:
    store(
        [
            row(
                1, title="Il gatto nero", character_id=3, character_value="Gatto Giullare", categories=(CATS,)
            ),
            row(2, title="Gattini al mare", categories=(CATS, PRINTS)),
            row(3, title="Città di notte", short_description="Un gatto sul tetto", categories=(PRINTS,)),
            row(4, title="The old lighthouse", character_value="Léon"),
            row(5, title="Gatto in lavorazione", status="draft", character_value="Gatta Segreta"),
            row(6, title="Gatto di un altro", creator_id="c1", moderation_status=PENDING),
        ]
    )


def suggested(client: Client, typed: str, **more: str) -> dict[str, list[Any]]:
    """The titles, characters and slugs of categories that are suggested."""
    answer = ok(client.get(PATH, params={"q": typed, **more}))
    return {
        "products": [product["title"] for product in answer["products"]],
        "characters": [character["name"] for character in answer["characters"]],
        "categories": [category["slug"] for category in answer["categories"]],
    }


def test_titles_characters_and_categories_are_suggested_best_first(visitor: Client) -> None:
    assert suggested(visitor, "gatt") == {
        "products": ["Gattini al mare", "Il gatto nero"],
        "characters": ["Gatto Giullare"],
        "categories": ["gatti-e-co"],
    }
    assert suggested(visitor, "gatto")["products"] == ["Il gatto nero"]


def test_what_is_suggested_can_be_opened(visitor: Client) -> None:
    answer = ok(visitor.get(PATH, params={"q": "nero"}))
    assert answer["products"] == [{"id": 1, "slug": "row-0001", "title": "Il gatto nero"}]
    assert ok(visitor.get("/api/products/row-0001"))["id"] == 1
    leon = ok(visitor.get(PATH, params={"q": "leon"}))
    assert leon["characters"] == [{"id": None, "name": "Léon"}]
    stampe = ok(visitor.get(PATH, params={"q": "STAMPA"}))
    assert stampe["categories"] == [{"slug": "stampe", "name": "stampe"}]


@pytest.mark.parametrize(
    "typed", ["c", "ci", "cit", "città", "CITTA", "notte citta", "citàt", "città di not"]
)
def test_each_letter_and_small_slips_suggest_the_title(visitor: Client, typed: str) -> None:
    assert "Città di notte" in suggested(visitor, typed)["products"]


def test_a_category_is_suggested_by_its_name(visitor: Client, admin: Client) -> None:
    category = ok(visitor.get("/api/categories"))["categories"]
    assert category == []
    made = admin.post("/api/categories", json={"name": "Acquerelli", "slug": "acqua"}).json
    new_product(admin, title="Onda", category_ids=[made["id"]])
    answer = ok(visitor.get(PATH, params={"q": "acquerello"}))
    assert answer["categories"] == [{"slug": "acqua", "name": "Acquerelli"}]


def test_only_what_the_caller_may_see_is_suggested(visitor: Client, admin: Client) -> None:
    everybody = suggested(visitor, "gatt")
    assert "Gatto in lavorazione" not in everybody["products"]
    assert "Gatta Segreta" not in everybody["characters"]
    editors = suggested(admin, "gatt")
    assert {"Gatto in lavorazione", "Gatto di un altro"} <= set(editors["products"])
    assert "Gatta Segreta" in editors["characters"]


def test_what_was_withdrawn_or_renamed_is_not_suggested_any_more(visitor: Client, admin: Client) -> None:
    assert suggested(visitor, "nero")["products"] == ["Il gatto nero"]
    ok(admin.put("/api/products/1", json={"title": "Il gatto bianco", "character_value": None}))
    assert suggested(visitor, "nero")["products"] == []
    assert suggested(visitor, "bianco")["products"] == ["Il gatto bianco"]
    assert suggested(visitor, "giullare")["characters"] == []
    ok(admin.delete("/api/products/1"))
    assert suggested(visitor, "bianco")["products"] == []


def test_numbers_are_bounded_and_nonsense_says_nothing(visitor: Client) -> None:
    store([row(number, title=f"Onda {number}") for number in range(10, 50)])
    assert len(suggested(visitor, "onda")["products"]) == 10
    assert len(suggested(visitor, "onda", limit="3")["products"]) == 3
    assert len(suggested(visitor, "onda", limit="999")["products"]) == 20
    assert len(suggested(visitor, "onda", limit="-1")["products"]) == 10
    assert suggested(visitor, "onda" + " " * 96 + "nothing of the kind")["products"] != []


@pytest.mark.parametrize("typed", ["", "   "])
def test_nothing_is_suggested_to_who_has_typed_nothing(visitor: Client, typed: str) -> None:
    assert suggested(visitor, typed) == {"products": [], "characters": [], "categories": []}


def test_an_answer_that_is_held_is_not_sent_again(visitor: Client) -> None:
    answer = visitor.get(PATH, params={"q": "gatto"})
    again = visitor.get(PATH, params={"q": "gatto"}, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status == 304


def test_the_word_behind_the_address_is_no_slug_of_new_products(visitor: Client, admin: Client) -> None:
    body = {"title": "Suggest", "slug": "suggest", "base_price": Decimal(5), "status": "published"}
    refused(admin.post("/api/products", json=body), 409, "suggest")
    made = new_product(admin, title="Other")
    refused(admin.put(f"/api/products/{made['id']}", json={"slug": "suggest"}), 409, "suggest")


def test_a_slug_that_is_made_of_the_word_gets_a_number(admin: Client) -> None:
    made = admin.post("/api/admin/shop/products", json={"title": "Suggest", "base_price": 5}).json
    assert made["slug"] == "suggest-2"


def test_a_product_that_has_the_word_as_its_slug_keeps_it_and_is_read_by_its_id(
    visitor: Client, admin: Client
) -> None:
    store([row(70, slug="suggest", title="Suggest")])
    assert ok(visitor.get("/api/products/70"))["slug"] == "suggest"
    assert ok(admin.put("/api/products/70", json={"title": "Suggestion", "slug": "suggest"}))["id"] == 70
    assert ok(visitor.get(PATH, params={"q": "suggestion"}))["products"][0]["slug"] == "suggest"
