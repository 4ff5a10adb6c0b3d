"""The page over HTTP: its files by name and no others, with tags, by every kind of API."""

import pytest

from app import load_routes
from common.http import ShopApp, create_app
from shop.studio.files import policy, studio_files
from tests.support.http import Client
from tests.support.payloads import KINDS, gateway_of


@pytest.fixture
def app() -> ShopApp:
    return create_app("shop", [load_routes("shop")])


@pytest.fixture
def client(app: ShopApp) -> Client:
    return Client(app)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", ["/studio", "/studio/"])
def test_the_page_is_there_for_everybody(app: ShopApp, kind: str, path: str) -> None:
    answer = Client(app, gateway=gateway_of(kind, app)).get(path)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Security-Policy"] == policy()
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    where = "" if path.endswith("/") else "studio/"
    assert f'src="{where}studio.js"' in answer.text


@pytest.mark.parametrize("name", sorted(studio_files()))
def test_each_file_has_its_type_the_policy_and_a_tag(client: Client, name: str) -> None:
    answer = client.get(f"/studio/{name}")
    assert (answer.status, answer.text) == (200, studio_files()[name].text)
    assert answer.headers["Content-Type"] == studio_files()[name].content_type
    assert answer.headers["Content-Security-Policy"] == policy()
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-cache"
    again = client.get(f"/studio/{name}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status, again.text) == (304, "")


@pytest.mark.parametrize(
    "name",
    [
        "nothing.js",
        "index.html",
        "files.py",
        "__init__.py",
        "..%2Ffiles.py",
        "%2e%2e%2ffiles.py",
        "..%5Cfiles.py",
        "studio.js%00",
        "STUDIO.JS",
        "page/studio.js",
        "..",
        "%2Fetc%2Fpasswd",
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_there_are_no_others(app: ShopApp, kind: str, name: str) -> None:
    answer = Client(app, gateway=gateway_of(kind, app)).get(f"/studio/{name}")
    assert answer.status in {400, 404}
    assert answer.error


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_it_is_read_only(client: Client, method: str) -> None:
    assert client.request(method, "/studio").status == 405
    assert client.request(method, "/studio/studio.js").status == 405


def test_asking_costs_no_read_whoever_asks(client: Client) -> None:
    # Without a table: nothing is asked of it.
    assert client.get("/studio", headers={"Cookie": "auth_token=anything"}).status == 200
