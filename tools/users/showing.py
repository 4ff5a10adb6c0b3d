"""How the commands of accounts say what they found, and what was in the way."""

import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec

import click

from tools.errors import ToolError, engine_errors
from tools.jobs import table

P = ParamSpec("P")

# The columns of a list.
SHORT = ("username", "email", "role", "enabled", "created", "id")


def told_plainly(command: Callable[P, None]) -> Callable[P, None]:
    """The command, whose refusals are the shop's own sentences, without a trace."""

    @wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> None:
        from common.errors import ShopError

        with engine_errors():
            try:
                command(*args, **kwargs)
            except ShopError as error:
                if error.status >= 500:
                    raise
                raise ToolError(error.message) from error

    return told


def say(rows: Sequence[tuple[str, ...]]) -> None:
    """Prints a table."""
    for line in table(rows):
        click.echo(line)


def say_json(answer: Any) -> None:
    """Prints JSON, for programs to read."""
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
