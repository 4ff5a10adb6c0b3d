"""Colours: each character's palette, and mixing."""

from dataclasses import dataclass
from functools import cache

from PIL import ImageColor

# `#RRGGBB`, or `#RRGGBBAA` for one that lets the ground shine through.
Colour = str
Rgba = tuple[int, int, int, int]


@dataclass(frozen=True)
class Palette:
    """The colours of a character and its world, from dark to light.

    `skin` and `accent` are the figure's own, `ink` is for lines and `paper` for what is left white.
    """

    ink: str
    deep: str
    middle: str
    light: str
    skin: str
    accent: str
    glow: str
    paper: str


PALETTES = {
    "brace": Palette("#2A1A2B", "#1F4A52", "#4E8B86", "#B9D3BF", "#D9542B", "#F2A541", "#FBD87F", "#FBF1DF"),
    "acciuga": Palette(
        "#14213D", "#17466B", "#2F83A8", "#A6D5DA", "#7FA3BC", "#E4572E", "#F6C453", "#F7F2E4"
    ),
    "selene": Palette("#1B1436", "#2E2466", "#6B56A6", "#C3B4E3", "#F5CB5C", "#E8688A", "#FFE7A3", "#F8F0F4"),
    "bemolle": Palette(
        "#2B1721", "#4B2338", "#8A4B5E", "#DDB8A6", "#A8683A", "#3F8F84", "#F0C568", "#F9EFE0"
    ),
    "spina": Palette("#16302B", "#235347", "#5C8D5A", "#CFE0B0", "#3E8E5A", "#E56B8C", "#F7D36B", "#FAF3E3"),
    "polpo": Palette("#31123A", "#0F4C5C", "#2A9D8F", "#B5E2D4", "#E5677A", "#F4A261", "#FFE0A6", "#FBF2EA"),
    "soffio": Palette("#0F2230", "#14505C", "#3D8C8C", "#B4D8CE", "#C98B2F", "#D1495B", "#F3D27A", "#F6F0E0"),
    "quasimai": Palette(
        "#2B1B24", "#6E2A3A", "#C8553D", "#F3C9A0", "#C8322E", "#2A6F97", "#FFD166", "#FFF4E0"
    ),
}

# The two inks of a character's two-colour prints: the lighter and the darker one.
INKS = {
    "brace": ("#F26B3A", "#1D6A72"),
    "acciuga": ("#FF6A4D", "#1F5F99"),
    "selene": ("#FF6F9C", "#3B32A8"),
    "bemolle": ("#F0A030", "#7A2F58"),
}


@cache
def rgba(colour: Colour) -> Rgba:
    """A colour as Pillow draws it."""
    parts = ImageColor.getrgb(colour)
    return parts[0], parts[1], parts[2], parts[3] if len(parts) > 3 else 255


def mixed(first: Colour, second: Colour, share: float) -> Colour:
    """The colour that is `share` (0 to 1) on the way from the first to the second."""
    pairs = zip(rgba(first)[:3], rgba(second)[:3], strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def sheer(colour: Colour, opacity: float) -> Colour:
    """A colour that covers to the given share (0 to 1)."""
    return f"{colour[:7]}{round(255 * opacity):02X}"
