"""Tests of the tags of lists: by the catalogue's version, so that who holds a list costs one question."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from catalog.index import documents, freshness
from common.dynamodb import meter
from common.http.caching import entity_tag
from tests.catalog.builders import new_product, new_variant, ok
from tests.support.http import Answer, Client
from tests.support.processes import Process

PATH, QUERY = "/api/products", {"sort_by": "title"}


@pytest.fixture
def shop(admin: Client) -> list[dict[str, Any]]:
    """Three products with a variant each."""
    made = [new_product(admin, title=f"Moon {number}") for number in range(3)]
    return [product | {"variants": [new_variant(admin, product["id"])]} for product in made]


def listed(client: Client, **options: Any) -> Answer:
    """The list, which was asked for before, so that the process holds all that it needs."""
    client.get(PATH, params=QUERY)
    return client.get(PATH, params=QUERY, **options)


def tag_of(client: Client, path: str = PATH, **query: str) -> str:
    """The tag of a list."""
    return client.get(path, params=QUERY | query).headers["ETag"]


@pytest.mark.usefixtures("shop")
def test_who_holds_a_list_costs_one_question_and_no_rendering(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = listed(visitor).headers["ETag"]
    documents.reset()
    with monkeypatch.context() as unread, meter() as usage:
        unread.delattr("catalog.index.pages.product_from_rows")
        for method in ("GET", "HEAD"):
            answer = visitor.request(method, PATH, params=QUERY, headers={"If-None-Match": f'"x", W/{tag}'})
            assert (answer.status, answer.text, answer.headers["ETag"]) == (304, "", tag)
    assert usage.calls == 2
    assert listed(visitor, headers={"If-None-Match": '"another"'}).status == 200


@pytest.mark.usefixtures("shop")
def test_two_processes_give_one_tag_and_hold_each_other_s_lists(visitor: Client) -> None:
    first, second = Process(), Process()
    with first.running():
        one = visitor.get(PATH, params=QUERY)
    with second.running():
        other = visitor.get(PATH, params=QUERY)
        held = visitor.get(PATH, params=QUERY, headers={"If-None-Match": one.headers["ETag"]})
    assert (one.headers["ETag"], one.text) == (other.headers["ETag"], other.text)
    assert one.headers["ETag"] != entity_tag(one.text)
    assert held.status == 304


def test_a_sold_piece_gives_another_tag_in_both(
    visitor: Client, admin: Client, shop: list[dict[str, Any]]
) -> None:
    first, second = Process(), Process()
    tags = []
    for stock in (5, 4):
        for process in (first, second):
            with process.running():
                answer = listed(visitor)
            (variant,) = answer.json["products"][0]["variants"]
            assert variant["stock"] == stock
            tags.append(answer.headers["ETag"])
        sold = {"operation": "subtract", "quantity": 1}
        ok(admin.patch(f"/api/variants/{shop[0]['variants'][0]['id']}/stock", json=sold))
    assert tags[0] == tags[1] != tags[2] == tags[3]
    assert listed(visitor, headers={"If-None-Match": tags[0]}).status == 200


@pytest.mark.usefixtures("shop")
def test_whatever_is_asked_for_is_part_of_the_tag(visitor: Client) -> None:
    queries: tuple[dict[str, str], ...] = (
        {},
        {"sort_by": "base_price"},
        {"sort_order": "DESC"},
        {"per_page": "2"},
        {"per_page": "2", "page": "2"},
        {"in_stock": "true"},
        {"min_price": "1"},
        {"search": "moon"},
        {"category": "none"},
        {"creatorId": "nobody"},
    )
    tags = [tag_of(visitor, **query) for query in queries]
    first = visitor.get(PATH, params=QUERY | {"per_page": "1"}).json["lastEvaluatedKey"]
    tags.append(tag_of(visitor, per_page="1", last_key=first))
    tags += [tag_of(visitor, "/api/shop/products"), tag_of(visitor, "/api/shop/products", category="none")]
    assert len(set(tags)) == len(tags)
    # What says the same is the same.
    assert tag_of(visitor, page="1", status="published", sort_order="asc", utm_source="mail") == tags[0]


@contextmanager
def setting(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> Iterator[None]:
    """Within the block a setting is another."""
    with monkeypatch.context() as other:
        other.setenv(name, value)
        yield


@pytest.mark.usefixtures("shop")
def test_whatever_else_a_body_is_made_of_is_part_of_the_tag(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = listed(visitor).headers["ETag"]
    for name, value in (
        ("MEDIA_BASE_URL", "https://cdn.example"),
        ("MEDIA_URLS", "relative"),
        ("CURSOR_SECRET", "another-secret-of-the-tests-with-40-characters"),
    ):
        with setting(monkeypatch, name, value):
            assert tag_of(visitor) != tag
    monkeypatch.setattr("catalog.routes.filters.release", lambda *_: "another")
    assert tag_of(visitor) != tag


@pytest.mark.usefixtures("shop")
def test_the_origin_of_a_request_is_no_part_of_it(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ALLOWED_ORIGINS", "https://shop.example")
    tag = listed(visitor).headers["ETag"]
    headers = {"Origin": "https://shop.example", "If-None-Match": tag}
    answer = visitor.get(PATH, params=QUERY, headers=headers)
    assert answer.status == 304
    assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"
    assert answer.headers["Vary"] == "Origin, Authorization, Cookie"


@pytest.mark.usefixtures("shop")
def test_what_a_signed_in_caller_sees_is_held_by_nobody(visitor: Client, admin: Client) -> None:
    tag = listed(visitor).headers["ETag"]
    answer = listed(admin, headers={"If-None-Match": f"{tag}, *"})
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "private, no-store")
    assert answer.headers["ETag"] == entity_tag(answer.text) != tag


def test_a_document_of_another_state_is_bound_to_no_version(
    visitor: Client, admin: Client, shop: list[dict[str, Any]]
) -> None:
    """The document is read after another change of it, which the catalogue of the process does not know."""
    product = shop[0]["id"]
    before = listed(visitor).headers["ETag"]
    documents.reset()
    catalogue = freshness.current()
    ok(admin.put(f"/api/products/{product}", json={"title": "Moon 0, renamed"}))
    with pytest.MonkeyPatch.context() as behind:
        behind.setattr(freshness, "current", lambda: catalogue)
        answer = visitor.get(PATH, params=QUERY)
    assert "renamed" in answer.text
    assert answer.headers["ETag"] == entity_tag(answer.text) != before
    after = listed(visitor)
    assert after.text == answer.text
    assert after.headers["ETag"] not in {before, answer.headers["ETag"]}


@pytest.mark.usefixtures("shop")
def test_the_newest_are_known_by_their_body_where_the_catalogue_is_not_held(visitor: Client) -> None:
    with Process().running():
        plain = visitor.get(PATH)
        assert plain.headers["ETag"] == entity_tag(plain.text)
        listed(visitor)
        known = visitor.get(PATH)
        assert known.headers["ETag"] != plain.headers["ETag"]
        held = [visitor.get(PATH, headers={"If-None-Match": it.headers["ETag"]}) for it in (plain, known)]
    assert known.text == plain.text
    assert [answer.status for answer in held] == [304, 304]


def test_an_empty_shop_has_a_version_too(visitor: Client, admin: Client) -> None:
    tag = listed(visitor).headers["ETag"]
    assert visitor.get(PATH, params=QUERY, headers={"If-None-Match": tag}).status == 304
    new_product(admin)
    assert visitor.get(PATH, params=QUERY, headers={"If-None-Match": tag}).status == 200
