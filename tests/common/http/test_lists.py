"""Lists whose answers would be too large for Lambda: what is left out, and how a client goes on."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.http import PUBLIC, Request, Response, Routes, answer_size, create_app
from common.http.answer_size import BODY_BYTES, LAMBDA_BYTES, fits, most_bytes, sent_bytes
from common.http.lists import array_response, list_response
from common.http.paging import WHOLE, Paging, window
from common.http.responses import encode_json
from tests.common.http.conftest import ORIGIN
from tests.support.http import Answer, Client, read_answer

# What one character takes in the document that Lambda hands on.
WIDTHS = {"a": 1, '"': 4, "\n": 3, "è": 6, "漢": 6, "🎨": 12}


def shop_of(entries: list[Any]) -> Client:
    """An app with a page by page list of these entries, the same as an array, and the first by itself."""
    routes = Routes("lists")

    @routes.get("/pages", role=PUBLIC, paging=Paging(1000, 1000))
    def get_pages(request: Request) -> Response:
        places = window(request)
        stretch = places.stretch(entries[places.start : places.end], len(entries))
        return list_response(stretch, lambda shown: {"entries": shown, "total": len(entries)})

    @routes.get("/array", role=PUBLIC, paging=WHOLE)
    def get_array(request: Request) -> Response:
        places = window(request)
        return array_response(places.stretch(entries[places.start : places.end], len(entries)))

    @routes.get("/first", role=PUBLIC)
    def get_first(_: Request) -> Any:
        return entries[0]

    return Client(create_app("lists", [routes]), headers={"Origin": ORIGIN})


def sendable(client: Client, path: str, params: dict[str, str]) -> Answer:
    """The answer, which Lambda can hand on as its runtime writes it."""
    query = "&".join(f"{name}={value}" for name, value in params.items())
    sent = client.gateway.ask("GET", f"{path}?{query}", [("Origin", ORIGIN)], None, client.address)
    assert len(json.dumps(sent)) <= LAMBDA_BYTES
    answer = read_answer(sent)
    assert answer.status == 200, answer.text[:200]
    return answer


def following(path: str, answer: Answer) -> str:
    """The cursor of what follows an answer."""
    if path == "/pages":
        return str(answer.json.get("lastEvaluatedKey", ""))
    link = answer.headers.get("Link", '<?lastEvaluatedKey=>; rel="next"')
    assert link.startswith("<?")
    assert link.endswith('>; rel="next"')
    return dict(parse_qsl(link[2:-13], keep_blank_values=True))["lastEvaluatedKey"]


def walk(client: Client, path: str, entries_of: Callable[[Any], list[Any]]) -> list[list[Any]]:
    """Every part of a list, by the cursor that each ends with."""
    parts, params = [], {"colour": "red"}
    while True:
        answer = sendable(client, path, params)
        parts.append(entries_of(answer.json))
        cursor = following(path, answer)
        if not cursor:
            return parts
        params["lastEvaluatedKey"] = cursor


@pytest.mark.parametrize(("letter", "room"), [*((letter, 50_000) for letter in WIDTHS), ("è", BODY_BYTES)])
def test_a_list_ends_before_the_limit_and_goes_on_behind_its_end(
    monkeypatch: pytest.MonkeyPatch, letter: str, room: int
) -> None:
    monkeypatch.setattr(answer_size, "BODY_BYTES", room)
    # Five of these fit, whatever the letter takes; six do not.
    text = letter * (room * 10 // 55 // WIDTHS[letter])
    entries = [{"id": number, "text": text} for number in range(11)]
    client = shop_of(entries)
    for path, entries_of in (("/pages", lambda body: body["entries"]), ("/array", list)):
        parts = walk(client, path, entries_of)
        assert [len(part) for part in parts] == [5, 5, 1]
        assert [entry for part in parts for entry in part] == entries
    assert sendable(client, "/pages", {}).json["total"] == 11


def test_a_list_that_fits_says_no_more_than_its_page_does() -> None:
    client = shop_of([{"id": number} for number in range(5)])
    whole = sendable(client, "/array", {})
    assert (len(whole.json), "Link" in whole.headers) == (5, False)
    page = sendable(client, "/pages", {"per_page": "2", "page": "2"}).json
    assert [entry["id"] for entry in page["entries"]] == [2, 3]
    rest = sendable(client, "/pages", {"per_page": "2", "cursor": page["lastEvaluatedKey"]}).json
    assert rest == {"entries": [{"id": 4}], "total": 5}


def test_a_cursor_belongs_to_its_list_and_filters() -> None:
    client = shop_of([{"id": number} for number in range(5)])
    cursor = client.get("/pages", params={"per_page": 2, "colour": "red"}).json["lastEvaluatedKey"]
    for path, query in (("/pages", {"colour": "blue"}), ("/pages", {}), ("/array", {"colour": "red"})):
        assert client.get(path, params={**query, "cursor": cursor}).status == 400
    known = {"cursor": cursor, "lastEvaluatedKey": cursor, "per_page": 1, "colour": "red"}
    assert client.get("/pages", params=known).json["entries"] == [{"id": 2}]
    other = client.get("/pages", params={**known, "lastEvaluatedKey": "x"})
    assert (other.status, other.error) == (400, "cursor must not differ from lastEvaluatedKey")


@pytest.mark.parametrize("path", ["/first", "/pages", "/array"])
def test_one_thing_that_is_too_large_is_an_error_that_says_so(path: str) -> None:
    answer = shop_of([{"text": "x" * LAMBDA_BYTES}, {}]).get(path)
    assert (answer.status, answer.error) == (500, "The answer is larger than the 6 MB that can be sent")
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_takes_more_than_is_reckoned(text: str) -> None:
    body = encode_json(text)
    assert sent_bytes(body) == len(json.dumps(body).encode())
    assert most_bytes(body) >= sent_bytes(body)


@pytest.mark.parametrize("letter", ["a", '"', "\x7f", "è", "漢", "🎨"])
def test_what_just_fits_is_told_from_what_does_not(letter: str) -> None:
    room = BODY_BYTES - 2
    width = sent_bytes(letter) - 2
    assert fits(letter * (room // width))
    assert not fits(letter * (room // width + 1))
