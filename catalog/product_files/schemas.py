"""What may stand in a file of products: the rules of the API, and of what its bodies do not name."""

from catalog.schemas import NewImage, ProductChanges, VariantSchema
from common.http.fields import Text


class FileProduct(ProductChanges):
    """The fields of a product."""

    tax_class = Text(50, shortest=1, allow_none=True)


class FileVariant(VariantSchema):
    """The fields of a variant."""


class FilePicture(NewImage):
    """The address of a picture."""
