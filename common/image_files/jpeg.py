"""JPEG (ITU-T T.81): segments, each opened by a marker, up to the first picture's end.

A camera's MPO file (CIPA DC-007) is a JPEG with further pictures behind its end: previews, or a second eye's.
"""

import re

from .container import ContainerError, Stripped, number, taken

SIGNATURE = b"\xff\xd8\xff"

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
# A number of restarts, and the start: markers without a segment.
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_TABLES = frozenset({0xC4, 0xCC, 0xDB, 0xDC, 0xDD})
_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_APP0, _APP1, _APP2, _APP14 = 0xE0, 0xE1, 0xE2, 0xEE
_EXIF = b"Exif\x00\x00"
# JFIF's header holds a preview behind these bytes, of the width and height in the last two.
_JFIF_LENGTH = 14
# Within compressed data 0xFF is followed by 0, or by one of the eight restart markers.
_NEXT_MARKER = re.compile(rb"\xff+[\x01-\xcf\xd8-\xfe]")


def strip(data: bytes) -> Stripped:
    """The first picture of the file with its colour profile, and nothing else that is in it or behind it."""
    kept, exif, pixels, scans, at = [b"\xff\xd8"], b"", 0, 0, 2
    while True:
        marker, at = _marker(data, at)
        if marker == _END:
            break
        if marker in _ALONE:
            continue
        body = taken(data, at + 2, number(data, at, 2) - 2)
        at += 2 + len(body)
        if marker == _SCAN:
            scans += 1
            scan = data[at : _scan_end(data, at)]
            kept += [_segment(marker, body), scan]
            at += len(scan)
            continue
        if marker in _FRAMES:
            pixels = number(body, 1, 2) * number(body, 3, 2)
        if marker == _APP1 and body.startswith(_EXIF) and not exif:
            exif = body[len(_EXIF) :]
        if needed := _needed(marker, body):
            kept.append(_segment(marker, needed))
    return Stripped(b"".join([*kept, b"\xff\xd9"]), max(scans, 1), pixels, exif)


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """The marker at a place, and the place behind it; any number of 0xFF may stand before its code."""
    if taken(data, at, 1) != b"\xff":
        raise ContainerError("a marker is missing")
    while number(data, at, 1) == 0xFF:
        at += 1
    return data[at], at + 1


def _scan_end(data: bytes, at: int) -> int:
    found = _NEXT_MARKER.search(data, at)
    if found is None:
        raise ContainerError("the file ends early")
    return found.start()


def _needed(marker: int, body: bytes) -> bytes:
    """What is kept of a segment; nothing for one that describes the picture instead of being part of it."""
    if marker in _TABLES or marker in _FRAMES:
        return body
    if marker == _APP0 and body.startswith(b"JFIF\x00") and len(body) >= _JFIF_LENGTH:
        return body[: _JFIF_LENGTH - 2] + b"\x00\x00"
    if marker == _APP2 and body.startswith(b"ICC_PROFILE\x00"):
        return body
    # Adobe's says how the colours are to be turned back.
    if marker == _APP14 and body.startswith(b"Adobe"):
        return body
    return b""


def _segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2) + body
