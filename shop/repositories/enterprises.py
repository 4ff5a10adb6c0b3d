"""Enterprises: their type, their row and how they are read.

Name and times stand in the row under two names each, because readers of both kinds exist.
"""

from dataclasses import dataclass

from common import prefixes
from common.collation import collation_key
from common.dynamodb import (
    Condition,
    Item,
    Key,
    Query,
    UnitOfWork,
    Update,
    attr,
    fetch_all,
    get_item,
    index_keys,
    sort_key,
)
from common.errors import Conflict
from common.optimistic import StaleVersion

ENTITY_TYPE = "enterprise"
PARTITION = prefixes.ENTERPRISES

# A sort key has at most 1024 bytes, and a character up to four.
_SORTED_BY = 200
# What a new name or a later writing changes in a row; the rest stays, where it came from above all.
_CHANGING = ("GSI1PK", "GSI1SK", "enterprise_name", "name", "updated_date", "updatedAt")


@dataclass(frozen=True, slots=True)
class Enterprise:
    """An organisation; its id is a UUID, or the number that it came with from PostgreSQL, as text.

    `name` is None where none was given; times in ISO 8601 UTC. `original_pg_id` is that number.
    """

    id: str
    name: str | None
    created_at: str
    updated_at: str
    original_pg_id: int | None = None


def enterprise_key(enterprise_id: str) -> Key:
    """The key of an enterprise."""
    return f"{prefixes.ENTERPRISE}#{enterprise_id}", "METADATA"


def enterprise_item(enterprise: Enterprise) -> Item:
    """The row of an enterprise."""
    pk, sk = enterprise_key(enterprise.id)
    names = {} if enterprise.name is None else dict.fromkeys(("enterprise_name", "name"), enterprise.name)
    brought = {"migrated_from_pg": True, "original_pg_id": enterprise.original_pg_id}
    return {
        "PK": pk,
        "SK": sk,
        **index_keys("GSI1", PARTITION, f"{_sort_name(enterprise.name)}{enterprise.id}"),
        "id": enterprise.id,
        **names,
        "created_date": enterprise.created_at,
        "createdAt": enterprise.created_at,
        "updated_date": enterprise.updated_at,
        "updatedAt": enterprise.updated_at,
        "entity_type": ENTITY_TYPE,
        **(brought if enterprise.original_pg_id is not None else {}),
    }


def enterprise_of(item: Item) -> Enterprise:
    """The enterprise of its row."""
    return Enterprise(
        id=item["id"],
        name=item.get("enterprise_name", item.get("name")),
        created_at=item.get("created_date") or item["createdAt"],
        updated_at=item.get("updated_date") or item["updatedAt"],
        original_pg_id=item.get("original_pg_id"),
    )


def find_enterprise(enterprise_id: str) -> Enterprise | None:
    """The enterprise with this id, by one consistent read."""
    item = get_item(enterprise_key(enterprise_id), consistent=True)
    return enterprise_of(item) if item else None


def all_enterprises() -> list[Enterprise]:
    """Every enterprise by name, by one query of GSI1 (eventually consistent)."""
    found = [enterprise_of(item) for item in fetch_all(Query(PARTITION, index="GSI1"))]
    # The index has accents in the order of their bytes, and its separator where one name begins another.
    return sorted(found, key=lambda enterprise: (*collation_key(enterprise.name or ""), enterprise.id))


def enterprises_named(name: str) -> list[Enterprise]:
    """Those with exactly this name, the oldest first, by one query of GSI1 (eventually consistent)."""
    query = Query(PARTITION, index="GSI1", sort=sort_key().begins_with(_sort_name(name)))
    found = [enterprise_of(item) for item in fetch_all(query)]
    # The index has one place for capitals and small letters, and for long names that begin alike.
    same = [enterprise for enterprise in found if enterprise.name == name]
    return sorted(same, key=lambda enterprise: (enterprise.created_at, enterprise.id))


def enterprise_rows(limit: int) -> list[Item]:
    """The first `limit` rows of enterprises as they are stored, by one query of GSI1."""
    return fetch_all(Query(PARTITION, index="GSI1"), limit=limit)


def add_enterprise(work: UnitOfWork, enterprise: Enterprise) -> None:
    """Adds a new enterprise; Conflict where its id is taken."""
    # Stops an id that is in use from being written over.
    taken = Conflict(f"Enterprise {enterprise.id} already exists")
    work.put(enterprise_item(enterprise), condition=attr("PK").missing(), failed=taken)


def change_enterprise(work: UnitOfWork, before: Enterprise, after: Enterprise) -> None:
    """Gives an enterprise another name and the time of it; StaleVersion when it is not as it was read."""
    update, item = Update(), enterprise_item(after)
    for name in _CHANGING:
        if name in item:
            update.set(name, item[name])
    work.update(
        enterprise_key(before.id), update, condition=_as_read(before), failed=StaleVersion("Enterprise")
    )


def delete_enterprise(work: UnitOfWork, enterprise: Enterprise) -> None:
    """Deletes the row of an enterprise for good; StaleVersion when it is not as it was read."""
    key = enterprise_key(enterprise.id)
    work.delete(key, condition=_as_read(enterprise), failed=StaleVersion("Enterprise"))


def _as_read(enterprise: Enterprise) -> Condition:
    """The row is there, with the name and the time of its last writing that were read.

    Stops an update beside a deletion from making half a row of what is gone, two updates from telling the
    audit log the same old name, and two deletions from being told of twice.
    """
    item, same = enterprise_item(enterprise), attr("PK").exists()
    for name in ("enterprise_name", "updated_date"):
        same &= attr(name).eq(item[name]) if name in item else attr(name).missing()
    return same


def _sort_name(name: str | None) -> str:
    return f"{(name or '').lower()[:_SORTED_BY]}#"
