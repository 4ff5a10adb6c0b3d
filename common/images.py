"""What an uploaded image is, decided by its content, and what of it is published."""

import re
import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from common.errors import InvalidInput, PayloadTooLarge
from common.image_files import Stripped, strip

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

MAX_UPLOAD_BYTES = 10 * 1024 * 1024

# 40 megapixels: a large print's scan, and 160 MB when decoded, which a Lambda can hold.
MAX_PIXELS = 40_000_000

# An animation is decoded frame by frame, a progressive JPEG scan by scan; together they cost time.
MAX_ANIMATION_PIXELS = 50_000_000
MAX_SCANNED_PIXELS = 1_200_000_000
# What the smallest frame costs, in pixels.
FRAME_PIXELS = 10_000

LONGEST_FILE_NAME = 100

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_ACCEPTED = "JPEG, PNG, GIF, WebP or AVIF image"

# In the words that the upload's page shows to the artist.
NO_SVG = "is an SVG drawing, which can carry scripts; please export it as PNG or WebP and upload that"

# A file can be a valid image and a page at once; a browser that guesses types would run the page.
_ACTIVE_CONTENT = (b"<script", b"<html", b"<!doctype html", b"<?php")


@dataclass(frozen=True)
class ImageKind:
    """A media type such as `image/png` and its extension without the dot, such as `png`."""

    content_type: str
    extension: str


@dataclass(frozen=True)
class Picture:
    """An image that may be published, and its kind."""

    kind: ImageKind
    data: bytes


KINDS = {
    "JPEG": ImageKind("image/jpeg", "jpg"),
    "PNG": ImageKind("image/png", "png"),
    "GIF": ImageKind("image/gif", "gif"),
    "WEBP": ImageKind("image/webp", "webp"),
    "AVIF": ImageKind("image/avif", "avif"),
}


def inspect_image(data: bytes, field: str = "file") -> ImageKind:
    """The kind of the image in `data`; raises what `clean_image` raises."""
    return clean_image(data, field).kind


def clean_image(data: bytes, field: str = "file") -> Picture:
    """The image in `data` as it may be published: upright, and without what it tells of camera and place.

    The colour profile stays. The compressed picture is copied as it is, unless its camera was held sideways:
    then its pixels are turned. It is decoded completely to prove that it is an image.

    InvalidInput naming `field` for SVG, anything that is not an image, and truncated or outsized
    images; PayloadTooLarge above 10 MiB.
    """
    if len(data) > MAX_UPLOAD_BYTES:
        raise PayloadTooLarge(f"{field} must be at most {MAX_UPLOAD_BYTES // 2**20} MB")
    if not data:
        raise InvalidInput.of_field(field, "is empty")
    if _looks_like_svg(data):
        raise InvalidInput.of_field(field, NO_SVG)
    picture = _decoded(data, field)
    lowered = data.lower()
    if any(mark in lowered for mark in _ACTIVE_CONTENT):
        raise InvalidInput.of_field(field, f"must be a {_ACCEPTED}")
    return picture


def safe_file_name(name: str) -> str:
    """`name` without folders and in [A-Za-z0-9._-], at most 100 characters, never empty or hidden."""
    last = PurePosixPath(name.replace("\\", "/")).name
    cleaned = _UNSAFE.sub("-", last).strip("-.")
    return cleaned[-LONGEST_FILE_NAME:].strip("-.") or "file"


def _looks_like_svg(data: bytes) -> bool:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"<") and b"<svg" in data[:65536].lower()


def _decoded(data: bytes, field: str) -> Picture:
    incomplete = InvalidInput.of_field(field, f"must be a complete {_ACCEPTED}")
    try:
        found = strip(data)
        if found:
            return _proved(*found, field)
    except InvalidInput:
        raise
    except Exception as error:
        # Decoders report a broken file with whatever their parser stumbles on: OSError, SyntaxError,
        # struct.error, zlib.error, IndexError and more.
        raise incomplete from error
    raise incomplete


def _proved(image_format: str, stripped: Stripped, field: str) -> Picture:
    from PIL import Image

    from common.image_turning import orientation, turned

    # Before Pillow looks at it, which refuses some sizes with a text of its own.
    _refuse_outsized(image_format, stripped.pixels, stripped.frames, field)
    with warnings.catch_warnings():
        # Pillow warns of what it would refuse at twice the size; the limit here is ours.
        warnings.simplefilter("ignore")
        # Only this decoder runs: others are less tested against hostile files.
        with Image.open(BytesIO(stripped.data), formats=(image_format,)) as image:
            frames = max(stripped.frames, _frames_announced(image_format, image))
            pixels = max(stripped.pixels, image.width * image.height)
            _refuse_outsized(image_format, pixels, frames, field)
            _decode_every_frame(image_format, image, frames)
            way = orientation(stripped.exif) if frames == 1 or image_format == "JPEG" else 1
            return Picture(
                KINDS[image_format], turned(image, stripped.data, way) if way > 1 else stripped.data
            )


def _frames_announced(image_format: str, image: "PillowImage") -> int:
    """What the header says; to count a GIF's frames Pillow would go through them all."""
    return 1 if image_format in {"JPEG", "GIF"} else int(getattr(image, "n_frames", 1))


def _refuse_outsized(image_format: str, pixels: int, frames: int, field: str) -> None:
    if pixels > MAX_PIXELS:
        raise InvalidInput.of_field(field, f"must have at most {MAX_PIXELS // 1_000_000} million pixels")
    total = frames * max(pixels, FRAME_PIXELS)
    if total > (MAX_SCANNED_PIXELS if image_format == "JPEG" else MAX_ANIMATION_PIXELS):
        together = MAX_ANIMATION_PIXELS // 1_000_000
        raise InvalidInput.of_field(field, f"has too many frames: together at most {together} million pixels")


def _decode_every_frame(image_format: str, image: "PillowImage", frames: int) -> None:
    for frame in range(1 if image_format == "JPEG" else frames):
        image.seek(frame)
        image.load()
