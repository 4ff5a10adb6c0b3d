"""A storefront whose base URLs are all one host, at a shop in five processes and at one in one."""

import os
import signal
from pathlib import Path

import pytest

from tests.support.local_shop import ask, running, stop
from tests.support.visit import Visit, all_calls
from tools.edge.table import DOMAINS, rule_for
from tools.engines.ministack import free_port

# Two whole shops are started.
pytestmark = pytest.mark.exhaustive

ARTIST = {"ADMIN_USERNAME": "anna", "ADMIN_PASSWORD": "correct horse battery"}


def visit_at(port: int) -> Visit:
    """The whole visit at a shop on this machine."""
    artist = {"username": ARTIST["ADMIN_USERNAME"], "password": ARTIST["ADMIN_PASSWORD"]}
    return all_calls(lambda method, path, body, headers: ask(port, method, path, body, **headers), artist)


def test_every_call_of_the_storefronts_is_answered_as_by_one_process(tmp_path: Path) -> None:
    port, other = free_port(0), free_port(0)
    with running(tmp_path / "split", port, "--split", **ARTIST) as shop:
        split = visit_at(port)
        assert stop(shop) == 0
    with running(tmp_path / "whole", other, **ARTIST) as shop:
        whole = visit_at(other)
        assert stop(shop) == 0
    assert split.seen == whole.seen
    refused = [call for call in split.seen if call[1] >= 400]
    assert [call[0] for call in refused] == ["GET /api/nowhere"]
    asked = {rule_for(call.partition(" ")[2].partition("?")[0]).domain for call, _, _ in split.seen}
    assert asked == set(DOMAINS)


def test_a_domain_that_was_killed_is_there_again(tmp_path: Path) -> None:
    port = free_port(0)
    with running(tmp_path, port, "--split", **ARTIST) as shop:
        for process in children(shop.process.pid):
            if b"tools.local.domain" in command(process):
                os.kill(process, signal.SIGKILL)
            while b"tools.local.domain" in command(process):
                pass
        for path in ("/api/products", "/api/personaggi", "/health", "/api/cart"):
            assert ask(port, "GET", path)[0] == 200
        assert stop(shop) == 0


def test_no_domain_outlives_a_shop_that_is_killed(tmp_path: Path) -> None:
    port = free_port(0)
    with running(tmp_path, port, "--split", **ARTIST) as shop:
        domains = children(shop.process.pid)
        assert len(domains) >= len(DOMAINS)
        shop.send(signal.SIGKILL)
        shop.wait()
    for process in domains:
        while Path(f"/proc/{process}").exists() and b"tools.local.domain" in command(process):
            pass


def children(parent: int) -> list[int]:
    """The process ids of a process's children."""
    return [int(word) for word in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def command(process: int) -> bytes:
    """A process's command; empty once it is gone."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""
