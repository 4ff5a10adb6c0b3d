"""The commands of `artshop backup`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

FOLDER = click.Path(path_type=Path, file_okay=False)
PARALLEL = click.IntRange(1, 64)
# Of each kind of difference, as many keys are shown.
NAMED = 20


@click.group()
def backup() -> None:
    """Copy the table to files, check such a copy, and restore it."""


@backup.command("export")
@click.argument("folder", type=FOLDER)
@click.option("--segments", type=PARALLEL, default=4, show_default=True, help="Parts read at once.")
def export_command(folder: Path, segments: int) -> None:
    """Copy the whole table to FOLDER, which is new or empty.

    Writes compressed JSON lines, in the form of DynamoDB's own export and import, and a manifest with
    their checksums. The shop may go on meanwhile, but what is written during the copy may be missing in
    it. The files hold customers' addresses: they are readable by you alone.

    \b
    Examples:
      artshop backup export backups/2026-01-31
      DYNAMODB_TABLE_NAME=ArtManagementTable artshop backup export --segments 8 backups/2026-01-31
    """
    from tools.backup.exporting import export_table
    from tools.progress import for_terminal

    done = export_table(folder, segments=segments, progress=for_terminal())
    click.echo(
        f"{done.manifest.items} items of {done.manifest.table} are in {folder} "
        f"({len(done.manifest.files)} files, {done.read_units:f} read units)."
    )


@backup.command("check")
@click.argument("folder", type=FOLDER)
def check_command(folder: Path) -> None:
    """Read the whole backup in FOLDER and say whether it is as it was exported.

    \b
    Example:
      artshop backup check backups/2026-01-31
    """
    from tools.backup.restoring import check_backup
    from tools.progress import for_terminal

    manifest = check_backup(folder, progress=for_terminal())
    click.echo(
        f"{folder} is whole: {manifest.items} items of {manifest.table}, "
        f"from {manifest.started_at} to {manifest.finished_at}."
    )


@backup.command("restore")
@click.argument("folder", type=FOLDER)
@click.option("--table", "name", help="The table to fill; default DYNAMODB_TABLE_NAME.")
@click.option("--overwrite", is_flag=True, help="Fill a table that has items, replacing those of equal keys.")
@click.option(
    "--skip-ids",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Ids, and so order numbers, left out after the last that the backup knows.",
)
@click.option("--workers", type=PARALLEL, default=4, show_default=True, help="Batches written at once.")
def restore_command(folder: Path, name: str | None, overwrite: bool, skip_ids: int, workers: int) -> None:
    """Write the backup in FOLDER into a table, which is created when there is none.

    The whole backup is checked before anything is written. When the restore ends early, repeat the
    command: it goes on with the first file that is not stored yet. What was given out after the backup is
    not known to it: --skip-ids keeps numbers of orders from being given out a second time.

    \b
    Examples:
      artshop backup restore backups/2026-01-31 --table ArtManagementRestored
      artshop backup restore backups/2026-01-31 --skip-ids 100
      artshop backup restore backups/2026-01-31 --overwrite
    """
    from tools.backup.restoring import restore_table
    from tools.progress import for_terminal

    with _table(name):
        done = restore_table(
            folder, overwrite=overwrite, skip_ids=skip_ids, workers=workers, progress=for_terminal()
        )
    if done.skipped:
        click.echo(f"{done.skipped} items were stored by an earlier run.")
    if done.others:
        click.echo(f"{done.others} items in the table are not of the backup.")
    if done.missing_indexes:
        click.echo(
            f"The backup's table had indexes that this one has not: {', '.join(done.missing_indexes)}."
        )
    click.echo(f"{done.written} items are restored into {done.table}{' (created)' if done.created else ''}.")


@backup.command("verify")
@click.argument("folder", type=FOLDER)
@click.option("--table", "name", help="The table to compare; default DYNAMODB_TABLE_NAME.")
def verify_command(folder: Path, name: str | None) -> None:
    """Compare a table with the backup in FOLDER, row by row; ends with 1 where it lacks or changed any.

    Nothing is written. Before a restore it says what the restore would bring back, after it whether it did.
    What has expired may be gone, and counters of ids may be further on.

    \b
    Examples:
      artshop backup verify backups/2026-01-31
      artshop backup verify backups/2026-01-31 --table ArtManagementRestored
    """
    from tools.backup.verifying import verify_table
    from tools.progress import for_terminal

    with _table(name):
        found = verify_table(folder, progress=for_terminal())
    for word, keys in (("missing", found.missing), ("different", found.differing)):
        for pk, sk in keys[:NAMED]:
            click.echo(f"{word}: {pk} / {sk}")
        if len(keys) > NAMED:
            click.echo(f"{word}: {len(keys) - NAMED} more")
    click.echo(
        f"{found.table}: {found.equal} items are as in the backup, {len(found.missing)} are missing, "
        f"{len(found.differing)} are different, {found.others} are not of the backup."
    )
    if not found.holds:
        raise SystemExit(1)


@contextmanager
def _table(name: str | None) -> Iterator[None]:
    """Let everything within the block use the named table."""
    before = os.environ.get("DYNAMODB_TABLE_NAME")
    try:
        if name:
            os.environ["DYNAMODB_TABLE_NAME"] = name
        yield
    finally:
        if name and before is None:
            del os.environ["DYNAMODB_TABLE_NAME"]
        elif name and before is not None:
            os.environ["DYNAMODB_TABLE_NAME"] = before
