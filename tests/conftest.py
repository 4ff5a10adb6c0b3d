"""Fixtures for all tests: a clean environment, an engine and a fresh table."""

from collections.abc import Iterator
from os import getpid
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings

from catalog.index import category_names, documents, freshness
from common import config
from common.dynamodb import create_table, delete_table, reset_client
from common.encryption import new_local_key
from shop.analytics import known, limits
from tests.support.engines import DYNAMODB_LOCAL, chosen_engine, mocked_aws, running_dynamodb_local
from tests.support.quick_moto import put_empty_table

# No deadline: a slow machine is no defect. Tables are shared between examples; tests allow for that.
# On DynamoDB Local, whose every call is a request, a rule is tried a quarter as often as on moto.
settings.register_profile(
    "artshop",
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=25 if chosen_engine() == DYNAMODB_LOCAL else 100,
)
settings.register_profile("quick", settings.get_profile("artshop"), max_examples=25)
settings.load_profile("artshop")

_OF_ENGINES = Path(__file__).parent / "engine"

pytest_plugins = [
    "tests.support.exhaustive",
    "tests.support.postgresql",
    "tests.support.quick_passwords",
    "tests.support.stripe",
]

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    # Every Chalice app lengthens it, and with it the user agent of the programs that tests start.
    "AWS_EXECUTION_ENV": "tests",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "ENVIRONMENT": "test",
    "JWT_SECRET": "a-secret-of-the-tests-with-40-characters",
}
UNSET = (
    "ALLOWED_ORIGINS",
    "AMAZON_API_BASE",
    "AMAZON_CLIENT_ID",
    "AMAZON_CLIENT_SECRET",
    "AMAZON_MARKETPLACE_ID",
    "AMAZON_REFRESH_TOKEN",
    "AMAZON_SELLER_ID",
    "AMAZON_TOKEN_URL",
    "ANALYTICS_EVENTS_PER_MINUTE",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_DYNAMODB",
    "AWS_ENDPOINT_URL_S3",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_PROFILE",
    "AWS_SECURITY_TOKEN",
    "AWS_SESSION_TOKEN",
    "CATALOGUE_LARGEST_IN_MEMORY",
    "CATALOGUE_SNAPSHOT",
    "CHECKOUTS_PER_HOUR",
    "CREATOR_SIGN_UP",
    "CURSOR_SECRET",
    "DYNAMODB_ENDPOINT",
    "DYNAMODB_TABLE",
    "DYNAMODB_TABLE_NAME",
    "ETSY_API_BASE",
    "ETSY_AUTHORIZE_URL",
    "ETSY_CLIENT_ID",
    "ETSY_CLIENT_SECRET",
    "ETSY_DAILY_RESERVE",
    "ETSY_REDIRECT_URI",
    "ETSY_RENEW_SOLD_OUT",
    "ETSY_SHOP_IDS",
    "ETSY_SHOP_URL",
    "ETSY_SYNC_ENABLED",
    "ETSY_TOKEN_URL",
    "ETSY_WEBHOOK_SECRET",
    "KEPT_DOCUMENTS_MB",
    "LOG_LEVEL",
    "LOW_STOCK_THRESHOLD",
    "METRICS_NAMESPACE",
    "PAYMENT_PROVIDER",
    "PGSCHEMA",
    "SERVICE_NAME",
    "SHOPIFY_API_BASE",
    "SHOPIFY_API_VERSION",
    "SHOPIFY_CLIENT_ID",
    "SHOPIFY_CLIENT_SECRET",
    "SHOPIFY_LOCATION_ID",
    "SHOPIFY_PREVIOUS_CLIENT_SECRET",
    "SHOPIFY_SHOP_DOMAIN",
    "STOCK_QUEUE_URL",
    "STORAGE_MODE",
    "STRIPE_API_BASE",
    "STRIPE_API_KEY",
    "STRIPE_WEBHOOK_SECRET",
    "TAX_RATE",
    "TOKEN_ENCRYPTION_KEY",
    "TOKEN_ENCRYPTION_KEY_PARAMETER",
    "TOKEN_KMS_KEY_ID",
    "UNPAID_ORDER_MINUTES",
    "UNPAID_ORDER_MINUTES_MANUAL",
    "USE_IN_MEMORY_DYNAMODB",
)


def pytest_configure(config: pytest.Config) -> None:
    """With --quick a rule is tried a quarter as often; `make test-all` tries each a hundred times."""
    if config.getoption("--quick"):
        settings.load_profile("quick")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On DynamoDB Local only what asks an engine is run: all else says there what it says on moto.

    What tries one mechanism at length does so on moto, but for what only that engine can judge.
    """
    if chosen_engine() != DYNAMODB_LOCAL:
        return
    left = [item for item in items if not _asks_an_engine(item)]
    items[:] = [item for item in items if _asks_an_engine(item)]
    config.hook.pytest_deselected(items=left)


def _asks_an_engine(item: pytest.Item) -> bool:
    # A plugin, whose assertions are not rewritten if it is imported before.
    from tests.support.exhaustive import MARK

    if _OF_ENGINES in item.path.parents:
        return True
    names = set(getattr(item, "fixturenames", ()))
    return bool(names & {"aws", "dynamodb_local"}) and item.get_closest_marker(MARK) is None


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in UNSET:
        monkeypatch.delenv(name, raising=False)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    config.forget_secrets()
    known.forget()
    limits.WINDOW.forget()
    freshness.reset()
    category_names.reset()
    documents.reset()
    reset_client()
    yield
    reset_client()


@pytest.fixture
def token_key_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """A local key that tokens are sealed with."""
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEY", new_local_key())


@pytest.fixture(scope="session")
def dynamodb_local() -> Iterator[str]:
    """The endpoint of the DynamoDB Local of this test process."""
    with running_dynamodb_local() as endpoint:
        yield endpoint


@pytest.fixture
def engine_name() -> str:
    """The engine of a test's table."""
    return chosen_engine()


@pytest.fixture
def aws(engine_name: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """AWS without a table: DynamoDB by the chosen engine, the rest by moto; gives the engine's name."""
    if engine_name == DYNAMODB_LOCAL:
        monkeypatch.setenv("DYNAMODB_ENDPOINT", request.getfixturevalue("dynamodb_local"))
    with mocked_aws():
        yield engine_name


@pytest.fixture
def table(aws: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a fresh, empty table, which `DYNAMODB_TABLE_NAME` names too."""
    name = f"test-{uuid4() if aws == DYNAMODB_LOCAL else getpid()}"
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", name)
    reset_client()
    if aws != DYNAMODB_LOCAL:
        put_empty_table(name)
        yield name
        return
    create_table(name)
    yield name
    delete_table(name)
