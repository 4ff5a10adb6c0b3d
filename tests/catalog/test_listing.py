"""Lists of products held against a plain model of what they should be: filters, orders and pages."""

import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from catalog.product_filters import SORTS
from common.repositories.products import CategorySummary, Product, Variant
from tests.catalog.builders import new_category, new_product, ok, refused, row, store
from tests.support.http import Answer, Client

PRINTS = CategorySummary(1, "Prints", "prints")
SHIRTS = CategorySummary(2, "T-shirts", "t-shirts", "To wear", 1)
TITLES = ("Ink città", "the Giullare", "INK Notte", "Èra", "Cittadella", "Straße")
TEXTS = (None, "", "Signed in INK", "printed on cotton")
CHARACTERS = ((None, None), (3, "Leon il Camaleonte"), (7, "Giullare"), (None, "3"), (None, ""))
STATUS = ("published", "published", "published", "draft", "archived")


def _stocked(product_id: int, *counts: int) -> tuple[Variant, ...]:
    return tuple(
        Variant(product_id * 10 + n, product_id, f"S{product_id}-{n}", "S", {}, Decimal(0), count, "t", "t")
        for n, count in enumerate(counts)
    )


def _varied(number: int) -> Product:
    character_id, character = CHARACTERS[number % 5]
    return row(
        number,
        title=f"{TITLES[number % 6]} {number // 15}",
        status=STATUS[number * 7 % 5],
        base_price=Decimal(number * 37 % 11) + Decimal("0.50"),
        short_description=TEXTS[number % 4],
        long_description=TEXTS[(number + 1) % 4],
        character_id=character_id,
        character_value=character,
        categories=((), (PRINTS,), (SHIRTS,), (PRINTS, SHIRTS))[number % 4],
        variants=_stocked(number, *((), (0,), (0, 2), (5,))[number % 4]),
        # Some are of the same moment, so that the id has to decide.
        created_at=f"2026-01-{number // 3 + 1:02d}T00:00:00.000Z",
    )


@pytest.fixture
def shop(table: str) -> list[Product]:
    """55 products of all kinds, one of them deleted."""
    products = [_varied(number) for number in range(1, 56)]
    return store([*products, row(56, deleted_at="2026-05-01T00:00:00.000Z")])[:-1]


Query = dict[str, str]

QUERIES: st.SearchStrategy[Query] = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["published", "draft", "archived", "active", "DRAFT", ""]),
        "search": st.sampled_from(["ink", "INK", "citta", "CITTÀ", "STRASSE", "cotton", "  ink ", "%", ""]),
        "category": st.sampled_from(["prints", "t-shirts", "1", "2", "none"]),
        "character_value": st.sampled_from(["Leon il Camaleonte", "Giullare", "leon", "3", "None"]),
        "character": st.sampled_from(["7", "Giullare"]),
        "min_price": st.sampled_from(["0", "3.5", "3.49", "7", "NaN", "x", "-1", "Infinity"]),
        "max_price": st.sampled_from(["0", "3.5", "9.99", "1e99", "", "sNaN"]),
        "in_stock": st.sampled_from(["true", "false", "TRUE", "1", "0", "maybe"]),
        "sort_by": st.sampled_from(["created_at", "base_price", "title", "stock", "PK"]),
        "sort_order": st.sampled_from(["ASC", "DESC", "asc", "desc", "sideways"]),
        "whatever": st.just("ignored"),
    },
)


def expected(products: list[Product], query: Mapping[str, str], *, admin: bool) -> list[int]:
    """The ids that a list should show, in order."""
    shown = [product for product in products if _visible(product, query, admin=admin)]
    shown = [product for product in shown if _has_facets(product, query) and _has_price(product, query)]
    return [product.id for product in sorted(shown, key=_order(query), reverse=_descending(query))]


def _visible(product: Product, query: Mapping[str, str], *, admin: bool) -> bool:
    wanted = query.get("status", "")
    if wanted in STATUS and product.status != wanted:
        return False
    return admin or product.status == "published"


def _has_facets(product: Product, query: Mapping[str, str]) -> bool:
    texts = (product.title, product.short_description or "", product.long_description or "")
    search = _plain(query.get("search", "").strip())
    category = query.get("category", "")
    names = {name for summary in product.categories for name in (summary.slug, str(summary.id))}
    character = query.get("character_value") or query.get("character") or ""
    known = {product.character_value, *([str(product.character_id)] if product.character_id else [])}
    stocked = {"true": True, "1": True, "false": False, "0": False}.get(query.get("in_stock", "").lower())
    return (
        any(search in _plain(text) for text in texts)
        and (not category or category in names)
        and (not character or character in known)
        and (stocked is None or stocked == any(variant.stock for variant in product.variants))
    )


def _has_price(product: Product, query: Mapping[str, str]) -> bool:
    lowest = {"NaN": "0", "x": "0", "Infinity": "0"}.get(
        query.get("min_price", "0"), query.get("min_price", "0")
    )
    highest = query.get("max_price", "")
    no_limit = highest in ("", "sNaN")
    return product.base_price >= Decimal(lowest) and (no_limit or product.base_price <= Decimal(highest))


def _order(query: Mapping[str, str]) -> Any:
    return {
        "base_price": lambda product: (product.base_price, product.id),
        "title": lambda product: (_plain(product.title), product.title, product.id),
    }.get(query.get("sort_by", ""), lambda product: (product.created_at, product.id))


def _plain(text: str) -> str:
    """Without accents and capitals, as far as the texts above go."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _descending(query: Mapping[str, str]) -> bool:
    order = query.get("sort_order", "")
    return order.upper() != "ASC" if order else query.get("sort_by") not in ("base_price", "title")


def _ids(answer: Answer) -> list[int]:
    return [product["id"] for product in ok(answer)["products"]]


@given(query=QUERIES, signed_in=st.booleans())
@example(query={"character_value": "None"}, signed_in=True)
@example(query={"status": "draft"}, signed_in=False)
@example(query={"search": "ink", "category": "1", "sort_by": "title"}, signed_in=False)
@settings(max_examples=30)
def test_any_filters_in_any_order_show_what_the_model_shows(
    shop: list[Product], admin: Client, visitor: Client, query: Query, signed_in: bool
) -> None:
    client = admin if signed_in else visitor
    answer = client.get("/api/products", params=query | {"per_page": "100"})
    wanted, shown = expected(shop, query, admin=signed_in), _ids(answer)
    if query.get("search", "").strip():
        _are_found(shown, wanted, expected(shop, query | {"search": ""}, admin=signed_in), query)
    else:
        assert shown == wanted
    assert (answer.json["total"], answer.json["page"], answer.json["per_page"]) == (len(shown), 1, 100)
    assert "lastEvaluatedKey" not in answer.json


def _are_found(shown: list[int], wanted: list[int], unsearched: list[int], query: Query) -> None:
    """A search finds whatever has the text and more of what the other filters leave, in an order if named."""
    assert set(wanted) <= set(shown) <= set(unsearched)
    if query.get("sort_by") in SORTS or query.get("sort_order"):
        assert shown == [product_id for product_id in unsearched if product_id in shown]


@pytest.mark.exhaustive
@given(
    query=QUERIES.map(
        lambda query: {k: v for k, v in query.items() if k.startswith("sort") or k == "status"}
    ),
    per_page=st.integers(6, 60),
    signed_in=st.booleans(),
    by_cursor=st.booleans(),
)
@example(query={}, per_page=7, signed_in=False, by_cursor=False)
@example(query={}, per_page=11, signed_in=False, by_cursor=True)
@example(query={"sort_by": "base_price"}, per_page=5, signed_in=True, by_cursor=True)
@example(query={"status": "published"}, per_page=24, signed_in=True, by_cursor=True)
@settings(max_examples=3)
def test_the_pages_together_are_the_whole_list_without_gaps_or_repetitions(
    shop: list[Product],
    admin: Client,
    visitor: Client,
    query: Query,
    per_page: int,
    signed_in: bool,
    by_cursor: bool,
) -> None:
    client = admin if signed_in else visitor
    wanted = expected(shop, query, admin=signed_in)
    walk = _by_cursor if by_cursor else _by_number
    assert walk(client, query, per_page, len(wanted)) == wanted


def _by_number(client: Client, query: Query, per_page: int, total: int) -> list[int]:
    found: list[int] = []
    pages = total // per_page + 1
    for page in range(1, pages + 1):
        answer = client.get("/api/products", params=query | {"page": page, "per_page": per_page})
        assert (answer.json["total"], answer.json["page"]) == (total, page)
        found += _ids(answer)
    beyond = client.get("/api/products", params=query | {"page": pages + 1, "per_page": per_page})
    assert (_ids(beyond), beyond.json["total"]) == ([], total)
    return found


def _by_cursor(client: Client, query: Query, per_page: int, total: int) -> list[int]:
    found: list[int] = []
    cursor = ""
    while True:
        params = query | {"limit": str(per_page)} | ({"last_key": cursor} if cursor else {})
        answer = client.get("/api/products", params=params)
        found += _ids(answer)
        assert answer.json["total"] == total
        cursor = answer.json.get("lastEvaluatedKey", "")
        if not cursor:
            return found
        # A cursor is given only where it leads to something.
        assert len(answer.json["products"]) == per_page
        assert len(found) < total


def test_a_list_shows_the_same_full_rows_as_the_page_of_each_product(
    shop: list[Product], visitor: Client
) -> None:
    for query in ({}, {"sort_by": "title"}, {"search": "ink"}):
        listed = ok(visitor.get("/api/products", params=query | {"per_page": 3}))["products"]
        assert len(listed) == 3
        assert [ok(visitor.get(f"/api/products/{product['slug']}")) for product in listed] == listed


@pytest.mark.parametrize(
    ("asked", "page", "per_page"),
    [
        ({}, 1, 20),
        ({"page": "0", "per_page": "0"}, 1, 20),
        ({"page": "-3", "per_page": "-5"}, 1, 20),
        ({"page": "x", "per_page": "y"}, 1, 20),
        ({"per_page": "1000"}, 1, 100),
        ({"page": "2", "per_page": "3"}, 2, 3),
        ({"page": "99999999999999999999"}, 1, 20),
        ({"limit": "5"}, 1, 5),
        ({"limit": "0"}, 1, 1),
        ({"limit": "x", "per_page": "7"}, 1, 7),
    ],
)
def test_unusable_page_numbers_become_usable_ones(
    visitor: Client, asked: Query, page: int, per_page: int
) -> None:
    body = ok(visitor.get("/api/products", params=asked))
    assert body == {"products": [], "total": 0, "page": page, "per_page": per_page}


def test_a_page_far_behind_the_end_is_empty_and_tells_the_total(shop: list[Product], visitor: Client) -> None:
    for query in ({}, {"sort_by": "title"}):
        body = ok(visitor.get("/api/products", params=query | {"page": "999999999"}))
        assert (body["products"], body["total"]) == ([], len(expected(shop, {}, admin=False)))


def test_a_cursor_survives_a_product_that_is_added_in_front(admin: Client) -> None:
    ids = [new_product(admin)["id"] for _ in range(4)]
    first = ok(admin.get("/api/products", params={"limit": 2, "status": "published"}))
    new_product(admin)
    params = {"limit": 2, "status": "published", "last_key": first["lastEvaluatedKey"]}
    second = ok(admin.get("/api/products", params=params))
    shown = [product["id"] for product in first["products"] + second["products"]]
    assert shown == ids[::-1]
    assert second["total"] == 5


def test_a_cursor_is_refused_when_tampered_with_or_of_another_list(
    shop: list[Product], admin: Client, visitor: Client
) -> None:
    cursor = ok(visitor.get("/api/products", params={"limit": 2}))["lastEvaluatedKey"]
    other = ok(visitor.get("/api/products", params={"limit": 2, "sort_by": "title"}))["lastEvaluatedKey"]
    middle = len(cursor) // 2
    changed = cursor[:middle] + ("A" if cursor[middle] != "A" else "B") + cursor[middle + 1 :]
    for bad in (changed, cursor[:-1], cursor + "x", "x", "{}", "é", ".", cursor.split(".")[0], other):
        refused(visitor.get("/api/products", params={"limit": 2, "last_key": bad}), 400, "cursor")
    for query in ({"sort_by": "title"}, {"search": "ink"}, {"min_price": "1"}, {"in_stock": "true"}):
        refused(visitor.get("/api/products", params=query | {"last_key": cursor}), 400, "cursor")
    # What a stranger may go on with is not what an admin sees, nor the other way round.
    refused(admin.get("/api/products", params={"last_key": cursor}), 400, "cursor")
    own = ok(admin.get("/api/products", params={"limit": 2}))["lastEvaluatedKey"]
    refused(visitor.get("/api/products", params={"last_key": own}), 400, "cursor")


LISTS = ("/api/products", "/api/shop/products", "/api/admin/shop/products")


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "wanted", ["citta", "CITTÀ", "citt\N{LATIN SMALL LETTER A WITH GRAVE}", "citta\u0300"]
)
def test_a_title_is_found_with_and_without_its_accents(admin: Client, path: str, wanted: str) -> None:
    store([row(1, title="Citt\u00e0 di notte"), row(2, title="Citta\u0300 di giorno"), row(3, title="Cirta")])
    answer = ok(admin.get(path, params={"search": wanted, "sort_by": "title"}))
    assert ([product["id"] for product in answer["products"]], answer["total"]) == ([2, 1], 2)


def test_a_character_is_found_with_and_without_its_accents(visitor: Client) -> None:
    store([row(1, character_value="Nonna Agnès"), row(2, character_value="Agnese")])
    assert _ids(visitor.get("/api/products", params={"character_value": "nonna agnes"})) == [1]


@pytest.mark.parametrize("path", LISTS)
def test_the_empty_choice_of_a_drop_down_filters_nothing(admin: Client, path: str) -> None:
    store([row(1), row(2, title="An [object Object] of art", character_value="Leon")])
    words = "status category character_value character in_stock sort_by sort_order"
    bounds = "min_price max_price price_min price_max"
    empty = dict.fromkeys(f"{words} {bounds}".split(), "[object Object]")
    assert ok(admin.get(path, params=empty))["products"] == ok(admin.get(path))["products"]
    searched = ok(admin.get(path, params={**empty, "search": "[object Object]"}))
    assert [product["id"] for product in searched["products"]] == [2]


@pytest.mark.parametrize("path", LISTS)
def test_titles_are_ordered_as_people_read_them(admin: Client, path: str) -> None:
    titles = ["zebra", "Èra", "era", "Fiume", "eco", "Esca", "ultimo", "Ultima", "era"]
    store(row(number, title=title) for number, title in enumerate(titles, 1))
    in_order = ["eco", "era", "era", "Èra", "Esca", "Fiume", "Ultima", "ultimo", "zebra"]
    for order, wanted in (("ASC", in_order), ("DESC", in_order[::-1])):
        answer = ok(admin.get(path, params={"sort_by": "title", "sort_order": order}))
        assert [product["title"] for product in answer["products"]] == wanted
        equal = [product["id"] for product in answer["products"] if product["title"] == "era"]
        assert equal == sorted(equal, reverse=order == "DESC")


@pytest.mark.parametrize("letter", ["a", "È", "漢", "🎨"])
def test_pages_by_title_go_on_behind_long_titles(visitor: Client, letter: str) -> None:
    store(row(number, title=letter * 499 + str(number)) for number in range(1, 6))
    assert _by_cursor(visitor, {"sort_by": "title"}, 2, 5) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("query", [{}, {"sort_by": "title", "sort_order": "DESC"}, {"search": "work"}])
def test_works_with_long_texts_come_in_parts(
    monkeypatch: pytest.MonkeyPatch, admin: Client, path: str, query: Query
) -> None:
    monkeypatch.setattr("common.http.answer_size.BODY_BYTES", 80_000)
    store(row(number, title=f"Work {number}", long_description="è" * 3_000) for number in range(1, 7))
    params = {**query, "per_page": "0" if "shop" in path else "100"}
    parts = [ok(admin.get(path, params=params))]
    while "lastEvaluatedKey" in parts[-1]:
        following = {"lastEvaluatedKey": parts[-1]["lastEvaluatedKey"]}
        parts.append(ok(admin.get(path, params=params | following)))
    shown = [product["id"] for part in parts for product in part["products"]]
    assert (len(parts) > 1, sorted(shown)) == (True, [1, 2, 3, 4, 5, 6])
    assert {part["total"] for part in parts} == {6}


def test_the_list_follows_what_is_changed(admin: Client) -> None:
    category = new_category(admin, "Prints")
    product = new_product(admin, title="Old", base_price=5, character_value="Leon")
    path = f"/api/products/{product['id']}"
    changes = {"title": "New", "base_price": 50, "character_value": "Giullare", "long_description": "Gold"}
    ok(admin.put(path, json=changes | {"category_ids": [category["id"]]}))
    for query in (
        {"search": "gold"},
        {"min_price": "50"},
        {"character_value": "Giullare"},
        {"category": "prints"},
        {"category": str(category["id"])},
    ):
        assert ok(admin.get("/api/products", params=query))["total"] == 1, query
    for query in ({"search": "old"}, {"max_price": "49.99"}, {"character_value": "Leon"}):
        assert ok(admin.get("/api/products", params={"status": "draft"} | query))["total"] == 0
    assert _ids(admin.get("/api/products", params={"search": "Old"})) == [product["id"]]


def test_in_stock_follows_the_stock_of_the_variants(admin: Client) -> None:
    product = new_product(admin, variants=[{"sku": "A", "name": "S"}, {"sku": "B", "name": "M"}])
    second = product["variants"][1]["id"]

    def sold_out() -> bool:
        wanted = ok(admin.get("/api/products", params={"in_stock": "false"}))["total"]
        assert wanted + ok(admin.get("/api/products", params={"in_stock": "true"}))["total"] == 1
        return bool(wanted)

    assert sold_out()
    ok(admin.patch(f"/api/variants/{second}/stock", json={"quantity": 1}))
    assert not sold_out()
    ok(admin.delete(f"/api/variants/{second}"))
    assert sold_out()
