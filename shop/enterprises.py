"""Enterprises: creating, renaming and deleting them, and what is shown of one and of their rows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from common.audit import Actor, changes_between, record
from common.clock import iso
from common.dynamodb import UnitOfWork, table_name
from common.optimistic import retry_when_stale, unchecked
from shop.repositories.enterprises import (
    Enterprise,
    add_enterprise,
    change_enterprise,
    delete_enterprise,
    enterprise_rows,
    find_enterprise,
)

ENTITY = "Enterprise"

# At the most 400 KB of an index are read for a look at the rows.
MOST_COUNTED = 1_000
ROWS_SHOWN = 10

Check = Callable[[Enterprise], None]

# All that an enterprise's row has of its own. What anybody else has put into it is not shown.
_SHOWN = (
    "PK",
    "SK",
    "GSI1PK",
    "GSI1SK",
    "id",
    "enterprise_name",
    "name",
    "created_date",
    "createdAt",
    "updated_date",
    "updatedAt",
    "entity_type",
    "migrated_from_pg",
    "original_pg_id",
)


def create_enterprise(name: str, actor: Actor, now: datetime) -> Enterprise:
    """Creates an enterprise under a new UUID; others may have the same name."""
    enterprise = Enterprise(str(uuid4()), name, iso(now), iso(now))
    with UnitOfWork() as work:
        add_enterprise(work, enterprise)
        record(work, actor=actor, action="CREATE", entity_type=ENTITY, entity_id=enterprise.id, now=now)
    return enterprise


def rename_enterprise(
    enterprise_id: str, name: str, actor: Actor, now: datetime, *, check: Check = unchecked
) -> Enterprise | None:
    """The enterprise with its new name; None where there is none, and nothing is written then.

    `check` sees the enterprise on which the change is decided, and may refuse it.
    """

    def rename() -> Enterprise | None:
        before = find_enterprise(enterprise_id)
        if before is None:
            return None
        check(before)
        after = replace(before, name=name, updated_at=iso(now))
        changes = changes_between({"name": before.name}, {"name": name})
        with UnitOfWork() as work:
            change_enterprise(work, before, after)
            record(
                work,
                actor=actor,
                action="UPDATE",
                entity_type=ENTITY,
                entity_id=enterprise_id,
                now=now,
                changes=changes,
            )
        return after

    return retry_when_stale(rename)


def remove_enterprise(enterprise_id: str, actor: Actor, now: datetime) -> None:
    """Deletes the row of an enterprise; one that is gone is deleted already."""

    def remove() -> None:
        enterprise = find_enterprise(enterprise_id)
        if enterprise is None:
            return
        with UnitOfWork() as work:
            delete_enterprise(work, enterprise)
            record(
                work,
                actor=actor,
                action="DELETE",
                entity_type=ENTITY,
                entity_id=enterprise_id,
                now=now,
                changes=changes_between({"name": enterprise.name}, {}),
            )

    retry_when_stale(remove)


def enterprise_json(enterprise: Enterprise) -> dict[str, Any]:
    """What is shown of an enterprise; one that came without a name has no `name`."""
    name = {} if enterprise.name is None else {"name": enterprise.name}
    return {
        "id": enterprise.id,
        **name,
        "createdAt": enterprise.created_at,
        "updatedAt": enterprise.updated_at,
    }


def rows_report() -> dict[str, Any]:
    """The table's name, how many enterprises it has (counted up to 1,000), and the first ten of their rows.

    Rows of anything else are not read; of an enterprise's row, its own attributes are shown.
    """
    rows = enterprise_rows(MOST_COUNTED)
    shown = [{name: row[name] for name in _SHOWN if name in row} for row in rows[:ROWS_SHOWN]]
    return {
        "tableName": table_name(),
        "totalItems": len(rows),
        "items": shown,
        "itemStructure": list(shown[0]) if shown else [],
    }
