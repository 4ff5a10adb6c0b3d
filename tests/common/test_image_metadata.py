"""What is published of a photograph: upright, in its colours, and nothing of its camera and place."""

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageCms, ImageOps, ImageStat
from PIL.PngImagePlugin import PngInfo

from common.image_files import ContainerError, strip
from common.images import clean_image

SECRET = b"Paula Neri, Camera 4711"
WITH_EXIF = ["JPEG", "MPO", "PNG", "WEBP"]
WITH_XMP = ["JPEG", "MPO", "WEBP", "AVIF"]


@cache
def profile() -> bytes:
    """A colour profile."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@cache
def drawing(size: tuple[int, int] = (97, 61)) -> Image.Image:
    """A picture that is not the same turned or mirrored."""
    image = Image.radial_gradient("L").resize(size)
    image.paste(255, (0, 0, size[0] // 3, size[1] // 5))
    return Image.merge(
        "RGB", (image, image.transpose(Image.Transpose.FLIP_LEFT_RIGHT), ImageOps.invert(image))
    )


def exif_of_a_camera(orientation: int = 1) -> bytes:
    """EXIF with maker, place and orientation."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (45.0, 4.0, 15.6), 3: "E", 4: (7.0, 41.0, 9.0)})
    return exif.tobytes()


def photograph(
    image_format: str, orientation: int = 1, size: tuple[int, int] = (97, 61), **options: Any
) -> bytes:
    """A file as a camera or a photo program writes it."""
    if image_format != "GIF":
        options = {"exif": exif_of_a_camera(orientation), "icc_profile": profile(), **options}
    if image_format in WITH_XMP:
        options = {"xmp": b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>", **options}
    if image_format in {"JPEG", "MPO", "GIF"}:
        options = {"comment": SECRET, **options}
    if image_format == "PNG":
        text = PngInfo()
        text.add_text("Author", SECRET.decode())
        text.add_itxt("XML:com.adobe.xmp", SECRET.decode())
        options = {"pnginfo": text, **options}
    if image_format == "MPO":
        options = {"save_all": True, "append_images": [drawing().rotate(180)], **options}
    buffer = BytesIO()
    drawing(size).save(buffer, image_format, **options)
    return buffer.getvalue()


def opened(data: bytes) -> Image.Image:
    """The decoded image."""
    image = Image.open(BytesIO(data))
    image.load()
    return image


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two images' colours, of 255."""
    assert one.size == other.size
    return max(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean)


@pytest.mark.parametrize("image_format", ["JPEG", "MPO", "PNG", "GIF", "WEBP", "AVIF"])
def test_a_picture_is_published_without_what_it_tells(image_format: str) -> None:
    data = photograph(image_format)
    assert SECRET in data
    cleaned = clean_image(data).data
    assert SECRET not in cleaned
    shown = opened(cleaned)
    assert dict(shown.getexif()) == {}
    assert not shown.getexif().get_ifd(0x8825)
    assert difference(shown, opened(data)) == 0


@pytest.mark.parametrize("image_format", ["JPEG", "MPO", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_the_colour_profile_stays(image_format: str, orientation: int) -> None:
    assert opened(clean_image(photograph(image_format, orientation)).data).info["icc_profile"] == profile()


def test_a_camera_file_of_several_pictures_is_its_first_one() -> None:
    data = photograph("MPO")
    assert (opened(data).format, getattr(opened(data), "n_frames", 1)) == ("MPO", 2)
    picture = clean_image(data)
    assert (picture.kind.content_type, opened(picture.data).format) == ("image/jpeg", "JPEG")
    assert len(picture.data) < len(data) / 2 + len(profile())


@pytest.mark.parametrize("image_format", WITH_EXIF)
@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_camera_that_was_held_otherwise_gives_an_upright_picture(
    image_format: str, orientation: int
) -> None:
    data = photograph(image_format, orientation, quality=90)
    expected = ImageOps.exif_transpose(opened(data))
    shown = opened(clean_image(data).data)
    assert dict(shown.getexif()) == {}
    assert difference(shown, expected) < (0.001 if image_format == "PNG" else 3)


@pytest.mark.parametrize("orientation", [2, 3, 6, 8])
@pytest.mark.parametrize("sampling", [0, 1, 2])
@pytest.mark.parametrize(("size", "most"), [((96, 64), 1.5), ((97, 61), 2)])
def test_a_turned_photograph_looks_as_before(
    orientation: int, sampling: int, size: tuple[int, int], most: float
) -> None:
    data = photograph("JPEG", orientation, size=size, quality=75, subsampling=sampling)
    shown = opened(clean_image(data).data)
    assert difference(shown, ImageOps.exif_transpose(opened(data))) < most


def test_a_lossless_picture_stays_lossless_when_it_is_turned() -> None:
    data = photograph("WEBP", 6, lossless=True)
    assert difference(opened(clean_image(data).data), ImageOps.exif_transpose(opened(data))) == 0


@pytest.mark.parametrize("orientation", [0, 9, 300])
def test_an_orientation_that_there_is_not_turns_nothing(orientation: int) -> None:
    assert opened(clean_image(photograph("JPEG", orientation)).data).size == drawing().size


def test_broken_exif_is_left_out_like_any_other() -> None:
    data = photograph("JPEG", exif=b"Exif\x00\x00" + SECRET)
    assert SECRET not in clean_image(data).data


@pytest.mark.parametrize("image_format", ["GIF", "PNG", "WEBP"])
def test_an_animation_keeps_its_frames_times_and_repetitions(image_format: str) -> None:
    frames = [Image.new("L", (20, 20), shade) for shade in (0, 90, 180)]
    buffer = BytesIO()
    extra: dict[str, Any] = {"xmp": SECRET} if image_format == "WEBP" else {}
    extra |= {"comment": SECRET} if image_format == "GIF" else {"exif": exif_of_a_camera()}
    frames[0].save(
        buffer,
        image_format,
        save_all=True,
        append_images=frames[1:],
        duration=[100, 200, 300],
        loop=2,
        **extra,
    )
    cleaned = clean_image(buffer.getvalue()).data
    assert SECRET not in cleaned
    before, after = Image.open(BytesIO(buffer.getvalue())), Image.open(BytesIO(cleaned))
    assert (after.n_frames, after.info["loop"]) == (3, before.info["loop"])  # type: ignore[attr-defined]
    for frame in range(3):
        for image in (before, after):
            image.seek(frame)
            image.load()
        assert after.info["duration"] == before.info["duration"]
        assert difference(after, before) == 0


def test_a_palette_keeps_its_transparency() -> None:
    image = drawing().quantize(16)
    buffer = BytesIO()
    image.save(buffer, "PNG", transparency=3, exif=exif_of_a_camera(8))
    shown = opened(clean_image(buffer.getvalue()).data)
    expected = ImageOps.exif_transpose(opened(buffer.getvalue())).convert("RGBA")
    assert ImageChops.difference(shown.convert("RGBA"), expected).getbbox() is None


def test_the_preview_in_a_photographs_header_is_left_out() -> None:
    data = photograph("JPEG")
    preview = b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x02\x02" + SECRET[:12]
    start = data.index(b"\xff\xe0")
    length = 2 + int.from_bytes(data[start + 2 : start + 4])
    header = b"\xff\xe0" + (len(preview) + 2).to_bytes(2) + preview
    cleaned = clean_image(data[:start] + header + data[start + length :]).data
    assert SECRET[:12] not in cleaned
    assert opened(cleaned).size == drawing().size


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "GIF", "WEBP"])
def test_what_stands_behind_a_pictures_end_is_left_out(image_format: str) -> None:
    data = photograph(image_format)
    assert clean_image(data + b"\0" * 3 + SECRET).data == clean_image(data).data


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_a_cleaned_picture_is_clean(image_format: str) -> None:
    once = clean_image(photograph(image_format, 3)).data
    assert clean_image(once).data == once


@cache
def _file(image_format: str) -> bytes:
    return photograph(image_format)


def _damaged(image_format: str) -> st.SearchStrategy[bytes]:
    data = _file(image_format)
    places = st.lists(st.tuples(st.integers(0, len(data) - 1), st.integers(0, 255)), min_size=1, max_size=5)

    def damage(changes: list[tuple[int, int]]) -> bytes:
        changed = bytearray(data)
        for place, value in changes:
            changed[place] = value
        return bytes(changed)

    return places.map(damage)


@pytest.mark.parametrize("damaged", [_damaged, lambda name: st.integers(0, 99).map(lambda n: _cut(name, n))])
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_a_damaged_container_is_read_or_refused(
    image_format: str, damaged: Callable[[str], st.SearchStrategy[bytes]], data: st.DataObject
) -> None:
    with suppress(ContainerError):
        found = strip(data.draw(damaged(image_format)))
        assert found is None or found[1].data


def _cut(image_format: str, hundredths: int) -> bytes:
    data = _file(image_format)
    return data[: len(data) * hundredths // 100]
