"""`artshop table`: the table on whatever engine the environment names."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from common import dynamodb
from tools.errors import ToolError


def create_table() -> str:
    """Create the table and say so; ToolError when the engine refuses or does not answer."""
    try:
        created = dynamodb.create_table()
    except (BotoCoreError, ClientError) as error:
        raise _failure(error) from error
    state = "created" if created else "was there already"
    return f"{dynamodb.table_name()} {state} at {_endpoint()}"


def describe_table() -> str:
    """A few lines about the table; ToolError when there is none."""
    try:
        table = dynamodb.call("describe_table", TableName=dynamodb.table_name())["Table"]
    except (BotoCoreError, ClientError) as error:
        raise _failure(error) from error
    lines = [
        f"{table['TableName']} at {_endpoint()}: {table['TableStatus']}",
        f"items (counted every six hours on AWS): {table['ItemCount']}",
        f"keys: {_keys(table)}",
    ]
    return "\n".join(lines + [f"{index['IndexName']}: {_keys(index)}" for index in _indexes(table)])


def _indexes(table: dict[str, Any]) -> list[dict[str, Any]]:
    return sorted(table.get("GlobalSecondaryIndexes", []), key=lambda index: str(index["IndexName"]))


def _keys(described: dict[str, Any]) -> str:
    return " / ".join(key["AttributeName"] for key in described["KeySchema"])


def _endpoint() -> str:
    return str(dynamodb.get_client().meta.endpoint_url)


def _failure(error: Exception) -> ToolError:
    return ToolError(f"The engine at {_endpoint()} did not do it: {error}")
