"""A deployed shop loses its table, and gets it back from an export: what is there, and what comes next."""

from dataclasses import dataclass
from subprocess import CompletedProcess
from typing import Any
from uuid import uuid4

import pytest

from tests.rehearsal.conftest import Rehearsal
from tests.rehearsal.test_contract import BUYER, a_line, a_work, ok
from tests.support.http import Client
from tests.support.programs import run
from tests.support.remote import remote_client
from tools.rehearsal.rehearse import PASSWORD, URL, USERNAME, contract_environment

TABLE = "ArtManagementTable-staging"
WORKS = 12
SKIPPED = 100
ORDER = BUYER | {"payment_method": "mock"}


@dataclass(frozen=True)
class Course:
    """What was seen before, while the table was gone, and after."""

    shop: Client
    artist: Client
    works: list[dict[str, Any]]
    order: dict[str, Any]
    late_order: dict[str, Any]
    meanwhile: dict[str, int]
    commands: dict[str, CompletedProcess[str]]
    deployed_again: CompletedProcess[str]
    stock: int


@pytest.fixture(scope="module")
def course(serving: Rehearsal, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A shop with works and an order; export; another order; the table deleted; restore."""
    folder = tmp_path_factory.mktemp("backups") / "evening"
    given = contract_environment(serving.url, serving.deployment.stage)
    shop = remote_client(given[URL])
    signing_in = {"username": given[USERNAME], "password": given[PASSWORD]}
    artist = remote_client(given[URL], token=ok(shop.post("/api/auth/login", json=signing_in))["token"])
    works = [a_work(artist) for _ in range(WORKS)]
    order = place_order(shop, works[0])
    commands: dict[str, CompletedProcess[str]] = {}

    def backup(*arguments: str) -> None:
        environment = serving.aws.environment | {"DYNAMODB_TABLE_NAME": TABLE}
        commands[arguments[0]] = run(["-m", "tools.cli", "backup", *arguments], environment)

    backup("export", str(folder))
    late_order = place_order(shop, works[1])
    lose_table(serving)
    meanwhile = {path: shop.get(path).status for path in ("/health", "/api/products", "/api/cart")}
    meanwhile["/api/orders"] = shop.post(
        "/api/orders", json=ORDER, headers={"X-Cart-Session": str(uuid4())}
    ).status
    backup("restore", str(folder), "--skip-ids", str(SKIPPED))
    backup("verify", str(folder))
    deployed_again = serving.deploy()
    stock = ok(shop.get(f"/api/products/{works[0]['id']}"))["variants"][0]["stock"]
    return Course(shop, artist, works, order, late_order, meanwhile, commands, deployed_again, stock)


def place_order(shop: Client, work: dict[str, Any]) -> dict[str, Any]:
    """The order of one piece of a work."""
    session = {"X-Cart-Session": str(uuid4())}
    ok(shop.post("/api/cart/items", json=a_line(work, 1), headers=session))
    placed: dict[str, Any] = ok(shop.post("/api/orders", json=ORDER, headers=session))["order"]
    return placed


def lose_table(serving: Rehearsal) -> None:
    """Delete the table, which takes two steps."""
    tables = serving.aws.client("dynamodb")
    with pytest.raises(tables.exceptions.ClientError, match="protect"):
        tables.delete_table(TableName=TABLE)
    tables.update_table(TableName=TABLE, DeletionProtectionEnabled=False)
    tables.delete_table(TableName=TABLE)


def number(order: dict[str, Any]) -> int:
    return int(order["order_number"].removeprefix("ORD-"))


def test_every_call_fails_while_the_table_is_gone_and_health_says_so(course: Course) -> None:
    others = {"/api/products": 500, "/api/cart": 500, "/api/orders": 500}
    assert course.meanwhile == {"/health": 503, **others}


def test_export_restore_and_comparison_end_well(course: Course) -> None:
    assert {name: done.returncode for name, done in course.commands.items()} == {
        "export": 0,
        "restore": 0,
        "verify": 0,
    }, [done.stdout + done.stderr for done in course.commands.values()]
    assert f"into {TABLE} (created)" in course.commands["restore"].stdout
    assert " 0 are missing, 0 are different, 0 are not of the backup" in course.commands["verify"].stdout


def test_works_orders_and_stock_are_there_again(course: Course) -> None:
    for work in course.works:
        assert ok(course.shop.get(f"/api/products/{work['slug']}"))["id"] == work["id"]
    assert ok(course.shop.get("/api/products"))["total"] == WORKS
    found = ok(course.artist.get(f"/api/orders/{course.order['id']}"))
    assert found["order_number"] == course.order["order_number"]
    assert course.stock == course.works[0]["variants"][0]["stock"] - 1


def test_what_came_after_the_export_is_lost_and_its_number_is_not_given_out_again(course: Course) -> None:
    assert course.artist.get(f"/api/orders/{course.late_order['id']}").status == 404
    following = place_order(course.shop, course.works[2])
    assert number(following) > number(course.order) + SKIPPED >= number(course.late_order)


def test_a_name_that_was_taken_is_taken(course: Course) -> None:
    body = {"title": "Again", "slug": course.works[3]["slug"], "base_price": 1, "status": "draft"}
    assert course.artist.post("/api/products", json=body).status == 409


def test_the_same_deployment_goes_on_with_the_restored_table(course: Course) -> None:
    assert course.deployed_again.returncode == 0, course.deployed_again.stdout + course.deployed_again.stderr
