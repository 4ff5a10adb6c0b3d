"""What moto works out anew for every call and every test, worked out once."""

import copy
from functools import cache
from typing import Any

from moto import backend_index
from moto.core import responses
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.serialize import BaseJSONSerializer
from moto.core.utils import method_names_from_class
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table

from common.config import DEFAULT_REGION
from common.dynamodb import create_table

# The services that the project calls; moto tries the patterns of all it has, for every request.
_SERVICES = frozenset({"cloudwatch", "dynamodb", "kms", "s3", "secretsmanager", "sesv2", "sqs", "ssm", "sts"})
# What is sent as it lies in the table; lists, maps and binary values are left to moto.
_PLAIN = frozenset({"S", "N", "BOOL", "NULL", "SS", "NS"})

_serialize_structure = BaseJSONSerializer._serialize_type_structure


def hasten() -> None:
    """Make moto quicker in this process; harmless when it is done already."""
    backend_index.backend_url_patterns[:] = [
        entry for entry in backend_index.backend_url_patterns if entry[0] in _SERVICES
    ]
    setattr(responses, "method_names_from_class", cache(method_names_from_class))  # noqa: B010 - moto exports no name
    setattr(BaseJSONSerializer, "_serialize_type_structure", _structure)  # noqa: B010 - nor may a method be set


def put_empty_table(name: str) -> None:
    """Put an empty table into moto, as `create_table` makes it."""
    dynamodb_backends[DEFAULT_ACCOUNT_ID][DEFAULT_REGION].tables[name] = copy.deepcopy(_table(name))


@cache
def _table(name: str) -> Table:
    create_table(name)
    return dynamodb_backends[DEFAULT_ACCOUNT_ID][DEFAULT_REGION].tables[name]


def _structure(
    self: BaseJSONSerializer, serialized: dict[str, Any], value: Any, shape: Any, key: str
) -> None:
    # moto looks for each of the ten kinds under all the names that other services give to theirs.
    if shape.name == "AttributeValue" and type(value) is dict and key and value.keys() <= _PLAIN:
        self._default_serialize(serialized, value, shape, key)
    else:
        _serialize_structure(self, serialized, value, shape, key)
