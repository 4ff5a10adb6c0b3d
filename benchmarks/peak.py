"""`python -m benchmarks.peak WORDS`: runs `artshop WORDS`, and says last how much memory it took."""

from pathlib import Path

import click

from tools.cli import cli

_STATUS = Path("/proc/self/status")
_PEAK = "VmHWM:"


def peak_memory() -> int:
    """The most bytes that this process has had in memory so far (Linux)."""
    for line in _STATUS.read_text(encoding="ascii").splitlines():
        if line.startswith(_PEAK):
            return int(line.split()[1]) * 1024
    raise LookupError(f"{_STATUS} has no {_PEAK}")


def main() -> None:
    """Run the command; it ends as the command does."""
    try:
        cli(prog_name="artshop")
    finally:
        click.echo(peak_memory())


if __name__ == "__main__":
    main()
