"""Works where they may hang: framed, on a wall."""

from random import Random

from PIL import Image

from tools.demo.pictures.canvas import Canvas
from tools.demo.pictures.chance import seeded
from tools.demo.pictures.colours import Palette, mixed, sheer
from tools.demo.pictures.figures.parts import ring
from tools.demo.pictures.scenery import frond
from tools.demo.pictures.works import TALL

FLOOR = 104.0


def framed(work: Image.Image, palette: Palette, seed: int, width: int) -> Image.Image:
    """A room with the work in a frame."""
    dice = seeded(seed)
    canvas = Canvas(width, TALL, palette.paper)
    wall = mixed(dice.choice((palette.light, palette.middle, palette.glow)), palette.paper, 0.45)
    canvas.fade(mixed(wall, "#FFFFFF", 0.25), mixed(wall, palette.ink, 0.06), 0, FLOOR)
    canvas.fade(mixed(palette.skin, palette.ink, 0.35), mixed(palette.skin, palette.ink, 0.6), FLOOR)
    canvas.pen().box(0, FLOOR - 2.4, 100, FLOOR, mixed(wall, "#FFFFFF", 0.6))
    _frame(canvas, work, palette, dice)
    _sideboard(canvas, palette)
    dice.choice((_plant, _lamp))(canvas, palette)
    return canvas.finished()


def _frame(canvas: Canvas, work: Image.Image, palette: Palette, dice: Random) -> None:
    pen = canvas.pen()
    left, top, across = 25.0, 10.0, 50.0
    down = across * work.height / work.width
    for step in range(4):
        pen.box(
            left - 3 + step, top, left + across + 6 - step, top + down + 8 - step, sheer(palette.ink, 0.07)
        )
    wood = dice.choice((palette.ink, mixed(palette.skin, palette.ink, 0.5), "#E9DCC3"))
    pen.box(left - 5, top - 5, left + across + 5, top + down + 5, wood)
    pen.box(left - 3.8, top - 3.8, left + across + 3.8, top + down + 3.8, "#FDFBF6")
    canvas.place(work, left, top, across)
    pen.shape([(left, top), (left + 22, top), (left, top + 40)], sheer("#FFFFFF", 0.1))


def _sideboard(canvas: Canvas, palette: Palette) -> None:
    pen, wood = canvas.pen(), mixed(palette.skin, palette.ink, 0.25)
    pen.box(13, 89, 87, 111, wood)
    pen.box(11, 87, 89, 90, mixed(wood, palette.paper, 0.2))
    for left in (16, 52):
        pen.box(left, 93, left + 32, 108, mixed(wood, palette.ink, 0.22))
        pen.disc(left + 16, 100, 1.1, palette.glow)
    for left in (17, 81):
        pen.shape([(left, 111), (left + 3, 111), (left + 2, 119), (left + 1, 119)], palette.ink)
    for index, colour in enumerate((palette.accent, palette.deep, palette.glow, palette.middle)):
        pen.box(58 + index * 3.2, 77.5 + index % 2 * 1.5, 60.8 + index * 3.2, 87, colour)


def _plant(canvas: Canvas, palette: Palette) -> None:
    green = mixed(palette.deep, "#2F6B4F", 0.5)
    for lean, length in ((-12, 24), (-5, 32), (4, 34), (10, 22)):
        frond(canvas, 21, 80, length, lean, mixed(green, palette.ink, (lean + 12) / 60))
    canvas.pen().shape([(15, 77), (27, 77), (25, 87), (17, 87)], palette.accent)


def _lamp(canvas: Canvas, palette: Palette) -> None:
    pen = canvas.pen()
    pen.disc(22, 62, 24, sheer(palette.glow, 0.18))
    pen.stroke([(22, 66), (22, 87)], (1.4, 1.4), palette.ink)
    pen.oval(22, 87, 6, 1.6, palette.ink)
    pen.shape([*ring(22, 68, 11, 180, 360), (33, 69), (11, 69)], palette.accent)


def detail(work: Image.Image, seed: int, width: int) -> Image.Image:
    """A part of the work from near by."""
    across, down = work.width * 11 // 20, work.height * 11 // 20
    left = work.width * (20 + seed % 7) // 100
    top = work.height * (24 + seed % 9) // 100
    return work.crop((left, top, left + across, top + down)).resize(
        (width, width * 5 // 4), Image.Resampling.BILINEAR
    )
