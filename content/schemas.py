"""What clients may write: fields in camelCase or snake_case, checked and turned into what is stored."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError

from common.errors import InvalidInput
from common.http.body import read_json
from common.http.fields import Choice, StrictField, Text, WholeNumber
from common.http.picture_fields import Colour, Picture
from common.http.validation import TABLE_KEYS, Schema
from common.repositories.ordered import MAX_ORDER
from content.fumetti import MAX_PAGES
from content.personaggi import MAX_IMAGES

# The lengths are those that the storefront's own forms allow.
LONGEST_NAME = 100
LONGEST_TITLE = 200
LONGEST_DESCRIPTION = 2000
LONGEST_FUMETTO_DESCRIPTION = 5000

# A row may have 400 KB; the list of pictures is by far its largest part.
MAX_LIST_BYTES = 200_000


class Pictures(StrictField[tuple[str, ...]]):
    """A list of pictures, or the same as JSON text, as older clients send it; null means none."""

    def __init__(self, maximum: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.maximum = maximum

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        """The stored addresses; null and an empty text are an empty list."""
        return super().deserialize([] if value is None or value == "" else value, attr, data, **kwargs)

    def read(self, value: Any) -> tuple[str, ...]:
        listed = _listed(value)
        if len(listed) > self.maximum:
            raise ValidationError(f"must hold at most {self.maximum} pictures")
        addresses = tuple(Picture().deserialize(entry) for entry in listed)
        if "" in addresses:
            raise ValidationError("must not hold empty texts")
        if sum(len(address.encode()) for address in addresses) > MAX_LIST_BYTES:
            raise ValidationError(f"must take at most {MAX_LIST_BYTES} bytes")
        return addresses


def _listed(value: Any) -> list[Any]:
    if isinstance(value, str):
        try:
            value = read_json(value.encode())
        except InvalidInput as error:
            raise ValidationError("must be a list") from error
    if not isinstance(value, list):
        raise ValidationError("must be a list")
    return value


class ContentSchema(Schema):
    """What personaggi and fumetti share; old clients write snake_case."""

    refused: ClassVar[frozenset[str]] = TABLE_KEYS | {"expires_at"}

    order = WholeNumber(minimum=0, maximum=MAX_ORDER, allow_none=True)


class PersonaggioSchema(ContentSchema):
    """A personaggio as clients write it."""

    other_names: ClassVar[Mapping[str, str]] = {
        "background_color": "backgroundColor",
        "background_type": "backgroundType",
        "gradient_from": "gradientFrom",
        "gradient_to": "gradientTo",
        "background_image": "backgroundImage",
    }

    name = Text(LONGEST_NAME, shortest=1, required=True)
    description = Text(LONGEST_DESCRIPTION, strip=False, allow_none=True)
    icon = Picture(allow_none=True)
    images = Pictures(MAX_IMAGES)
    background_color = Colour(data_key="backgroundColor", allow_none=True)
    background_type = Choice("solid", "gradient", "image", "", data_key="backgroundType", allow_none=True)
    gradient_from = Colour(data_key="gradientFrom", allow_none=True)
    gradient_to = Colour(data_key="gradientTo", allow_none=True)
    background_image = Picture(data_key="backgroundImage", allow_none=True)


class FumettoSchema(ContentSchema):
    """A fumetto as clients write it."""

    other_names: ClassVar[Mapping[str, str]] = {"cover_image": "coverImage"}

    title = Text(LONGEST_TITLE, shortest=1, required=True)
    description = Text(LONGEST_FUMETTO_DESCRIPTION, strip=False, allow_none=True)
    cover_image = Picture(data_key="coverImage", allow_none=True)
    pages = Pictures(MAX_PAGES)


class ImageRemoval(Schema):
    """Which picture of a personaggio goes."""

    address = Text(2000, shortest=1, required=True, data_key="imageUrl")
    kind = Text(50, data_key="type", allow_none=True)


class PageRemoval(Schema):
    """Which picture of a fumetto goes."""

    address = Text(2000, shortest=1, required=True, data_key="pageUrl")
    kind = Text(50, data_key="type", allow_none=True)
