"""Tests of answers that are known by their version: who holds one gets a 304, and no body is made."""

from typing import Any

import pytest

from common.http import PUBLIC, Caching, Request, Response, Role, Routes, create_app
from common.http.caching import entity_tag, version_tag
from tests.common.http.conftest import ORIGIN
from tests.support.http import Answer, Client
from tests.support.tokens import admin_token

FIRST, SECOND = version_tag("state", 1), version_tag("state", 2)


class Shelf:
    """A list with a version, which counts how often its body is made; without one where that is empty."""

    def __init__(self) -> None:
        self.version, self.made = FIRST, 0

    def answer(self, request: Request) -> Response:
        if self.version and request.holds(self.version):
            return Response(version=self.version, is_held=True)
        self.made += 1
        return Response({"state": self.version != SECOND}, version=self.version)


@pytest.fixture
def shelf() -> Shelf:
    """The list that the client asks for."""
    return Shelf()


@pytest.fixture
def client(table: str, monkeypatch: pytest.MonkeyPatch, shelf: Shelf) -> Client:
    """A client of an app with a list for everybody, for editors, and one that is kept for a while."""
    monkeypatch.setenv("CORS_ALLOWED_ORIGINS", ORIGIN)
    routes = Routes("shelves")
    routes.get("/list", role=PUBLIC)(shelf.answer)
    routes.get("/own", role=Role.EDITOR)(shelf.answer)
    routes.get("/kept", role=PUBLIC, cached=Caching.MINUTES)(shelf.answer)
    return Client(create_app("shelves", [routes]))


def asked(client: Client, held: str, path: str = "/list", method: str = "GET", **options: Any) -> Answer:
    """The answer to a caller who holds what `held` names."""
    return client.request(method, path, headers={"If-None-Match": held, "Origin": ORIGIN}, **options)


def test_an_answer_carries_its_version_as_a_strong_tag(client: Client) -> None:
    answer = client.get("/list")
    assert answer.headers["ETag"] == FIRST != SECOND
    assert (FIRST[0], FIRST[-1], len(FIRST)) == ('"', '"', len(entity_tag("")))
    assert (answer.headers["Cache-Control"], answer.json) == ("no-cache", {"state": True})


@pytest.mark.parametrize("form", ["{tag}", "W/{tag}", '"a", {tag}', '"a",W/{tag} , "b"', " {tag} "])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_holds_it_gets_a_304_and_no_body_is_made(
    client: Client, shelf: Shelf, form: str, method: str
) -> None:
    answer = asked(client, form.format(tag=FIRST), method=method)
    assert (answer.status, answer.text, shelf.made) == (304, "", 0)
    assert answer.headers["ETag"] == FIRST
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert answer.headers["Vary"] == client.get("/list").headers["Vary"]
    assert "Content-Type" not in answer.headers


@pytest.mark.parametrize("held", ["", '"another"', 'W/"another"', SECOND, FIRST.strip('"'), ",,"])
def test_who_holds_another_gets_it_whole(client: Client, held: str) -> None:
    answer = asked(client, held)
    assert (answer.status, answer.headers["ETag"]) == (200, FIRST)


def test_a_new_version_is_sent_to_who_holds_the_old_one(client: Client, shelf: Shelf) -> None:
    shelf.version = SECOND
    answer = asked(client, FIRST)
    assert (answer.status, answer.headers["ETag"], answer.json) == (200, SECOND, {"state": False})
    shelf.version = ""
    answer = asked(client, SECOND)
    assert (answer.status, answer.headers["ETag"]) == (200, entity_tag(answer.text))


def test_who_holds_whatever_there_is_gets_a_304_once_the_body_is_known(client: Client, shelf: Shelf) -> None:
    answer = asked(client, "*")
    assert (answer.status, answer.text, answer.headers["ETag"], shelf.made) == (304, "", FIRST, 1)


@pytest.mark.parametrize("held", [None, FIRST])
def test_head_says_what_get_would_send(client: Client, held: str | None) -> None:
    got = client.get("/list")
    answer = client.request("HEAD", "/list", headers={"If-None-Match": held} if held else {})
    assert (answer.status, answer.text) == (304 if held else 200, "")
    assert answer.headers["ETag"] == got.headers["ETag"]
    if not held:
        assert answer.headers["Content-Length"] == str(len(got.text))


def test_what_a_process_without_a_version_sent_is_held_too(client: Client, shelf: Shelf) -> None:
    shelf.version = ""
    unversioned = client.get("/list")
    shelf.version = FIRST
    answer = asked(client, unversioned.headers["ETag"])
    # The tag that the caller named, for that is the one of what it holds.
    assert (answer.status, answer.headers["ETag"]) == (304, unversioned.headers["ETag"])
    shelf.version = SECOND
    assert asked(client, unversioned.headers["ETag"]).status == 200


@pytest.mark.parametrize("path", ["/list", "/own"])
def test_what_a_signed_in_caller_sees_is_made_and_kept_by_nobody(
    client: Client, shelf: Shelf, path: str
) -> None:
    answer = asked(client, f"{FIRST}, *", path, token=admin_token())
    assert (answer.status, shelf.made) == (200, 1)
    assert answer.headers["Cache-Control"] == "private, no-store"
    # The tag that If-Match compares.
    assert answer.headers["ETag"] == entity_tag(answer.text)


def test_what_is_declared_to_be_kept_has_no_tag(client: Client, shelf: Shelf) -> None:
    answer = asked(client, FIRST, "/kept")
    assert (answer.status, "ETag" in answer.headers, shelf.made) == (200, False, 1)


def test_an_answer_that_is_held_without_saying_so_is_an_error_and_not_an_empty_list(table: str) -> None:
    routes = Routes("shelves")
    routes.get("/list", role=PUBLIC)(lambda _: Response(version=FIRST, is_held=True))
    answer = Client(create_app("shelves", [routes])).get("/list")
    assert (answer.status, "ETag" in answer.headers) == (500, False)
    with pytest.raises(ValueError, match="known by its version"):
        Response(is_held=True)


def test_versions_are_the_same_in_every_process_and_differ_in_every_part() -> None:
    assert version_tag("a", 1, ("b", None)) == '"f884a052cdab1f60af265bee8993b58f"'
    different = (("a", "b"), ("ab",), ("a", "b", ""), ("a", ("b",)), ("a", 1), ("a", "1"))
    assert len({version_tag(*parts) for parts in different}) == len(different)
