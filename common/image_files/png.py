"""PNG (W3C Portable Network Graphics, third edition): chunks up to IEND."""

from .container import ContainerError, Stripped, number, taken

SIGNATURE = b"\x89PNG\r\n\x1a\n"

_EXIF = b"eXIf"
_FRAME = b"fcTL"
_DRAWN = frozenset((b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"acTL", b"fcTL", b"fdAT"))
_COLOURS = frozenset((b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"mDCV", b"cLLI", b"sBIT", b"bKGD"))
_KEPT = _DRAWN | _COLOURS | {b"pHYs"}


def strip(data: bytes) -> Stripped:
    """The picture, or the animation, with its colours; texts, times, EXIF and private chunks are left out."""
    kept, exif, frames, at = [SIGNATURE], b"", 0, len(SIGNATURE)
    name = b""
    while name != b"IEND":
        length, name = number(data, at, 4), taken(data, at + 4, 4)
        chunk = taken(data, at, length + 12)
        at += len(chunk)
        frames += name == _FRAME
        if name in _KEPT:
            kept.append(chunk)
        elif name == _EXIF:
            exif = chunk[8:-4]
        elif name[:1].isupper():
            raise ContainerError("a chunk is unknown without which the picture cannot be drawn")
    width, height = number(data, 16, 4), number(data, 20, 4)
    return Stripped(b"".join(kept), max(frames, 1), width * height, exif)
