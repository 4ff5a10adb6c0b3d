"""Pictures of the characters themselves: badges, portraits, model sheets and their homes."""

from PIL import Image

from tools.demo.pictures.canvas import Canvas
from tools.demo.pictures.chance import seeded
from tools.demo.pictures.colours import PALETTES, mixed
from tools.demo.pictures.figures import FIGURES
from tools.demo.pictures.figures.parts import Face
from tools.demo.pictures.scenery import SCENES, Hour, light_of
from tools.demo.pictures.scenery.light import moonless

FACES: tuple[tuple[Face, str], ...] = (("awake", "SVEGLIO"), ("calm", "SERENO"), ("cross", "IMBRONCIATO"))


def badge(character: str, width: int) -> Image.Image:
    """The head in a circle, square all around."""
    palette = PALETTES[character]
    canvas = Canvas(width, 100, palette.paper)
    pen = canvas.pen()
    for radius, colour in (
        (47, palette.deep),
        (43.5, palette.glow),
        (41.5, mixed(palette.middle, palette.light, 0.45)),
    ):
        pen.disc(50, 50, radius, colour)
    figure, window = Canvas(width, 100, palette.middle), Canvas(width, 100, "#000000")
    figure.image.paste(canvas.image)
    FIGURES[character].head(figure.pen(50, 50.5, 66), palette, "awake")
    window.pen().disc(50, 50, 41.5, "#FFFFFF")
    canvas.image.paste(figure.image, mask=window.image.convert("L"))
    return canvas.finished()


def at_home(character: str, scene: str, hour: Hour, width: int) -> Image.Image:
    """The whole figure where it lives."""
    palette = PALETTES[character]
    canvas = Canvas(width, 125, palette.paper)
    _scene(canvas, character, scene, hour)
    FIGURES[character].whole(canvas.pen(50, 74, 76), palette, "awake")
    return canvas.finished()


def model_sheet(character: str, width: int) -> Image.Image:
    """The figure as its artist keeps it at hand: three faces and the whole."""
    palette = PALETTES[character]
    canvas = Canvas(width, 125, palette.paper)
    pen = canvas.pen()
    for line in range(0, 126, 5):
        pen.box(0, line, 100, line + 0.15, mixed(palette.light, palette.paper, 0.4))
        pen.box(line, 0, line + 0.15, 125, mixed(palette.light, palette.paper, 0.4))
    for index, (face, name) in enumerate(FACES):
        x = 20 + index * 30
        pen.disc(x, 24, 13.5, mixed(palette.light, palette.paper, 0.2))
        FIGURES[character].head(canvas.pen(x, 24, 22), palette, face)
        canvas.letters(name, x, 41, 2.4, palette.ink)
    for index, colour in enumerate(
        (palette.ink, palette.deep, palette.middle, palette.light, palette.skin, palette.accent, palette.glow)
    ):
        pen.disc(20 + index * 10, 117, 3.6, colour)
    FIGURES[character].whole(canvas.pen(50, 79, 60), palette, "awake")
    return canvas.finished()


def backdrop(character: str, scene: str, hour: Hour, width: int) -> Image.Image:
    """A wide picture of a home with nobody in it."""
    canvas = Canvas(width, 62.5, PALETTES[character].paper)
    _scene(canvas, character, scene, hour)
    return canvas.finished()


def _scene(canvas: Canvas, character: str, scene: str, hour: Hour) -> None:
    light = light_of(PALETTES[character], hour)
    dice = seeded(character)
    SCENES[scene](canvas, PALETTES[character], moonless(light) if character == "selene" else light, dice)
