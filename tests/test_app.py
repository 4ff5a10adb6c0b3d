"""The app mounts the domains that it is told to, and imports no other."""

import json

import pytest

from tests.support.programs import run

LOOK = """
import json, sys
from app import app
loaded = [name for name in ("catalog", "orders", "content", "shop", "etsy_sync") if name in sys.modules]
functions = sorted(source.name for source in app.event_sources)
print(json.dumps({"loaded": loaded, "paths": sorted(app.routes), "functions": functions}))
"""
PATHS = {
    "catalog": "/api/products",
    "orders": "/api/cart",
    "content": "/api/personaggi",
    "shop": "/health",
    "etsy_sync": "/api/inventory",
}


def look(domains: str) -> dict[str, list[str]]:
    finished = run(["-c", LOOK], {"SHOP_DOMAINS": domains})
    assert finished.returncode == 0, finished.stderr
    return dict(json.loads(finished.stdout))


def test_all_domains_are_mounted_by_default() -> None:
    found = look("")
    assert found["loaded"] == list(PATHS)
    assert set(PATHS.values()) <= set(found["paths"])


@pytest.mark.parametrize("domain", PATHS)
def test_one_domain_comes_without_the_others(domain: str) -> None:
    found = look(domain)
    assert found["loaded"] == [domain]
    assert {name for name, path in PATHS.items() if path in found["paths"]} == {domain}
    assert bool(found["functions"]) == (domain in {"catalog", "orders", "shop", "etsy_sync"})


def test_domains_are_listed_with_commas_and_blanks() -> None:
    assert look(" shop , catalog,shop")["loaded"] == ["catalog", "shop"]


def test_an_unknown_domain_is_named_with_those_that_there_are() -> None:
    finished = run(["-c", "import app"], {"SHOP_DOMAINS": "catalog,moon"})
    assert finished.returncode == 1
    assert "SHOP_DOMAINS names 'moon'; there are catalog, orders, content, shop, etsy_sync" in finished.stderr


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("CATALOGUE_SNAPSHOT", "yes", "CATALOGUE_SNAPSHOT must be on or off, not 'yes'"),
        (
            "CATALOGUE_LARGEST_IN_MEMORY",
            "many",
            "CATALOGUE_LARGEST_IN_MEMORY must be a whole number, not 'many'",
        ),
        (
            "STORAGE_MODE",
            "postgres",
            "STORAGE_MODE must be dynamodb, which is all that there is, not 'postgres'",
        ),
        ("STORAGE_MODE", "filesystem", "STORAGE_MODE must be dynamodb"),
        ("USE_IN_MEMORY_DYNAMODB", "true", "USE_IN_MEMORY_DYNAMODB must be false, not 'true'"),
        (
            "LOG_LEVEL",
            "loud",
            "LOG_LEVEL must be one of DEBUG, INFO, WARN, WARNING, ERROR, CRITICAL, not 'LOUD'",
        ),
    ],
)
def test_it_does_not_start_with_a_setting_that_it_would_pass_over(
    name: str, value: str, complaint: str
) -> None:
    finished = run(["-c", "import app"], {"SHOP_DOMAINS": "shop", name: value})
    assert finished.returncode == 1
    assert complaint in finished.stderr


def test_it_starts_with_the_settings_that_mean_what_there_is() -> None:
    meant = {"STORAGE_MODE": " DynamoDB ", "USE_IN_MEMORY_DYNAMODB": "false", "LOG_LEVEL": "warn"}
    assert run(["-c", "import app"], {"SHOP_DOMAINS": "shop", **meant}).returncode == 0
