"""Tests of reading API Gateway's events."""

from typing import Any

import pytest

from common.errors import InvalidInput, NotFound
from common.http import Request, ShopApp
from common.http.events import Headers, read_call, read_cookies, read_request
from tests.support.http import Client, Context, read_answer


def event_of(route: str = "/things/{thing}", **parts: Any) -> dict[str, Any]:
    """A GET event of a route."""
    return {"requestContext": {"httpMethod": "GET", "resourcePath": route}, **parts}


def request_of(**parts: Any) -> Request:
    """The request in such an event."""
    event = event_of(**parts)
    return read_request(event, read_call(event, None))


@pytest.mark.parametrize(
    ("raw", "decoded"),
    [
        ("a%20b", "a b"),
        ("a+b", "a+b"),
        ("%2F..%2F", "/../"),
        ("citt%C3%A0", "città"),
        ("%2520", "%20"),
        ("100%", "100%"),
    ],
)
def test_a_path_variable_is_decoded_exactly_once(raw: str, decoded: str) -> None:
    assert request_of(pathParameters={"thing": raw}).params == {"thing": decoded}


@pytest.mark.parametrize("raw", ["%ff", "%00", "a%00b", "%ED%A0%80"])
def test_a_path_variable_that_is_no_text_is_named(raw: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        request_of(pathParameters={"thing": raw})
    assert list(refused.value.fields) == ["thing"]


def test_a_path_variable_beyond_any_key_is_not_found() -> None:
    assert len(request_of(pathParameters={"thing": "x" * 512}).params["thing"]) == 512
    with pytest.raises(NotFound):
        request_of(pathParameters={"thing": "%C3%A0" * 257})


def test_variables_of_other_routes_are_left_out() -> None:
    assert request_of(pathParameters={"thing": "1", "other": "2"}).params == {"thing": "1"}


def test_the_query_is_taken_as_decoded_already() -> None:
    several = request_of(multiValueQueryStringParameters={"tag": ["a%20b", "c"], "q": [""]})
    assert several.query == {"tag": ["a%20b", "c"], "q": [""]}
    assert request_of(queryStringParameters={"tag": "a"}).query == {"tag": ["a"]}
    assert request_of(multiValueQueryStringParameters=None).query == {}


@pytest.mark.parametrize("value", ["\x00", "a\ud800", "x" * 1801])
def test_a_query_value_that_fits_no_key_is_named(value: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        request_of(multiValueQueryStringParameters={"tag": ["fine", value]})
    assert list(refused.value.fields) == ["tag"]


def test_a_query_goes_through_a_request(client: Client) -> None:
    answer = client.get("/things", params={"q": "città & mare", "tag": ["1", "2"]})
    assert answer.json["query"] == {"q": ["città & mare"], "tag": ["1", "2"]}
    assert client.get("/things?q=%00").status == 400


def test_headers_ignore_case_and_join_repetitions() -> None:
    several = {"Accept": ["a", "b"], "COOKIE": ["a=1", "b=2"]}
    request = request_of(headers={"Accept": "b"}, multiValueHeaders=several)
    assert request.headers["accept"] == request.headers["ACCEPT"] == "a, b"
    assert request.cookies == {"a": "1", "b": "2"}


def test_headers_are_a_mapping() -> None:
    headers = Headers([("Content-Type", "x"), ("ETag", "y")])
    assert (len(headers), sorted(headers), headers.get("etag"), headers.get("none")) == (
        2,
        ["content-type", "etag"],
        "y",
        None,
    )


@pytest.mark.parametrize(
    ("header", "cookies"),
    [
        ("", {}),
        ("a=1; b=2", {"a": "1", "b": "2"}),
        ('a="quoted";b=x=y', {"a": "quoted", "b": "x=y"}),
        ("a=1; a=2", {"a": "1"}),
        ("nonsense; ;=; {json}=1", {"": "", "{json}": "1"}),
    ],
)
def test_cookies_are_read_however_odd_their_neighbours(header: str, cookies: dict[str, str]) -> None:
    assert read_cookies(header) == cookies


def test_the_callers_address_is_the_gateways_word() -> None:
    event = event_of(headers={"X-Forwarded-For": "1.1.1.1"})
    event["requestContext"]["identity"] = {"sourceIp": "192.0.2.7"}
    assert read_request(event, read_call(event, None)).source_ip == "192.0.2.7"
    assert request_of().source_ip == ""


def test_the_path_is_the_one_asked_for() -> None:
    assert request_of(path="/things/1").path == "/things/1"


def test_the_request_id_falls_back_to_lambdas_and_to_a_fresh_one() -> None:
    context = Context()
    assert read_call(event_of(), context).request_id == context.aws_request_id
    assert read_call(event_of(), None).request_id != read_call(event_of(), None).request_id


def test_text_with_a_lone_surrogate_is_refused_as_the_callers_fault(app: ShopApp) -> None:
    event = {
        "requestContext": {"httpMethod": "POST", "resourcePath": "/echo"},
        "headers": {},
        "body": '{"title": "\ud800"}',
    }
    assert read_answer(app(event, None)).status == 400
