"""How the engine is reached: directly, or by botocore's HTTP where a proxy or other certificates are set."""

import pytest

from common.dynamodb import get_client
from common.dynamodb.connections import Connections
from common.dynamodb.exchanges import BotocoreExchange, Exchange, exchange_of
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
    ("endpoint", "bundle", "setting", "kind"),
    [
        (PLAIN, None, "", Connections),
        (SECURED, None, "", Connections),
        (PLAIN, None, "http_proxy", BotocoreExchange),
        (PLAIN, None, "https_proxy", Connections),
        (SECURED, None, "https_proxy", BotocoreExchange),
        (SECURED, "/certificates.pem", "", BotocoreExchange),
        (PLAIN, "/certificates.pem", "", Connections),
    ],
)
def test_what_is_between_decides(
    endpoint: str, bundle: str | None, setting: str, kind: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    if setting:
        monkeypatch.setenv(setting, "http://127.0.0.1:8")
    assert isinstance(_exchange(endpoint, bundle), kind)


def test_a_proxy_is_passed_by_where_the_settings_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:8")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert isinstance(_exchange(PLAIN), Connections)


def _exchange(endpoint: str, bundle: str | None = None) -> Exchange:
    exchange = exchange_of(endpoint, bundle=bundle, connect_timeout=1, read_timeout=1, most=1)
    exchange.close()
    return exchange


class TestByAProxy:
    """On an engine that is reached through another port, as a proxy is."""

    @pytest.fixture
    def engine_name(self) -> str:
        """An engine with a port of its own."""
        return DYNAMODB_LOCAL

    def test_an_answer_comes_back_as_it_is(self, table: str) -> None:
        exchange = BotocoreExchange(f"{get_client().meta.endpoint_url}/")
        answer = exchange.exchange({"x-amz-target": "DynamoDB_20120810.Nothing"}, b"{}")
        exchange.close()
        assert answer.status_code == 400
        assert answer.content
