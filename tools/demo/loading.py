"""Loading: draws and stores the pictures, then creates what shows them, each thing once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256

from catalog.categories import create_category, find_category
from catalog.products import create_product, find_product
from catalog.schemas import NewCategory, NewProduct
from common import media
from common.errors import NotFound
from common.http import Identity, Role
from common.http.validation import load
from common.repositories.personaggi import PERSONAGGI
from content.fumetti import fumetti
from content.personaggi import personaggi
from content.repositories.fumetti import FUMETTI
from content.schemas import FumettoSchema, PersonaggioSchema
from tools.demo import cast, studio
from tools.demo.albums import ALBUMS
from tools.demo.albums.album import Album
from tools.demo.catalogue import OFFERS, SHELVES
from tools.demo.offers import Offer
from tools.demo.studio import Picture

ACTOR = Identity("demo", "demo", Role.ADMIN)

# Older than the oldest product, and younger than what the audit log keeps.
OPENING = timedelta(days=350)

# The encoder runs beside Python: more threads than one serve even though the drawing takes turns.
WORKERS = 3

# The keys of stored pictures, in their order.
Keys = list[str]


@dataclass(frozen=True)
class Job:
    """Something with pictures: they are drawn into `folder`, then `create` is given their keys."""

    label: str
    folder: str
    draw: Callable[[], list[Picture]]
    create: Callable[[list[Picture], Keys], object]


class Loading:
    """One load; all dates are reckoned from `started`, `width` is that of the pictures in pixels."""

    def __init__(self, started: datetime, progress: Callable[[str], None], width: int) -> None:
        self.started = started
        self.progress = progress
        self.width = width
        self.opening = started - OPENING
        self.shelf_ids: dict[str, int] = {}
        self.character_ids: dict[str, int] = {}

    def run(self) -> None:
        """Creates everything that is not there yet."""
        self._shelves()
        # Built before the threads start: building it in several at once is not safe.
        media.get_client()
        jobs = [*self._roles(), *self._offers(), *self._albums()]
        with ThreadPoolExecutor(WORKERS) as pool:
            try:
                drawn = [pool.submit(_stored, job) for job in jobs]
                for job, future in zip(jobs, drawn, strict=True):
                    pictures, keys = future.result()
                    job.create(pictures, keys)
                    for key in keys:
                        media.remove(key)
                    self.progress(job.label)
            finally:
                pool.shutdown(cancel_futures=True)

    def _shelves(self) -> None:
        for name, slug, description, parent in SHELVES:
            try:
                self.shelf_ids[slug] = find_category(slug).id
            except NotFound:
                parent_id = self.shelf_ids[parent] if parent else None
                fields = {"name": name, "slug": slug, "description": description, "parent_id": parent_id}
                self.shelf_ids[slug] = create_category(load(NewCategory, fields), ACTOR, self.opening).id
        self.progress(f"{len(SHELVES)} categories")

    def _roles(self) -> Iterator[Job]:
        present = {entry.name: entry.id for entry in (*PERSONAGGI.live(), *PERSONAGGI.deleted())}
        for role in cast.CAST:
            if role.name in present:
                self.character_ids[role.key] = present[role.name]
                continue
            draw = partial(studio.pictures_of_role, role, self.width)
            yield Job(role.name, "personaggi/demo", draw, partial(self._create_role, role))

    def _create_role(self, role: cast.Role, _: list[Picture], keys: Keys) -> None:
        fields = {**role.fields, "icon": keys[0], "images": keys[1:3]}
        if role.background == "image":
            fields["background_image"] = keys[3]
        entry = personaggi.create(load(PersonaggioSchema, fields), ACTOR, self.opening)
        self.character_ids[role.key] = entry.id

    def _offers(self) -> Iterator[Job]:
        for offer in OFFERS:
            try:
                find_product(offer.slug, sees_all=True)
            except NotFound:
                draw = partial(studio.pictures_of_offer, offer, self.width)
                yield Job(offer.title, "products/demo", draw, partial(self._create_offer, offer))

    def _create_offer(self, offer: Offer, pictures: list[Picture], keys: Keys) -> None:
        fields = {
            **offer.fields,
            "character_id": self.character_ids[offer.character],
            "character_value": cast.name_of(offer.character),
            "category_ids": [self.shelf_ids[slug] for slug in offer.shelves],
            "images": [
                {"url": key, "alt_text": picture.alt_text, "position": position}
                for position, (picture, key) in enumerate(zip(pictures, keys, strict=True))
            ],
        }
        create_product(load(NewProduct, fields), ACTOR, self.started - timedelta(days=offer.age))

    def _albums(self) -> Iterator[Job]:
        present = {entry.title for entry in (*FUMETTI.live(), *FUMETTI.deleted())}
        for album in ALBUMS:
            if album.title not in present:
                draw = partial(studio.pictures_of_album, album, self.width)
                yield Job(album.title, "fumetti/demo", draw, partial(self._create_album, album))

    def _create_album(self, album: Album, _: list[Picture], keys: Keys) -> None:
        fields = {
            "title": album.title,
            "description": album.description,
            "cover_image": keys[0],
            "pages": keys[1:],
        }
        fumetti.create(load(FumettoSchema, fields), ACTOR, self.started - timedelta(days=album.age))


def _stored(job: Job) -> tuple[list[Picture], Keys]:
    pictures = job.draw()
    return pictures, [_store(job.folder, picture) for picture in pictures]


def _store(folder: str, picture: Picture) -> str:
    """Stores a picture to be taken by a row and answers its key, which is the same in a repeated load."""
    digest = sha256(picture.name.encode() + picture.data).hexdigest()[:32]
    key = f"{media.INCOMING}/{folder}/{digest}.webp"
    media.store(key, picture.data, "image/webp")
    return key
