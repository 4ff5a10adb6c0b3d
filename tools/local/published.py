"""What other commands need to reach the shop that runs on this machine: its engine, queue and keys."""

import json
import os
from pathlib import Path

from tools import locks
from tools.local.credentials import write_private

FILE_NAME = "environment.json"

# Settings by which a caller names an engine or an account of their own.
OWN_ENGINE = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB", "DYNAMODB_ENDPOINT")

_SHARED = (
    *("AWS_", "AMAZON_", "DYNAMODB_", "ENVIRONMENT", "ETSY_", "S3_", "SHOPIFY_", "STOCK_", "TOKEN_"),
    # What mails are written and their links signed by.
    *(
        "JWT_SECRET",
        "MAIL_",
        "ORDER_PAGE_URL",
        "PASSWORD_PAGE_URL",
        "SHOP_LANGUAGE",
        "SHOP_TIME_ZONE",
        "SHOP_URL",
    ),
)


def publish(data: Path) -> None:
    """Keep what this process uses, readable by its owner only, until `withdraw`."""
    shared = {name: value for name, value in os.environ.items() if name.startswith(_SHARED)}
    write_private(data / FILE_NAME, json.dumps(shared, indent=2) + "\n")


def withdraw(data: Path) -> None:
    """Nobody can reach the shop any longer."""
    (data / FILE_NAME).unlink(missing_ok=True)


def of_running_shop(data: Path, run_lock: str) -> dict[str, str]:
    """What the shop on this data uses; empty while none runs."""
    if not locks.is_held(data / run_lock):
        return {}
    try:
        found: dict[str, str] = json.loads((data / FILE_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found
