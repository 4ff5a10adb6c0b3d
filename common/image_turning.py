"""Turning a photograph upright, as its EXIF orientation says."""

from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

UPRIGHT = 1

_ORIENTATION = 0x0112
# WebP's own measure; where it lies close to the original without doubling its size.
_WEBP_QUALITY = 95
# JPEG's largest unit: two blocks of eight pixels each way, where colours have half the width and height.
_BLOCK = 16
_QUARTERED = 2
_FIVE_TO_EIGHT = frozenset({5, 6, 7, 8})


def orientation(exif: bytes) -> int:
    """The orientation that an EXIF block names, 1 to 8; 1 (upright) when it names none or cannot be read."""
    from PIL import Image

    block = Image.Exif()
    value: Any = UPRIGHT
    # A camera's broken block is no reason to refuse its picture.
    with suppress(Exception):
        block.load(b"Exif\x00\x00" + exif)
        value = block.get(_ORIENTATION, UPRIGHT)
    return value if isinstance(value, int) and 1 <= value <= 8 else UPRIGHT


def turned(image: "PillowImage", data: bytes, way: int) -> bytes:
    """The image of the file `data` as a file of the same format, turned from orientation `way` (2 to 8)."""
    from PIL import ImageOps

    options = _options(image, data, swaps_axes=way in _FIVE_TO_EIGHT)
    image.getexif()[_ORIENTATION] = way
    upright = ImageOps.exif_transpose(image)
    buffer = BytesIO()
    profile = image.info.get("icc_profile")
    upright.save(buffer, image.format, exif=b"", icc_profile=profile, **options)
    return buffer.getvalue()


def _options(image: "PillowImage", data: bytes, *, swaps_axes: bool) -> dict[str, Any]:
    if image.format == "JPEG":
        return _jpeg_options(image, swaps_axes=swaps_axes)
    if image.format == "WEBP":
        return {"quality": _WEBP_QUALITY, "lossless": b"VP8L" in data.partition(b"VP8 ")[0]}
    return {}


def _jpeg_options(image: Any, *, swaps_axes: bool) -> dict[str, Any]:
    """The tables by which it was compressed: with the same ones next to nothing is lost a second time.

    That holds while the blocks stay the same squares, as in what cameras write; otherwise finer tables are
    used. Neither progressive nor optimised: both keep all coefficients in memory, beside the picture twice.
    """
    from PIL.JpegImagePlugin import get_sampling

    tables = [list(image.quantization[number]) for number in sorted(image.quantization)]
    if swaps_axes:
        tables = [[table[8 * column + row] for row in range(8) for column in range(8)] for table in tables]
    if image.width % _BLOCK or image.height % _BLOCK:
        return {"qtables": [[(step + 2) // 3 for step in table] for table in tables], "subsampling": 0}
    sampling = get_sampling(image)
    # Colours at half the width become colours at half the height, which Pillow cannot write.
    is_kept = sampling == _QUARTERED or not swaps_axes
    return {"qtables": tables, "subsampling": sampling if sampling > 0 and is_kept else 0}
