"""What an uploaded image is, decided by its content and by nothing the sender says."""

import re
import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from common.errors import InvalidInput, PayloadTooLarge

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

MAX_UPLOAD_BYTES = 10 * 1024 * 1024

# 40 megapixels: a large print's scan, and 160 MB when decoded, which a Lambda can hold.
MAX_PIXELS = 40_000_000

# An animation is decoded frame by frame; together they cost time, not memory.
MAX_ANIMATION_PIXELS = 200_000_000

LONGEST_FILE_NAME = 100

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_ACCEPTED = "JPEG, PNG, GIF, WebP or AVIF image"

# A file can be a valid image and a page at once; a browser that guesses types would run the page.
_ACTIVE_CONTENT = (b"<script", b"<html", b"<!doctype html", b"<?php")


@dataclass(frozen=True)
class ImageKind:
    """A media type such as `image/png` and its extension without the dot, such as `png`."""

    content_type: str
    extension: str


KINDS = {
    "JPEG": ImageKind("image/jpeg", "jpg"),
    "PNG": ImageKind("image/png", "png"),
    "GIF": ImageKind("image/gif", "gif"),
    "WEBP": ImageKind("image/webp", "webp"),
    "AVIF": ImageKind("image/avif", "avif"),
}


def inspect_image(data: bytes, field: str = "file") -> ImageKind:
    """The kind of the image in `data`, which is decoded completely to prove that it is one.

    InvalidInput naming `field` for SVG, anything that is not an image, and truncated or outsized
    images; PayloadTooLarge above 10 MiB.
    """
    if len(data) > MAX_UPLOAD_BYTES:
        raise PayloadTooLarge(f"{field} must be at most {MAX_UPLOAD_BYTES // 2**20} MB")
    if not data:
        raise InvalidInput.of_field(field, "is empty")
    if _looks_like_svg(data):
        raise InvalidInput.of_field(field, "is an SVG drawing, which can carry scripts and is not accepted")
    kind = KINDS.get(_decoded_format(data, field))
    lowered = data.lower()
    if kind is None or any(mark in lowered for mark in _ACTIVE_CONTENT):
        raise InvalidInput.of_field(field, f"must be a {_ACCEPTED}")
    return kind


def safe_file_name(name: str) -> str:
    """`name` without folders and in [A-Za-z0-9._-], at most 100 characters, never empty or hidden."""
    last = PurePosixPath(name.replace("\\", "/")).name
    cleaned = _UNSAFE.sub("-", last).strip("-.")
    return cleaned[-LONGEST_FILE_NAME:].strip("-.") or "file"


def _looks_like_svg(data: bytes) -> bool:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"<") and b"<svg" in data[:65536].lower()


def _decoded_format(data: bytes, field: str) -> str:
    from PIL import Image

    try:
        with warnings.catch_warnings():
            # Pillow warns of what it would refuse at twice the size; the limit here is ours.
            warnings.simplefilter("ignore")
            # Only these decoders run: others are less tested against hostile files.
            with Image.open(BytesIO(data), formats=tuple(KINDS)) as image:
                _refuse_outsized(image, field)
                _decode_every_frame(image, field)
                return image.format or ""
    except Image.DecompressionBombError as error:
        raise InvalidInput.of_field(field, "has too many pixels") from error
    except InvalidInput:
        raise
    except Exception as error:
        # Decoders report a broken file with whatever their parser stumbles on: OSError, SyntaxError,
        # struct.error, zlib.error, IndexError and more.
        raise InvalidInput.of_field(field, f"must be a complete {_ACCEPTED}") from error


def _refuse_outsized(image: "PillowImage", field: str) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise InvalidInput.of_field(field, f"must have at most {MAX_PIXELS // 1_000_000} million pixels")


def _decode_every_frame(image: "PillowImage", field: str) -> None:
    frames = getattr(image, "n_frames", 1)
    if frames * image.width * image.height > max(MAX_ANIMATION_PIXELS, MAX_PIXELS):
        raise InvalidInput.of_field(field, "has too many frames")
    for frame in range(frames):
        image.seek(frame)
        image.load()
