"""`artshop catalogue`: the snapshot by command, what it says, and its exit codes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from catalog.index import snapshot, snapshot_store
from tests.catalog.builders import row, store
from tests.support.snapshots import snapshot_bucket
from tools.cli import cli


@pytest.fixture(autouse=True)
def bucket(table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("ARTSHOP_DATA_DIR", str(tmp_path))
    with snapshot_bucket(monkeypatch) as name:
        yield name


def artshop(*arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments])


def test_a_snapshot_is_written_and_the_same_again_only_where_it_is_asked_for() -> None:
    store([row(1), row(2)])
    first = artshop("catalogue", "snapshot", "--quiet")
    assert first.exit_code == 0
    assert first.output.startswith("snapshot: completed (")
    assert first.output.endswith(" bytes, 2 products)\n")
    found = snapshot.load()
    assert found is not None
    assert sorted(found.documents) == [1, 2]
    assert artshop("catalogue", "snapshot", "--quiet").output == "snapshot: completed (1 unchanged)\n"
    again = artshop("catalogue", "snapshot", "--whole", "--quiet")
    assert again.output == first.output


def test_the_job_does_the_same_and_shows_how_far_it_is() -> None:
    store([row(1), row(2)])
    answer = artshop("jobs", "run", "snapshot")
    assert answer.exit_code == 0
    assert answer.output.startswith("snapshot: 2 (")
    assert "\nsnapshot: completed (" in answer.output


@pytest.mark.parametrize(("name", "value"), [("S3_BUCKET_NAME", ""), ("CATALOGUE_SNAPSHOT", "off")])
def test_without_a_bucket_or_where_it_is_off_it_says_so(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    answer = artshop("catalogue", "snapshot")
    assert answer.exit_code == 1
    assert answer.output.endswith("S3_BUCKET_NAME is not set, or CATALOGUE_SNAPSHOT is off.\n")


def test_s3_that_is_away_ends_with_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    snapshot_store.reset_clients()
    answer = artshop("catalogue", "snapshot", "--quiet")
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: ")
    assert "Traceback" not in answer.output


def test_each_command_says_what_it_costs_and_how_it_is_called() -> None:
    shown = artshop("catalogue", "snapshot", "--help").output
    assert "artshop catalogue snapshot --whole" in shown
    assert "0.3 to 0.5" in shown
