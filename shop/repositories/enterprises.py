"""Enterprises: their type, their row and how they are read.

Name and times stand in the row under two names each, because readers of both kinds exist.
"""

from dataclasses import dataclass

from common import prefixes
from common.collation import collation_key
from common.dynamodb import Item, Key, Query, fetch_all, get_item, index_keys

ENTITY_TYPE = "enterprise"
PARTITION = prefixes.ENTERPRISES

# A sort key has at most 1024 bytes, and a character up to four.
_SORTED_BY = 200


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
        **index_keys("GSI1", PARTITION, f"{_sort_name(enterprise)[:_SORTED_BY]}#{enterprise.id}"),
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


def _sort_name(enterprise: Enterprise) -> str:
    return (enterprise.name or "").lower()
