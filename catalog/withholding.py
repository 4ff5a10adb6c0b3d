"""Takes a creator's works from the public while the creator is disabled, and brings them back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from catalog.products import ENTITY
from common.audit import Actor, record
from common.clock import iso
from common.dynamodb import UnitOfWork, batch_get
from common.errors import Conflict, NotFound
from common.optimistic import StaleVersion, retry_when_stale
from common.repositories.creator_works import creator_work_ids
from common.repositories.creators import CREATORS, NOT_FOUND, Creator
from common.repositories.product_writes import decide_product
from common.repositories.products import listing_key, product_by_id
from common.repositories.withholding import same_status_check, withheld_with
from common.stock_queue import announce

WITHHOLD, RELEASE = "WITHHOLD_PRODUCT", "RELEASE_PRODUCT"


@dataclass(slots=True)
class Withheld:
    """How many works there are and how many were changed; `is_done` unless it was stopped or overtaken."""

    works: int = 0
    changed: int = 0
    is_done: bool = True


class _Overtaken(Conflict):
    """The creator's status is another again, and somebody else follows that."""


def _always() -> bool:
    return True


def withhold_works(
    creator_id: str,
    withheld: bool,
    actor: Actor,
    now: datetime,
    *,
    may_go_on: Callable[[], bool] = _always,
) -> Withheld:
    """Withholds every work of a creator who is disabled, or releases those of one who is active.

    It may be repeated, and goes on where an earlier call ended; `may_go_on` is asked before each work. It
    does nothing for a creator whose status says otherwise, and stops when that changes. A work that is too
    new to be found was added beside the change: it waits to be approved, which looks at the creator.
    Raises NotFound.
    """
    creator = CREATORS.get(creator_id)
    if creator is None:
        raise NotFound(NOT_FOUND)
    done = Withheld()
    if creator.is_active is withheld:
        done.is_done = False
        return done
    for product_id in _left(creator, done):
        if not may_go_on():
            done.is_done = False
            break
        try:
            done.changed += _follow(product_id, creator, actor, now)
        except _Overtaken:
            done.is_done = False
            break
        except StaleVersion:
            # Whoever writes this one so busily keeps no other from being withheld.
            done.is_done = False
    return done


def _left(creator: Creator, done: Withheld) -> list[int]:
    """The works that do not follow yet: the index tells which there are, their own rows how they stand."""
    ids = creator_work_ids(creator.id)
    rows = batch_get([listing_key(each) for each in ids], consistent=True)
    wanted = withheld_with(creator)
    done.works = len(ids)
    return [each for each in ids if rows.get(listing_key(each), {}).get("withheld") != wanted]


def _follow(product_id: int, creator: Creator, actor: Actor, now: datetime) -> bool:
    return retry_when_stale(lambda: _write(product_id, creator, actor, now))


def _write(product_id: int, creator: Creator, actor: Actor, now: datetime) -> bool:
    before, withheld = product_by_id(product_id), withheld_with(creator)
    if before is None or before.deleted_at or before.withheld == withheld:
        return False
    after = replace(before, withheld=withheld, updated_at=iso(now), version=before.version + 1)
    with UnitOfWork() as work:
        decide_product(work, before, after)
        # Stops a call that comes late from undoing what follows a newer status.
        same_status_check(work, creator, failed=_Overtaken("The creator's status has changed"))
        record(
            work,
            actor=actor,
            action=WITHHOLD if withheld else RELEASE,
            entity_type=ENTITY,
            entity_id=product_id,
            now=now,
        )
    announce(variant.sku for variant in after.live_variants)
    return True
