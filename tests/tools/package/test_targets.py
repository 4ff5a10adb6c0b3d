"""The shop packed for every Python and processor of Lambda, checked, and started where this machine can."""

import json
import platform
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tools.package import build as building
from tools.package.interpreters import interpreter
from tools.package.libraries import check
from tools.package.stages import read_deployed_stage
from tools.package.target import PYTHONS, Target, running
from tools.paths import ROOT

# The wheels of each are downloaded once and unpacked each time.
pytestmark = pytest.mark.exhaustive

# Sees the zip and what Lambda's runtime brings, and nothing that is installed here for another Python.
START = """
import sys
sys.path[:] = [sys.argv[1], *[p for p in sys.path if "site-packages" not in p and p], sys.argv[2]]
import app
from importlib import import_module
for name in sys.argv[3:]:
    import_module(name)
about = {"resourcePath": "/nowhere", "httpMethod": "GET"}
print(sys.version_info[1], app.app({"headers": {}, "requestContext": about}, None)["statusCode"])
"""
# Every package with machine code in it, each with what some domain imports on use.
BRINGS = [
    "argon2",
    "common.images",
    "jwt",
    "marshmallow",
    "multipart",
    "PIL.Image",
    "requests",
    "simplejson",
    "stripe",
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Target], Path]:
    """The folder of the whole shop packed for a target, its zip unpacked beside it."""

    def get(target: Target) -> Path:
        out = tmp_path_factory.mktemp(f"{target.tag}-{target.machine}")
        stage = replace(read_deployed_stage(ROOT, "prod"), architecture=target.architecture)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(building, "read_deployed_stage", lambda *_: stage)
            report = building.build("prod", out, python=target.python)
        (out / "report").write_text(report)
        with zipfile.ZipFile(out / "deployment.zip") as packed:
            packed.extractall(out / "tree")
        return out

    return get


@pytest.mark.parametrize("architecture", ["x86_64", "arm64"])
@pytest.mark.parametrize("python", PYTHONS)
def test_a_package_is_for_its_python_and_its_processor(
    built: Callable[[Target], Path], given: Path, python: str, architecture: str
) -> None:
    target = Target(python, architecture)
    out = built(target)
    # Pillow, argon2, cffi-less bindings and the JSON encoder: fewer would mean that something is missing.
    assert check(out / "tree", target) > 20
    template = json.loads((out / "sam.json").read_text())
    functions = [r for r in template["Resources"].values() if r["Type"] == "AWS::Serverless::Function"]
    assert {each["Properties"]["Runtime"] for each in functions} == {f"python{python}"}
    assert {tuple(each["Properties"]["Architectures"]) for each in functions} == {(architecture,)}
    sources, report = list((out / "tree").rglob("*.py")), (out / "report").read_text()
    assert bool(sources) is ("NOT byte-compiled" in report) is (interpreter(python) is None)
    compiled_for = interpreter(python)
    if compiled_for and platform.machine() == target.machine:
        said = start(compiled_for, out / "tree", given)
        assert said == f"{python.partition('.')[2]} 404"


def start(python: str, tree: Path, given: Path) -> str:
    """What the package answers on a Python of this machine."""
    command = [python, "-S", "-B", "-P", "-c", START, str(tree), str(given), *BRINGS]
    environment = {
        "AWS_REGION": "eu-west-1",
        "JWT_SECRET": "k" * 40,
        "CORS_ALLOWED_ORIGINS": "https://a.example",
    }
    started = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert started.returncode == 0, started.stderr
    return started.stdout.splitlines()[-1]


def test_without_a_python_of_the_version_the_sources_are_packed_and_the_report_says_so(
    built: Callable[[Target], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "interpreter", lambda _: None)
    out = built(Target(running(), "x86_64"))
    assert not list((out / "tree").rglob("*.pyc"))
    assert (out / "tree" / "app.py").exists()
    assert (
        f"NOT byte-compiled, which makes cold starts slower: there is no python{running()}"
        in (out / "report").read_text()
    )
