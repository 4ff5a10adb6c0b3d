"""Puts the requests of batch writes into their body as they are, past botocore's model of an item.

botocore checks and copies every attribute of every item by its model of the ten kinds of value, which takes
longer than the service does; the codec has made the items and knows that they are right. With each call
goes an id that tells its attempts apart, which botocore draws from the system's randomness at some cost.
"""

import json
import random
from base64 import b64encode
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

# Where the requests wait among botocore's notes on a call.
_HELD = "RequestsInWireFormat"
_OPERATION = "BatchWriteItem"


class WireJson(str):
    """One request of a batch write as the JSON that is sent."""

    __slots__ = ()


def leave_requests_to_the_codec(client: "DynamoDBClient") -> None:
    """Make the client send the requests of batch writes as they come."""
    events = client.meta.events
    # Last, so that whoever else looks at the parameters sees them all.
    events.register_last(f"before-parameter-build.dynamodb.{_OPERATION}", _take_out)
    events.register(f"before-call.dynamodb.{_OPERATION}", _put_in)
    events.register("before-call.dynamodb", _name)


def _take_out(params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
    context[_HELD] = params["RequestItems"]
    # The tables stay, because they decide where the call is sent to.
    params["RequestItems"] = {table: [{}] for table in params["RequestItems"]}


def _put_in(params: dict[str, Any], context: Mapping[str, Any], **_: object) -> None:
    tables = (f"{json.dumps(table)}:[{_joined(requests)}]" for table, requests in context[_HELD].items())
    members = {name: json.dumps(it) for name, it in json.loads(params["body"]).items()}
    members["RequestItems"] = f"{{{','.join(tables)}}}"
    body = ",".join(f'"{name}":{text}' for name, text in members.items())
    params["body"] = f"{{{body}}}".encode()


def _joined(requests: list[Any]) -> str:
    return ",".join(it if isinstance(it, WireJson) else wire_json(it) for it in requests)


def wire_json(wire: Mapping[str, Any]) -> str:
    """What stands in a request for an item, or a request, in wire format."""
    return _encoder.encode(wire)


def _base64(value: bytes) -> str:
    return b64encode(value).decode()


# The codec's values contain no circles, which would take as long to look for as the rest.
_encoder = json.JSONEncoder(default=_base64, separators=(",", ":"), check_circular=False)


def _name(context: dict[str, Any], **_: object) -> None:
    number = random.getrandbits(128)
    context.setdefault("retries", {})["invocation-id"] = str(UUID(int=number, version=4))
