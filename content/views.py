"""The JSON of personaggi and fumetti as the storefronts read it: dates in both styles.

Fields in camelCase are null where they are not set, as one storefront expects it; those in snake_case are
left out, as the other does.
"""

from collections.abc import Sequence
from itertools import count
from typing import Any

from common.media import url_for, urls_for
from common.repositories.ordered import OrderedEntity
from common.repositories.personaggi import Personaggio
from common.slugs import numbered, slugify
from content.repositories.fumetti import Fumetto


def personaggio_json(personaggio: Personaggio) -> dict[str, Any]:
    """A personaggio with absolute picture URLs."""
    return {
        "id": personaggio.id,
        "name": personaggio.name,
        "description": personaggio.description,
        "icon": _url(personaggio.icon),
        "images": urls_for(personaggio.images),
        "backgroundColor": personaggio.background_color,
        "backgroundType": personaggio.background_type,
        "gradientFrom": personaggio.gradient_from,
        "gradientTo": personaggio.gradient_to,
        "backgroundImage": _url(personaggio.background_image),
        **_order_and_dates(personaggio),
    }


def fumetti_json(fumetti: Sequence[Fumetto]) -> list[dict[str, Any]]:
    """All fumetti of a list, in which each is found by its slug: of equal titles the oldest has it plain."""
    slugs: dict[str, int] = {}
    for fumetto in sorted(fumetti, key=lambda each: each.id):
        slug = slugify(fumetto.title)
        free = (numbered(slug, number) for number in count(1))
        slugs[next(each for each in free if each not in slugs)] = fumetto.id
    names = {fumetto_id: slug for slug, fumetto_id in slugs.items()}
    return [fumetto_json(fumetto) | {"slug": names[fumetto.id]} for fumetto in fumetti]


def fumetto_json(fumetto: Fumetto) -> dict[str, Any]:
    """A fumetto with absolute picture URLs; its slug is made from the title alone."""
    return {
        "id": fumetto.id,
        "title": fumetto.title,
        "slug": slugify(fumetto.title),
        "description": fumetto.description,
        "coverImage": _url(fumetto.cover_image),
        "pages": urls_for(fumetto.pages),
        **_order_and_dates(fumetto),
    }


def _order_and_dates(entry: OrderedEntity) -> dict[str, Any]:
    return {
        "order": entry.order,
        "created_at": entry.created_at,
        "updated_at": entry.updated_at,
        **({"deleted_at": entry.deleted_at} if entry.deleted_at else {}),
        "createdAt": entry.created_at,
        "updatedAt": entry.updated_at,
        "deletedAt": entry.deleted_at,
    }


def _url(key: str | None) -> str | None:
    return key if key is None else url_for(key)
