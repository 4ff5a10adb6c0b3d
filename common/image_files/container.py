"""What every container's `strip` shares: its answer, its error and reading within bounds."""

from dataclasses import dataclass


class ContainerError(ValueError):
    """A file does not keep to its format, or ends before its picture does."""


@dataclass(frozen=True, slots=True)
class Stripped:
    """A picture without its metadata.

    `frames` counts the pictures of an animation and the scans of a JPEG, which a decoder goes over one by
    one; `pixels` is the area of one, 0 where only a decoder can tell. `exif` is the EXIF that was left out.
    """

    data: bytes
    frames: int = 1
    pixels: int = 0
    exif: bytes = b""


def taken(data: bytes, start: int, length: int) -> bytes:
    """`length` bytes from `start`; ContainerError where the file ends before."""
    if length < 0 or start + length > len(data):
        raise ContainerError("the file ends early")
    return data[start : start + length]


def number(data: bytes, start: int, length: int, order: str = "big") -> int:
    """The unsigned number of `length` bytes at `start`; `order` is `big` or `little`."""
    return int.from_bytes(taken(data, start, length), "little" if order == "little" else "big")
