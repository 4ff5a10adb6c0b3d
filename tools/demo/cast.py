"""The eight characters of the demo shop: who they are and what stands behind their pictures."""

from dataclasses import dataclass
from typing import Any

from tools.demo.pictures.colours import PALETTES
from tools.demo.pictures.scenery import Hour


@dataclass(frozen=True)
class Role:
    """A character; `key` names its drawing, `background` is solid, gradient or image.

    A gradient runs between two of its palette's colours, an image is its home with nobody in it.
    """

    key: str
    name: str
    background: str
    scene: str
    hour: Hour
    description: str

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of the personaggio that are not pictures."""
        palette = PALETTES[self.key]
        values = {
            "name": self.name,
            "description": self.description,
            "background_type": self.background,
            "background_color": palette.light,
        }
        if self.background == "gradient":
            values |= {"gradient_from": palette.middle, "gradient_to": palette.glow}
        return values


CAST = (
    Role(
        "brace",
        "Brace la Volpe",
        "gradient",
        "hills",
        "night",
        "A fox with a face like folded paper. She keeps a fire going that nobody has ever seen, knows every "
        "kitchen window of the valley, and is never lost, only early.",
    ),
    Role(
        "acciuga",
        "Ammiraglio Acciuga",
        "image",
        "sea",
        "dusk",
        "Commander of the smallest navy in the Mediterranean, which is himself. He earned the medal by "
        "turning round in time, and the hat was a gift of the wind.",
    ),
    Role(
        "selene",
        "Selene Malumore",
        "gradient",
        "town",
        "night",
        "The moon, woken too early for some thousand years now. She wears her nightcap to work, lights the "
        "roofs with a sigh, and is fond of everybody who lets her sleep.",
    ),
    Role(
        "bemolle",
        "Gufo Bemolle",
        "image",
        "stage",
        "night",
        "A singer who takes every note half a tone lower, out of conviction. Eleven farewell concerts so "
        "far. The trees come to all of them.",
    ),
    Role(
        "spina",
        "Zia Spina",
        "solid",
        "garden",
        "day",
        "Everybody's aunt, and nobody's to hug. She puts on her flower on Sundays, gives advice without "
        "being asked, and is right, which is the worst of it.",
    ),
    Role(
        "polpo",
        "Il Polpo Distratto",
        "solid",
        "depths",
        "day",
        "Eight arms, one thought at a time. He has been looking for his glasses since spring and paints "
        "with whatever he happens to hold.",
    ),
    Role(
        "soffio",
        "Soffio il Palombaro",
        "gradient",
        "depths",
        "night",
        "A diver who collects the sounds of the sea floor in jam jars. He speaks seldom, because of the "
        "helmet, and hums a good deal, because of the echo.",
    ),
    Role(
        "quasimai",
        "Gallo Quasimai",
        "solid",
        "hills",
        "dusk",
        "A rooster who crows when everybody is up. He sleeps with a mask, rises for lunch, and holds that "
        "the dawn is overrated by people who have nothing to dream.",
    ),
)


def name_of(key: str) -> str:
    """The name of the character with this drawing."""
    return next(role.name for role in CAST if role.key == key)
