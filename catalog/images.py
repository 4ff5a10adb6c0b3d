"""Images of products: stored, described, ordered and removed."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from catalog.products import image_folder, live_product, refuse_when_full
from catalog.repositories.product_parts import add_image, change_image, remove_image
from common.audit import Actor, record
from common.clock import iso
from common.dynamodb import UnitOfWork, next_id
from common.errors import NotFound, ShopError
from common.media import key_of, possible_keys, remove
from common.optimistic import retry_when_stale
from common.picture_files import PictureFiles, discard
from common.repositories.products import Image, Product, product_by_id
from common.uploads import store_picture

ENTITY = "ProductImage"
MAX_IMAGES = 50

Show = Callable[[Product], Product]


def image_of(product: Product, image_id: int) -> Image:
    """The image of a product that has this id; else NotFound."""
    for image in product.images:
        if image.id == image_id:
            return image
    raise NotFound("Image not found")


def upload_image(
    product_id: int, data: bytes, *, alt_text: str, position: int | None, actor: Actor, now: datetime
) -> Image:
    """Stores a picture and adds it to a product, last when `position` is None.

    Raises NotFound, InvalidInput when `data` is not a picture, PayloadTooLarge, Conflict when full.
    """
    product = live_product(product_id)
    refuse_when_full(len(product.images), MAX_IMAGES, "images")
    key = store_picture(image_folder(product_id), data)
    try:
        return _add(product, key, alt_text, position, actor, now)
    except ShopError:
        # Only a refusal is certain to have stored nothing; after a lost answer the row may name the file.
        remove(key)
        raise


@contextmanager
def showing_first(product: Product, address: str | None, now: datetime) -> Iterator[Show]:
    """Gives what puts the picture at an address in place of the one that stands for the product.

    The picture is taken before anything is written, and within the block the product is. Without an address,
    or with that of the picture that is there, nothing changes. Raises InvalidInput when it is an upload that
    is gone or no picture, PayloadTooLarge.
    """
    key = key_of(address) if address else ""
    if not key or (product.images and product.images[0].key in possible_keys(key)):
        yield lambda shown: shown
        return
    dropped: set[str] = set()
    with PictureFiles(image_folder(product.id)) as files:
        taken = files.take(key, field="image_url")
        fresh = Image(next_id("IMAGE_ID"), product.id, taken, "", 0, iso(now))

        def show(shown: Product) -> Product:
            first = shown.images[0] if shown.images else None
            dropped.clear()
            if first is None:
                return replace(shown, images=(fresh,))
            dropped.add(first.key)
            return replace(shown, images=(replace(first, key=taken), *shown.images[1:]))

        yield show
    for each in dropped:
        _discard(product.id, each)


def show_first(product: Product, address: str, actor: Actor, now: datetime) -> None:
    """Makes the picture at a stored address the one that stands for the product, in place of the one before.

    Raises InvalidInput when it is an upload that is gone or no picture, PayloadTooLarge, NotFound.
    """
    first = product.images[0] if product.images else None
    if first is not None and first.key in possible_keys(address):
        return
    with PictureFiles(image_folder(product.id)) as files:
        key = files.take(address, field="image_url")
        if first is None:
            _add(product, key, "", None, actor, now)
            return
        change = {"key": key}
        before = retry_when_stale(lambda: _update(product.id, first.id, change, actor, now))
    _discard(product.id, before.key)


def _add(
    product: Product, key: str, alt_text: str, position: int | None, actor: Actor, now: datetime
) -> Image:
    last = max((image.position for image in product.images), default=-1)
    image = Image(
        id=next_id("IMAGE_ID"),
        product_id=product.id,
        key=key,
        alt_text=alt_text,
        position=last + 1 if position is None else position,
        created_at=iso(now),
    )
    with UnitOfWork() as work:
        add_image(work, image)
        record(work, actor=actor, action="CREATE", entity_type=ENTITY, entity_id=image.id, now=now)
    return image


def update_image(
    product_id: int, image_id: int, changes: Mapping[str, Any], actor: Actor, now: datetime
) -> Image:
    """Sets `alt_text` or `position` of an image; two images may share a position for a while."""
    _update(product_id, image_id, changes, actor, now)
    return image_of(live_product(product_id), image_id)


def _update(product_id: int, image_id: int, changes: Mapping[str, Any], actor: Actor, now: datetime) -> Image:
    """Changes an image and answers it as it was before."""
    before = image_of(live_product(product_id), image_id)
    with UnitOfWork() as work:
        change_image(work, before, changes, iso(now))
        record(
            work,
            actor=actor,
            action="UPDATE",
            entity_type=ENTITY,
            entity_id=image_id,
            now=now,
            changes={name: {"old": getattr(before, name), "new": value} for name, value in changes.items()},
        )
    return before


def delete_image(product_id: int, image_id: int, actor: Actor, now: datetime) -> None:
    """Removes an image from its product, and its file once no row names it; else NotFound."""
    image = retry_when_stale(lambda: _delete(product_id, image_id, actor, now))
    _discard(product_id, image.key)


def _delete(product_id: int, image_id: int, actor: Actor, now: datetime) -> Image:
    image = image_of(live_product(product_id), image_id)
    with UnitOfWork() as work:
        remove_image(work, image, iso(now))
        record(work, actor=actor, action="DELETE", entity_type=ENTITY, entity_id=image_id, now=now)
    return image


def _discard(product_id: int, key: str) -> None:
    """Deletes the file that an image has dropped, unless another image or row names it."""
    product = product_by_id(product_id)
    if product is None or key not in {image.key for image in product.images}:
        discard([key], image_folder(product_id))
