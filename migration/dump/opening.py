"""A dump by `pg_dump` as a source: loaded into a scratch PostgreSQL that ends with the reading."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from migration.dump import files as dump_files
from migration.dump import scratch as dump_scratch
from migration.dump.loading import load
from migration.dump.reading import in_database, read_through
from migration.dump.statements import pieces
from migration.postgres.source import Source, connect
from tools.engines import postgresql
from tools.errors import ToolError


@contextmanager
def open_source(
    where: str, scratch: postgresql.Server | None = None, *, for_writing: bool = False
) -> Iterator[Source]:
    """The source at a libpq URL or connection string, or in a dump.

    A dump is loaded into `scratch`, or into a server started for it; `for_writing` is for databases. Raises
    ToolError for what is neither, cannot be reached, is not whole, or cannot be loaded.
    """
    if dump_files.is_dump(where):
        with _dumped(Path(where), scratch) as source:
            yield source
    elif "://" in where or "=" in where:
        with connect(where, for_writing=for_writing) as source:
            yield source
    else:
        raise ToolError(f"{where} is neither a file nor a libpq URL (postgresql://user@host/database)")


@contextmanager
def _dumped(path: Path, scratch: postgresql.Server | None) -> Iterator[Source]:
    # It is read twice: nothing is loaded before its end has been seen.
    with dump_files.opened(path) as lines:
        name, brought = read_through(path, pieces(lines))
    with (
        nullcontext(scratch) if scratch else postgresql.start() as server,
        dump_scratch.database(server) as url,
    ):
        dump_scratch.prepare(url, brought)
        with dump_files.opened(path) as lines:
            load(path, url, in_database(name, pieces(lines)))
        dump_scratch.finish(url, brought)
        # Read with no more rights than it was loaded with: a view or a policy of the dump runs then.
        with connect(url, identity=f"dump:{dump_files.identity(path)}", name=path.name) as source:
            yield source
