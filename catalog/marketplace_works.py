"""Creators' works: added, changed and taken away, by their creators and by whoever keeps the catalogue."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from catalog.admin_products import Form, create_from_row
from catalog.categories import find_category
from catalog.images import showing_first
from catalog.ownership import Caller
from catalog.products import Extra, Revise, live_product, nothing_more, remove_product, update_product
from catalog.row_stock import refuse_stock, save_stock, total_stock
from common.audit import Actor
from common.currencies import DEFAULT_CURRENCY
from common.dynamodb import UnitOfWork
from common.errors import InvalidInput, NotFound
from common.money import refuse_finer
from common.repositories.creators import Creator, creator_is_active_check
from common.repositories.products import DRAFT, PENDING, PUBLISHED, REJECTED, Product, product_by_id

# What the shop calls otherwise than the marketplace's clients.
_WORDS = {
    "base_price": "price",
    "category_ids": "category",
    "images": "imageUrl",
    "image_url": "imageUrl",
    "amazon_link": "amazonLink",
    "long_description": "description",
}
_AS_SENT = ("title", "featured", "tags")


def create_work(
    data: Mapping[str, Any], creator: Creator, actor: Actor, now: datetime, *, extra: Extra = nothing_more
) -> Product:
    """Adds a work of a creator, which waits to be approved; `extra` adds to its transaction.

    `stock` is the pieces of its one variant; a work without any cannot be bought, and one without a price
    has none. Raises InvalidInput naming the field, Forbidden for a creator who is disabled at the commit.
    """

    def add(work: UnitOfWork, product: Product) -> None:
        creator_is_active_check(work, creator)
        extra(work, product)

    with in_the_clients_words():
        row = {
            "base_price": Decimal(0),
            "currency": DEFAULT_CURRENCY,
            **_fields(data, DEFAULT_CURRENCY),
            "status": PUBLISHED if data["published"] else DRAFT,
            "creator_id": creator.id,
            "moderation_status": PENDING,
        }
        _refuse_free(row["base_price"], data.get("stock", 0))
        return create_from_row(row, actor, now, extra=add)


def change_work(
    product: Product, data: Mapping[str, Any], caller: Caller, form: Form, now: datetime
) -> Product:
    """Changes the fields in `data` of a product that the caller may change.

    What its creator changes of a rejected work, or sends again as it is, waits to be approved anew. A price
    is changed and not taken away; the stock as `catalog.row_stock` says. Raises InvalidInput naming the
    field, Forbidden for a creator who is disabled at the commit, and what the form's check raises.
    """
    form.check(product)
    with in_the_clients_words():
        fields = _fields(data, product.currency)
        _refuse_no_price(product, data)
        expected = total_stock(product) if form.says_what_it_saw else None
        if "stock" in data:
            _refuse_free(fields.get("base_price", product.base_price), data["stock"])
            refuse_stock(product, data["stock"], form.session, expected, now)
        _write(product, data, fields, caller, form, now)
        if "stock" in data:
            save_stock(product.id, data["stock"], form.session, expected, caller.identity, now)
    return live_product(product.id)


def remove_work(product_id: int, caller: Caller, now: datetime) -> None:
    """Deletes a product that the caller may change softly; repeating it changes nothing.

    Raises NotFound for an id that never was, Forbidden for a work of another creator.
    """
    product = product_by_id(product_id)
    if product is None:
        raise NotFound("Product not found")
    caller.require(product)
    action = "DELETE_PRODUCT" if caller.keeps_catalogue else "DELETE"
    remove_product(product_id, caller.identity, now, extra=_while_active(caller), action=action)


@contextmanager
def in_the_clients_words() -> Iterator[None]:
    """Names the fields of what is refused within the block as the marketplace's clients know them."""
    try:
        yield
    except InvalidInput as error:
        fields = {_WORDS.get(name, name): texts for name, texts in error.fields.items()}
        said = "; ".join(f"{name} {text}" for name, texts in fields.items() for text in texts)
        raise InvalidInput(said or error.message, fields=fields) from error


def _fields(data: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """What was sent, in the words of the shop, but `published`, which depends on what there is."""
    fields = {name: data[name] for name in (*_AS_SENT, "stock", "image_url") if name in data}
    if "description" in data:
        fields["long_description"] = data["description"]
    if "amazon_link" in data:
        fields["amazon_link"] = data["amazon_link"] or None
    if "category" in data:
        fields["category_ids"] = [_category_id(data["category"])]
    return fields | _price(data, currency)


def _price(data: Mapping[str, Any], currency: str) -> dict[str, Any]:
    price = data.get("price")
    if price is None:
        return {}
    refuse_finer("price", price.amount, price.currency or currency)
    return {"base_price": price.amount} | ({"currency": price.currency} if price.currency else {})


def _category_id(slug_or_id: str) -> int:
    try:
        return find_category(slug_or_id).id
    except NotFound as error:
        raise InvalidInput.of_field("category", "names a category that does not exist") from error


def _refuse_free(price: Decimal, stock: int) -> None:
    # A price that is there is never taken away, so nobody can do so beside a first count.
    if stock and not price:
        raise InvalidInput.of_field("stock", "needs a price")


def _refuse_no_price(product: Product, data: Mapping[str, Any]) -> None:
    if "price" in data and data["price"] is None and product.base_price:
        raise InvalidInput.of_field("price", "cannot be taken away; set the stock to 0 instead")


def _write(
    product: Product,
    data: Mapping[str, Any],
    fields: Mapping[str, Any],
    caller: Caller,
    form: Form,
    now: datetime,
) -> None:
    revise = _revised(data.get("published"), is_owner=not caller.keeps_catalogue)
    with showing_first(product, fields.get("image_url"), now) as show:
        update_product(
            product.id,
            fields,
            caller.identity,
            now,
            check=form.check,
            revise=lambda before, after: show(revise(before, after)),
            extra=_while_active(caller),
            action="UPDATE_PRODUCT" if caller.keeps_catalogue else "UPDATE",
        )


def _revised(published: bool | None, *, is_owner: bool) -> Revise:
    def revise(before: Product, after: Product) -> Product:
        if published is not None:
            after = replace(after, status=_status(before.status, is_published=published))
        if is_owner and before.moderation_status == REJECTED:
            after = replace(after, moderation_status=PENDING, rejection_reason=None, moderated_at=None)
        return after

    return revise


def _status(before: str, *, is_published: bool) -> str:
    if is_published:
        return PUBLISHED
    # What is archived is not published either.
    return DRAFT if before == PUBLISHED else before


def _while_active(caller: Caller) -> Extra:
    """What an owner writes is written while the creator is active; the catalogue's keepers may always."""

    def add(work: UnitOfWork, _product: Product) -> None:
        if not caller.keeps_catalogue and caller.creator is not None:
            creator_is_active_check(work, caller.creator)

    return add
