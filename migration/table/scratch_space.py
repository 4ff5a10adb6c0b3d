"""Says which folder for temporary files is full, and how much a command keeps there."""

import errno
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from common.dynamodb import call, table_name
from tools.errors import ToolError

# A copy of the table with what is sought in it, beside the bytes that DynamoDB counts: measured 2.5.
COPY_FACTOR = 3

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FAILED = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN})


@contextmanager
def scratch_space() -> Iterator[None]:
    """Within the block, temporary files that cannot be written are a ToolError that names their folder."""
    try:
        yield
    except sqlite3.OperationalError as error:
        # The lower byte is the kind, the others say more.
        if error.sqlite_errorcode & 0xFF not in _FAILED:
            raise
        raise ToolError(_advice(tempfile.gettempdir(), str(error))) from error
    except OSError as error:
        if error.errno in _FULL:
            raise ToolError(_advice(tempfile.gettempdir(), str(error.strerror))) from error
        if "temporary directory" not in str(error):
            raise
        raise ToolError(_advice("the temporary folder", str(error.strerror))) from error


def _advice(folder: str, reason: str) -> str:
    size = int(call("describe_table", TableName=table_name())["Table"].get("TableSizeBytes", 0))
    return (
        f"A temporary file cannot be written, {folder} may be full: {reason}. Comparing keeps a copy of the "
        f"table there, which takes about {COPY_FACTOR} times its size, {COPY_FACTOR * size / 1e6:,.0f} MB as "
        "DynamoDB counts it: make room, or name another folder with TMPDIR, and repeat the command."
    )
