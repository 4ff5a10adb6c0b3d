"""One deployment at a time, and no lock of a holder that is gone."""

import os
import subprocess
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tools.deploy.lock import KEY, LASTS, Holder, only_deployment
from tools.deploy.store import Store, Taken
from tools.errors import ToolError


def holder(**fields: Any) -> Holder:
    """Anna, who deploys on another machine and goes on for a while."""
    now = datetime.now(UTC)
    until = (now + LASTS).isoformat()
    return replace(Holder("anna", "elsewhere", 1, "a-token", now.isoformat(), until), **fields)


def ended_process() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        return process.pid


def test_the_second_is_told_who_deploys_since_when(kept: Store) -> None:
    kept.write(kept.key(KEY), asdict(holder()))
    told = rf"anna on elsewhere has been deploying this stack since {datetime.now(UTC):%Y-%m-%d}T"
    with pytest.raises(ToolError, match=told), only_deployment(kept):
        pass
    assert kept.read(kept.key(KEY))[0]["owner"] == "anna"


def test_a_lock_of_this_process_keeps_the_others_out_and_ends_with_its_block(kept: Store) -> None:
    with only_deployment(kept):
        assert kept.read(kept.key(KEY))[0]["pid"] == os.getpid()
        with pytest.raises(ToolError, match="has been deploying"), only_deployment(kept):
            pass
    assert not kept.has(kept.key(KEY))


def test_a_lock_that_ran_out_is_taken(kept: Store) -> None:
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    kept.write(kept.key(KEY), asdict(holder(until=past)))
    with only_deployment(kept):
        assert kept.read(kept.key(KEY))[0]["pid"] == os.getpid()


def test_a_lock_of_a_killed_process_of_this_machine_is_taken_at_once(kept: Store) -> None:
    import socket

    kept.write(kept.key(KEY), asdict(holder(host=socket.gethostname(), pid=ended_process())))
    with only_deployment(kept):
        assert kept.read(kept.key(KEY))[0]["pid"] == os.getpid()


def test_a_lock_that_another_has_taken_over_is_left_to_him(kept: Store) -> None:
    with only_deployment(kept):
        kept.write(kept.key(KEY), asdict(holder()))
    assert kept.read(kept.key(KEY))[0]["owner"] == "anna"


def test_of_two_that_find_it_free_one_alone_writes(kept: Store) -> None:
    kept.write(kept.key(KEY), asdict(holder()), over="")
    with pytest.raises(Taken):
        kept.write(kept.key(KEY), asdict(holder(owner="bruno")), over="")


def test_of_two_that_find_it_run_out_one_alone_writes(kept: Store) -> None:
    tag = kept.write(kept.key(KEY), asdict(holder()))
    kept.write(kept.key(KEY), asdict(holder(owner="bruno")), over=tag)
    with pytest.raises(Taken):
        kept.write(kept.key(KEY), asdict(holder(owner="clara")), over=tag)
