"""How the engine is reached: directly, or by botocore's HTTP where a proxy or other certificates are set."""

from pathlib import Path

import pytest

from common.dynamodb import get_client, get_item, reset_client
from common.dynamodb.client import _session
from common.dynamodb.connections import Connections
from common.dynamodb.exchanges import BotocoreExchange, exchange_of
from tests.support.engines import DYNAMODB_LOCAL

PLAIN, SECURED = "http://127.0.0.1:9", "https://127.0.0.1:9"
SETTINGS = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without proxies and certificates of its own."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize(
    ("endpoint", "setting", "value", "kind"),
    [
        (PLAIN, "SERVICE_NAME", "", Connections),
        (SECURED, "SERVICE_NAME", "", Connections),
        (PLAIN, "http_proxy", "http://127.0.0.1:8", BotocoreExchange),
        (PLAIN, "https_proxy", "http://127.0.0.1:8", Connections),
        (SECURED, "https_proxy", "http://127.0.0.1:8", BotocoreExchange),
        (SECURED, "AWS_CA_BUNDLE", "/certificates.pem", BotocoreExchange),
        (SECURED, "REQUESTS_CA_BUNDLE", "/certificates.pem", BotocoreExchange),
        (PLAIN, "AWS_CA_BUNDLE", "/certificates.pem", Connections),
    ],
)
def test_what_is_between_decides(
    endpoint: str, setting: str, value: str, kind: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DYNAMODB_ENDPOINT", endpoint)
    monkeypatch.setenv(setting, value)
    reset_client()
    exchange = exchange_of(get_client(), _session())
    assert isinstance(exchange, kind)
    exchange.close()


def test_a_proxy_is_passed_by_where_the_settings_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DYNAMODB_ENDPOINT", PLAIN)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:8")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    reset_client()
    assert isinstance(exchange_of(get_client(), _session()), Connections)


class TestByAProxy:
    """On an engine that is reached through another port, as a proxy is."""

    @pytest.fixture
    def engine_name(self) -> str:
        """An engine with a port of its own."""
        return DYNAMODB_LOCAL

    def test_rows_are_read_and_refusals_told(self, table: str, tmp_path: Path) -> None:
        exchange = BotocoreExchange(f"{get_client().meta.endpoint_url}/")
        answer = exchange.exchange({"x-amz-target": "DynamoDB_20120810.Nothing"}, b"{}")
        exchange.close()
        assert answer.status_code == 400
        assert answer.content
        assert get_item(("A", "B")) is None
