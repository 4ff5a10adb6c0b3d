"""The engine alone: its port is the stage's, and one folder serves one."""

import socket
from pathlib import Path

import pytest

from tests.support.programs import run
from tools import locks
from tools.errors import ToolError
from tools.local.engine import wanted_port
from tools.local.process import RUN_LOCK


def test_the_port_is_that_of_the_stages_address() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert wanted_port(f"http://127.0.0.1:{port}") == port


def test_a_port_that_another_program_has_is_said_in_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ToolError, match=f"Port {port}, where stage local of .chalice/config.json looks"):
            wanted_port(f"http://127.0.0.1:{port}")


def test_an_engine_is_refused_on_the_data_of_a_shop_that_runs(tmp_path: Path) -> None:
    with locks.acquire(tmp_path / RUN_LOCK):
        answer = run(["-m", "tools.cli", "engine"], {"ARTSHOP_DATA_DIR": str(tmp_path)})
    assert answer.returncode == 1
    assert answer.stderr == f"Error: The shop runs already on the data in {tmp_path}; stop it first.\n"


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL_S3", "DYNAMODB_ENDPOINT"])
def test_an_engine_that_is_elsewhere_is_not_filled_beside_it(name: str, tmp_path: Path) -> None:
    given = {"ARTSHOP_DATA_DIR": str(tmp_path), name: "https://elsewhere.test"}
    answer = run(["-m", "tools.cli", "engine"], given)
    assert answer.returncode == 1
    assert answer.stderr == (
        f"Error: Stage local wants an engine on this machine; {name} is https://elsewhere.test.\n"
    )
    assert list(tmp_path.iterdir()) == []
