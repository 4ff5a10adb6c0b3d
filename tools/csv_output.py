"""Where a command's CSV goes: to a file that was not there, or to the terminal's program behind a pipe."""

from pathlib import Path

import click

from tools.errors import ToolError


def write_text(file: Path, text: str, *, force: bool = False) -> None:
    """Writes a table to a file, or to standard output for `-`, in UTF-8 with the line ends that it has.

    Raises ToolError for a file that is there, unless `force`.
    """
    data = text.encode()
    if str(file) == "-":
        click.echo(data, nl=False)
        return
    try:
        with file.open("wb" if force else "xb") as opened:
            opened.write(data)
    except FileExistsError as error:
        raise ToolError(f"{file} is there already; --force writes over it.") from error
    except OSError as error:
        raise ToolError(f"{file} cannot be written: {error.strerror}") from error
    click.echo(f"{file}: {len(data):,} bytes", err=True)
