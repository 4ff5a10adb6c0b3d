"""The bodies that the catalogue accepts; keys that a schema does not name are ignored."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, post_load, pre_load, validates_schema
from marshmallow.validate import Length, Regexp

from catalog.inventory import MAX_ADJUSTMENTS
from catalog.variants import MAX_VARIANTS
from common.currencies import DEFAULT_CURRENCY
from common.errors import InvalidInput
from common.http.body import read_json
from common.http.fields import (
    LARGEST_ID,
    Choice,
    Currency,
    Flag,
    Id,
    Money,
    NullableId,
    NullableMoment,
    NullableTaxClass,
    StrictField,
    Text,
    WholeNumber,
)
from common.http.validation import Schema
from common.repositories.products import DRAFT, STATUSES, Edition

MAX_STOCK = 1_000_000
# What is free of an edition stands in a row that every sale reads and writes.
MAX_EDITION = 5_000
MAX_PROOFS = 500
MAX_ADJUSTMENT = Decimal(100_000)
# Grams: no carrier of parcels takes more.
HEAVIEST = 100_000
MAX_ATTRIBUTES = 30
MAX_IMAGES_AT_ONCE = 12
MAX_VARIANTS_AT_ONCE = 25
MAX_CATEGORIES = 10

_SLUG = Regexp(r"[a-z0-9]+(?:-+[a-z0-9]+)*\Z", error="may hold a-z, 0-9 and hyphens between them")
_ACTIVE_LINK = re.compile(r"\s*(javascript|data|vbscript)\s*:", re.IGNORECASE)
_PICTURE_ADDRESS = re.compile(r"(https?://|/)[^\s]+\Z|[\w][\w./-]*\Z", re.IGNORECASE)


def _slug_or_nothing(slug: str) -> None:
    if slug:
        _SLUG(slug)


def _passive_link(link: str) -> None:
    if _ACTIVE_LINK.match(link):
        raise ValidationError("must be a web address")


def _picture_address(address: str) -> None:
    # An empty address says that there is no picture.
    if ".." in address or (address and not _PICTURE_ADDRESS.match(address)):
        raise ValidationError("must be a web address")


def _edition(said: Mapping[str, int]) -> Edition:
    if "size" not in said:
        raise ValidationError({"edition": {"size": ["is required"]}})
    return Edition(said["size"], said.get("proofs") or None)


def _read_object(text: str) -> Any:
    try:
        return read_json(text.encode())
    except InvalidInput as error:
        raise ValidationError("must be an object") from error


def _optional(longest: int, **kwargs: Any) -> Text:
    return Text(longest, allow_none=True, **kwargs)


def _names(value: Any) -> Iterator[str]:
    """Every name in a JSON value, however deep."""
    if isinstance(value, Mapping):
        yield from value
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for part in inner:
        yield from _names(part)


class Attributes(StrictField[dict[str, Any]]):
    """A JSON object, or the text of one, as one of the storefronts sends it."""

    def read(self, value: Any) -> dict[str, Any]:
        if isinstance(value, str):
            value = _read_object(value) if value.strip() else {}
        if not isinstance(value, Mapping):
            raise ValidationError("must be an object")
        if len(value) > MAX_ATTRIBUTES or any(len(name) > 100 for name in value):
            raise ValidationError(f"must have at most {MAX_ATTRIBUTES} short names")
        if not all(_names(value)):
            raise ValidationError("must not have an empty name")
        if len(str(value)) > 5_000:
            raise ValidationError("must be at most 5000 characters")
        return dict(value)


class CategoryReference(Schema):
    """A category named by its id inside a product."""

    id = WholeNumber(minimum=1, required=True)


class EditionSchema(Schema):
    """How many pieces of a variant are numbered, and how many artist's proofs there are apart from them."""

    size = WholeNumber(minimum=1, maximum=MAX_EDITION, required=True)
    proofs = WholeNumber(minimum=0, maximum=MAX_PROOFS, load_default=0)


class VariantSchema(Schema):
    """A variant, new or changed; without an `edition` (null) its pieces are not numbered."""

    sku = Text(100, shortest=1, required=True)
    name = Text(255, shortest=1, required=True)
    attributes = Attributes(load_default=dict, allow_none=True)
    price_adjustment = Money(minimum=-MAX_ADJUSTMENT, maximum=MAX_ADJUSTMENT, load_default=Decimal(0))
    stock = WholeNumber(minimum=0, maximum=MAX_STOCK, load_default=0)
    edition = fields.Nested(EditionSchema, allow_none=True)
    weight = WholeNumber(minimum=1, maximum=HEAVIEST, allow_none=True)

    @post_load
    def _no_null(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        if data.get("attributes", {}) is None:
            data["attributes"] = {}
        if data.get("edition") is not None:
            data["edition"] = _edition(data["edition"])
        return data


class StockChange(Schema):
    """A count of a variant; `operation` says what to do with `quantity`."""

    refused_of_new: ClassVar[frozenset[str]] = frozenset()

    quantity = WholeNumber(minimum=0, maximum=MAX_STOCK, required=True)
    operation = Choice("set", "add", "subtract", load_default="set")


class VariantStockChange(StockChange):
    """A count of the variant that it names."""

    variant_id = Id(required=True)


class Adjustment(Schema):
    """What comes to the stock of a variant, or goes from it when negative."""

    variant_id = WholeNumber(data_key="variantId", maximum=LARGEST_ID)
    quantity = WholeNumber(minimum=-MAX_STOCK, maximum=MAX_STOCK)


class Adjustments(Schema):
    """Changes of several stocks; `changes` adds up what is said of one variant."""

    adjustments = fields.List(fields.Nested(Adjustment), required=True, validate=Length(max=MAX_ADJUSTMENTS))

    @post_load
    def _add_up(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        changes: dict[int, int] = {}
        for each in data["adjustments"]:
            # An entry in other words names no variant, and changes nothing.
            if {"variant_id", "quantity"} <= each.keys():
                changes[each["variant_id"]] = changes.get(each["variant_id"], 0) + each["quantity"]
        return {"changes": changes}


class ImageFields(Schema):
    """What may be said about an image."""

    alt_text = Text(500)
    position = WholeNumber(minimum=0, maximum=10_000)


class NewImage(ImageFields):
    """An image that is already stored, or lies elsewhere."""

    url = Text(1000, shortest=1, required=True, validate=_picture_address)


class ProductChanges(Schema):
    """Changes of a product, whose rules are those of a new one. Its images, variants and categories are
    changed by routes of their own, but `category_ids` replaces the categories.
    """

    title = Text(500, shortest=1, required=True)
    slug = Text(255, shortest=1, required=True, validate=_SLUG)
    base_price = Money(required=True)
    short_description = _optional(1000)
    long_description = _optional(50_000)
    currency = Currency(load_default=DEFAULT_CURRENCY)
    sku = _optional(100)
    gtin = _optional(50)
    status = Choice(*STATUSES, load_default=DRAFT)
    character_id = NullableId()
    character_value = _optional(255)
    etsy_link = _optional(1000, validate=_passive_link)
    tax_class = NullableTaxClass()
    cannot_be_withdrawn = Flag(allow_none=True)
    publish_at = NullableMoment()
    unpublish_at = NullableMoment(ends=True)
    category_ids = fields.List(Id(), validate=Length(max=MAX_CATEGORIES))


class NewProduct(ProductChanges):
    """A new product, with the images, variants and categories that it begins with."""

    images = fields.List(fields.Nested(NewImage), validate=Length(max=MAX_IMAGES_AT_ONCE))
    variants = fields.List(
        fields.Nested(VariantSchema), validate=Length(max=min(MAX_VARIANTS, MAX_VARIANTS_AT_ONCE))
    )
    categories = fields.List(fields.Nested(CategoryReference), validate=Length(max=MAX_CATEGORIES))

    @validates_schema(skip_on_field_errors=True)
    def _each_sku_once(self, data: dict[str, Any], **_: Any) -> None:
        skus = [variant["sku"] for variant in data.get("variants", [])]
        for index, sku in enumerate(skus):
            if sku in skus[:index]:
                raise ValidationError({"variants": {index: {"sku": ["is used twice"]}}})

    @post_load
    def _category_ids(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return _with_category_ids(data)


def _with_category_ids(data: dict[str, Any]) -> dict[str, Any]:
    named = [category["id"] for category in data.pop("categories", [])]
    return data if "category_ids" in data or not named else {**data, "category_ids": named}


class RowChanges(ProductChanges):
    """Changes of a product in the words of the admin pages; its own words win over the oldest page's."""

    other_names: ClassVar[Mapping[str, str]] = {
        "name": "title",
        "price": "base_price",
        "description": "long_description",
    }

    image_url = Text(1000, validate=_picture_address, allow_none=True)
    stock = WholeNumber(minimum=0, maximum=MAX_STOCK)


class NewRow(RowChanges):
    """A new product in the words of the admin pages; without a slug, or with an empty one, one is made."""

    slug = _optional(255, validate=_slug_or_nothing)
    base_price = Money(load_default=Decimal(0))
    categories = fields.List(fields.Nested(CategoryReference), validate=Length(max=MAX_CATEGORIES))

    @post_load
    def _category_ids(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return _with_category_ids(data)


class CategorySchema(Schema):
    """A category, new or changed."""

    name = Text(255, shortest=1, required=True)
    slug = Text(255, shortest=1, required=True, validate=_SLUG)
    description = _optional(2000)
    parent_id = NullableId()


class AdminCategoryChanges(CategorySchema):
    """The same, where a parent may also be named as an object with its id."""

    @pre_load
    def _parent(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, Mapping) or not isinstance(data.get("parent"), Mapping):
            return data
        return {"parent_id": data["parent"].get("id"), **data}
