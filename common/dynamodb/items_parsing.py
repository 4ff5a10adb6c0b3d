"""Takes items out of answers before botocore parses them.

botocore walks its model of the ten kinds of value for every attribute of every item, which takes most of
the time of a query; the codec reads the same JSON at once. Errors and everything else of an answer are
left to botocore. Bytes then arrive as base64 text, which the codec knows.
"""

import json
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

# What holds the items in the answer of each operation.
_HOLDERS = {"GetItem": "Item", "Query": "Items", "Scan": "Items", "BatchGetItem": "Responses"}


def leave_items_to_the_codec(client: "DynamoDBClient") -> None:
    """Make the client hand over items as they came, in wire format."""
    for operation, holder in _HOLDERS.items():
        client.meta.events.register(f"before-parse.dynamodb.{operation}", partial(_take_out, holder))


def _take_out(
    holder: str, response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: object
) -> None:
    if response_dict["status_code"] != 200:
        return
    body = json.loads(response_dict["body"])
    if holder in body:
        # botocore adds what stands here to its own reading of the rest.
        customized_response_dict[holder] = body.pop(holder)
        response_dict["body"] = json.dumps(body).encode()
