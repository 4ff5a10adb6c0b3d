"""What a comic consists of."""

from dataclasses import dataclass

from tools.demo.pictures.comics import Panel
from tools.demo.pictures.scenery import Hour


@dataclass(frozen=True)
class Album:
    """A comic; `key` names its pictures, `age` is in days, `cast` and `scene` are on the cover.

    Without `moon` none is seen on its pages.
    """

    key: str
    title: str
    description: str
    age: int
    cast: tuple[str, ...]
    scene: str
    hour: Hour
    moon: bool
    pages: tuple[tuple[Panel, ...], ...]
