"""Whose works a caller may touch: the own ones, or everybody's for whoever keeps the catalogue."""

from dataclasses import dataclass

from common.errors import Forbidden
from common.http import Identity, Role
from common.http.auth import includes
from common.repositories.creators import Creator, creator_by_user
from common.repositories.products import Product


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in caller and the creator for whom the account acts; `keeps_catalogue` who keeps all works."""

    identity: Identity
    creator: Creator | None
    keeps_catalogue: bool

    def owns(self, product: Product) -> bool:
        """Whether the product is a work of the creator for whom the caller acts."""
        return self.creator is not None and self.creator.id == product.creator_id

    def require(self, product: Product) -> None:
        """Forbidden unless the caller may change the product."""
        if self.keeps_catalogue:
            return
        if not self.owns(product):
            raise Forbidden("This is a work of another creator")
        _require_active(self.creator)


def caller_of(identity: Identity) -> Caller:
    """What a caller may touch, by one query."""
    return Caller(identity, creator_by_user(identity.id), includes(identity, Role.EDITOR))


def own_creator(identity: Identity) -> Creator:
    """The creator for whom a caller acts; Forbidden where there is none, or one who is disabled."""
    return _require_active(creator_by_user(identity.id))


def _require_active(creator: Creator | None) -> Creator:
    if creator is None:
        raise Forbidden("This account acts for no creator")
    if not creator.is_active:
        raise Forbidden("This creator is disabled")
    return creator
