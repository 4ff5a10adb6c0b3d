"""Tests of image inspection: the content decides, and it has to be an image to its last byte."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from common.errors import InvalidInput, PayloadTooLarge
from common.images import MAX_UPLOAD_BYTES, ImageKind, inspect_image, safe_file_name

FORMATS = [
    ("JPEG", ImageKind("image/jpeg", "jpg")),
    ("PNG", ImageKind("image/png", "png")),
    ("GIF", ImageKind("image/gif", "gif")),
    ("WEBP", ImageKind("image/webp", "webp")),
    ("AVIF", ImageKind("image/avif", "avif")),
]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def drawn(image_format: str, size: tuple[int, int] = (32, 24), **options: object) -> bytes:
    """An image with some structure in it."""
    image = Image.effect_noise(size, 60).convert("RGB")
    buffer = BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be huge."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def refusal(data: bytes) -> str:
    """The text with which `data` is refused."""
    with pytest.raises(InvalidInput) as refused:
        inspect_image(data)
    assert list(refused.value.fields) == ["file"]
    return refused.value.message


@pytest.mark.parametrize(("image_format", "kind"), FORMATS)
def test_the_content_decides_what_an_image_is(image_format: str, kind: ImageKind) -> None:
    assert inspect_image(drawn(image_format)) == kind


@pytest.mark.parametrize("image_format", ["GIF", "WEBP", "PNG"])
def test_animations_are_images(image_format: str) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
    buffer = BytesIO()
    frames[0].save(buffer, image_format, save_all=True, append_images=frames[1:])
    assert inspect_image(buffer.getvalue()).extension == image_format.lower()


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_truncated_image_is_refused(image_format: str, kept: float) -> None:
    data = drawn(image_format, (200, 200))
    assert "must be a complete JPEG" in refusal(data[: int(len(data) * kept)])


@pytest.mark.parametrize("image_format", ["BMP", "TIFF", "ICO", "PPM", "PDF"])
def test_other_formats_are_refused(image_format: str) -> None:
    assert "must be a complete JPEG" in refusal(drawn(image_format))


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a<script>alert(1)</script>",
        b"GIF89a/*\x00\x00*/=1;<html></html>",
        b"\x89PNG\r\n\x1a\n<html>",
        b"\xff\xd8\xff\xe0<!doctype html>",
        b"<!doctype html><p>hello",
        b"#!/bin/sh\necho",
        b"MZ\x90\x00",
        b"\0" * 100,
        b"RIFF\x00\x00\x00\x00WEBP",
    ],
)
def test_what_only_begins_like_an_image_is_refused(data: bytes) -> None:
    assert "must be a" in refusal(data)


@pytest.mark.parametrize("image_format", ["GIF", "PNG", "JPEG"])
@pytest.mark.parametrize(
    "page", [b"<script>alert(1)</script>", b"<HTML>", b"<!DOCTYPE html>", b"<?php system()?>"]
)
def test_an_image_that_is_a_page_as_well_is_refused(image_format: str, page: bytes) -> None:
    assert "must be a JPEG" in refusal(drawn(image_format) + page)


def test_a_page_in_an_images_comment_is_refused() -> None:
    assert "must be a JPEG" in refusal(drawn("GIF", comment=b"<script>alert(1)</script>"))


@pytest.mark.parametrize(
    "data", [SVG, b"  \n" + SVG, b"\xef\xbb\xbf" + SVG, b'<?xml version="1.0"?><!-- x -->' + SVG, SVG.upper()]
)
def test_an_svg_is_refused_with_its_reason(data: bytes) -> None:
    assert refusal(data) == (
        "file is an SVG drawing, which can carry scripts; please export it as PNG or WebP and upload that"
    )


@pytest.mark.parametrize("size", [(7000, 7000), (30_000, 30_000), (2**31 - 1, 2**31 - 1)])
def test_a_decompression_bomb_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    assert "pixels" in refusal(huge_png(*size))


def frames_of(image_format: str, size: tuple[int, int], count: int) -> bytes:
    """An animation of `count` frames that differ."""
    frames = [Image.new("L", size, 15 * number) for number in range(count)]
    buffer = BytesIO()
    frames[0].save(buffer, image_format, save_all=True, append_images=frames[1:])
    return buffer.getvalue()


@pytest.mark.parametrize("image_format", ["GIF", "PNG", "WEBP"])
def test_an_animation_with_too_much_to_decode_is_refused_before_it_is_decoded(image_format: str) -> None:
    data = frames_of(image_format, (300, 300), 13)
    with (
        patch("common.images.MAX_ANIMATION_PIXELS", 1_000_000),
        patch("PIL.ImageFile.ImageFile.load", side_effect=AssertionError("decoded")),
    ):
        assert refusal(data) == "file has too many frames: together at most 1 million pixels"


def gif_frames(count: int, canvas: int = 1, frame: int = 1) -> bytes:
    """A GIF of tiny frames, each of which claims a size of its own."""
    picture = b"\x2c" + struct.pack("<HHHHB", 0, 0, frame, frame, 0) + b"\x02\x02\x44\x01\x00"
    screen = struct.pack("<HHBBB", canvas, canvas, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    return b"GIF89a" + screen + picture * count + b"\x3b"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (gif_frames(600_000), "file has too many frames"),
        (gif_frames(1, frame=65_535), "file must have at most 40 million pixels"),
        (gif_frames(6, canvas=10, frame=6_000), "file has too many frames"),
    ],
)
def test_a_gif_cannot_hide_how_much_it_unpacks_to(data: bytes, words: str) -> None:
    assert refusal(data).startswith(words)


def test_a_photograph_of_thousands_of_scans_is_refused() -> None:
    buffer = BytesIO()
    Image.new("RGB", (4000, 3000)).save(buffer, "JPEG", progressive=True)
    data = buffer.getvalue()
    scan = data[data.rindex(b"\xff\xda") : -2]
    assert refusal(data[:-2] + scan * 120 + b"\xff\xd9").startswith("file has too many frames")


@pytest.mark.parametrize(("image_format", "end"), [("PNG", 12), ("JPEG", 2), ("GIF", 1)])
def test_a_picture_without_its_end_is_refused(image_format: str, end: int) -> None:
    assert "must be a complete JPEG" in refusal(drawn(image_format)[:-end])


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"") == "file is empty"


def test_a_large_file_is_refused_as_too_large() -> None:
    with pytest.raises(PayloadTooLarge, match="at most 10 MB"):
        inspect_image(drawn("PNG") + b"\0" * MAX_UPLOAD_BYTES)


def test_the_field_of_the_upload_is_named() -> None:
    with pytest.raises(InvalidInput, match=r"^image is empty$"):
        inspect_image(b"", field="image")


@given(
    st.binary(max_size=200), st.sampled_from([b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF"])
)
def test_any_bytes_are_an_image_or_refused(noise: bytes, start: bytes) -> None:
    with suppress(InvalidInput):
        assert isinstance(inspect_image(start + noise), ImageKind)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("photo 1.JPG", "photo-1.JPG"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.png", "a.png"),
        (".htaccess", "htaccess"),
        ("città/è.png", "png"),
        ("a\x00b\r\n.png", "a-b-.png"),
        ("", "file"),
        ("..", "file"),
        ("月", "file"),
    ],
)
def test_a_file_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_file_name(name) == safe


@given(st.text(max_size=300))
def test_any_file_name_is_made_safe(name: str) -> None:
    safe = safe_file_name(name)
    assert 0 < len(safe) <= 100
    assert safe.isascii()
    assert not set(safe) & set("/\\ \0")
    assert safe[0] not in ".-"
