"""Chalice's own commands on this project: `local` finds the engine, `deploy` is refused."""

import json
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.local_shop import ask, sign_in
from tests.support.programs import Program, program, run
from tools.engines.ministack import free_port
from tools.errors import ToolError
from tools.local.chalice_cli import called, prepare_local
from tools.package.stages import LOCAL_STAGE
from tools.paths import ROOT

# Its reloader starts the program that it is itself once more.
CHALICE = str(Path(sys.executable).with_name("chalice"))
LEFT_OUT = shutil.ignore_patterns(".*", "build", "tests", "__pycache__")
ENGINE = "http://127.0.0.1:4566"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project whose engine has a port of its own."""
    copy = tmp_path / "project"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT, symlinks=True)
    config = (ROOT / ".chalice" / "config.json").read_text().replace(":4566", f":{free_port(0)}")
    (copy / ".chalice").mkdir()
    (copy / ".chalice" / "config.json").write_text(config)
    return copy


@contextmanager
def serving(project: Path, given: dict[str, str], *arguments: str) -> Iterator[tuple[Program, int]]:
    """`chalice local` with its reloader, and its port."""
    port = free_port(0)
    with program([CHALICE, "local", "--port", str(port), *arguments], given, project) as shop:
        try:
            yield shop, port
        finally:
            shop.send(signal.SIGTERM)


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["local"], ("local", "local")),
        (["--debug", "local", "--port", "9000", "--stage=prod"], ("local", "prod")),
        (["deploy", "--stage", "catalog-prod"], ("deploy", "catalog-prod")),
        (["--project-dir", "x", "package", "out"], ("package", "local")),
        ([], ("", "")),
    ],
)
def test_command_and_stage_are_read_as_chalice_reads_them(
    arguments: list[str], command: tuple[str, str]
) -> None:
    assert called(arguments) == command


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL_S3", "DYNAMODB_ENDPOINT"])
def test_the_stages_engine_counts_and_no_other_beside_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARTSHOP_DATA_DIR", str(tmp_path))
    environ = {"AWS_ENDPOINT_URL": "https://dynamodb.eu-west-1.amazonaws.com"}
    prepare_local(LOCAL_STAGE, environ)
    assert environ["AWS_ENDPOINT_URL"] == ENGINE
    with pytest.raises(ToolError, match=f"{name} is https://elsewhere.test"):
        prepare_local(LOCAL_STAGE, {name: "https://elsewhere.test"})


def test_the_callers_account_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARTSHOP_DATA_DIR", str(tmp_path))
    environ = {
        "AWS_PROFILE": "mine",
        "AWS_SESSION_TOKEN": "mine",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    }
    prepare_local(LOCAL_STAGE, environ)
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN"} & set(environ)
    assert environ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] == "false"
    assert environ["ADMIN_PASSWORD_HASH"].startswith("$argon2id$")
    assert "make engine" in environ["STORAGE_HINT"]


@pytest.mark.parametrize("reloading", ["--autoreload", "--no-autoreload"])
def test_a_stage_that_is_none_is_not_served(project: Path, reloading: str) -> None:
    port = str(free_port(0))
    answer = run([CHALICE, "local", "--stage", "moon", "--port", port, reloading], {}, root=project)
    assert "There is no stage 'moon'; there are catalog-prod," in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("arguments", [["deploy"], ["deploy", "--stage", "catalog-prod"]])
def test_deploying_is_refused_with_what_does_it(project: Path, arguments: list[str]) -> None:
    answer = run([CHALICE, *arguments], {"AWS_DEFAULT_REGION": "eu-west-1"}, root=project)
    assert answer.returncode == 1
    assert answer.stderr.startswith("Error: `chalice deploy` leaves out")
    assert "make package STAGE=" in answer.stderr
    assert not (project / ".chalice" / "deployed").exists()


@pytest.mark.parametrize(
    "named",
    [
        pytest.param([], id="by default"),
        pytest.param(["--stage", LOCAL_STAGE], id="named", marks=pytest.mark.exhaustive),
    ],
)
def test_two_commands_serve_the_shop_and_say_when_the_engine_is_away(project: Path, named: list[str]) -> None:
    given = {"ADMIN_USERNAME": "anna", "ADMIN_PASSWORD": "correct horse"}
    with serving(project, given, *named) as (shop, port):
        assert "start it in another terminal with `make engine`" in shop.read_until("Serving on")
        status, _, body = ask(port, "GET", "/api/products")
        assert (status, "make engine" in json.loads(body)["error"]) == (503, True)
        with program(["-m", "tools.cli", "engine", "--no-demo"], given, project) as engine:
            assert "anna / the password given" in engine.read_until("Stop ")
            assert ask(port, "GET", "/api/products")[0] == 200
            token = sign_in(port, "anna", "correct horse")
            category = json.dumps({"name": "Prints", "slug": "prints"})
            made = ask(port, "POST", "/api/categories", category, Authorization=f"Bearer {token}")
            assert made[0] == 201
            engine.send(signal.SIGINT)
            assert engine.wait() == 0
        assert ask(port, "GET", "/api/categories")[0] == 503


def test_without_credentials_another_stage_is_a_503(project: Path, tmp_path: Path) -> None:
    given = {"AWS_EC2_METADATA_DISABLED": "true", "HOME": str(tmp_path)}
    with serving(project, given, "--stage", "catalog-prod") as (shop, port):
        shop.read_until("Serving on")
        for method, headers in (("GET", {}), ("POST", {"Authorization": "Bearer a.b.c"})):
            status, _, body = ask(port, method, "/api/products", **headers)
            assert (status, "stage catalog-prod" in json.loads(body)["error"]) == (503, True)
