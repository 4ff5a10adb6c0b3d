"""Tests of the table's definition, creation and deletion."""

import pytest

from common.dynamodb import (
    INDEXES,
    Query,
    create_table,
    delete_table,
    fetch_all,
    get_client,
    index_keys,
    put_item,
    table_definition,
    table_name,
)


def test_the_definition_names_every_key_once_as_text() -> None:
    definition = table_definition("shop")
    attributes = {it["AttributeName"]: it["AttributeType"] for it in definition["AttributeDefinitions"]}
    assert len(attributes) == len(definition["AttributeDefinitions"]) == 8
    assert set(attributes.values()) == {"S"}
    assert definition["TableName"] == "shop"
    assert definition["BillingMode"] == "PAY_PER_REQUEST"


def test_the_engine_has_what_was_defined(table: str) -> None:
    found = get_client().describe_table(TableName=table)["Table"]
    assert [key["AttributeName"] for key in found["KeySchema"]] == ["PK", "SK"]
    indexes = {
        it["IndexName"]: ([key["AttributeName"] for key in it["KeySchema"]], it["Projection"])
        for it in found["GlobalSecondaryIndexes"]
    }
    assert indexes == {
        name: ([f"{name}PK", f"{name}SK"], {"ProjectionType": "ALL"}) for name in ("GSI1", "GSI2", "GSI3")
    }
    assert found["TableStatus"] == "ACTIVE"


def test_items_expire_by_expires_at(table: str) -> None:
    found = get_client().describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    assert found == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}


def test_creating_again_changes_nothing(table: str) -> None:
    put_item({"PK": "A", "SK": "B"})
    assert create_table() is False
    assert fetch_all(Query("A")) == [{"PK": "A", "SK": "B"}]


def test_creating_again_completes_what_was_interrupted(aws: str) -> None:
    get_client().create_table(**table_definition("half-made"))
    assert create_table("half-made") is False
    found = get_client().describe_time_to_live(TableName="half-made")["TimeToLiveDescription"]
    assert found.get("AttributeName") == "expires_at"
    assert delete_table("half-made") is True


def test_a_table_is_created_and_deleted_by_the_name_of_the_environment(
    aws: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DYNAMODB_TABLE_NAME", "created-and-deleted")
    assert create_table() is True
    assert table_name() in get_client().list_tables()["TableNames"]
    assert delete_table() is True
    assert table_name() not in get_client().list_tables()["TableNames"]
    assert delete_table() is False


@pytest.mark.parametrize("index", INDEXES)
def test_an_item_with_both_keys_is_found_in_the_index(table: str, index: str) -> None:
    item = {"PK": "A", "SK": "B", **index_keys(index, "STATUS#open", "2026")}
    put_item(item)
    put_item({"PK": "A", "SK": "C", f"{index}PK": "STATUS#open"})
    assert fetch_all(Query("STATUS#open", index=index)) == [item]


@pytest.mark.parametrize(
    ("index", "partition", "sort"), [("GSI9", "a", "b"), ("GSI1", "", "b"), ("GSI1", "a", "")]
)
def test_half_an_index_entry_is_refused(index: str, partition: str, sort: str) -> None:
    with pytest.raises(ValueError, match="no index entry"):
        index_keys(index, partition, sort)
