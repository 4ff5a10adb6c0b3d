"""Tests of guarded routes: who gets in, and with what."""

import pytest

from common.http import ShopApp
from tests.common.http.conftest import ORIGIN
from tests.support.http import Client
from tests.support.tokens import admin_token, every_guarded_route, forged_token


def test_every_guarded_route_refuses_bad_tokens(app: ShopApp) -> None:
    assert every_guarded_route(app) == 2


def test_the_proof_fails_where_a_route_lets_everybody_in(
    app: ShopApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("common.http.app.authorise", lambda *_: None)
    with pytest.raises(AssertionError, match="/admin/things with a missing token"):
        every_guarded_route(app)


def test_an_admin_gets_in_by_header_and_by_cookie(client: Client) -> None:
    token = admin_token()
    by_header = client.get("/admin/things", token=token)
    by_cookie = client.get("/admin/things", headers={"Cookie": f"a=b; auth_token={token}"})
    assert by_header.json == by_cookie.json == {"caller": "admin"}


def test_refusals_carry_a_challenge_and_cors_headers(client: Client) -> None:
    answer = client.get("/admin/things", headers={"Origin": ORIGIN})
    assert (answer.status, answer.error) == (401, "Missing authorization header")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_a_bad_token_on_a_public_route_is_nobody(client: Client) -> None:
    assert client.get("/things/1", token=forged_token()).json["signed_in"] is False
    assert client.get("/things/1", token=admin_token()).json["signed_in"] is True


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://evil.example", 403),
        (ORIGIN, 200),
        ("https://api.example", 200),
        ("http://api.example", 403),
        ("https://api.example:8443", 403),
        ("https://api.example.evil.example", 403),
        ("ftp://api.example", 403),
        ("//api.example", 403),
        ("https://", 403),
        ("null", 403),
        ("", 403),
    ],
)
@pytest.mark.parametrize("host", ["api.example", "api.example:443", "API.example"])
def test_a_foreign_page_cannot_use_the_cookie(client: Client, host: str, origin: str, status: int) -> None:
    headers = {"Cookie": f"auth_token={admin_token()}", "Origin": origin, "Host": host}
    assert client.delete("/admin/things/1", headers=headers).status == status


@pytest.mark.parametrize("host", ["", " "])
def test_an_origin_without_a_host_is_nobodys(client: Client, host: str) -> None:
    for origin in ("null", "https://", "http://"):
        headers = {"Cookie": f"auth_token={admin_token()}", "Origin": origin, "Host": host}
        assert client.delete("/admin/things/1", headers=headers).status == 403


def test_a_server_on_this_machine_is_reached_by_plain_http(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENVIRONMENT", "development")
    sent = {"Cookie": f"auth_token={admin_token()}", "Host": "localhost:8000"}

    def status(origin: str, **more: str) -> int:
        return client.delete("/admin/things/1", headers=sent | {"Origin": origin} | more).status

    assert status("http://localhost:8000") == 200
    assert status("https://localhost:8000") == 403
    assert status("https://localhost:8000", **{"X-Forwarded-Proto": "https"}) == 200


def test_a_program_without_origin_may_use_the_cookie(client: Client) -> None:
    assert client.delete("/admin/things/1", headers={"Cookie": f"auth_token={admin_token()}"}).status == 200


def test_a_header_needs_no_allowed_origin(client: Client) -> None:
    answer = client.delete("/admin/things/1", token=admin_token(), headers={"Origin": "https://evil.example"})
    assert answer.status == 200
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_weak_key_in_production_is_the_operators_fault_and_not_told(
    client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    token = admin_token()
    monkeypatch.setenv("JWT_SECRET", "weak")
    monkeypatch.setenv("ENVIRONMENT", "production")
    answer = client.get("/admin/things", token=token)
    assert (answer.status, answer.error) == (500, "Internal server error")
    assert "JWT_SECRET must have at least 32 bytes" in capsys.readouterr().out
