"""What may stand in a file of products: the rules of the API, and of what its bodies do not name."""

from typing import Any

from marshmallow import post_load

from catalog.schemas import NewImage, ProductChanges, VariantSchema
from common.clock import iso
from common.http.fields import DayOrMoment, Flag, Text


class FileProduct(ProductChanges):
    """The fields of a product."""

    tax_class = Text(50, shortest=1, allow_none=True)
    cannot_be_withdrawn = Flag(allow_none=True)
    publish_at = DayOrMoment(allow_none=True)
    unpublish_at = DayOrMoment(allow_none=True)

    @post_load
    def _moments(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Times as rows hold them."""
        times = {name: data[name] for name in ("publish_at", "unpublish_at") if data.get(name)}
        return data | {name: iso(stated.start) for name, stated in times.items()}


class FileVariant(VariantSchema):
    """The fields of a variant."""


class FilePicture(NewImage):
    """The address of a picture."""
