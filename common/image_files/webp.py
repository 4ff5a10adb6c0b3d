"""WebP (RFC 9649): RIFF chunks within the length that the first one names."""

from collections.abc import Iterator

from .container import ContainerError, Stripped, number, taken

_HEADER = 12
_KEPT = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_HAS_XMP, _HAS_EXIF = 0x04, 0x08
# What an ANMF chunk says of its frame before the frame's own chunks.
_FRAME_HEADER = 16


def strip(data: bytes) -> Stripped:
    """The picture or the animation with its colour profile; EXIF, XMP and unknown chunks are left out."""
    end = 8 + number(data, 4, 4, "little")
    body, exif, frames, pixels = [], b"", 0, 0
    for name, content in _chunks(taken(data, 0, end), _HEADER):
        if name == b"VP8X":
            flags = number(content, 0, 1) & ~(_HAS_EXIF | _HAS_XMP)
            pixels = (number(content, 4, 3, "little") + 1) * (number(content, 7, 3, "little") + 1)
            body.append(_chunk(name, bytes((flags,)) + content[1:]))
        elif name == b"ANMF":
            frames += 1
            body.append(_chunk(name, _frame(content)))
        elif name in _KEPT:
            body.append(_chunk(name, content))
        elif name == b"EXIF":
            exif = content.removeprefix(b"Exif\x00\x00")
    kept = b"".join(body)
    header = b"RIFF" + (len(kept) + 4).to_bytes(4, "little") + b"WEBP"
    return Stripped(header + kept, max(frames, 1), pixels, exif)


def _frame(content: bytes) -> bytes:
    chunks = _chunks(content, _FRAME_HEADER)
    kept = [_chunk(name, inner) for name, inner in chunks if name in _KEPT]
    return taken(content, 0, _FRAME_HEADER) + b"".join(kept)


def _chunks(data: bytes, at: int) -> Iterator[tuple[bytes, bytes]]:
    while at < len(data):
        length = number(data, at + 4, 4, "little")
        if length == 0 and data[at : at + 4] == b"\0\0\0\0":
            raise ContainerError("a chunk has no name")
        yield data[at : at + 4], taken(data, at + 8, length)
        at += 8 + length + length % 2


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) % 2)
