"""Makes this process look like one of Lambda's."""

import os

import pytest

_SPECIAL = (
    "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE",
    "AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_DEFAULT_PROFILE",
)  # fmt: skip


def as_in_lambda(monkeypatch: pytest.MonkeyPatch) -> None:
    """Name a function, and take away what this machine sets and Lambda does not."""
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "catalog")
    for name in [*_SPECIAL, *(name for name in os.environ if name.lower().endswith("_proxy"))]:
        monkeypatch.delenv(name, raising=False)
