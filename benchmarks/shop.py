"""The shop that is measured: believable products, categories, personaggi and fumetti, always the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import cycle, islice
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from benchmarks.calls import CREATOR_SLUG
from common.clock import iso
from common.dynamodb import Item, UnitOfWork, batch_write
from common.repositories.categories import CATEGORIES, Category, link_items
from common.repositories.creators import CREATORS, Creator
from common.repositories.listings import count_product
from common.repositories.personaggi import PERSONAGGI, Personaggio
from common.repositories.products import (
    APPROVED,
    PUBLISHED,
    Image,
    Product,
    Variant,
    document_item,
    listing_item,
)
from common.slugs import slugify
from content.repositories.fumetti import FUMETTI, Fumetto

OPENED = datetime(2026, 1, 1, 9, tzinfo=UTC)
SHORT, LONG = 80, 400

SUBJECTS = (
    "harbour", "lighthouse", "olive grove", "night market", "old bridge", "garden gate", "rooftops",
    "paper boats", "swallows", "fox", "orchestra", "bookshop", "carousel", "vineyard", "tram stop",
    "clock tower", "winter sea", "heron", "courtyard", "kite", "bakery", "observatory", "cat", "ferry",
    "chapel",
)  # fmt: skip
MOODS = (
    "Moonlit", "Quiet", "Amber", "Blue", "Forgotten", "Windy", "Golden", "Drowsy", "First",
    "Last", "Silver", "Rainy", "Little", "Great", "Dreaming", "Scarlet", "Distant", "Hidden", "Morning",
    "Evening",
)  # fmt: skip
PLACES = ("in Camogli", "in Trieste", "in Matera", "in Siena", "in Ortigia")
SIZES = (("A4", "21 x 29.7 cm", 0), ("A3", "29.7 x 42 cm", 15), ("50x70", "50 x 70 cm", 40))
NAMES = ("Luna", "Nino", "Brina", "Olmo", "Cloe", "Tito", "Mirto", "Vera", "Sole", "Dora")
TREE = (("Prints", None), ("Originals", None), ("Sea", 1), ("Cities", 1), ("Ink", 2), ("Watercolour", 2))
SENTENCES = (
    "Drawn from life in one sitting and finished at the table by the window.",
    "Printed with pigment inks on cotton paper of 310 grams, in an edition that is signed and numbered.",
    "The colours follow the hour of the day in which the sketch was made.",
    "Sent flat between boards, or rolled in a tube when it is larger than the letterbox.",
)


@dataclass(frozen=True)
class Shop:
    """Everything that is for sale and everything around it."""

    products: list[Product]
    categories: list[Category]
    personaggi: list[Personaggio]
    fumetti: list[Fumetto]
    creators: tuple[Creator, ...] = ()


def make_shop(count: int, *, works: int = 0) -> Shop:
    """A shop with `count` published products, 10 personaggi, 5 fumetti and 6 categories.

    The oldest `works` of the products are those of its one creator.
    """
    categories = [category_at(index) for index in range(len(TREE))]
    return Shop(
        products=[product_at(index, categories, is_work=index < works) for index in range(count)],
        categories=categories,
        personaggi=[_personaggio(index) for index in range(10)],
        fumetti=[_fumetto(index) for index in range(5)],
        creators=(_CREATOR,) if works else (),
    )


def fill(shop: Shop) -> None:
    """Write a shop into the project's empty table; RuntimeError when a row could not be written."""
    report = batch_write(_rows(shop))
    if report.failed:
        raise RuntimeError(f"{len(report.failed)} rows were not written, the first: {report.failed[0]}")
    with UnitOfWork() as work:
        count_product(work, {PUBLISHED: len(shop.products)})


def _rows(shop: Shop) -> Iterable[Item]:
    for product in shop.products:
        yield document_item(product)
        yield listing_item(product)
        for category in product.categories:
            yield from link_items(product.id, category.id)
    yield from (CREATORS.item(creator) for creator in shop.creators)
    yield from (CATEGORIES.item(category) for category in shop.categories)
    yield from (PERSONAGGI.item(personaggio) for personaggio in shop.personaggi)
    yield from (FUMETTI.item(fumetto) for fumetto in shop.fumetti)


_CREATOR = Creator(
    id="5a0c6a5e-6f0f-4a55-9d0c-3a3e6e0c8d11",
    slug=CREATOR_SLUG,
    display_name="Studio",
    created_at=iso(OPENED),
    updated_at=iso(OPENED),
)


def product_at(index: int, categories: list[Category], *, is_work: bool = False) -> Product:
    """The product with this index (from 0), in two of the categories; `is_work` makes it a creator's."""
    rest, mood = divmod(index, len(MOODS))
    rest, subject = divmod(rest + mood, len(SUBJECTS))
    title = f"{MOODS[mood]} {SUBJECTS[subject]} {PLACES[index // 20 % len(PLACES)]}"
    about = (f"{title}, a giclee print.", f"A study of the {SUBJECTS[subject]}.", *SENTENCES)
    created, product_id = iso(OPENED + timedelta(hours=index)), index + 1
    chosen = sorted({index % len(categories), (index + 1) % len(categories)})
    return Product(
        id=product_id,
        slug=f"{slugify(title)}-{product_id}",
        title=title,
        base_price=Decimal(1900 + index % 40 * 150) / 100,
        currency="EUR",
        status=PUBLISHED,
        created_at=created,
        updated_at=created,
        short_description=_text(about, SHORT),
        long_description=_text(about, LONG),
        sku=f"PRT-{product_id:05d}",
        character_id=1 + index % len(NAMES),
        character_value=NAMES[index % len(NAMES)],
        images=tuple(_image(product_id, position, title, created) for position in range(3)),
        variants=tuple(_variant(product_id, size, created) for size in range(3)),
        categories=tuple(categories[number].summary for number in chosen),
        **(_of_creator(index) if is_work else {}),
    )


def _of_creator(index: int) -> dict[str, Any]:
    return {"creator_id": _CREATOR.id, "moderation_status": APPROVED, "featured": index % 5 == 0}


def _image(product_id: int, position: int, title: str, created: str) -> Image:
    return Image(
        id=3 * product_id + position,
        product_id=product_id,
        key=_picture(f"products/{product_id}", position),
        alt_text=f"{title}, view {position + 1}",
        position=position,
        created_at=created,
    )


def _variant(product_id: int, size: int, created: str) -> Variant:
    name, measures, surcharge = SIZES[size]
    return Variant(
        id=3 * product_id + size,
        product_id=product_id,
        sku=f"PRT-{product_id:05d}-{name}",
        name=name,
        attributes={"size": measures, "paper": "cotton"},
        price_adjustment=Decimal(surcharge),
        # Every seventh work is sold out in all sizes.
        stock=(product_id + size) % 5 + 1 if product_id % 7 else 0,
        created_at=created,
        updated_at=created,
    )


def category_at(index: int) -> Category:
    """The category with this index (from 0) of TREE."""
    name, parent = TREE[index]
    text = f"{name}: works that the shop shows together"
    return Category(index + 1, name, slugify(name), iso(OPENED), iso(OPENED), 1, text, parent)


def _personaggio(index: int) -> Personaggio:
    return Personaggio(
        id=index + 1,
        order=index + 1,
        created_at=iso(OPENED),
        updated_at=iso(OPENED),
        name=NAMES[index],
        description=_text((f"{NAMES[index]} lives in the shop's pictures.", *SENTENCES), 200),
        icon=_picture("personaggi/icons", index),
        images=tuple(_picture(f"personaggi/{index + 1}", picture) for picture in range(3)),
        background_type="solid",
        background_color="#F4E9D8",
    )


def _fumetto(index: int) -> Fumetto:
    title = f"{MOODS[index]} {SUBJECTS[index]}, a story"
    return Fumetto(
        id=index + 1,
        order=index + 1,
        created_at=iso(OPENED),
        updated_at=iso(OPENED),
        title=title,
        description=_text((f"{title} without words.", *SENTENCES), 200),
        cover_image=_picture("fumetti/covers", index),
        pages=tuple(_picture(f"fumetti/{index + 1}", page) for page in range(8)),
    )


def _picture(folder: str, number: int) -> str:
    return f"{folder}/{uuid5(NAMESPACE_URL, f'{folder}/{number}')}.webp"


def _text(sentences: Iterable[str], length: int) -> str:
    """Exactly `length` characters of the sentences, which repeat as often as needed."""
    whole = " ".join(islice(cycle(sentences), 1 + length // 20))
    return whole[: length - 1].rstrip().ljust(length - 1, ".") + "."
