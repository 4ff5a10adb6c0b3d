"""Carries out one step of an import in one transaction, and knows it again when it was done before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from catalog.product_files.known import products_by_slug
from catalog.product_files.plan import Picture, Step
from catalog.products import create_product, image_folder, live_product, update_product
from catalog.repositories.product_imports import Told, step_mark, tell
from catalog.variants import count_stock, create_variant, update_variant
from common import once
from common.audit import Actor
from common.clock import iso
from common.dynamodb import UnitOfWork, next_ids
from common.errors import NotFound, Outdated
from common.media import key_of, possible_keys
from common.once import AlreadyDone
from common.picture_files import PictureFiles, discard
from common.repositories.products import Image, Product

MOVED_ON = "This product was changed after the dry run: begin another one"


@dataclass(frozen=True, slots=True)
class Doing:
    """A step of an import, who carries it out and when."""

    import_id: str
    number: int
    step: Step
    actor: Actor
    now: datetime

    def mark(self, work: UnitOfWork, product_id: int) -> None:
        """Says in the transaction that the step is done, and what its export has made of the product so."""
        # Stops a step from being done twice that a caller repeats who lost the answer, or two do at once.
        once.add(work, step_mark(self.import_id, self.number), self.now, {"product_id": product_id})
        if self.step.exported:
            told = Told(self.step.told_version, self.step.told_stock)
            before, overtaken = self.step.told_before, Outdated(MOVED_ON)
            tell(work, self.step.exported, product_id, told, before, self.now, overtaken)

    def hold(self, product: Product) -> None:
        """Outdated where the product is not the one that the dry run saw, or its own steps have made."""
        if self.step.version is not None and product.version != self.step.version:
            raise Outdated(MOVED_ON)


def carry_out(doing: Doing) -> None:
    """Does the step, once however often it is asked for.

    Raises what the same change by the API would: Outdated for a product that was changed since the dry run,
    NotFound for one that is gone, Conflict for a name that was taken meanwhile, InsufficientStock.
    """
    if once.found(step_mark(doing.import_id, doing.number), doing.now) is not None:
        return
    try:
        _STEPS[doing.step.kind](doing)
    except AlreadyDone:
        return


def _create(doing: Doing) -> None:
    step = doing.step
    data = {
        **step.fields,
        "category_ids": step.category_ids or (),
        "images": [{"url": it.address, "alt_text": it.alt_text} for it in step.pictures or ()],
        "variants": step.variants,
    }
    create_product(data, doing.actor, doing.now, extra=lambda work, product: doing.mark(work, product.id))


def _change_product(doing: Doing) -> None:
    step, product_id = doing.step, _product_id(doing.step)
    data = {**step.fields, **({} if step.category_ids is None else {"category_ids": step.category_ids})}
    dropped: set[str] = set()

    def revise(before: Product, after: Product) -> Product:
        if step.pictures is None:
            return after
        images = _images(step.pictures, keys, fresh, before, doing.now)
        dropped.clear()
        dropped.update({image.key for image in before.images} - {image.key for image in images})
        return replace(after, images=images)

    with PictureFiles(image_folder(product_id)) as files:
        keys, fresh = _taken(step.pictures or (), files, product_id)
        update_product(
            product_id,
            data,
            doing.actor,
            doing.now,
            check=doing.hold,
            revise=revise,
            extra=lambda work, product: doing.mark(work, product.id),
        )
    discard(dropped, image_folder(product_id))


def _taken(
    pictures: tuple[Picture, ...], files: PictureFiles, product_id: int
) -> tuple[tuple[str, ...], list[int]]:
    """The keys under which the product has these pictures, and ids for those that are new."""
    if not pictures:
        return (), []
    named = {image.key for image in live_product(product_id).images}
    addresses = [key_of(picture.address) for picture in pictures]
    keys = files.take_all(addresses, named, field="images")
    return keys, list(next_ids("IMAGE_ID", len(keys)))


def _images(
    pictures: tuple[Picture, ...], keys: tuple[str, ...], fresh: list[int], before: Product, now: datetime
) -> tuple[Image, ...]:
    """The images of a product in the order of the file; those that it has keep their ids and dates."""
    left = list(before.images)
    images = []
    for position, (picture, key, image_id) in enumerate(zip(pictures, keys, fresh, strict=True)):
        own = next((image for image in left if image.key in possible_keys(key)), None)
        if own is not None:
            left.remove(own)
        image = own or Image(image_id, before.id, key, "", position, iso(now))
        text = image.alt_text if picture.alt_text is None else picture.alt_text
        images.append(replace(image, position=position, alt_text=text))
    return tuple(images)


def _add_variant(doing: Doing) -> None:
    product_id = _product_id(doing.step)
    # It writes over nothing, so that a change between this look and the transaction does no harm.
    doing.hold(live_product(product_id))
    create_variant(
        product_id,
        doing.step.fields,
        doing.actor,
        doing.now,
        extra=lambda work: doing.mark(work, product_id),
    )


def _change_variant(doing: Doing) -> None:
    product_id, variant_id = _product_id(doing.step), _variant_id(doing.step)
    update_variant(
        variant_id,
        doing.step.fields,
        doing.actor,
        doing.now,
        check=doing.hold,
        extra=lambda work: doing.mark(work, product_id),
    )


def _move_stock(doing: Doing) -> None:
    product_id, variant_id, delta = _product_id(doing.step), _variant_id(doing.step), doing.step.delta
    count_stock(
        variant_id,
        "add" if delta > 0 else "subtract",
        abs(delta),
        doing.actor,
        doing.now,
        extra=lambda work: doing.mark(work, product_id),
    )


def _product_id(step: Step) -> int:
    if step.product_id is not None:
        return step.product_id
    made = products_by_slug([step.slug]).get(step.slug)
    if made is None:
        raise NotFound("Product not found")
    return made.id


def _variant_id(step: Step) -> int:
    if step.variant_id is None:
        raise ValueError(f"a step of the kind {step.kind} names no variant")
    return step.variant_id


_STEPS: Mapping[str, Callable[[Doing], Any]] = {
    "create": _create,
    "product": _change_product,
    "new_variant": _add_variant,
    "variant": _change_variant,
    "stock": _move_stock,
}
