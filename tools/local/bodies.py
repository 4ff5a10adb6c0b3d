"""Reading a request's body off the connection: declared length or chunks, with a limit."""

from email.message import Message
from typing import BinaryIO

from common.errors import InvalidInput, PayloadTooLarge, ShopError

# API Gateway's limit for a request.
LIMIT_BYTES = 10 * 1024 * 1024
LONGEST_CHUNK_LINE = 1024
# What a refused sender may still send before the connection is closed under it.
DISCARDED_BYTES = 2 * LIMIT_BYTES

_TOO_LARGE = "Request body is larger than 10 MiB"


class Unreadable(Exception):
    """The connection cannot be used further; `error` is what to answer first."""

    def __init__(self, error: ShopError) -> None:
        super().__init__(error.message)
        self.error = error


def check_announced(headers: Message) -> int | None:
    """The declared length of the body in bytes, None for a chunked one.

    Unreadable when it is not a number, too large, or declared twice, which two readers of one
    connection could take for different bodies.
    """
    encodings, lengths = headers.get_all("Transfer-Encoding", []), headers.get_all("Content-Length", [])
    if encodings:
        if lengths or [encoding.strip().lower() for encoding in encodings] != ["chunked"]:
            raise Unreadable(InvalidInput("Transfer-Encoding must be chunked, without Content-Length"))
        return None
    text = lengths[0].strip() if lengths else "0"
    if len(lengths) > 1 or not (text.isascii() and text.isdigit()):
        raise Unreadable(InvalidInput("Content-Length must be a number of bytes"))
    # Digits are counted first: turning a very long number into an int is work by itself.
    if len(text) > 15 or int(text) > LIMIT_BYTES:
        raise Unreadable(PayloadTooLarge(_TOO_LARGE))
    return int(text)


def read_body(stream: BinaryIO, headers: Message) -> bytes:
    """The whole body; ConnectionError when the sender leaves before its end."""
    length = check_announced(headers)
    return _read_chunks(stream) if length is None else _read_exactly(stream, length)


def discard(stream: BinaryIO) -> None:
    """Read on for a while, so that a sender who is still busy gets to read its answer."""
    left = DISCARDED_BYTES
    while left > 0:
        read = len(stream.read(min(left, 65536)))
        if not read:
            return
        left -= read


def _read_chunks(stream: BinaryIO) -> bytes:
    body = bytearray()
    while size := _chunk_size(stream):
        if len(body) + size > LIMIT_BYTES:
            raise Unreadable(PayloadTooLarge(_TOO_LARGE))
        body += _read_exactly(stream, size)
        if stream.readline(LONGEST_CHUNK_LINE).strip():
            raise Unreadable(InvalidInput("A chunk of the body is longer than it says"))
    while stream.readline(LONGEST_CHUNK_LINE).strip():
        pass  # trailers, which say nothing to this shop
    return bytes(body)


def _chunk_size(stream: BinaryIO) -> int:
    line = stream.readline(LONGEST_CHUNK_LINE)
    if not line:
        raise ConnectionResetError
    size = line.split(b";")[0].strip()
    if not size or len(size) > 8 or size.strip(b"0123456789abcdefABCDEF"):
        raise Unreadable(InvalidInput("A chunk of the body does not say its size"))
    return int(size, 16)


def _read_exactly(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise ConnectionResetError
    return data
