"""MiniStack as a process on 127.0.0.1: by default the embedded engine, which keeps its data in a folder."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tools import locks
from tools.errors import ToolError
from tools.paths import ROOT

DEFAULT_PORT = 4566
# Any key is taken but for signed addresses of S3: those it holds against the one of its own process.
KEYS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
# 100 MB of data are read in 5 s, and several times that on a busy machine.
READY_WITHIN_S = 120
STOPPED_WITHIN_S = 10
POLL_S = 0.05


class EngineFailed(ToolError):
    """The engine did not start or stop; the text says where to look."""


@dataclass
class MiniStack:
    """The engine over `data`; `port` is chosen at the first start, `preferred_port` if it is free, and kept.

    `server` is the module that serves, `environment` all that its process sees; by default those of the
    embedded engine.
    """

    data: Path
    port: int = 0
    preferred_port: int = DEFAULT_PORT
    server: str = "tools.engines.ministack_server"
    environment: Mapping[str, str] | None = field(default=None, repr=False)
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    # Held open from start to stop, and handed to each process that serves: while a killed one is away, no
    # other engine takes the port and is taken for this one.
    _listening: socket.socket | None = field(default=None, repr=False)

    @property
    def endpoint(self) -> str:
        """The URL for DynamoDB, S3 and SQS alike."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        """The engine's process id while it runs."""
        return self._process.pid if self.is_running and self._process else None

    @property
    def is_running(self) -> bool:
        """True until the process has ended, for whatever reason."""
        return self._process is not None and self._process.poll() is None

    def failure(self) -> str:
        """Why the engine cannot save and so refuses to write; empty while it can, or is too busy."""
        status, body = _health(self.endpoint)
        return str(json.loads(body)["error"]) if status == 503 else ""

    def start(self) -> None:
        """Start and wait until it answers; ends an engine that was left behind on the same data first."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        end_leftover(self.data)
        listening = self._listen()
        with self._log.open("ab" if self._forget() else "wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self.server, "--socket", str(listening), "--data", str(self.data)],
                pass_fds=[listening],
                cwd=ROOT,
                env=engine_environment(self.data) if self.environment is None else self.environment,
                # Held open, never written: it closes when this process ends, even killed.
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                # Ctrl-C goes to this process, which stops the engine after the server.
                start_new_session=True,
            )
        self._wait_until_ready()

    def stop(self) -> None:
        """Ask it to end; EngineFailed when it had to be killed."""
        if self._listening is not None:
            self._listening.close()
            self._listening = None
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOPPED_WITHIN_S)
        except subprocess.TimeoutExpired as error:
            self._process.kill()
            raise EngineFailed(f"The engine had to be killed; its log is {self._log}") from error
        finally:
            self._forget()

    def _listen(self) -> int:
        """The descriptor of the socket at the engine's port; EngineFailed where another has that port."""
        if self._listening is None:
            self._listening = _at(self.port) if self.port else _at(self.preferred_port, or_another=True)
            self.port = self._listening.getsockname()[1]
        return self._listening.fileno()

    @property
    def _log(self) -> Path:
        return self.data / "engine.log"

    def _forget(self) -> bool:
        """Collect a process that has ended or been told to; False when there was none."""
        process, self._process = self._process, None
        if process is None:
            return False
        process.wait()
        if process.stdin:
            process.stdin.close()
        return True

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline:
            if not self.is_running:
                self.stop()
                raise EngineFailed(f"The engine ended at once; its log is {self._log}")
            pid, port = running_engine(self.data) or (0, 0)
            # It tells its port once it listens there: until then, another shop's engine may answer on it.
            if pid == self.pid and answers(f"http://127.0.0.1:{port}"):
                self.port = port
                return
            time.sleep(POLL_S)
        self.stop()
        raise EngineFailed(f"The engine did not answer in {READY_WITHIN_S} s; its log is {self._log}")


def _at(port: int, *, or_another: bool = False) -> socket.socket:
    """A socket that listens on this port of 127.0.0.1, or on any when it is taken."""
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as error:
        if not or_another:
            raise EngineFailed(f"Port {port} of 127.0.0.1 cannot be listened on: {error}") from error
    return socket.create_server(("127.0.0.1", 0))


def engine_environment(data: Path) -> dict[str, str]:
    """What the engine's process sees: of AWS's variables its own key alone; three services are on."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return kept | {
        **KEYS,
        "BIND_HOST": "127.0.0.1",
        "SERVICES": "dynamodb,s3,sqs",
        # Its own way of saving waits for the shutdown.
        "PERSIST_STATE": "0",
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(data / "s3"),
        "MINISTACK_HOST": "localhost",
        # Off: each would open a port of its own.
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        # At its start it stops every container with its label; those are not this project's.
        "DOCKER_HOST": "unix:///nonexistent",
        "LOG_LEVEL": "WARNING",
    }


def running_pid(data: Path) -> int | None:
    """The process that serves `data` now, whoever started it."""
    engine = running_engine(data)
    return engine[0] if engine else None


def running_engine(data: Path) -> tuple[int, int] | None:
    """Process id and port of what serves `data` now; the port is 0 until it listens."""
    lock = data / "engine.lock"
    if not lock.exists() or not locks.is_held(lock):
        return None
    words = lock.read_text(encoding="utf-8").split()
    return (int(words[0]), int(words[1])) if len(words) == 2 else None


def end_leftover(data: Path) -> None:
    """End an engine whose starter is gone. It ends by itself; this waits, then insists."""
    for number in (None, signal.SIGTERM, signal.SIGKILL):
        pid = running_pid(data)
        if pid is None:
            return
        if number is not None:
            os.kill(pid, number)
        _wait_until_gone(data)
    if running_pid(data) is not None:
        raise EngineFailed(f"Another engine uses {data} and cannot be ended")


def free_port(preferred: int) -> int:
    """`preferred` when nothing listens there on 127.0.0.1, else any free port."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise EngineFailed("No free port on 127.0.0.1")


def answers(endpoint: str) -> bool:
    """True when the engine's health page answers."""
    return _health(endpoint)[0] == 200


def _health(endpoint: str) -> tuple[int, bytes]:
    """Status and body of the health page; 0 when nothing answers in time."""
    connection = http.client.HTTPConnection(urlsplit(endpoint).netloc, timeout=2)
    try:
        connection.request("GET", "/_ministack/health")
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


def _wait_until_gone(data: Path) -> None:
    deadline = time.monotonic() + STOPPED_WITHIN_S / 2
    while running_pid(data) is not None and time.monotonic() < deadline:
        time.sleep(POLL_S)
