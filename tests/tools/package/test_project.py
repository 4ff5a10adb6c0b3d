"""The copy of the project that is packed."""

import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tools.errors import ToolError
from tools.package.contents import GIVEN
from tools.package.project import assemble, imported_roots, needed_packages, runtime_requirements, sources
from tools.package.stages import LOCAL_STAGE, Stage, read_deployed_stage, read_stage
from tools.package.target import PYTHONS, running
from tools.paths import ROOT

# Looked at by mypy alone.
TYPES_ONLY = {"_typeshed", "mypy_boto3_dynamodb", "mypy_boto3_s3", "mypy_boto3_sesv2", "mypy_boto3_sqs"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Three packages of which `sync` imports `orders`, and both `common`."""
    for name, text in {
        "common/__init__.py": "",
        "orders/__init__.py": "from common import money\nimport os.path\n",
        "sync/jobs/__init__.py": "def run() -> None:\n    import orders.checkout\n",
        "sync/__init__.py": "from . import jobs\n",
        "sync/tests/test_jobs.py": "import tools\n",
        "sync/.env": "SECRET=1\n",
        "sync/data.csv": "1\n",
        "sync/__pycache__/jobs.cpython-311.pyc": "",
        "tools/__init__.py": "",
        "vendor/common": "",
        "vendor/orders": "",
        "vendor/sync": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_domain_brings_what_it_imports(project: Path) -> None:
    assert needed_packages(project, ["sync"]) == ["common", "orders", "sync"]
    assert needed_packages(project, ["orders"]) == ["common", "orders"]


def test_only_modules_are_packed(project: Path) -> None:
    names = [path.relative_to(project / "sync").as_posix() for path in sources(project / "sync")]
    assert names == ["__init__.py", "jobs/__init__.py"]


def test_the_copy_holds_the_stage_and_nothing_else(tmp_path: Path) -> None:
    assemble(ROOT, Stage("content-prod", ("content",), {}), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"app.py", ".chalice", "requirements.txt", "vendor"}
    assert {path.name for path in (tmp_path / "vendor").iterdir()} == {"common", "content"}
    assert not any(path.is_symlink() for path in tmp_path.rglob("*"))


def test_chalices_command_line_is_not_required_in_lambda() -> None:
    lines = runtime_requirements(ROOT, running()).splitlines()
    names = {line.partition("==")[0].lower() for line in lines}
    assert all("==" in line for line in lines)
    assert {"marshmallow", "pyjwt", "pillow", "argon2-cffi"} <= names
    assert not names & {"chalice", "boto3", "botocore"}


def test_lambda_gets_whatever_the_packed_code_imports() -> None:
    own = {path.name for path in (ROOT / "vendor").iterdir()}
    imported = {name for package in own for name in imported_roots(ROOT / package)}
    places = packages_distributions()
    needed = {
        distribution.lower().replace("_", "-")
        for name in imported - own - sys.stdlib_module_names - TYPES_ONLY
        for distribution in places[name]
    }
    lines = runtime_requirements(ROOT, running()).splitlines()
    required = {line.partition("==")[0].lower() for line in lines}
    assert needed <= required | {"chalice", *GIVEN}


@pytest.mark.parametrize("python", PYTHONS)
def test_a_condition_is_judged_by_the_python_of_lambda(python: str) -> None:
    wanted = "12.2.0" if python == "3.11" else "13.0.0"
    lines = runtime_requirements(ROOT, python).splitlines()
    assert [line for line in lines if line.startswith("pillow")] == [f"pillow=={wanted}"]


def test_a_stage_that_is_none_is_refused_with_those_that_are() -> None:
    stages = "catalog-prod, content-prod, etsy-sync-prod, local, orders-prod, prod, shop-prod, staging"
    with pytest.raises(ToolError, match=f"there are {stages}"):
        read_stage(ROOT, "moon")


def test_the_stage_for_this_machine_is_not_deployed() -> None:
    with pytest.raises(ToolError, match="Stage local is for `chalice local` on this machine"):
        read_deployed_stage(ROOT, LOCAL_STAGE)
    assert read_deployed_stage(ROOT, "prod") == read_stage(ROOT, "prod")


def test_every_stage_can_be_read() -> None:
    assert read_stage(ROOT, "prod").domains == ("catalog", "orders", "content", "shop", "etsy_sync")
    assert read_stage(ROOT, "catalog-prod").domains == ("catalog",)
    assert read_stage(ROOT, "prod").first_origin.startswith("https://")
