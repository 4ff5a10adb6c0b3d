"""Scenery: the places behind the figures, from the sky down to what grows in front."""

from tools.demo.pictures.scenery.elsewhere import depths, emblem, heavens, stage
from tools.demo.pictures.scenery.light import Hour, Light, Scene, frond, light_of
from tools.demo.pictures.scenery.outdoors import garden, hills, sea, town, wood

__all__ = ["SCENES", "Hour", "Light", "Scene", "frond", "light_of"]

SCENES: dict[str, Scene] = {
    "depths": depths,
    "emblem": emblem,
    "garden": garden,
    "heavens": heavens,
    "hills": hills,
    "sea": sea,
    "stage": stage,
    "town": town,
    "wood": wood,
}
