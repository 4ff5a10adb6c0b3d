"""The settings that a measurement runs with, whatever the shell around it has."""

from collections.abc import MutableMapping

from catalog.index import documents, freshness
from common.dynamodb import create_table, reset_client

SETTINGS = {
    "AWS_ACCESS_KEY_ID": "benchmarks",
    "AWS_SECRET_ACCESS_KEY": "benchmarks",
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "ENVIRONMENT": "benchmarks",
    "JWT_SECRET": "a-secret-of-the-benchmarks-with-45-characters",
    "MEDIA_BASE_URL": "https://media.example.com",
    "TAX_RATE": "0.22",
    # All buyers have one address here.
    "CHECKOUTS_PER_HOUR": "1000000",
}

_FOREIGN = (
    "AMAZON_", "AWS_", "CHECKOUTS_", "CURSOR_", "DYNAMODB_", "ETSY_", "LOG_LEVEL", "LOW_STOCK_", "MAIL_",
    "PAYMENT_",    "PYTHONDONTWRITEBYTECODE", "REQUESTS_CA_BUNDLE",
    "SHOPIFY_", "SHOP_DOMAINS", "SHOP_URL", "STOCK_QUEUE_", "STRIPE_", "TOKEN_", "UNPAID_ORDER_",
)  # fmt: skip


def isolate(environment: MutableMapping[str, str], endpoint: str) -> None:
    """Replace every setting that matters, so that DynamoDB is the engine at `endpoint` and nothing else."""
    for name in [name for name in environment if name.startswith(_FOREIGN)]:
        del environment[name]
    environment.update(SETTINGS, DYNAMODB_ENDPOINT=endpoint)


def create_empty_table() -> None:
    """Create the table, of which this process holds nothing, as it may of an earlier one of the same name."""
    reset_client()
    freshness.reset()
    documents.reset()
    create_table()
