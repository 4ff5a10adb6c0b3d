"""What lists cost that are chosen from the catalogue of the process: round trips and capacity units."""

from decimal import Decimal

import pytest

from tests.catalog.builders import catalog_app, new_product, ok
from tests.engine.catalog_shops import FILTERS, ORDERS, SEARCHES, Query, asked, within
from tests.support.http import Client
from tests.support.tokens import admin_token

SHOPS = ("small", "large")
LISTS = ("/api/products", "/api/shop/products")


@pytest.fixture(params=SHOPS)
def visitor(request: pytest.FixtureRequest) -> Client:
    """A visitor of a shop of 50 products and of one of 1,000, whose process holds the catalogue."""
    client: Client = request.getfixturevalue(request.param)
    ok(client.get("/api/products", params={"category": "none"}))
    return client


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("query", [*ORDERS, *FILTERS], ids=str)
def test_twenty_products_in_any_order_or_filter(visitor: Client, path: str, query: Query) -> None:
    body, usage = asked(visitor, path, query)
    assert len(body["products"]) == 20
    assert within(usage, 2, 12), usage
    again, usage = asked(visitor, path, query)
    assert again == body
    assert usage.calls == 1
    assert usage.read_units <= Decimal("1.5"), usage


@pytest.mark.parametrize("query", SEARCHES, ids=str)
def test_twenty_products_by_their_texts(visitor: Client, query: Query) -> None:
    # Whoever searches first has all texts read.
    ok(visitor.get("/api/products", params={"search": "nothing of the kind"}))
    body, usage = asked(visitor, "/api/products", query)
    assert len(body["products"]) == 20
    assert within(usage, 2, 12), usage
    assert asked(visitor, "/api/products", query)[1].calls == 1


@pytest.mark.parametrize("query", [{}, {"search": "number 5"}], ids=str)
def test_the_shop_s_list_by_id_and_by_title(large: Client, query: Query) -> None:
    ok(large.get("/api/products", params={"category": "none"}))
    body, usage = asked(large, "/api/shop/products", query)
    assert len(body["products"]) == 20
    assert within(usage, 2, 12), usage


def test_the_second_page_by_number_and_by_cursor_of_another_order(visitor: Client) -> None:
    query = {"sort_by": "title", "limit": "20"}
    first, _ = asked(visitor, "/api/products", query)
    by_number, numbered = asked(visitor, "/api/products", {"sort_by": "title", "page": "2"})
    by_cursor, continued = asked(visitor, "/api/products", query | {"last_key": first["lastEvaluatedKey"]})
    assert by_number["products"] == by_cursor["products"]
    assert within(numbered, 2, 12), numbered
    assert continued.calls == 1, continued


def test_newest_first_costs_no_more_where_the_catalogue_is_held(visitor: Client) -> None:
    body, usage = asked(visitor, "/api/products", {})
    assert len(body["products"]) == 20
    assert within(usage, 2, Decimal("6.5")), usage
    assert asked(visitor, "/api/products", {})[1].calls == 1


@pytest.mark.parametrize(("shop", "units"), [("small", 20), ("large", 70)])
def test_a_process_that_does_not_hold_the_catalogue_reads_every_row_of_it(
    request: pytest.FixtureRequest, shop: str, units: int
) -> None:
    visitor: Client = request.getfixturevalue(shop)
    body, usage = asked(visitor, "/api/products", {"category": "prints"})
    assert len(body["products"]) == 20
    # The generation, each of the four lists, what changed meanwhile, and the documents of the page.
    assert within(usage, 7, units), usage


def test_the_first_search_reads_every_document(large: Client) -> None:
    ok(large.get("/api/products", params={"category": "none"}))
    _, usage = asked(large, "/api/products", {"search": "CHAMELEON"})
    # What changed, each of the four lists, and the documents of the page.
    assert within(usage, 7, 350), usage


def test_a_thousand_products_at_once_are_read_by_queries(large: Client) -> None:
    body, usage = asked(large, "/api/shop/products", {"per_page": "0"})
    assert (len(body["products"]), body["total"]) == (1000, 1000)
    assert within(usage, 9, 350), usage


def test_a_change_is_seen_by_the_question_that_every_list_asks(table: str) -> None:
    admin, visitor = Client(catalog_app(), token=admin_token()), Client(catalog_app())
    products = [new_product(admin, variants=[{"sku": f"S{n}", "name": "S"}]) for n in range(3)]
    in_stock = {"in_stock": "true"}
    assert asked(visitor, "/api/products", in_stock)[0]["total"] == 0
    variant = products[1]["variants"][0]["id"]
    ok(admin.patch(f"/api/variants/{variant}/stock", json={"quantity": 1}))
    body, usage = asked(visitor, "/api/products", in_stock)
    assert [product["id"] for product in body["products"]] == [products[1]["id"]]
    # The rows of the last half minute are read again by each question.
    assert within(usage, 2, Decimal("1.5")), usage
    ok(admin.delete(f"/api/products/{products[1]['id']}"))
    body, usage = asked(visitor, "/api/products", in_stock)
    assert (body["products"], body["total"], usage.calls) == ([], 0, 1)


def test_suggestions_cost_the_question_what_changed(visitor: Client) -> None:
    query = {"q": "num"}
    # Whoever is first has the texts and the names of categories read.
    body, _ = asked(visitor, "/api/products/suggest", query)
    assert len(body["products"]) == 10
    again, usage = asked(visitor, "/api/products/suggest", query | {"limit": "10"})
    assert again == body
    assert usage.calls == 1
    assert usage.read_units <= Decimal("1.5"), usage


def test_counts_by_facet_cost_the_reading_of_categories_besides(visitor: Client) -> None:
    asked(visitor, "/api/products", {"category": "prints"})
    body, usage = asked(visitor, "/api/products", {"category": "prints", "facets": "1"})
    assert body["facets"]["price"]
    assert usage.calls == 2
    assert usage.read_units <= 2, usage
