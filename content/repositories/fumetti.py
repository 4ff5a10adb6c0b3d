"""Fumetti: the comics that can be read in the shop, page by page."""

from dataclasses import dataclass

from common import prefixes
from common.repositories.ordered import OrderedCollection, OrderedEntity


@dataclass(frozen=True, slots=True, kw_only=True)
class Fumetto(OrderedEntity):
    """A comic; its cover and pages are S3 keys or foreign URLs, the pages in reading order."""

    title: str
    description: str | None = None
    cover_image: str | None = None
    pages: tuple[str, ...] = ()


FUMETTI = OrderedCollection(prefixes.FUMETTO, "Fumetto", Fumetto)
