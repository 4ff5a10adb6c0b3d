"""`artshop products`: files by command, what is said of them, and exit codes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from catalog.product_files import imports
from catalog.product_files.applying import Doing, carry_out
from common.clock import utc_now
from common.leases import held
from common.repositories.products import product_by_slug
from tests.support.buckets import fresh_bucket
from tests.support.races import just_before
from tools.cli import cli
from tools.product_import import carry_out_import

FILE = "slug;title;base_price;sku;variant;stock\nmoon;Moon;12,50;M-1;Small;3\nsun;Sun;9,00;;;\n"

pytestmark = pytest.mark.usefixtures("bucket")


@pytest.fixture
def bucket(table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket, and no shop that runs."""
    monkeypatch.setenv("ARTSHOP_DATA_DIR", str(tmp_path))
    with fresh_bucket() as name:
        yield name


def products(*words: str, typed: str = "", status: int = 0) -> Result:
    """What `artshop products` says to these words, when it ends with this status."""
    answer = CliRunner().invoke(cli, ["products", *words], input=typed)
    assert answer.exit_code == status, answer.output
    return answer


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with two new products."""
    path = tmp_path / "in.csv"
    path.write_text(FILE, encoding="cp1252")
    return path


@pytest.mark.parametrize("command", ["export", "import"])
def test_every_command_explains_itself_with_an_example(command: str) -> None:
    assert f"artshop products {command}" in products(command, "--help").output


def test_a_dry_run_says_what_would_be_done_and_does_nothing(file: Path) -> None:
    said = products("import", str(file)).output
    assert "2 rows, artshop, UTF-8, semicolons, a decimal comma" in said
    assert "create moon: base_price, currency, slug, status, title; 1 new variants; stock +3" in said
    assert "2 to create, 0 to change, 0 as they are" in said
    assert product_by_slug("moon") is None


def test_it_is_carried_out_when_that_is_asked_for_and_confirmed(file: Path, tmp_path: Path) -> None:
    products("import", str(file), "--apply", typed="n\n", status=1)
    assert product_by_slug("moon") is None
    said = products("import", str(file), "--apply", typed="y\n").output
    assert "Done." in said
    assert product_by_slug("moon") is not None
    assert "0 to create, 0 to change, 2 as they are" in products("import", str(file), "--apply").output
    out = tmp_path / "out.csv"
    products("export", str(out))
    assert "0 to create, 0 to change, 2 as they are" in products("import", str(out)).output
    products("export", str(out), status=1)


def test_what_is_wrong_is_named_by_row_and_column(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("slug,title,base_price,colour\nmoon,,x,red\n", encoding="utf-8")
    said = products("import", str(path), "--apply", "--yes", status=1).output
    assert "error: row 2, title is required" in said
    assert "error: row 2, base_price must be a number" in said
    assert "Columns that are not read: colour" in said
    assert "Nothing was written." in said


def test_a_dry_run_is_also_told_to_programs(file: Path) -> None:
    said = json.loads(products("import", str(file), "--json").stdout)
    assert (said["fits"], said["products"]["created"]) == (True, 2)


def test_a_product_that_is_refused_is_named_and_the_end_is_1(file: Path) -> None:
    def take() -> None:
        run = imports.dry_run(FILE.splitlines()[0].encode() + b"\nmoon;Other;1,00;;;\n", _Actor(), utc_now())
        assert run.started is not None
        carry_out(Doing(run.started.id, 0, run.plan.steps[0], _Actor(), utc_now()))

    with just_before("catalog.product_files.imports.carry_out", take):
        said = products("import", str(file), "--apply", "--yes", status=1).output
    assert "row 2, moon: Product with slug 'moon' already exists" in said
    assert "Refused: 1; all others are done." in said
    assert product_by_slug("sun") is not None


class _Actor:
    id = "tests"


def test_an_import_that_another_one_holds_up_is_waited_for(file: Path) -> None:
    run = imports.dry_run(file.read_bytes(), _Actor(), utc_now())
    assert run.started is not None
    waited: list[float] = []
    lease = held(imports.LEASE, utc_now(), 60)
    lease.__enter__()

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 2:
            lease.__exit__(None, None, None)

    assert carry_out_import(run.started.id, sleep)
    assert len(waited) == 2
