"""Personaggi: what distinguishes the shop's characters from its other content."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from common.http import Identity
from common.repositories.personaggi import PERSONAGGI, Personaggio
from common.sparse import without_none
from content.entries import Entries
from content.gallery import Gallery
from content.pictures import PictureFields

MAX_IMAGES = 20

# What the storefront's first database filled in for a new personaggio.
DEFAULTS = {"background_type": "solid", "background_color": "#E0E7FF"}


class PersonaggioEntries(Entries[Personaggio]):
    """Personaggi start with a background."""

    def create(self, data: Mapping[str, Any], actor: Identity, now: datetime) -> Personaggio:
        """A new personaggio; a background that is not given is solid and light blue."""
        return super().create({**DEFAULTS, **without_none(data)}, actor, now)


personaggi = PersonaggioEntries(
    PERSONAGGI,
    PictureFields(
        "personaggi",
        {"gallery": "images", "icon": "icon", "background": "background_image"},
        "gallery",
        MAX_IMAGES,
    ),
)

gallery = Gallery(personaggi)
