"""Single writes with the methods of a unit of work: made at once, each by itself."""

from collections.abc import Mapping
from typing import Any, NoReturn

from .codec import Item, Key
from .expressions import Condition, Update
from .items import ConditionFailed, delete_item, put_item, update_item
from .transaction import Failure


class AtOnce:
    """Each write by itself, at half of what it costs in a unit of work.

    A condition that does not hold raises `failed`, or ConditionFailed without it. Raises OutcomeUnknown when
    an answer was lost and others have written the row since.
    """

    def put(
        self,
        item: Mapping[str, Any],
        *,
        condition: Condition | None = None,
        failed: Failure | None = None,
    ) -> None:
        """Write a whole item."""
        try:
            put_item(item, condition=condition)
        except ConditionFailed as refused:
            _refuse(failed, refused)

    def update(
        self,
        key: Key,
        update: Update,
        *,
        condition: Condition | None = None,
        failed: Failure | None = None,
    ) -> Item:
        """Change an item, and return it as it is now."""
        try:
            return update_item(key, update, condition=condition)
        except ConditionFailed as refused:
            _refuse(failed, refused)

    def delete(
        self,
        key: Key,
        *,
        condition: Condition | None = None,
        failed: Failure | None = None,
    ) -> None:
        """Delete an item."""
        try:
            delete_item(key, condition=condition)
        except ConditionFailed as refused:
            _refuse(failed, refused)


AT_ONCE = AtOnce()


def _refuse(failed: Failure | None, refused: ConditionFailed) -> NoReturn:
    if failed is None:
        raise refused
    raise (failed if isinstance(failed, Exception) else failed(refused.item)) from refused
