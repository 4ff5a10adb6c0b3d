"""What may stand in a file of products: the rules of the API, and of what its bodies do not name."""

from catalog.schemas import NewImage, ProductChanges, VariantSchema


class FileProduct(ProductChanges):
    """The fields of a product."""


class FileVariant(VariantSchema):
    """The fields of a variant."""


class FilePicture(NewImage):
    """The address of a picture."""
