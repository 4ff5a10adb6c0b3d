"""A share of one processor for a process, as Lambda gives it by memory; Linux's control groups enforce it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
MB_OF_ONE_CPU = 1769
# Short, so that a request is slowed down and not stopped and let go.
PERIOD_US = 20_000
GROUPS = Path("/sys/fs/cgroup/cpu")


def share_of(memory_mb: int) -> float:
    """How much of one processor a function of one thread has; more than one is of no use to it."""
    return min(1.0, memory_mb / MB_OF_ONE_CPU)


@contextmanager
def limited_to(share: float) -> Iterator[Path | None]:
    """The file that takes the ids of processes with this share; None where the machine does not allow it."""
    group = GROUPS / f"artshop-{os.getpid()}"
    try:
        group.mkdir()
    except OSError:
        yield None
        return
    try:
        (group / "cpu.cfs_period_us").write_text(str(PERIOD_US))
        (group / "cpu.cfs_quota_us").write_text(str(int(share * PERIOD_US)))
        yield group / "cgroup.procs"
    finally:
        group.rmdir()
