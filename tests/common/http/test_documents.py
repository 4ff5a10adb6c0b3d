"""Answers that are no JSON: declared beside the route, and otherwise treated as every other answer."""

import pytest

from common.http import PUBLIC, Document, Request, Response, Role, Routes, ShopApp, create_app
from common.http.answer_size import BODY_BYTES
from tests.support.http import Client
from tests.support.payloads import KINDS, gateway_of
from tests.support.tokens import admin_token
from tools.api_document.document import api_document
from tools.api_document.responses import responses_of
from tools.api_document.shapes import Shapes

CSV, CSV_TYPE = "text/csv", "text/csv; charset=utf-8"
TABLE = "giorno,città\r\n" + "2026-12-01,Orvieto\r\n" * 200
POLICY = "default-src 'none'; style-src 'self'"


def routes_of_documents() -> Routes:
    """Routes that answer texts, one of them beside JSON."""
    routes = Routes("shop")

    @routes.get("/table", role=PUBLIC, media_types=(CSV,))
    def table(_request: Request) -> Document:
        return Document(TABLE, CSV_TYPE)

    @routes.get("/page", role=PUBLIC, media_types=("text/html",))
    def page(_request: Request) -> Response:
        return Response(Document("<p>", "text/html"), headers={"Content-Security-Policy": POLICY})

    @routes.get("/either", role=PUBLIC, answer="Message", media_types=(CSV,), query=("format",))
    def either(request: Request) -> object:
        is_table = request.arg("format", "json") == "csv"
        return Document(TABLE, CSV_TYPE) if is_table else {"message": "a"}

    @routes.get("/undeclared", role=PUBLIC, answer="Message")
    def undeclared(_request: Request) -> Document:
        return Document(TABLE, CSV_TYPE)

    @routes.get("/large", role=PUBLIC, media_types=(CSV,))
    def large(_request: Request) -> Document:
        return Document("a" * BODY_BYTES, CSV_TYPE)

    @routes.get("/forged", role=PUBLIC, media_types=(CSV,))
    def forged(_request: Request) -> Document:
        return Document("", f"{CSV_TYPE}\r\nSet-Cookie: a=1")

    @routes.get("/guarded", role=Role.ADMIN, media_types=(CSV,))
    def guarded(_request: Request) -> Document:
        return Document(TABLE, CSV_TYPE)

    return routes


@pytest.fixture
def documents(table: str) -> ShopApp:
    return create_app("documents", [routes_of_documents()])


@pytest.fixture
def client(documents: ShopApp) -> Client:
    return Client(documents)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("accepted", ["", "gzip"])
def test_a_text_is_sent_as_it_is_by_every_kind_of_api(documents: ShopApp, kind: str, accepted: str) -> None:
    client = Client(documents, gateway=gateway_of(kind, documents), headers={"Accept-Encoding": accepted})
    answer = client.get("/table")
    assert (answer.status, answer.headers["Content-Type"]) == (200, CSV_TYPE)
    is_packed = bool(accepted) and kind != "rest"
    assert answer.headers.get("Content-Encoding") == ("gzip" if is_packed else None)
    if not is_packed:
        assert answer.text == TABLE


def test_it_has_a_tag_by_which_it_is_asked_for_again(client: Client) -> None:
    tag = client.get("/table").headers["ETag"]
    again = client.get("/table", headers={"If-None-Match": tag})
    assert (again.status, again.text, "Content-Type" in again.headers) == (304, "", False)


def test_head_says_how_long_it_is(client: Client) -> None:
    answer = client.request("HEAD", "/table")
    assert (answer.status, answer.text) == (200, "")
    assert answer.headers["Content-Length"] == str(len(TABLE.encode()))
    assert answer.headers["Content-Type"] == CSV_TYPE


def test_a_policy_of_its_own_stands_in_the_place_of_the_strictest(client: Client) -> None:
    assert client.get("/page").headers["Content-Security-Policy"] == POLICY
    assert client.get("/table").headers["Content-Security-Policy"].startswith("default-src 'none'; frame")
    assert client.get("/page").headers["X-Content-Type-Options"] == "nosniff"


def test_a_route_may_answer_json_or_another_type(client: Client) -> None:
    assert client.get("/either").json == {"message": "a"}
    assert client.get("/either?format=csv").text == TABLE


def test_what_is_not_declared_is_not_sent(client: Client) -> None:
    assert client.get("/undeclared").status == 500


def test_what_lambda_does_not_hand_on_is_refused(client: Client) -> None:
    assert client.get("/large").error == "The answer is larger than the 6 MB that can be sent"


def test_a_line_break_in_its_type_adds_no_header(client: Client) -> None:
    assert client.get("/forged").status == 500


def test_a_refusal_is_json_and_what_needs_a_role_is_kept_by_nobody(client: Client) -> None:
    assert client.get("/guarded").headers["Content-Type"] == "application/json"
    assert client.get("/guarded").status == 401
    assert client.get("/guarded", token=admin_token()).headers["Cache-Control"] == "private, no-store"


def test_the_apis_document_names_its_types() -> None:
    routes = {route.path: route for route in routes_of_documents()}
    text = {"schema": {"type": "string"}}
    assert responses_of(routes["/table"], Shapes())["200"]["content"] == {CSV: text}
    both = responses_of(routes["/either"], Shapes(), {"message": "a"})["200"]["content"]
    assert both.keys() == {"application/json", CSV}
    assert both["application/json"]["example"] == {"message": "a"}
    document = api_document([routes["/page"]])
    assert "text/html" in document["paths"]["/page"]["get"]["responses"]["200"]["content"]
