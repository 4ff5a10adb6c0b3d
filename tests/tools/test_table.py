"""`artshop table`."""

import pytest

from tools.errors import ToolError
from tools.table import create_table, describe_table


def test_the_table_is_created_once(aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", "art-shop-of-the-test")
    assert create_table().startswith("art-shop-of-the-test created at http")
    assert create_table().startswith("art-shop-of-the-test was there already at http")


def test_a_described_table_shows_its_keys_and_indexes(table: str) -> None:
    lines = describe_table().splitlines()
    assert lines[0].startswith(f"{table} at ")
    assert lines[0].endswith(": ACTIVE")
    assert lines[2:] == [
        "keys: PK / SK",
        "GSI1: GSI1PK / GSI1SK",
        "GSI2: GSI2PK / GSI2SK",
        "GSI3: GSI3PK / GSI3SK",
    ]


def test_a_missing_table_is_an_error_for_the_person_at_the_terminal(
    aws: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", "nowhere")
    with pytest.raises(ToolError, match="did not do it"):
        describe_table()
