"""Whether a creator's work is withheld, which follows from its creator alone: while that one is disabled."""

from common.dynamodb import UnitOfWork, attr
from common.optimistic import StaleVersion
from common.repositories.creators import CREATORS, Creator
from common.repositories.products import Product


def creator_of_work(product: Product) -> Creator | None:
    """Whose work it is, by one consistent read; None for the shop's own and for one whose creator is gone."""
    return CREATORS.get(product.creator_id) if product.creator_id is not None else None


def withheld_with(creator: Creator | None) -> bool | None:
    """What a work of this creator says of it: `Product.withheld`."""
    return True if creator is not None and not creator.is_active else None


def same_status_check(work: UnitOfWork, creator: Creator | None, failed: Exception | None = None) -> None:
    """Makes a unit of work fail, with StaleVersion or `failed`, once the creator has another status."""
    if creator is not None:
        # Stops a work from becoming public beside the disabling of its creator, whose search for works may
        # have passed it, and from staying withheld beside the enabling.
        work.check(
            CREATORS.key_of(creator),
            attr("status").eq(creator.status),
            failed=failed or StaleVersion(f"Creator {creator.id}"),
        )
