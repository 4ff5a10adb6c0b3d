"""What a load is told: handed to locust's process as JSON in one variable of its environment."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from tools.errors import ToolError
from tools.load.visitor import Mix

VARIABLE = "ARTSHOP_LOAD"
BOOKS, SECONDS = "books.json", "seconds.csv"


@dataclass(frozen=True, slots=True)
class Settings:
    """Who signs in, how long people read (`think`, seconds on average), and the folder of the results."""

    username: str
    password: str
    out: Path
    think: float = 0.5
    seed: int = 1
    mix: Mix = field(default_factory=Mix)

    def to_environment(self) -> dict[str, str]:
        """The variable that carries them."""
        return {VARIABLE: json.dumps({**asdict(self), "out": str(self.out)})}

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """What the variable carries; ToolError without it."""
        if VARIABLE not in environ:
            raise ToolError(f"{VARIABLE} is not set: `artshop load` starts locust and sets it")
        held = json.loads(environ[VARIABLE])
        return cls(**{**held, "out": Path(held["out"]), "mix": Mix(**held["mix"])})
