"""The table's definition, and its creation and deletion."""

import logging
from typing import TYPE_CHECKING, Any

from common.config import table_name

from .client import call, get_client
from .lifecycle import EXPIRES_AT

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import WaiterConfigTypeDef

INDEXES = ("GSI1", "GSI2", "GSI3")

_WAIT: "WaiterConfigTypeDef" = {"Delay": 1, "MaxAttempts": 120}
_UNSUPPORTED = frozenset({"UnknownOperationException", "InvalidAction", "NotImplemented"})

_log = logging.getLogger(__name__)


def index_keys(index: str, partition: str, sort: str) -> dict[str, str]:
    """Both key attributes of an index entry; an item with only one of them is not in the index.

    Raises ValueError for an unknown index or an empty key.
    """
    if index not in INDEXES or not partition or not sort:
        raise ValueError(f"no index entry: {index!r}, {partition!r}, {sort!r}")
    return {f"{index}PK": partition, f"{index}SK": sort}


def table_definition(name: str) -> dict[str, Any]:
    """The parameters of CreateTable: PK and SK, three indexes with everything projected, on-demand."""
    pairs = [("PK", "SK"), *((f"{index}PK", f"{index}SK") for index in INDEXES)]
    return {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": attribute, "AttributeType": "S"} for pair in pairs for attribute in pair
        ],
        "KeySchema": _key_schema("PK", "SK"),
        "GlobalSecondaryIndexes": [
            {
                "IndexName": index,
                "KeySchema": _key_schema(f"{index}PK", f"{index}SK"),
                "Projection": {"ProjectionType": "ALL"},
            }
            for index in INDEXES
        ],
    }


def create_table(name: str | None = None) -> bool:
    """Create the table with expiry and, where the engine has it, point-in-time recovery; wait for it.

    Returns False when the table was there already; its expiry and recovery are then switched on if
    they were off.
    """
    from botocore.exceptions import ClientError

    name = name or table_name()
    created = True
    try:
        call("create_table", **table_definition(name))
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceInUseException":
            raise
        created = False
    get_client().get_waiter("table_exists").wait(TableName=name, WaiterConfig=_WAIT)
    _enable_expiry(name)
    _enable_recovery(name)
    return created


def delete_table(name: str | None = None) -> bool:
    """Delete the table with everything in it and wait; False when there was none."""
    from botocore.exceptions import ClientError

    name = name or table_name()
    try:
        call("delete_table", TableName=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return False
    get_client().get_waiter("table_not_exists").wait(TableName=name, WaiterConfig=_WAIT)
    return True


def _key_schema(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


def _enable_expiry(name: str) -> None:
    found = call("describe_time_to_live", TableName=name)["TimeToLiveDescription"]
    if found.get("TimeToLiveStatus") in {"ENABLED", "ENABLING"}:
        return
    call(
        "update_time_to_live",
        TableName=name,
        TimeToLiveSpecification={"Enabled": True, "AttributeName": EXPIRES_AT},
    )


def _enable_recovery(name: str) -> None:
    from botocore.exceptions import ClientError

    try:
        call(
            "update_continuous_backups",
            TableName=name,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] not in _UNSUPPORTED:
            raise
        _log.info("this engine has no point-in-time recovery")
