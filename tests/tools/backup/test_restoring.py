"""Restores: the table is as it was, and nothing is written that should not be."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from common.dynamodb import Item, call, create_table, delete_item, from_wire, put_item, reset_client
from common.repositories.catalogue_changes import begin_generation, changes_since
from tests.support.races import just_after, just_before
from tests.support.wire import refuse_calls
from tools.backup.data_files import read_items
from tools.backup.exporting import export_table
from tools.backup.restoring import check_backup, restore_table
from tools.backup.unfinished import begin, unfinished_restore
from tools.backup.verifying import verify_table
from tools.errors import ToolError
from tools.scanning import CONTENTS, count_items, scan_pages

from .conftest import EVERY_KIND

Switch = Callable[[], str]

RESTORING = "tools.backup.restoring"

BUSY = {"Error": {"Code": "ProvisionedThroughputExceededException", "Message": "slow down"}}
FORBIDDEN = {"Error": {"Code": "AccessDeniedException", "Message": "not yours"}}


def no_wait(_seconds: float) -> None:
    pass


def contents() -> dict[tuple[str, str], Item]:
    items = [from_wire(wire) for page in scan_pages(where=CONTENTS) for wire in page.items]
    return {(item["PK"], item["SK"]): item for item in items}


def wire_contents() -> dict[str, Any]:
    return {wire["PK"]["S"]: _sorted(wire) for page in scan_pages(where=CONTENTS) for wire in page.items}


def _sorted(wire: Any) -> Any:
    """A wire value in which sets, whose order means nothing, are in order, and numbers are numbers."""
    if not isinstance(wire, dict):
        return wire
    done: dict[str, Any] = {}
    for name, value in wire.items():
        if name in {"SS", "NS", "BS"} and isinstance(value, list):
            done[name] = sorted(value)
        elif name == "N":
            done[name] = Decimal(value)
        elif isinstance(value, list):
            done[name] = [_sorted(entry) for entry in value]
        else:
            done[name] = _sorted(value)
    return done


def test_a_new_table_holds_what_the_old_one_held(filled: str, folder: Path, second_table: Switch) -> None:
    before, wire_before = contents(), wire_contents()
    export_table(folder)
    name = second_table()
    done = restore_table(folder)
    assert (done.table, done.created, done.written, done.skipped, done.others) == (name, True, 120, 0, 0)
    assert done.missing_indexes == ()
    assert contents() == before
    assert wire_contents() == wire_before
    assert contents()["PRODUCT#1", "METADATA"] == EVERY_KIND
    assert unfinished_restore() is None


def test_the_created_table_has_its_indexes_and_its_expiry(
    filled: str, folder: Path, second_table: Switch
) -> None:
    export_table(folder)
    name = second_table()
    restore_table(folder)
    table = call("describe_table", TableName=name)["Table"]
    assert {index["IndexName"] for index in table["GlobalSecondaryIndexes"]} == {"GSI1", "GSI2", "GSI3"}
    expiry = call("describe_time_to_live", TableName=name)["TimeToLiveDescription"]
    assert expiry["AttributeName"] == "expires_at"


def test_an_empty_table_that_is_there_is_filled(filled: str, folder: Path, second_table: Switch) -> None:
    export_table(folder)
    second_table()
    create_table()
    assert not restore_table(folder).created
    assert count_items() == 120


def test_an_empty_backup_is_restored(table: str, folder: Path, second_table: Switch) -> None:
    export_table(folder)
    second_table()
    assert restore_table(folder).written == 0
    assert count_items() == 0


def test_a_table_with_items_is_refused_and_left_alone(filled: str, folder: Path) -> None:
    export_table(folder)
    put_item({"PK": "ORDER#1", "SK": "METADATA", "total": 99})
    before = contents()
    with pytest.raises(ToolError, match="is not empty; --overwrite replaces"):
        restore_table(folder)
    assert contents() == before


def test_overwriting_replaces_equal_keys_and_keeps_the_others(filled: str, folder: Path) -> None:
    before = contents()
    export_table(folder)
    put_item({"PK": "ORDER#1", "SK": "METADATA", "total": 99})
    delete_item(("ORDER#2", "METADATA"))
    put_item({"PK": "ORDER#777", "SK": "METADATA"})
    assert restore_table(folder, overwrite=True).others == 1
    assert contents() == {**before, ("ORDER#777", "METADATA"): {"PK": "ORDER#777", "SK": "METADATA"}}


@pytest.mark.parametrize("damage", ["truncated", "altered"])
def test_a_damaged_backup_is_refused_before_anything_is_written(
    filled: str, folder: Path, second_table: Switch, damage: str
) -> None:
    last = folder / export_table(folder, segments=2).manifest.files[-1].name
    data = last.read_bytes()
    last.write_bytes(data[:-20] if damage == "truncated" else data[:-20] + bytes(20))
    name = second_table()
    with pytest.raises(ToolError, match="was altered after the export"):
        restore_table(folder)
    with pytest.raises(ClientError, match="ResourceNotFound"):
        call("describe_table", TableName=name)


def test_a_table_with_other_keys_is_refused(filled: str, folder: Path, second_table: Switch) -> None:
    export_table(folder)
    call(
        "create_table",
        TableName=second_table(),
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    with pytest.raises(ToolError, match="has other keys than"):
        restore_table(folder)


def test_indexes_that_the_table_lacks_are_named(filled: str, folder: Path, second_table: Switch) -> None:
    export_table(folder)
    call(
        "create_table",
        TableName=second_table(),
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("PK", "SK")],
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
    )
    assert restore_table(folder).missing_indexes == ("GSI1", "GSI2", "GSI3")
    assert count_items() == 120


def test_a_restore_reads_no_further_than_its_workers_have_hands(
    filled: str, folder: Path, second_table: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = export_table(folder, segments=1).manifest.files[0]
    second_table()
    read, stored, ahead = 0, 0, 0

    def counted(*arguments: Any) -> Iterator[Any]:
        nonlocal read, ahead
        for wire in read_items(*arguments):
            read += 1
            ahead = max(ahead, read - stored)
            yield wire

    def advance(count: int) -> None:
        nonlocal stored
        stored += count

    monkeypatch.setattr(f"{RESTORING}.read_items", counted)
    restore_table(folder, workers=1, progress=lambda _label, _total: nullcontext(advance))
    assert read == file.items == 120
    # Two batches on their way, and the one that is being read.
    assert ahead <= 3 * 25


def test_a_busy_table_is_tried_again(filled: str, folder: Path, second_table: Switch) -> None:
    before = contents()
    export_table(folder)
    second_table()
    create_table()
    refused = refuse_calls("BatchWriteItem", [BUSY] * 3)
    restore_table(folder, workers=1, sleep=no_wait)
    assert len(refused) == 3
    assert contents() == before


def test_a_refused_item_is_named_and_the_restore_goes_on_where_it_ended(
    filled: str, folder: Path, second_table: Switch
) -> None:
    before = contents()
    manifest = export_table(folder, segments=2).manifest
    second_table()
    create_table()
    with (
        just_after(f"{RESTORING}.mark_done", lambda: refuse_calls("BatchWriteItem", [FORBIDDEN] * 99)),
        pytest.raises(ToolError, match=r"METADATA was not stored: .*not yours"),
    ):
        restore_table(folder, workers=1, sleep=no_wait)
    unfinished = unfinished_restore()
    assert unfinished is not None
    assert unfinished.done == {manifest.files[0].name}
    reset_client()
    done = restore_table(folder)
    assert (done.skipped, done.written) == (manifest.files[0].items, manifest.files[1].items)
    assert contents() == before
    assert unfinished_restore() is None


def test_a_finished_restore_is_not_repeated_by_mistake(
    filled: str, folder: Path, second_table: Switch
) -> None:
    export_table(folder)
    second_table()
    restore_table(folder)
    with pytest.raises(ToolError, match="is not empty"):
        restore_table(folder)


def test_another_backup_is_not_mixed_with_an_unfinished_restore(
    filled: str, folder: Path, second_table: Switch
) -> None:
    export_table(folder)
    second_table()
    create_table()
    begin("the checksum of another backup")
    with pytest.raises(ToolError, match=r"A restore of another backup into .* has not finished"):
        restore_table(folder)
    assert restore_table(folder, overwrite=True).written == 120
    assert count_items() == 120


def test_items_that_vanish_during_the_restore_are_noticed_and_come_back(
    filled: str, folder: Path, second_table: Switch
) -> None:
    before = contents()
    export_table(folder)
    second_table()
    with (
        just_before(f"{RESTORING}.count_items", lambda: delete_item(("ORDER#5", "METADATA"))),
        pytest.raises(ToolError, match="has 119 items after the restore of 120"),
    ):
        restore_table(folder)
    assert restore_table(folder).written == 120
    assert contents() == before


def test_items_that_have_expired_may_be_gone_already(filled: str, folder: Path, second_table: Switch) -> None:
    put_item({"PK": "CART#1", "SK": "METADATA", "expires_at": 1_000_000_000})
    export_table(folder)
    second_table()
    with just_before(f"{RESTORING}.count_items", lambda: delete_item(("CART#1", "METADATA"))):
        assert restore_table(folder).written == 121
    assert unfinished_restore() is None


def test_a_checked_backup_is_described(filled: str, folder: Path) -> None:
    assert export_table(folder).manifest == check_backup(folder)


def test_a_restore_begins_a_generation_and_takes_none_from_the_backup(
    filled: str, folder: Path, second_table: Switch
) -> None:
    begin_generation()
    assert export_table(folder).manifest.items == 120
    second_table()
    done = restore_table(folder)
    assert (done.written, done.others) == (120, 0)
    restored = _generation()
    assert restored is not None
    restore_table(folder, overwrite=True)
    assert _generation() not in {None, restored}
    # Neither is a difference of the two.
    assert (verify_table(folder).holds, verify_table(folder).others) == (True, 0)


def test_an_emptied_table_is_empty_though_its_generation_stays(
    filled: str, folder: Path, second_table: Switch
) -> None:
    export_table(folder)
    second_table()
    create_table()
    begin_generation()
    assert restore_table(folder).others == 0


def test_a_restore_that_ends_early_begins_a_generation_too(
    filled: str, folder: Path, second_table: Switch
) -> None:
    export_table(folder)
    second_table()
    create_table()
    refuse_calls("BatchWriteItem", [FORBIDDEN] * 99)
    with pytest.raises(ToolError):
        restore_table(folder, workers=1, sleep=no_wait)
    ended = _generation()
    assert ended is not None
    reset_client()
    restore_table(folder)
    assert _generation() != ended


def _generation() -> str | None:
    return changes_since(datetime(2026, 1, 1, tzinfo=UTC)).generation
