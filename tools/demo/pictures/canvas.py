"""The drawing ground: shapes with smooth edges in units that do not depend on the picture's size."""

from collections.abc import Iterable, Sequence
from functools import cache
from math import cos, radians, sin

from PIL import Image, ImageDraw, ImageFont, ImageOps

from tools.demo.pictures.colours import Colour, rgba
from tools.demo.pictures.curves import Point, brushed, smoothed

# Shapes are drawn without smooth edges at twice the size, then halved.
FINENESS = 2

NEAREST = Image.Resampling.NEAREST

_CIRCLE = [(cos(radians(step * 6)), sin(radians(step * 6))) for step in range(60)]


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


class Canvas:
    """A picture in the making; 100 units wide, `height` units high, `width` pixels wide when finished."""

    def __init__(self, width: int, height: float, paper: str) -> None:
        self.height = height
        self.width = width
        self.unit = width * FINENESS / 100
        self.image = Image.new("RGB", (width * FINENESS, round(height * self.unit)), paper)
        # Blending costs several times more, and most colours cover.
        self._covering = ImageDraw.Draw(self.image)
        self._blending = ImageDraw.Draw(self.image, "RGBA")

    def draw(self, colour: Colour) -> ImageDraw.ImageDraw:
        """What draws in this colour."""
        return self._covering if len(colour) == 7 else self._blending

    def finished(self) -> Image.Image:
        """The picture at its final size."""
        return self.image.reduce(FINENESS)

    def pen(
        self, x: float = 0, y: float = 0, size: float = 100, *, flip: bool = False, turn: float = 0
    ) -> "Pen":
        """A pen whose own 100 units are `size` units here, around `x` and `y`."""
        return Pen(self, (x, y), size / 100, flip=flip, turn=turn)

    def fade(self, top: Colour, bottom: Colour, start: float = 0, end: float | None = None) -> None:
        """Fills the band from `start` to `end` with a gradient that runs downwards."""
        first = round(start * self.unit)
        last = self.image.height if end is None else round(end * self.unit)
        shades = Image.linear_gradient("L").crop((0, 0, 1, 256)).resize((1, max(1, last - first)))
        column = ImageOps.colorize(shades, black=top, white=bottom)
        self.image.paste(column.resize((self.image.width, column.height), NEAREST), (0, first))

    def place(self, picture: Image.Image, x: float, y: float, width: float) -> None:
        """Puts another picture with its upper left corner at `x` and `y`, `width` units wide."""
        across = max(1, round(width * self.unit))
        size = (across, max(1, round(across * picture.height / picture.width)))
        scaled = picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=1.5)
        self.image.paste(scaled, (round(x * self.unit), round(y * self.unit)))

    def letters(
        self, text: str, x: float, y: float, size: float, colour: Colour, *, weight: float = 0
    ) -> None:
        """Writes lines of text around `x` and `y`; `size` and the extra `weight` in units."""
        font = _font(max(4, round(size * self.unit)))
        self.draw(colour).multiline_text(
            (x * self.unit, y * self.unit),
            text,
            fill=rgba(colour),
            font=font,
            anchor="mm",
            align="center",
            stroke_width=round(weight * self.unit),
        )


class Pen:
    """Draws on a canvas in coordinates of its own, which may be scaled, mirrored and turned."""

    def __init__(self, canvas: Canvas, at: Point, scale: float, *, flip: bool, turn: float) -> None:
        self.canvas = canvas
        self._at = at
        self._scale = scale
        self._side = -1 if flip else 1
        self._turn = turn
        cosine, sine = cos(radians(turn)) * scale, sin(radians(turn)) * scale
        # What one unit to the right and one unit down come to on the canvas.
        self._across: Point = (self._side * cosine, self._side * sine)
        self._down: Point = (-sine, cosine)

    def inner(self, x: float, y: float, size: float = 100, turn: float = 0) -> "Pen":
        """A pen for a part of the drawing, around `x` and `y` in this pen's coordinates."""
        return Pen(
            self.canvas,
            self._spot((x, y)),
            self._scale * size / 100,
            flip=self._side < 0,
            turn=self._turn + self._side * turn,
        )

    def shape(self, points: Iterable[Point], colour: Colour, *, smooth: bool = False) -> None:
        """A filled outline, its corners rounded into one curve where `smooth`."""
        outline = list(points)
        self._fill(smoothed(outline, closed=True) if smooth else outline, colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """A filled circle."""
        self.oval(x, y, radius, radius, colour)

    def oval(self, x: float, y: float, across: float, down: float, colour: Colour) -> None:
        """A filled ellipse with the radii `across` and `down`."""
        self._fill([(x + across * cosine, y + down * sine) for cosine, sine in _CIRCLE], colour)

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """A filled rectangle."""
        self._fill([(left, top), (right, top), (right, bottom), (left, bottom)], colour)

    def stroke(self, points: Sequence[Point], widths: Sequence[float], colour: Colour) -> None:
        """A brush stroke through `points` whose width runs through `widths`, with round ends."""
        self._brush(smoothed(points, closed=False), widths, colour)

    def _brush(self, line: Sequence[Point], widths: Sequence[float], colour: Colour) -> None:
        self._fill(brushed(line, widths), colour)
        for (x, y), width in ((line[0], widths[0]), (line[-1], widths[-1])):
            self.disc(x, y, width / 2, colour)

    def arc(
        self, x: float, y: float, radius: float, start: float, end: float, width: float, colour: Colour
    ) -> None:
        """A part of a circle's line from `start` to `end` degrees, clockwise from the right."""
        parts = max(4, round((end - start) / 8))
        angles = [radians(start + (end - start) * part / parts) for part in range(parts + 1)]
        self._brush(
            [(x + radius * cos(angle), y + radius * sin(angle)) for angle in angles], (width, width), colour
        )

    def _fill(self, points: Sequence[Point], colour: Colour) -> None:
        unit = self.canvas.unit
        (a, b), (c, d) = self._across, self._down
        left, top = self._at
        spots = [((left + a * x + c * y) * unit, (top + b * x + d * y) * unit) for x, y in points]
        self.canvas.draw(colour).polygon(spots, fill=rgba(colour))

    def _spot(self, point: Point) -> Point:
        (a, b), (c, d) = self._across, self._down
        x, y = point
        return self._at[0] + a * x + c * y, self._at[1] + b * x + d * y
