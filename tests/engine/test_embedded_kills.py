"""The embedded engine killed with kill -9 under writes: what it acknowledged is there, whole, and once."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.embedded import Writer, create_table, fill, kill, kill_under_writes, missing
from tools.engines.ministack import MiniStack, free_port
from tools.engines.ministack_data import FILE

AT_ONCE = 4
AS_FAST_AS_THEY_CAN = 0.0
THIRTY_A_SECOND = AT_ONCE / 30


@pytest.mark.parametrize(
    ("megabytes", "paces"),
    [
        (1, [AS_FAST_AS_THEY_CAN, AS_FAST_AS_THEY_CAN, AS_FAST_AS_THEY_CAN, THIRTY_A_SECOND]),
        (100, [AS_FAST_AS_THEY_CAN, THIRTY_A_SECOND]),
    ],
)
def test_what_was_acknowledged_outlives_kills(tmp_path: Path, megabytes: int, paces: Sequence[float]) -> None:
    engine = MiniStack(tmp_path, free_port(0))
    engine.start()
    create_table(engine)
    kill(engine)
    fill(tmp_path, megabytes)
    assert (tmp_path / FILE).stat().st_size > megabytes * 1_000_000
    engine.start()
    try:
        writers: list[Writer] = []
        for number, pace_s in enumerate(paces):
            these = [Writer(f"{number}-{writer}", pace_s) for writer in range(AT_ONCE)]
            kill_under_writes(engine, these, after=60 + 7 * number)
            writers += these
            engine.start()
        assert [writer.refused for writer in writers if writer.refused] == []
        assert missing(engine, writers) == []
    finally:
        engine.stop()
        # pytest keeps the folders of its last runs.
        shutil.rmtree(tmp_path)
