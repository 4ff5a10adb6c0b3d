"""The local server's ports."""

import socket

import pytest

from common.http import create_app
from tools.local.gateway import Gateway
from tools.local.server import LocalServer, PortInUse


def test_a_port_in_use_is_said_in_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse) as refusal:
            LocalServer(Gateway(create_app("empty", [])), port)
    assert str(refusal.value) == f"Port {port} is in use; choose another, as in PORT={port + 1} make run."


def test_a_server_that_never_started_can_be_stopped() -> None:
    LocalServer(Gateway(create_app("empty", [])), 0).stop()
