"""Which format a file has, by its first bytes."""

from collections.abc import Callable

from . import avif, gif, jpeg, png, webp
from .container import Stripped

Strip = Callable[[bytes], Stripped]


def strip(data: bytes) -> tuple[str, Stripped] | None:
    """Pillow's name of the format and the picture without metadata; None for any other format.

    ContainerError when the file is broken or ends early.
    """
    found = _format(data)
    if found is None:
        return None
    name, strip_container = found
    return name, strip_container(data)


def _format(data: bytes) -> tuple[str, Strip] | None:
    if data.startswith(jpeg.SIGNATURE):
        return "JPEG", jpeg.strip
    if data.startswith(png.SIGNATURE):
        return "PNG", png.strip
    if data.startswith(gif.SIGNATURES):
        return "GIF", gif.strip
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WEBP", webp.strip
    if data[4:8] == b"ftyp" and data[8:12] in avif.BRANDS:
        return "AVIF", avif.strip
    return None
