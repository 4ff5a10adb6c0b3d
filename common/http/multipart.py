"""Multipart forms: fields and uploaded files, within limits."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from common.errors import InvalidInput, PayloadTooLarge, UnsupportedMediaType
from common.http.body import MULTIPART, media_type, text_complaint
from common.images import MAX_UPLOAD_BYTES

if TYPE_CHECKING:
    from multipart import MultipartSegment

MAX_PARTS = 50
MAX_FIELD_BYTES = 64 * 1024
MAX_PART_HEADERS = 8
MAX_HEADER_BYTES = 4 * 1024

# What stands around the files: boundaries, part headers and fields.
MAX_MULTIPART_BYTES = MAX_UPLOAD_BYTES + 1024 * 1024

_MALFORMED = "Invalid multipart form in request body"
_TOO_LARGE = f"An upload must be at most {MAX_UPLOAD_BYTES // 2**20} MB in at most {MAX_PARTS} parts"


@dataclass(frozen=True)
class UploadedFile:
    """One file of a form; `filename` and `content_type` are what the sender claims."""

    filename: str
    content_type: str
    data: bytes


@dataclass
class Multipart:
    """The fields and the files of a form by name; the last of two equal names wins."""

    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, UploadedFile] = field(default_factory=dict)

    def file(self, *names: str) -> UploadedFile:
        """The first file sent under one of `names`; InvalidInput naming the first name when none is."""
        for name in names:
            if name in self.files:
                return self.files[name]
        raise InvalidInput.of_field(names[0], "is required")


def read_multipart(body: bytes, content_type: str) -> Multipart:
    """The form in `body`; PayloadTooLarge for a file above 10 MiB, InvalidInput for anything malformed."""
    from multipart import MultipartError, ParserLimitReached

    if media_type(content_type) != MULTIPART:
        raise UnsupportedMediaType("Content-Type must be multipart/form-data")
    if not body:
        raise InvalidInput("Request body is required")
    if len(body) > MAX_MULTIPART_BYTES:
        raise PayloadTooLarge(_TOO_LARGE)
    try:
        return _collect(body, content_type)
    except ParserLimitReached as error:
        raise PayloadTooLarge(_TOO_LARGE) from error
    except (MultipartError, UnicodeDecodeError) as error:
        raise InvalidInput(_MALFORMED) from error


def _collect(body: bytes, content_type: str) -> Multipart:
    from multipart import MultipartSegment

    form = Multipart()
    part: MultipartSegment | None = None
    chunks: list[bytes] = []
    for event in _events(body, content_type):
        if isinstance(event, MultipartSegment):
            part, chunks = event, []
        elif event:
            chunks.append(bytes(event))
        elif part is not None:
            _add_part(form, part, b"".join(chunks))
    return form


def _events(body: bytes, content_type: str) -> Iterator[Any]:
    from multipart import PushMultipartParser, parse_options_header

    _, options = parse_options_header(content_type)
    with PushMultipartParser(
        options.get("boundary", ""),
        max_header_size=MAX_HEADER_BYTES,
        max_header_count=MAX_PART_HEADERS,
        max_segment_count=MAX_PARTS,
        max_segment_size=MAX_UPLOAD_BYTES,
        strict=True,
    ) as parser:
        yield from parser.parse(body)


def _add_part(form: Multipart, part: "MultipartSegment", data: bytes) -> None:
    name = _checked(part.name or "", "(name)")
    if part.filename is None:
        if len(data) > MAX_FIELD_BYTES:
            raise PayloadTooLarge(f"{name} must be at most {MAX_FIELD_BYTES // 1024} KB")
        form.fields[name] = _checked(data.decode("utf-8"), name)
    elif part.filename or data:
        # A file input left empty is sent as a part without name and content: no file.
        filename = _checked(part.filename, name)
        form.files[name] = UploadedFile(filename, part.content_type or "", data)


def _checked(text: str, field_name: str) -> str:
    complaint = text_complaint(text)
    if complaint:
        raise InvalidInput.of_field(field_name, complaint)
    return text
