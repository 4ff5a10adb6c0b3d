"""Tests of ETags, conditional requests and Cache-Control."""

import pytest

from common.http import PUBLIC, Caching, Response, Routes, create_app
from tests.common.http.conftest import ORIGIN
from tests.support.http import Client
from tests.support.tokens import admin_token


def etag_of(client: Client, path: str = "/things") -> str:
    """The tag under which a client holds an answer."""
    return client.get(path).headers["ETag"]


def test_a_public_get_carries_a_strong_tag_of_its_body(client: Client) -> None:
    first, again, other = client.get("/things"), client.get("/things"), client.get("/things?page=2")
    assert first.headers["ETag"] == again.headers["ETag"] != other.headers["ETag"]
    assert first.headers["ETag"].startswith('"')
    assert first.headers["ETag"].endswith('"')
    assert first.headers["Cache-Control"] == "no-cache"
    assert first.headers["Vary"] == "Origin, Authorization, Cookie"


@pytest.mark.parametrize("form", ["{tag}", "W/{tag}", '"a", {tag}', '"a",W/{tag} , "b"', " {tag} ", "*"])
def test_a_held_answer_is_a_304_without_a_body(client: Client, form: str) -> None:
    held = form.format(tag=etag_of(client))
    answer = client.get("/things", headers={"If-None-Match": held, "Origin": ORIGIN})
    assert (answer.status, answer.text) == (304, "")
    assert answer.headers["ETag"] == etag_of(client)
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Content-Type" not in answer.headers


@pytest.mark.parametrize(
    "held", ["", '"another"', 'W/"another"', "W/", '"', ",,", '"*"', "**", "w/{tag}", "{bare}"]
)
def test_another_answer_is_sent_whole(client: Client, held: str) -> None:
    tag = etag_of(client)
    held = held.format(tag=tag, bare=tag.strip('"'))
    answer = client.get("/things", headers={"If-None-Match": held})
    assert answer.status == 200
    assert answer.text


def test_a_304_on_the_wire_has_no_body(client: Client) -> None:
    event = {
        "requestContext": {"httpMethod": "GET", "resourcePath": "/things"},
        "headers": {"if-none-match": "*"},
    }
    assert client.app(event, None)["body"] is None


def test_what_a_signed_in_caller_sees_is_kept_by_nobody(client: Client) -> None:
    for path in ("/things", "/admin/things"):
        answer = client.get(path, token=admin_token(), headers={"If-None-Match": "*"})
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "private, no-store"
        # For If-Match only.
        assert answer.headers["ETag"]


def test_a_caller_known_by_cookie_sees_private_answers_too(client: Client) -> None:
    answer = client.get("/things", headers={"Cookie": f"auth_token={admin_token()}"})
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/nowhere"), ("GET", "/admin/things"), ("PUT", "/echo")]
)
def test_errors_and_writes_are_kept_by_nobody(client: Client, method: str, path: str) -> None:
    answer = client.request(method, path, headers={"If-None-Match": "*"})
    assert answer.status != 304
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


def test_a_route_can_keep_its_answer_private() -> None:
    routes = Routes("carts")
    own = {"Vary": "X-Cart-Session"}
    private = routes.get("/cart", role=PUBLIC, cached=Caching.PRIVATE)
    private(lambda _: Response({"total": 1}, headers=own))
    answer = Client(create_app("carts", [routes])).get("/cart", headers={"If-None-Match": "*"})
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Vary"] == "Origin, Authorization, Cookie, X-Cart-Session"
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("token", ["", "admins"])
def test_what_is_declared_to_be_kept_is_kept_by_everybody(table: str, token: str) -> None:
    routes = Routes("pages")
    routes.get("/page", role=PUBLIC, cached=Caching.MINUTES)(lambda _: {"title": "Moon"})
    client = Client(create_app("pages", [routes]), token=admin_token() if token else "")
    answer = client.get("/page")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
