"""Where the project's root and its local data are."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def data_dir() -> Path:
    """The folder of the local engine's data and the generated credentials.

    `.data` in the project, or what `ARTSHOP_DATA_DIR` names.
    """
    configured = os.environ.get("ARTSHOP_DATA_DIR", "").strip()
    return Path(configured).resolve() if configured else ROOT / ".data"
