"""`artshop run` as a person runs it: a process, a port, Ctrl-C."""

import json
import os
import resource
import signal
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.support.local_shop import ORIGIN, RUN, ask, running, sign_in, stop, until_healthy
from tests.support.programs import program
from tests.support.programs import run as run_program
from tools.engines.ministack import free_port, running_pid
from tools.local.settings import ENGINE_ACCESS


def test_the_shop_answers_and_stops_on_ctrl_c(tmp_path: Path) -> None:
    port = free_port(0)
    with running(tmp_path, port) as shop:
        status, headers, body = ask(port, "GET", "/health")
        assert (status, json.loads(body)["status"]) == (200, "healthy")
        assert headers["access-control-allow-origin"] == ORIGIN
        assert ask(port, "GET", "/nowhere")[0] == 404
        assert ask(port, "OPTIONS", "/api/products")[0] == 200
        assert stop(shop) == 0
    assert running_pid(tmp_path) is None


@pytest.mark.exhaustive
def test_data_and_credentials_outlive_a_restart(tmp_path: Path) -> None:
    port = free_port(0)
    with running(tmp_path, port) as shop:
        who = json.loads((tmp_path / "credentials.json").read_text())
        token = sign_in(port, who["username"], who["password"])
        assert create_category(port, token, "restart") == 201
        assert stop(shop, signal.SIGTERM) == 0
    with running(tmp_path, port) as shop:
        assert b'"restart"' in ask(port, "GET", "/api/categories")[2]
        assert create_category(port, token, "again") == 201
        assert stop(shop) == 0


@pytest.mark.exhaustive
def test_nothing_is_lost_when_the_shop_is_killed(tmp_path: Path) -> None:
    port = free_port(0)
    given = {"ADMIN_USERNAME": "anna", "ADMIN_PASSWORD": "correct horse battery"}
    with running(tmp_path, port, **given) as shop:
        token = sign_in(port, "anna", "correct horse battery")
        assert create_category(port, token, "killed") == 201
        shop.send(signal.SIGKILL)
        shop.wait()
    with running(tmp_path, port) as shop:
        assert b'"killed"' in ask(port, "GET", "/api/categories")[2]
        assert stop(shop) == 0


def queue_of(data: Path) -> tuple[Any, str]:
    """A client of the running shop's queue, and its address."""
    told = json.loads((data / "environment.json").read_text())
    client = boto3.client("sqs", endpoint_url=told["AWS_ENDPOINT_URL"], region_name=told["AWS_REGION"])
    return client, told["STOCK_QUEUE_URL"]


@pytest.fixture
def _local_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENGINE_ACCESS.items():
        monkeypatch.setenv(name, value)


@pytest.mark.exhaustive
@pytest.mark.usefixtures("_local_keys")
def test_the_queue_is_worked_off_and_outlives_a_killed_shop(tmp_path: Path) -> None:
    port = free_port(0)
    with running(tmp_path, port) as shop:
        client, url = queue_of(tmp_path)
        client.send_message(QueueUrl=url, MessageBody='{"sku": "AT-ONCE"}')
        assert '"messages":1' in shop.read_until("channels told")
        client.send_message(QueueUrl=url, MessageBody='{"sku": "LATER"}', DelaySeconds=4)
        shop.send(signal.SIGKILL)
        shop.wait()
    with running(tmp_path, port) as shop:
        assert '"messages":1' in shop.read_until("channels told")
        assert stop(shop) == 0
    assert not (tmp_path / "environment.json").exists()


@pytest.mark.exhaustive
def test_settings_can_come_from_a_file(tmp_path: Path) -> None:
    port = free_port(0)
    (tmp_path / "settings.env").write_text("export ADMIN_USERNAME=anna\nADMIN_PASSWORD='from the file'\n")
    with running(tmp_path, port, ARTSHOP_ENV_FILE=str(tmp_path / "settings.env")) as shop:
        assert sign_in(port, "anna", "from the file")
        assert stop(shop) == 0


@pytest.mark.exhaustive
def test_a_killed_engine_is_started_again(tmp_path: Path) -> None:
    port = free_port(0)
    with running(tmp_path, port) as shop:
        os.kill(running_pid(tmp_path) or 0, signal.SIGKILL)
        assert "is started again" in shop.read_until("is started again")
        until_healthy(port)
        assert stop(shop) == 0


@pytest.mark.exhaustive
@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits another process")
def test_a_full_disk_is_said_until_there_is_room(tmp_path: Path) -> None:
    port = free_port(0)
    with running(tmp_path, port) as shop:
        who = json.loads((tmp_path / "credentials.json").read_text())
        token = sign_in(port, who["username"], who["password"])
        engine = running_pid(tmp_path) or 0
        _, most = resource.prlimit(engine, resource.RLIMIT_FSIZE)
        resource.prlimit(engine, resource.RLIMIT_FSIZE, (4096, most))
        assert create_category(port, token, "refused") >= 500
        assert "CANNOT SAVE" in shop.read_until("CANNOT SAVE")
        resource.prlimit(engine, resource.RLIMIT_FSIZE, (most, most))
        assert "saves again" in shop.read_until("saves again")
        assert create_category(port, token, "taken") == 201
        assert stop(shop) == 0


@pytest.mark.exhaustive
def test_one_folder_serves_one_shop(tmp_path: Path) -> None:
    port = free_port(0)
    with running(tmp_path, port) as shop:
        given = {"PORT": str(free_port(0)), "ARTSHOP_DATA_DIR": str(tmp_path)}
        second = run_program(RUN, given)
        assert (second.returncode, second.stdout) == (1, "")
        assert second.stderr == f"Error: The shop runs already on the data in {tmp_path}; stop it first.\n"
        assert stop(shop) == 0


@pytest.mark.exhaustive
def test_a_password_of_the_caller_is_not_shown(tmp_path: Path) -> None:
    port = free_port(0)
    given = {"PORT": str(port), "ARTSHOP_DATA_DIR": str(tmp_path), "ADMIN_PASSWORD": "do-not-show"}
    with program(RUN, given) as shop:
        assert "do-not-show" not in shop.read_until("Stop ")
        assert stop(shop) == 0


def test_an_unknown_domain_is_said_in_one_sentence(tmp_path: Path) -> None:
    answer = run_program(RUN, {"SHOP_DOMAINS": "catalog,moon", "ARTSHOP_DATA_DIR": str(tmp_path)})
    assert answer.returncode == 1
    assert answer.stderr.startswith("Error: SHOP_DOMAINS names 'moon'; there are catalog, ")
    assert answer.stderr.count("\n") == 1


def create_category(port: int, token: str, slug: str) -> int:
    body = json.dumps({"name": slug, "slug": slug})
    return ask(port, "POST", "/api/categories", body, Authorization=f"Bearer {token}")[0]
