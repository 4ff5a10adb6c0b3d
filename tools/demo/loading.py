"""Loading: what `shop.json` says is created through the shop's own rules, each thing once."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from catalog.categories import create_category, find_category
from catalog.products import create_product, find_product
from catalog.schemas import CategorySchema, NewProduct
from common import media
from common.errors import NotFound
from common.http import Identity, Role
from common.http.validation import load
from common.repositories.personaggi import PERSONAGGI
from content.fumetti import fumetti
from content.personaggi import personaggi
from content.repositories.fumetti import FUMETTI
from content.schemas import FumettoSchema, PersonaggioSchema

DATA = Path(__file__).parent / "shop.json"
PICTURES = Path(__file__).parent / "pictures"

ACTOR = Identity("demo", "demo", Role.ADMIN)

# Older than the oldest product, and younger than what the audit log keeps.
OPENING = timedelta(days=350)

Entry = dict[str, Any]


def read_shop() -> dict[str, list[Entry]]:
    """The demo shop: lists of categories, personaggi, products and fumetti.

    An entry has the fields that a client would send, with the names of files for pictures. Besides,
    `age_days` says how long before the load a thing was created; `parent` and `categories` are slugs of
    categories, `personaggio` is a name.
    """
    shop: dict[str, list[Entry]] = json.loads(DATA.read_text(encoding="utf-8"))
    return shop


class Loading:
    """One load, whose dates are reckoned from `started`."""

    def __init__(self, started: datetime, progress: Callable[[str], None]) -> None:
        self.started = started
        self.progress = progress
        self.category_ids: dict[str, int] = {}
        self.personaggio_ids: dict[str, int] = {}

    def run(self) -> None:
        """Create everything that is not there yet."""
        shop = read_shop()
        self._create_categories(shop["categories"])
        self._create_personaggi(shop["personaggi"])
        self._create_products(shop["products"])
        self._create_fumetti(shop["fumetti"])

    def _create_categories(self, entries: list[Entry]) -> None:
        for entry in entries:
            fields = dict(entry)
            parent = fields.pop("parent")
            try:
                found = find_category(fields["slug"])
            except NotFound:
                fields["parent_id"] = self.category_ids[parent] if parent else None
                found = create_category(load(CategorySchema, fields), ACTOR, self.started - OPENING)
            self.category_ids[found.slug] = found.id
        self.progress(f"{len(entries)} categories")

    def _create_personaggi(self, entries: list[Entry]) -> None:
        self.personaggio_ids = {it.name: it.id for it in (*PERSONAGGI.live(), *PERSONAGGI.deleted())}
        for entry in entries:
            if (name := entry["name"]) in self.personaggio_ids:
                continue
            with stored("personaggi/demo", entry, ("icon", "images", "background_image")) as fields:
                created = personaggi.create(load(PersonaggioSchema, fields), ACTOR, self.started - OPENING)
            self.personaggio_ids[name] = created.id
            self.progress(name)

    def _create_products(self, entries: list[Entry]) -> None:
        for entry in entries:
            try:
                find_product(entry["slug"], self.started, sees_all=True)
            except NotFound:
                self._create_product(entry)
                self.progress(entry["title"])

    def _create_product(self, entry: Entry) -> None:
        with stored("products/demo", entry, ("images",)) as fields:
            name = fields.pop("personaggio")
            fields |= {
                "character_id": self.personaggio_ids[name],
                "character_value": name,
                "category_ids": [self.category_ids[slug] for slug in fields.pop("categories")],
            }
            created = self.started - timedelta(days=fields.pop("age_days"))
            create_product(load(NewProduct, fields), ACTOR, created)

    def _create_fumetti(self, entries: list[Entry]) -> None:
        present = {entry.title for entry in (*FUMETTI.live(), *FUMETTI.deleted())}
        for entry in entries:
            if entry["title"] in present:
                continue
            with stored("fumetti/demo", entry, ("cover_image", "pages")) as fields:
                created = self.started - timedelta(days=fields.pop("age_days"))
                fumetti.create(load(FumettoSchema, fields), ACTOR, created)
            self.progress(entry["title"])


@contextmanager
def stored(folder: str, entry: Entry, names: tuple[str, ...]) -> Iterator[Entry]:
    """The entry with the keys of its pictures in the fields of these names.

    They are stored for the block, in which a row is to take its copies.
    """
    keys: list[str] = []

    def store(value: Any) -> Any:
        if isinstance(value, list):
            return [store(each) for each in value]
        if isinstance(value, dict):
            return {**value, "url": store(value["url"])}
        keys.append(store_picture(folder, value))
        return keys[-1]

    yield {field: store(value) if field in names else value for field, value in entry.items()}
    for key in keys:
        media.remove(key)


def store_picture(folder: str, name: str) -> str:
    """Store a picture to be taken by a row and answer its key, which is the same in a repeated load."""
    data = (PICTURES / name).read_bytes()
    key = f"{media.INCOMING}/{folder}/{sha256(name.encode() + data).hexdigest()[:32]}.webp"
    media.store(key, data, "image/webp")
    return key
