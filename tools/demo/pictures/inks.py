"""What printing and paper do to a picture: two inks in dots, a wash, a grain."""

from functools import cache
from math import cos, pi

from PIL import Image, ImageChops, ImageOps

from tools.demo.pictures.chance import seeded
from tools.demo.pictures.colours import Colour, Palette, mixed

# How soft the edge of a dot is: the smaller, the harder.
SOFTNESS = 0.16
GRAIN = 22


def separated(picture: Image.Image, inks: tuple[Colour, Colour], paper: Colour, width: int) -> Image.Image:
    """The picture printed with two inks, the lighter one in dots and a little out of register."""
    red, _, blue = picture.split()
    dots = max(4, width // 20)
    free = ImageChops.subtract(
        ImageOps.autocontrast(blue, cutoff=(2, 4)), _screen(picture.size, dots), SOFTNESS, 128
    )
    slip = width // 200
    light = ImageOps.colorize(ImageChops.offset(free, slip, slip), black=inks[0], white="#FFFFFF")
    tones = ImageOps.autocontrast(red, cutoff=(2, 4)).point([_tone(value) for value in range(256)])
    dark = ImageOps.colorize(tones, black=inks[1], white="#FFFFFF")
    sheet = Image.new("RGB", picture.size, paper)
    return ImageChops.multiply(ImageChops.multiply(sheet, light), dark)


def _tone(value: int) -> int:
    """One of four tones: a stencil has no more."""
    return (0, 70, 165, 255)[min(3, value // 60)]


def _screen(size: tuple[int, int], dots: int) -> Image.Image:
    cell = Image.new("L", (dots, dots))
    for x in range(dots):
        for y in range(dots):
            height = cos(2 * pi * x / dots) + cos(2 * pi * y / dots)
            cell.putpixel((x, y), round(127.5 + 60 * height))
    return _tiled(cell, size)


def _tiled(tile: Image.Image, size: tuple[int, int]) -> Image.Image:
    sheet = Image.new(tile.mode, size)
    sheet.paste(tile)
    across, down = tile.size
    while across < size[0]:
        sheet.paste(sheet.crop((0, 0, across, down)), (across, 0))
        across *= 2
    while down < size[1]:
        sheet.paste(sheet.crop((0, 0, size[0], down)), (0, down))
        down *= 2
    return sheet


def washed(picture: Image.Image, palette: Palette) -> Image.Image:
    """The picture as a thin wash, most of its colours gone."""
    tones = ImageOps.posterize(ImageOps.autocontrast(picture.convert("L"), cutoff=2), 4)
    wash = ImageOps.colorize(
        tones, black=palette.deep, mid=mixed(palette.middle, palette.light, 0.3), white=palette.paper
    )
    return Image.blend(wash, picture, 0.3)


def grained(picture: Image.Image) -> Image.Image:
    """The picture with the tooth of paper."""
    tooth = _tiled(_noise(), picture.size)
    return ImageChops.overlay(picture, Image.merge("RGB", (tooth, tooth, tooth)))


@cache
def _noise() -> Image.Image:
    raw = seeded(7).randbytes(96 * 96)
    coarse = Image.frombytes("L", (96, 96), raw).resize((288, 288), Image.Resampling.BICUBIC)
    return coarse.point([128 - GRAIN // 2 + value * GRAIN // 255 for value in range(256)])
