"""Lambda's environment says where calls go and who makes them, unless a setting asks for more."""

import pytest

from common.dynamodb import get_client, reset_client
from common.dynamodb.client import _session
from common.dynamodb.surroundings import AGENT, of_client, of_lambda
from tests.common.dynamodb.lambdas import as_in_lambda


@pytest.fixture(autouse=True)
def in_lambda(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Lambda sets, and nothing more."""
    as_in_lambda(monkeypatch)


@pytest.mark.parametrize("token", ["", "a-token"])
def test_lambda_tells_region_and_credentials(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", token)
    found = of_lambda()
    assert found is not None
    assert (found.endpoint, found.region) == ("https://dynamodb.eu-west-1.amazonaws.com", "eu-west-1")
    keys = found.credentials()
    assert keys is not None
    assert (keys.access_key, keys.secret_key, keys.token) == ("testing", "testing", token or None)
    assert (found.agent, found.bundle) == (AGENT, None)


def test_it_is_the_endpoint_that_botocore_finds() -> None:
    found = of_lambda()
    assert found is not None
    assert found.endpoint == of_client(get_client(), _session()).endpoint


def test_an_endpoint_that_is_set_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DYNAMODB_ENDPOINT", "http://127.0.0.1:9")
    found = of_lambda()
    assert found is not None
    assert found.endpoint == "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
        ("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9"),
        ("AWS_PROFILE", "shop"),
        ("AWS_CONFIG_FILE", "/config"),
        ("AWS_USE_FIPS_ENDPOINT", "true"),
        ("AWS_CA_BUNDLE", "/certificates.pem"),
        ("REQUESTS_CA_BUNDLE", "/certificates.pem"),
        ("https_proxy", "http://127.0.0.1:8"),
        ("HTTPS_PROXY", "http://127.0.0.1:8"),
        ("AWS_REGION", "cn-north-1"),
        ("AWS_REGION", "us-gov-west-1"),
        ("AWS_REGION", "us-iso-east-1"),
        ("AWS_LAMBDA_FUNCTION_NAME", ""),
        ("AWS_ACCESS_KEY_ID", ""),
        ("AWS_SECRET_ACCESS_KEY", ""),
    ],
)
def test_what_it_does_not_know_is_left_to_botocore(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert of_lambda() is None


def test_botocore_tells_what_it_has_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-south-1")
    monkeypatch.setenv("AWS_CA_BUNDLE", "/certificates.pem")
    reset_client()
    found = of_client(get_client(), _session())
    assert (found.endpoint, found.region) == ("https://dynamodb.eu-south-1.amazonaws.com", "eu-south-1")
    assert found.bundle == "/certificates.pem"
    assert found.agent.startswith("Botocore/")
    keys = found.credentials()
    assert keys is not None
    assert keys.access_key
