"""Writes the parameters of a call as the JSON that is sent.

The codec has made the items and knows that they are right, so nothing is checked or copied by botocore's
model of an item, which would take longer than the service does.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

_BATCH = "RequestItems"


class WireJson(str):
    """One request of a batch write as the JSON that is sent."""

    __slots__ = ()


def body_of(parameters: Mapping[str, Any]) -> bytes:
    """The body of a call with these parameters; requests of a batch write may be JSON already."""
    batch = parameters.get(_BATCH)
    if not batch or not any(isinstance(requests, list) for requests in batch.values()):
        return _encoder.encode(parameters).encode()
    rest = _encoder.encode({name: it for name, it in parameters.items() if name != _BATCH})
    tables = ",".join(f"{json.dumps(table)}:[{_joined(requests)}]" for table, requests in batch.items())
    return f'{rest[:-1]}{"," if len(rest) > 2 else ""}"{_BATCH}":{{{tables}}}}}'.encode()


def _joined(requests: list[Any]) -> str:
    return ",".join(it if isinstance(it, WireJson) else wire_json(it) for it in requests)


def wire_json(wire: Mapping[str, Any]) -> str:
    """What stands in a request for an item, or a request, in wire format."""
    return _encoder.encode(wire)


def _base64(value: bytes) -> str:
    return b64encode(value).decode()


# The codec's values contain no circles, which would take as long to look for as the rest.
_encoder = json.JSONEncoder(default=_base64, separators=(",", ":"), check_circular=False)
