"""AVIF (AV1 Image File Format in ISO/IEC 14496-12 boxes): metadata is overwritten where it stands.

The boxes name places in the file by number, so nothing may move.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from .container import ContainerError, Stripped, number, taken

BRANDS = frozenset({b"avif", b"avis", b"mif1", b"msf1"})

_TOP_LEVEL = frozenset({b"ftyp", b"meta", b"mdat", b"moov"})
_WITH_METADATA = frozenset({b"udta", b"uuid", b"free", b"skip"})
_PARENTS = frozenset({b"moov", b"trak"})
_METADATA_ITEMS = frozenset({b"Exif", b"mime", b"uri "})
# EXIF without an entry: where its header begins, the header, and an empty list.
_NO_EXIF = b"\0\0\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its name, where it starts, where its content starts, and where it ends."""

    name: bytes
    start: int
    body: int
    end: int


def strip(data: bytes) -> Stripped:
    """The picture with EXIF, XMP and unknown boxes blanked; orientation and colours have their own boxes."""
    boxes = list(_boxes(data, 0, len(data)))
    blanked = bytearray(data)
    for box in boxes:
        if box.name not in _TOP_LEVEL:
            _free(blanked, box)
        elif box.name == b"meta":
            for start, length, is_exif in _metadata(data, box):
                blanked[start : start + length] = (_NO_EXIF if is_exif else b"")[:length].ljust(length, b"\0")
        elif box.name in _PARENTS:
            _free_within(data, blanked, box)
    return Stripped(bytes(blanked))


def _free(blanked: bytearray, box: Box) -> None:
    blanked[box.start + 4 : box.start + 8] = b"free"
    blanked[box.body : box.end] = bytes(box.end - box.body)


def _free_within(data: bytes, blanked: bytearray, parent: Box) -> None:
    for box in _boxes(data, parent.body, parent.end):
        if box.name in _WITH_METADATA:
            _free(blanked, box)
        elif box.name in _PARENTS:
            _free_within(data, blanked, box)


def _boxes(data: bytes, at: int, end: int) -> Iterator[Box]:
    while at < end:
        size, name, body = number(data, at, 4), taken(data, at + 4, 4), at + 8
        if size == 1:
            size, body = number(data, body, 8), body + 8
        box = Box(name, at, body, at + size if size else end)
        if not body <= box.end <= end:
            raise ContainerError("a box ends outside of its parent")
        yield box
        at = box.end


def _metadata(data: bytes, meta: Box) -> Iterator[tuple[int, int, bool]]:
    """Where the metadata of a `meta` box lies: start, length, and whether it is EXIF."""
    boxes = {box.name: box for box in _boxes(data, meta.body + 4, meta.end)}
    if b"iinf" not in boxes or b"iloc" not in boxes:
        return
    kinds = dict(_item_kinds(data, boxes[b"iinf"]))
    for item, is_within, start, length in _extents(data, boxes[b"iloc"]):
        if kinds.get(item) in _METADATA_ITEMS:
            place = start + boxes[b"idat"].body if is_within and b"idat" in boxes else start
            # A length of 0 means all the rest, which no metadata has.
            taken(data, place, length)
            yield place, length, kinds[item] == b"Exif"


def _item_kinds(data: bytes, iinf: Box) -> Iterator[tuple[int, bytes]]:
    first = iinf.body + 4 + (2 if data[iinf.body] == 0 else 4)
    for box in _boxes(data, first, iinf.end):
        width = 4 if number(data, box.body, 1) >= 3 else 2
        at = box.body + 4
        yield number(data, at, width), taken(data, at + width + 2, 4)


def _extents(data: bytes, iloc: Box) -> Iterator[tuple[int, bool, int, int]]:
    """Each part of each item: the item, whether its place counts from `idat`, the place, the length."""
    version, sizes, at = data[iloc.body], number(data, iloc.body + 4, 2), iloc.body + 6
    offset_size, length_size, base_size, index_size = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    wide = 4 if version == 2 else 2
    count, at = number(data, at, wide), at + wide
    for _ in range(count):
        item, at = number(data, at, wide), at + wide
        is_within = version > 0 and number(data, at, 2) & 15 == 1
        at += 4 if version > 0 else 2
        base, at = number(data, at, base_size), at + base_size
        extents, at = number(data, at, 2), at + 2
        for _ in range(extents):
            at += index_size if version > 0 else 0
            start, at = number(data, at, offset_size), at + offset_size
            length, at = number(data, at, length_size), at + length_size
            yield item, is_within, base + start, length
