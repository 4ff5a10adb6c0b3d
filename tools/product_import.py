"""How an import of products is told at the terminal, and carried out with a bar."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import click

from tools.errors import ToolError
from tools.progress import for_terminal

# How often somebody else's import is waited for, and how long each time.
ATTEMPTS, PAUSE_S = 20, 5.0
MOST_SHOWN = 50
_KINDS = ("new_variants", "changed_variants")


def say_dry_run(shown: Mapping[str, Any]) -> None:
    """Prints a dry run: how the file was read, what it would do, and each thing that is wrong."""
    if shown["format"]:
        separator = {",": "commas", ";": "semicolons", "\t": "tabs"}[shown["separator"]]
        mark = {".": ", a decimal point", ",": ", a decimal comma"}.get(shown["decimal_mark"] or "", "")
        click.echo(f"{shown['rows']} rows, {shown['format']}, {shown['encoding']}, {separator}{mark}")
    if shown["ignored_columns"]:
        click.echo(f"Columns that are not read: {', '.join(shown['ignored_columns'])}")
    for kind in ("warning", "error"):
        for note in shown[f"{kind}s"][:MOST_SHOWN]:
            click.echo(f"{kind}: {place(note)} {note['message']}", err=kind == "error")
        more = shown[f"{kind}_count"] - MOST_SHOWN
        if more > 0:
            click.echo(f"and {more} {kind}s more", err=kind == "error")
    if not shown["fits"]:
        click.echo("Nothing was written.", err=True)
        return
    for product in shown["planned"][:MOST_SHOWN]:
        click.echo(f"  {product['action']} {product['slug']}: {said_of(product)}")
    counts = shown["products"]
    click.echo(f"{counts['created']} to create, {counts['changed']} to change, {counts['left']} as they are")


def place(note: Mapping[str, Any]) -> str:
    """Where something is wrong."""
    if not note["row"] or not note["column"]:
        return note["column"] or ""
    return f"row {note['row']}, {note['column']}"


def said_of(product: Mapping[str, Any]) -> str:
    """What becomes of a product, in a few words."""
    parts = [", ".join(product["fields"])]
    parts += [f"{product[name]} {name.replace('_', ' ')}" for name in _KINDS if product[name]]
    parts += [f"stock {product['stock']:+}"] if product["stock"] else []
    return "; ".join(part for part in parts if part)


def carry_out_import(import_id: str, sleep: Callable[[float], None] = time.sleep) -> bool:
    """Carries an import out to its end; whether every product of it was."""
    from catalog.product_files.imports import find_import
    from common.clock import utc_now

    steps = find_import(import_id, utc_now()).steps
    done = 0
    with for_terminal()("Import", steps) as advance:
        while True:
            current = _carried_on(import_id, sleep)
            advance(current.done - done)
            done = current.done
            if current.state == "done":
                break
    for each in current.refused:
        click.echo(f"row {each['row']}, {each['slug']}: {each['message']}", err=True)
    if current.refused_count:
        click.echo(f"Refused: {current.refused_count}; all others are done.", err=True)
    else:
        click.echo("Done.")
    return not current.refused_count


def _carried_on(import_id: str, sleep: Callable[[float], None]) -> Any:
    from catalog.product_files.imports import apply_import
    from common.clock import utc_now
    from common.leases import LeaseTaken
    from tools.users.operator import OPERATOR

    for _ in range(ATTEMPTS):
        try:
            return apply_import(import_id, OPERATOR, utc_now())
        except LeaseTaken:
            click.echo("Another import runs, or one ended a moment ago without a word; waiting.", err=True)
            sleep(PAUSE_S)
    raise ToolError("Another import still runs; try again later, with the same file.")
