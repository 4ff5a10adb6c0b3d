"""Personaggi: the characters that the shop's works show."""

from dataclasses import dataclass

from common import prefixes
from common.repositories.ordered import OrderedCollection, OrderedEntity


@dataclass(frozen=True, slots=True, kw_only=True)
class Personaggio(OrderedEntity):
    """A character; pictures are S3 keys or foreign URLs, colours `#RRGGBB`.

    `background_type` (solid, gradient or image) says which of the background fields is shown.
    """

    name: str
    description: str | None = None
    icon: str | None = None
    images: tuple[str, ...] = ()
    background_color: str | None = None
    background_type: str | None = None
    gradient_from: str | None = None
    gradient_to: str | None = None
    background_image: str | None = None


PERSONAGGI = OrderedCollection(prefixes.PERSONAGGIO, "Personaggio", Personaggio)
