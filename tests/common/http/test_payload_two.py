"""The same requests through every form of event: a REST API's, an HTTP API's, a function URL's."""

import base64
import gzip
import subprocess
import sys
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.http import Request, Response, Routes, ShopApp, create_app, set_cookie
from common.http.events import read_call, read_request
from common.http.payload_two import compressed, in_form_one, in_form_two
from tests.support.http import Answer, Client
from tests.support.payloads import KINDS, GatewayTwo, event_two, gateway_of
from tests.support.tokens import admin_token
from tools.local.gateway import Gateway

TWO = KINDS[1:]
ORIGIN = "https://shop.example"
PATTERNS = (("/things", ("", "things")), ("/things/{thing}", ("", "things", "{thing}")))

segments = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
values = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
pairs = st.lists(st.tuples(st.sampled_from(["q", "tag", "à b", "page"]), values), max_size=4)


def seen(answer: Answer) -> tuple[int, dict[str, str], str, list[str]]:
    """All of an answer that may not depend on the form of the event."""
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status, headers, answer.text.replace(answer.headers["x-request-id"], ""), answer.set_cookies


def everywhere(app: ShopApp, method: str, path: str, **options: Any) -> list[Any]:
    """What is answered to one request by each kind of event."""
    return [
        seen(Client(app, gateway=gateway_of(kind, app)).request(method, path, **options)) for kind in KINDS
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(segment=segments, query=pairs, signed=st.booleans())
def test_any_path_and_query_is_read_alike(
    app: ShopApp, segment: str, query: list[tuple[str, str]], signed: bool
) -> None:
    sent = "&".join(f"{quote(name)}={quote(value, safe='')}" for name, value in query)
    headers = {"Cookie": "auth_token=none; a=1"} if signed else {}
    for path in (f"/things/{quote(segment, safe='')}", "/things", "/nowhere/at/all"):
        rest, http, url = everywhere(app, "GET", f"{path}?{sent}", headers=headers)
        assert url == rest
        # An HTTP API decodes the path before anybody sees it: an encoded slash becomes one.
        if "/" not in segment:
            assert http == rest


@pytest.mark.parametrize("kind", TWO)
@pytest.mark.parametrize(
    ("method", "path", "options"),
    [
        ("GET", "/things?tag=1&tag=2&tag=a%2Cb&q=a+b&empty=", {}),
        ("GET", "/things/", {}),
        ("GET", "//things", {}),
        ("GET", "/things/", {"headers": {"Origin": ORIGIN}}),
        ("HEAD", "/things", {}),
        ("OPTIONS", "/things", {"headers": {"Origin": ORIGIN}}),
        ("OPTIONS", "/nowhere", {"headers": {"Origin": ORIGIN}}),
        ("POST", "/things", {"json": {}}),
        ("POST", "/echo", {"json": {"title": "città"}}),
        ("POST", "/echo", {"data": b"\xff\xfe", "headers": {"Content-Type": "application/octet-stream"}}),
        ("POST", "/echo", {"data": "{", "headers": {"Content-Type": "application/json"}}),
        ("PUT", "/echo", {"data": {"a": "1 2"}}),
        ("PUT", "/echo", {}),
        ("POST", "/upload", {"files": {"file": ("a.png", bytes(range(256)), "image/png")}}),
        ("DELETE", "/admin/things/1", {}),
        ("GET", "/admin/things", {"headers": {"Cookie": "a=1; auth_token=wrong"}}),
    ],
)
def test_every_kind_of_request_is_answered_alike(
    app: ShopApp, kind: str, method: str, path: str, options: dict[str, Any]
) -> None:
    rest = Client(app).request(method, path, **options)
    assert seen(Client(app, gateway=GatewayTwo(app, kind)).request(method, path, **options)) == seen(rest)


@pytest.mark.parametrize("kind", TWO)
def test_what_the_caller_holds_already_is_304(app: ShopApp, kind: str) -> None:
    client = Client(app, gateway=GatewayTwo(app, kind))
    tag = client.get("/things").headers["etag"]
    answer = client.get("/things", headers={"If-None-Match": tag})
    assert (answer.status, answer.text) == (304, "")


@pytest.mark.parametrize("kind", TWO)
def test_who_is_signed_in_is_known_by_token_and_by_cookie(app: ShopApp, kind: str) -> None:
    token = admin_token()
    client = Client(app, gateway=GatewayTwo(app, kind))
    assert client.get("/admin/things", token=token).json == {"caller": "admin"}
    cookies = {"Cookie": f"other=1; auth_token={token}"}
    assert client.get("/admin/things", headers=cookies).json == {"caller": "admin"}


@pytest.mark.parametrize("kind", TWO)
def test_several_cookies_are_set(kind: str) -> None:
    routes = Routes("sample")

    @routes.post("/in", role=None)
    def sign_in(request: Request) -> Response:
        cookies = [set_cookie(name, "1", max_age=60) for name in ("one", "two")]
        return Response({}, cookies=cookies)

    app = create_app("sample", [routes])
    asked = [Client(app, gateway=gateway_of(each, app)).post("/in") for each in ("rest", kind)]
    assert asked[0].set_cookies == asked[1].set_cookies
    assert len(asked[1].set_cookies) == 2
    assert "set-cookie" not in asked[1].headers


def test_the_name_of_a_stage_is_no_part_of_the_path(app: ShopApp) -> None:
    named = Client(app, gateway=GatewayTwo(app, "http", stage="prod"))
    assert named.get("/things/prod").json["params"] == {"thing": "prod"}
    assert Client(app, gateway=GatewayTwo(app, "http")).get("/prod/things").status == 404
    event = event_two("http", "GET", "/duction", {}, None, stage="prod") | {"rawPath": "/production"}
    assert in_form_one(event, PATTERNS)["path"] == "/production"


@pytest.mark.parametrize("kind", TWO)
def test_the_callers_address_is_the_events_own_and_no_headers(kind: str) -> None:
    headers = {"X-Forwarded-For": "1.1.1.1", "X-Viewer-Address": "1.1.1.1", "X-Edge-Secret": "guessed"}
    event = in_form_one(event_two(kind, "GET", "/things", headers, None, "192.0.2.7"), PATTERNS)
    assert read_request(event, read_call(event, None)).source_ip == "192.0.2.7"


@pytest.mark.parametrize("kind", TWO)
@pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.5", "deflate,GZIP"])
def test_a_large_answer_is_compressed_for_who_takes_it(kind: str, accepted: str) -> None:
    app = large_app()
    plain: Any = app(event_two(kind, "GET", "/large", {}, None), None)
    packed: Any = app(event_two(kind, "GET", "/large", {"Accept-Encoding": accepted}, None), None)
    assert packed["isBase64Encoded"]
    assert gzip.decompress(base64.b64decode(packed["body"])).decode() == plain["body"]
    assert len(packed["body"]) < len(plain["body"]) / 10
    assert packed["headers"]["Content-Encoding"] == "gzip"
    assert packed["headers"]["Vary"] == f"{plain['headers']['Vary']}, Accept-Encoding"


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "gzip; q=0.000", "identity"])
def test_who_does_not_take_gzip_gets_the_answer_as_it_is(accepted: str) -> None:
    asked = event_two("url", "GET", "/large", {"Accept-Encoding": accepted}, None)
    answer = large_app()(asked, None)
    assert "Content-Encoding" not in answer["headers"]
    assert not answer["isBase64Encoded"]


def test_a_small_answer_and_one_that_is_binary_are_not_compressed(app: ShopApp) -> None:
    answer = app(event_two("url", "GET", "/things", {"Accept-Encoding": "gzip"}, None), None)
    assert "Content-Encoding" not in answer["headers"]
    picture = {"headers": {"Content-Type": "image/png"}, "cookies": [], "body": "A" * 2000}
    binary: Any = {"statusCode": 200, **picture, "isBase64Encoded": True}
    assert compressed(binary) == binary


def large_app() -> ShopApp:
    """An app with one answer that is worth compressing."""
    routes = Routes("sample")

    @routes.get("/large", role=None)
    def large(request: Request) -> Response:
        return Response({"text": "città " * 2000})

    return create_app("sample", [routes])


def test_an_answer_in_base64_stays_one() -> None:
    answer = in_form_two(
        {
            "statusCode": 200,
            "headers": {"Content-Type": "image/png"},
            "multiValueHeaders": {"Link": ["<a>", "<b>"], "Set-Cookie": ["a=1", "b=2"]},
            "body": base64.b64encode(b"\xff").decode(),
            "isBase64Encoded": True,
        }
    )
    assert answer == {
        "statusCode": 200,
        "headers": {"Content-Type": "image/png", "Link": "<a>, <b>"},
        "cookies": ["a=1", "b=2"],
        "body": "/w==",
        "isBase64Encoded": True,
    }


@pytest.mark.parametrize("event", [{"version": "2.0"}, {"version": "2.0", "requestContext": None}])
def test_an_event_without_a_request_is_no_crash(app: ShopApp, event: dict[str, Any]) -> None:
    assert app(event, None)["statusCode"] == 404


def test_a_rest_api_never_loads_the_other_form() -> None:
    script = (
        "import sys\nfrom common.http import create_app\napp = create_app('sample', [])\n"
        "app({'requestContext': {'httpMethod': 'GET', 'resourcePath': '/'}, 'headers': {}}, None)\n"
        "print(*(n for n in ('common.http.payload_two', 'common.http.edge') if n in sys.modules))"
    )
    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert finished.stdout.splitlines()[-1] == ""


def test_fixed_parts_are_looked_for_before_those_that_vary() -> None:
    routes = Routes("sample")

    @routes.get("/a/{x}", role=None)
    def varying(request: Request) -> dict[str, Any]:
        return {"x": request.params["x"]}

    @routes.get("/a/b", role=None)
    def fixed(request: Request) -> dict[str, Any]:
        return {"fixed": True}

    @routes.get("/a/{x}/c", role=None)
    def longer(request: Request) -> dict[str, Any]:
        return {"longer": request.params["x"]}

    app = create_app("sample", [routes])
    for kind in TWO:
        client = Client(app, gateway=GatewayTwo(app, kind))
        assert client.get("/a/b").json == {"fixed": True}
        assert client.get("/a/bb").json == {"x": "bb"}
        assert client.get("/a/b/c").json == {"longer": "b"}


def test_the_default_gateway_is_a_rest_apis(app: ShopApp) -> None:
    assert type(Client(app).gateway) is Gateway
