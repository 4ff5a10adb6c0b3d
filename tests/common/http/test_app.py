"""Tests of dispatch: every request gets an answer, and every failure is JSON with CORS headers."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from chalice.app import Blueprint, CloudWatchEvent, Rate, SQSEvent
from chalice.config import Config
from chalice.deploy.swagger import TemplatedSwaggerGenerator
from chalice.deploy.validate import validate_route_content_types, validate_routes
from chalice.local import LocalChalice, LocalGateway, create_local_server

from common.errors import InvalidInput, PayloadTooLarge
from common.http import PUBLIC, Request, Response, Routes, ShopApp, create_app
from tests.common.http.conftest import ORIGIN
from tests.support.http import Answer, Client, read_answer
from tests.support.tokens import admin_token


def app_answering(handler: Callable[[Request], Any], method: str = "get") -> Client:
    """A client of an app whose only route is `/only`."""
    routes = Routes("only")
    getattr(routes, method)("/only", role=PUBLIC)(handler)
    return Client(create_app("only", [routes]), headers={"Origin": ORIGIN})


def assert_is_error(answer: Answer, status: int) -> None:
    """The shape that every error has."""
    assert answer.status == status
    assert answer.error
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert answer.headers["X-Request-Id"]


def test_a_handler_answers_a_plain_value_as_200(client: Client) -> None:
    answer = client.get("/things/1")
    assert answer.status == 200
    assert answer.json["params"] == {"thing": "1"}


def test_a_handler_answers_a_response_with_its_status(client: Client) -> None:
    answer = client.post("/echo", json={"a": 1})
    assert (answer.status, answer.json) == (201, {"received": {"a": 1}})


def test_an_unknown_path_is_a_404(client: Client) -> None:
    assert_is_error(client.get("/nowhere", headers={"Origin": ORIGIN}), 404)


def test_an_unknown_path_below_a_known_one_is_a_404(client: Client) -> None:
    assert_is_error(client.get("/things/1/2", headers={"Origin": ORIGIN}), 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_an_unknown_method_is_a_405_that_names_the_allowed_ones(client: Client, method: str) -> None:
    answer = client.request(method, "/things", headers={"Origin": ORIGIN})
    assert_is_error(answer, 405)
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["/things", "/things/1", "/admin/things", "/nowhere"])
@pytest.mark.parametrize("signed_in", [False, True])
def test_head_answers_as_get_without_a_body(client: Client, path: str, signed_in: bool) -> None:
    client.token = admin_token() if signed_in else ""
    read = client.get(path, headers={"Origin": ORIGIN})
    answer = client.request("HEAD", path, headers={"Origin": ORIGIN})
    assert (answer.status, answer.text) == (read.status, "")
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    assert headers.pop("content-length") == str(len(read.text.encode()))
    assert headers == {name: value for name, value in read.headers.items() if name != "x-request-id"}


def test_head_asks_whether_a_copy_is_fresh(client: Client) -> None:
    tag = client.get("/things").headers["ETag"]
    answer = client.request("HEAD", "/things", headers={"If-None-Match": tag})
    assert (answer.status, answer.text, "content-length" in answer.headers) == (304, "", False)


def test_head_is_a_405_where_nothing_can_be_read(client: Client) -> None:
    answer = client.request("HEAD", "/echo", headers={"Origin": ORIGIN})
    assert (answer.status, answer.text) == (405, "")
    assert answer.headers["Allow"] == "OPTIONS, POST, PUT"


def test_the_route_table_that_is_packaged_has_head_beside_each_get(app: ShopApp) -> None:
    for path, methods in app.routes.items():
        assert ("HEAD" in methods) is ("GET" in methods), path


@pytest.mark.parametrize(
    "error", [KeyError("secret-word"), RuntimeError("secret-word"), TypeError("secret-word"), MemoryError()]
)
def test_an_unexpected_error_is_a_500_that_tells_nothing(error: Exception) -> None:
    def fail(request: Request) -> None:
        raise error

    answer = app_answering(fail).get("/only")
    assert_is_error(answer, 500)
    assert answer.json == {"error": "Internal server error", "request_id": answer.headers["X-Request-Id"]}


def test_endless_recursion_in_a_handler_is_a_500() -> None:
    def fall(request: Request) -> Any:
        return fall(request)

    assert_is_error(app_answering(fall).get("/only"), 500)


@pytest.mark.parametrize("body", [object(), {"x": {1, 2}}, float("nan"), [float("inf")], b"bytes"])
def test_a_body_that_json_cannot_say_is_a_500(body: object) -> None:
    assert_is_error(app_answering(lambda _: Response(body)).get("/only"), 500)


def test_an_error_whose_details_json_cannot_say_is_a_500() -> None:
    def fail(request: Request) -> None:
        error = InvalidInput("a text")
        error.details["what"] = object()
        raise error

    assert_is_error(app_answering(fail).get("/only"), 500)


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: x=y", "a\nb", "a\x00b"])
def test_a_header_with_control_characters_is_a_500(value: str) -> None:
    answer = app_answering(lambda _: Response({}, headers={"Location": value})).get("/only")
    assert_is_error(answer, 500)
    assert "Location" not in answer.headers


def test_a_cookie_with_control_characters_is_a_500() -> None:
    answer = app_answering(lambda _: Response({}, cookies=["a=b\r\nX: y"])).get("/only")
    assert_is_error(answer, 500)
    assert answer.set_cookies == []


def test_cookies_are_sent_one_by_one() -> None:
    answer = app_answering(lambda _: Response({}, cookies=["a=1; Path=/", "b=2"])).get("/only")
    assert answer.set_cookies == ["a=1; Path=/", "b=2"]
    assert answer.cookies == {"a": "1", "b": "2"}


def test_a_body_that_is_not_base64_is_a_400(app: ShopApp) -> None:
    answer = app(
        {
            "requestContext": {"httpMethod": "POST", "resourcePath": "/echo"},
            "headers": {"origin": ORIGIN},
            "body": "no base64!",
            "isBase64Encoded": True,
        },
        None,
    )
    assert_is_error(read_answer(answer), 400)


@pytest.mark.parametrize("event", [{}, {"requestContext": None}, {"headers": None, "requestContext": {}}])
def test_an_event_that_is_no_request_is_a_404(app: ShopApp, event: dict[str, Any]) -> None:
    assert read_answer(app(event, None)).status == 404


def test_security_headers_are_on_every_answer(client: Client) -> None:
    for answer in (client.get("/things"), client.get("/nowhere"), client.options("/things")):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


def test_development_does_not_ask_for_https(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "development")
    assert "Strict-Transport-Security" not in client.get("/things").headers


def test_the_gateways_request_id_is_answered(app: ShopApp) -> None:
    context = {"httpMethod": "GET", "resourcePath": "/things", "requestId": "id-of-the-gateway"}
    answer = read_answer(app({"requestContext": context, "headers": {}}, None))
    assert answer.headers["X-Request-Id"] == "id-of-the-gateway"


def test_a_refusal_made_outside_has_the_shape_of_every_other(app: ShopApp) -> None:
    answer = app.error_answer(PayloadTooLarge("Too large"), "POST", {"Origin": ORIGIN})
    assert_is_error(read_answer(answer), 413)


def test_routes_of_two_domains_stand_in_one_app(app: ShopApp) -> None:
    others = Routes("others")
    others.get("/others", role=PUBLIC)(lambda _: {"from": "others"})
    app.mount(others)
    assert Client(app).get("/others").json == {"from": "others"}
    assert Client(app).get("/things").status == 200


def test_the_same_method_and_path_twice_is_refused(app: ShopApp) -> None:
    again = Routes("again")
    again.get("/things", role=PUBLIC)(lambda _: {})
    with pytest.raises(ValueError, match="Duplicate method"):
        app.mount(again)


def test_two_names_for_one_variable_part_are_refused(app: ShopApp) -> None:
    again = Routes("again")
    again.get("/things/{id}/parts", role=PUBLIC)(lambda _: {})
    with pytest.raises(ValueError, match=r"/things/\{id\}.*\{thing\}"):
        app.mount(again)


def test_one_app_serves_threads_that_ask_at_once(client: Client) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = threads.map(lambda i: client.get(f"/things/{i}").json["params"]["thing"], range(100))
    assert list(answers) == [str(i) for i in range(100)]


def test_chalices_local_gateway_serves_the_app(app: ShopApp) -> None:
    gateway = LocalGateway(app, Config.create(lambda_timeout=29))
    answer = gateway.handle_request("GET", "/things/a%20b?x=1", {"Origin": ORIGIN}, None)
    assert json.loads(answer["body"])["params"] == {"thing": "a b"}
    preflight = gateway.handle_request("OPTIONS", "/things", {"Origin": ORIGIN}, None)
    assert preflight["headers"]["Access-Control-Allow-Origin"] == ORIGIN


def test_chalices_local_server_keeps_our_behaviour(app: ShopApp) -> None:
    server = create_local_server(app, Config.create(), "127.0.0.1", 0)
    server.server.server_close()
    assert isinstance(app, LocalChalice)
    assert_is_error(Client(app).get("/nowhere", headers={"Origin": ORIGIN}), 404)


def test_chalice_packages_each_route_with_its_preflight(app: ShopApp) -> None:
    validate_routes(app.routes)
    validate_route_content_types(app.routes, app.api.binary_types)
    document = TemplatedSwaggerGenerator().generate_swagger(app)
    assert set(document["paths"]["/admin/things/{thing}"]) == {"delete", "options"}
    assert "multipart/form-data" in document["x-amazon-apigateway-binary-media-types"]
    assert all("options" in methods for methods in document["paths"].values())


def test_scheduled_functions_are_still_chalices(app: ShopApp) -> None:
    @app.schedule(Rate(1, unit=Rate.HOURS))
    def tidy(event: CloudWatchEvent) -> str:
        return f"tidied by {event.source}"

    event = {
        "version": "0",
        "account": "1",
        "region": "eu-west-1",
        "detail": {},
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "time": "2026-01-31T10:00:00Z",
        "id": "1",
        "resources": [],
    }
    assert tidy(event, None) == "tidied by aws.events"
    assert [source.name for source in app.event_sources] == ["tidy"]


@pytest.mark.parametrize("where", [ShopApp("refusing"), Blueprint("refusing")])
def test_chalices_own_routes_are_refused_when_they_are_registered(where: ShopApp | Blueprint) -> None:
    def register() -> None:
        where.route("/things")(dict)
        if isinstance(where, Blueprint):
            ShopApp("refusing").register_blueprint(where)

    with pytest.raises(TypeError, match=r"declared with common\.http\.Routes .* not with @app\.route"):
        register()


def test_an_authorizer_is_refused_when_it_is_registered(app: ShopApp) -> None:
    with pytest.raises(TypeError, match=r"role is declared beside its path .* not with @app\.authorizer"):
        app.authorizer()(lambda request: request)


@pytest.mark.parametrize("kind", ["all", "http", "sqs"])
def test_middleware_is_refused_when_it_is_registered(app: ShopApp, kind: str) -> None:
    def tidy(event: object, get_response: Callable[[object], object]) -> object:
        return get_response(event)

    functions = Blueprint("functions")
    functions.middleware(kind)(tidy)
    for register in (lambda: app.middleware(kind)(tidy), lambda: app.register_blueprint(functions)):
        with pytest.raises(TypeError, match=r"^tidy: middleware .* common/http/app\.py"):
            register()


def test_a_blueprint_of_functions_is_taken(app: ShopApp) -> None:
    functions = Blueprint("functions")

    @functions.on_sqs_message("stock")
    def read(event: SQSEvent) -> str:
        return f"read {event.to_dict()}"

    app.register_blueprint(functions)
    assert [source.name for source in app.event_sources] == ["read"]
