"""The bodies by which creators and administrators write works, in the words of the marketplace's clients."""

from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

from marshmallow import ValidationError

from catalog.schemas import MAX_STOCK
from common.collation import folded
from common.http.fields import Flag, HttpsAddress, Money, StrictField, Text, WholeNumber, is_https
from common.http.picture_fields import Picture
from common.http.validation import Schema
from common.media import FOLDERS, is_absolute
from common.price_tags import read_price

MAX_TAGS = 20
LONGEST_TAG = 50
LONGEST_ADDRESS = 1000
LONGEST_REASON = 500


class Price(NamedTuple):
    """A price as somebody wrote it; `currency` None where it names none."""

    amount: Decimal
    currency: str | None


class PriceTag(StrictField[Price | None]):
    """A price above zero as people write it, `$29.99`, or as a number; an empty text is none."""

    def read(self, value: Any) -> Price | None:
        if isinstance(value, str):
            return self._of_text(value) if value.strip() else None
        return Price(_amount(value), None)

    def _of_text(self, text: str) -> Price:
        try:
            amount, currency = read_price(text)
        except ValueError as error:
            raise ValidationError("must be a price such as $29.99") from error
        return Price(_amount(amount), currency)


class PictureAddress(Picture):
    """The https address of a picture, or where one of this shop's own uploads lies; loads what is stored."""

    def read(self, value: Any) -> str:
        key = super().read(value)
        if not key:
            raise ValidationError("is required")
        if not (is_https(key) if is_absolute(key) else key.startswith(FOLDERS)):
            raise ValidationError("must be an https address or the address of an upload")
        return key


class Tags(StrictField[tuple[str, ...]]):
    """A few short texts, each once whatever its capitals and accents; null is none."""

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """The tags in the order in which they were sent."""
        return super().deserialize([] if value is None else value, attr, data, **kwargs)

    def read(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise ValidationError("must be a list")
        if len(value) > MAX_TAGS:
            raise ValidationError(f"must hold at most {MAX_TAGS} texts")
        tag = Text(LONGEST_TAG, shortest=1)
        once: dict[str, str] = {}
        for text in map(tag.read, value):
            once.setdefault(folded(text), text)
        return tuple(once.values())


class Work(Schema):
    """A work, new or changed; what else is sent is ignored."""

    # Clients send back what they were shown, dates among it, of new works too.
    refused_of_new: ClassVar[frozenset[str]] = frozenset()

    title = Text(200, shortest=1, required=True)
    description = Text(2000, shortest=1, required=True)
    category = Text(255, shortest=1, required=True)
    image_url = PictureAddress(required=True, data_key="imageUrl")
    amazon_link = HttpsAddress(LONGEST_ADDRESS, data_key="amazonLink", allow_none=True)
    price = PriceTag(allow_none=True)
    tags = Tags()
    published = Flag(load_default=True)
    featured = Flag(load_default=False)
    stock = WholeNumber(minimum=0, maximum=MAX_STOCK)


class Rejection(Schema):
    """Why a work is not shown."""

    # By `updatedAt` a client says which state of the work it has seen.
    refused_of_new: ClassVar[frozenset[str]] = frozenset()

    reason = Text(LONGEST_REASON, shortest=1, required=True)


def _amount(value: Any) -> Decimal:
    amount = Money().read(value)
    if not amount:
        raise ValidationError("must be more than 0")
    return amount
