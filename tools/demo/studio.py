"""The studio: every picture that the demo shop needs, by the name that it is stored under."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO

from PIL import Image

from tools.demo.albums.album import Album
from tools.demo.cast import Role
from tools.demo.offers import Offer
from tools.demo.pictures import comics, portraits, rooms, shirts, works
from tools.demo.pictures.canvas import FINENESS

QUALITY = 78


@dataclass(frozen=True)
class Picture:
    """A finished picture: the file name without extension, the WebP file and what it shows."""

    name: str
    data: bytes
    alt_text: str


Drawing = Callable[[], Image.Image]


def pictures_of_offer(offer: Offer, width: int) -> list[Picture]:
    """The product's pictures, the work itself first."""
    if isinstance(offer.art, works.Work):
        drawn = _of_work(offer, offer.art, width)
    else:
        drawn = _of_shirts(offer, offer.art, width)
    named = list(drawn)[: offer.pictures]
    return [
        Picture(f"{offer.slug}-{number}", _encoded(image), alt_text)
        for number, (image, alt_text) in enumerate(named, start=1)
    ]


def _of_work(offer: Offer, work: works.Work, width: int) -> Iterator[tuple[Image.Image, str]]:
    large = works.painted(work, width)
    yield large.reduce(FINENESS), f"{offer.title}: the whole sheet"
    yield rooms.framed(large, work.palette, work.seed, width), f"{offer.title}, framed on a wall"
    yield rooms.detail(large, work.seed, width), f"{offer.title}: a detail"


def _of_shirts(
    offer: Offer, colours: tuple[shirts.Shirt, ...], width: int
) -> Iterator[tuple[Image.Image, str]]:
    first = shirts.laid_out(colours[0], width)
    yield first.reduce(FINENESS), f"{offer.title}, laid out flat"
    yield shirts.print_of(first, width), f"{offer.title}: the print from near by"
    for other in colours[1:]:
        yield shirts.laid_out(other, width).reduce(FINENESS), f"{offer.title} in its second colour"


def pictures_of_role(role: Role, width: int) -> list[Picture]:
    """The icon, two pictures of the gallery, and the background where it is an image."""
    drawings: dict[str, Drawing] = {
        "icon": partial(portraits.badge, role.key, width // 2),
        "at-home": partial(portraits.at_home, role.key, role.scene, role.hour, width),
        "model-sheet": partial(portraits.model_sheet, role.key, width),
    }
    if role.background == "image":
        drawings["background"] = partial(portraits.backdrop, role.key, role.scene, role.hour, width * 3 // 2)
    return _drawn(role.key, role.name, drawings)


def pictures_of_album(album: Album, width: int) -> list[Picture]:
    """The cover, then the pages."""
    cover = partial(comics.cover, album.title, album.cast, album.scene, album.hour, width)
    drawings: dict[str, Drawing] = {"cover": cover}
    for number, panels in enumerate(album.pages, start=1):
        drawings[f"page-{number}"] = partial(comics.page, panels, number, width, moon=album.moon)
    return _drawn(album.key, album.title, drawings)


def _drawn(key: str, title: str, drawings: dict[str, Drawing]) -> list[Picture]:
    return [Picture(f"{key}-{name}", _encoded(draw()), f"{title}: {name}") for name, draw in drawings.items()]


def _encoded(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "WEBP", quality=QUALITY, method=2)
    return file.getvalue()
