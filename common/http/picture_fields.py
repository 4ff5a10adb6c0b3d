"""marshmallow fields of pages that people design: pictures and colours."""

import re
from typing import Any

from marshmallow import ValidationError

from common.http.fields import StrictField
from common.picture_addresses import stored_address

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


class Colour(StrictField[str]):
    """A colour as `#RRGGBB` or, unless it is `needed`, an empty text for none."""

    def __init__(self, *, needed: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.needed = needed

    def read(self, value: Any) -> str:
        is_none = value == "" and not self.needed
        if is_none or (isinstance(value, str) and _COLOUR.fullmatch(value)):
            return str(value)
        raise ValidationError("must be a colour such as #E0E7FF")


class Picture(StrictField[str]):
    """The address of a picture, or an empty text for none; loads what is stored of it."""

    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError("must be text")
        try:
            return stored_address(value.strip())
        except ValueError as error:
            raise ValidationError(str(error)) from error
