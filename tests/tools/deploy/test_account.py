"""The account that is deployed to."""

import pytest

from tests.tools.deploy.conftest import NUMBER
from tools.deploy.account import Account, open_account
from tools.errors import ToolError


def test_without_a_region_nothing_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    with pytest.raises(ToolError, match="No AWS region is set"):
        open_account()


def test_without_credentials_nothing_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    with pytest.raises(ToolError, match="No AWS credentials"):
        open_account()


def test_the_account_is_the_caller_s(account: Account) -> None:
    opened = open_account()
    assert (opened.number, opened.region, opened.endpoint) == (NUMBER, account.region, "")


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://abc123.execute-api.eu-west-1.amazonaws.com/prod/", "/_aws/execute-api/abc123/prod"),
        ("https://abc123.lambda-url.eu-west-1.on.aws/", "/_aws/lambda-url/abc123"),
    ],
)
def test_an_emulated_address_is_asked_at_the_emulator(account: Account, url: str, wanted: str) -> None:
    emulated = Account(account.session, NUMBER, account.region, "", "http://127.0.0.1:4000")
    assert emulated.reachable(url) == f"http://127.0.0.1:4000{wanted}"
    assert account.reachable(url) == url.rstrip("/")
