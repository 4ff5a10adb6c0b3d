"""The formats of files of products, known by their columns: the shop's own, Etsy's and Shopify's exports."""

from collections.abc import Callable
from typing import NamedTuple

from catalog.product_files import etsy_format, own_format, shopify_format
from catalog.product_files.said import Reading
from common.csv_reading import Table, UnreadableFile


class Format(NamedTuple):
    """How a format is known by the names of its columns, and how it is read."""

    recognises: Callable[[frozenset[str]], bool]
    read: Callable[[Table], Reading]


FORMATS = (
    Format(own_format.recognises, own_format.read),
    Format(shopify_format.recognises, shopify_format.read),
    Format(etsy_format.recognises, etsy_format.read),
)


def reading_of(table: Table) -> Reading:
    """What a table says of products; UnreadableFile for one that is in no format."""
    for each in FORMATS:
        if each.recognises(table.names):
            return each.read(table)
    raise UnreadableFile(
        "has no header that is known: `slug` and further columns of an export, or one of Etsy's or Shopify's"
    )
