"""GIF (GIF89a specification): blocks up to the trailer."""

from .container import ContainerError, Stripped, number, taken

SIGNATURES = (b"GIF87a", b"GIF89a")

_EXTENSION, _PICTURE, _TRAILER = 0x21, 0x2C, 0x3B
_CONTROL, _APPLICATION = 0xF9, 0xFF
# How often an animation repeats, and a colour profile.
_APPLICATIONS = (b"\x0bNETSCAPE2.0", b"\x0bANIMEXTS1.0", b"\x0bICCRGBG1012")


def strip(data: bytes) -> Stripped:
    """The picture or the animation; comments, texts and what other programs added are left out."""
    at = 13 + _palette_length(number(data, 10, 1))
    kept, frames = [taken(data, 0, at)], 0
    width, height = number(data, 6, 2, "little"), number(data, 8, 2, "little")
    while (kind := number(data, at, 1)) != _TRAILER:
        if kind == _PICTURE:
            frames += 1
            # A frame may be larger than the picture, which a decoder then enlarges.
            width = max(width, number(data, at + 1, 2, "little") + number(data, at + 5, 2, "little"))
            height = max(height, number(data, at + 3, 2, "little") + number(data, at + 7, 2, "little"))
            end = _blocks_end(data, at + 11 + _palette_length(number(data, at + 9, 1)))
        elif kind == _EXTENSION:
            end = _blocks_end(data, at + 2)
        else:
            raise ContainerError("a block is unknown")
        if kind == _PICTURE or _is_needed(data[at:end]):
            kept.append(data[at:end])
        at = end
    return Stripped(b"".join([*kept, b"\x3b"]), max(frames, 1), width * height)


def _palette_length(flags: int) -> int:
    return 3 * 2 ** (flags % 8 + 1) if flags & 0x80 else 0


def _blocks_end(data: bytes, at: int) -> int:
    """The place behind a row of data blocks, which an empty one closes."""
    while length := number(data, at, 1):
        at += 1 + length
    return at + 1


def _is_needed(extension: bytes) -> bool:
    label = extension[1]
    return label == _CONTROL or (label == _APPLICATION and extension[2:].startswith(_APPLICATIONS))
