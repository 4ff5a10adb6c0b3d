"""Scratch PostgreSQL servers: they answer, keep others out, and end with whoever started them."""

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tools.engines import postgresql
from tools.engines.postgresql import Server, program, start
from tools.errors import ToolError
from tools.paths import ROOT

STARTER = """
import sys, time
from tools.engines.postgresql import start
with start() as server:
    import psycopg
    with psycopg.connect(server.url()) as connection:
        folder = connection.execute("SHOW unix_socket_directories").fetchone()[0]
    print(folder, server.port, flush=True)
    sys.stdin.read()
"""


def _answers(port: int) -> bool:
    try:
        psycopg.connect(f"postgresql://nobody:x@127.0.0.1:{port}/postgres", connect_timeout=5).close()
    except psycopg.OperationalError as error:
        return "password authentication failed" in str(error)
    return True


def test_a_database_has_the_name_and_encoding_asked_for(postgresql: Server) -> None:
    url = postgresql.create_database("a/strange name%", encoding="LATIN1")

    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == ("a/strange name%",)
        assert connection.info.parameter_status("server_encoding") == "LATIN1"
        postgresql.drop_database("a/strange name%")
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url)


def test_nobody_gets_in_without_the_password(postgresql: Server) -> None:
    url = postgresql.url().replace(postgresql.password, "guessed")

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url)
    assert postgresql.password not in repr(postgresql)


def test_ends_at_the_end_of_the_block_and_leaves_nothing() -> None:
    with start() as server, psycopg.connect(server.url()) as connection:
        (folder,) = connection.execute("SHOW unix_socket_directories").fetchone() or ("",)
        assert Path(folder).is_dir()

    assert not Path(folder).exists()
    assert not _answers(server.port)


def test_ends_with_its_starter_even_when_that_is_killed() -> None:
    command = [sys.executable, "-c", STARTER]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        folder, port = starter.stdout.readline().split()
        assert _answers(int(port))
        ended = os.pidfd_open(int((Path(folder) / "data" / "postmaster.pid").read_text().split()[0]))
        starter.send_signal(signal.SIGKILL)

    assert select.select([ended], [], [], 30)[0]
    os.close(ended)
    assert not _answers(int(port))


def test_says_what_to_install_where_there_is_no_server(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(postgresql, "_DEBIAN", tmp_path)
    monkeypatch.setattr(postgresql, "_PACKAGE", "no_such_package")

    with pytest.raises(ToolError, match="`make setup`, install the Debian package `postgresql`"):
        program("initdb")


def test_takes_the_newest_of_several_installations(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for version in ("9.6", "14", "16"):
        folder = tmp_path / version / "bin"
        folder.mkdir(parents=True)
        (folder / "initdb").touch()
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(postgresql, "_DEBIAN", tmp_path)

    assert program("initdb") == tmp_path / "16" / "bin" / "initdb"


def test_an_initdb_on_the_path_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("initdb", "postgres"):
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert program("postgres") == tmp_path / "postgres"


@pytest.fixture
def pip_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine on which pip alone has brought a PostgreSQL."""
    monkeypatch.setenv("PATH", "/bin")
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr(postgresql, "_DEBIAN", tmp_path)


def test_pip_brings_the_programs_where_the_machine_has_none(pip_alone: None) -> None:
    with start() as server, psycopg.connect(server.url()) as connection:
        assert connection.info.server_version >= 180000
        dumped = subprocess.run(
            [program("pg_dump"), server.url()], check=True, capture_output=True, text=True
        ).stdout
    assert "PostgreSQL database dump complete" in dumped
    for name in ("pg_restore", "psql"):
        assert (
            "PostgreSQL"
            in subprocess.run([program(name), "--version"], check=True, capture_output=True, text=True).stdout
        )


@pytest.mark.exhaustive
@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server is another account's")
def test_programs_in_a_folder_that_is_root_s_own_are_run_from_a_copy(
    pip_alone: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    package = program("postgres").parents[2]
    for name in (package.name, f"{package.name}.libs"):
        shutil.copytree(package.parent / name, closed / name, symlinks=True)
    monkeypatch.syspath_prepend(closed)

    assert program("postgres").is_relative_to(closed)
    with start() as server, psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.exhaustive
def test_a_port_that_somebody_else_took_is_not_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        free = postgresql._free_port()
        ports = iter([other.getsockname()[1], free])
        monkeypatch.setattr(postgresql, "_free_port", lambda: next(ports))

        with start() as server:
            assert server.port == free


def test_a_server_that_does_not_start_is_reported_with_what_it_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(postgresql._SETTINGS, "shared_buffers", "no size")

    with pytest.raises(ToolError, match="shared_buffers"), start():
        pass
