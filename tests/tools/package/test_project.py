"""The copy of the project that is packed."""

from pathlib import Path

import pytest

from tools.errors import ToolError
from tools.package.project import assemble, needed_packages, runtime_requirements, sources
from tools.package.stages import LOCAL_STAGE, Stage, read_deployed_stage, read_stage
from tools.paths import ROOT


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
    lines = runtime_requirements(ROOT).splitlines()
    names = {line.partition("==")[0].lower() for line in lines}
    assert all("==" in line for line in lines)
    assert {"marshmallow", "pyjwt", "pillow", "argon2-cffi"} <= names
    assert not names & {"chalice", "boto3", "botocore"}


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
