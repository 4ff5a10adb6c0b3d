"""Fields that are left out while they are not set."""

from collections.abc import Mapping
from typing import Any


def without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are set."""
    return {name: value for name, value in values.items() if value is not None}
