"""A file of settings: `NAME=value` lines, as `export` in a shell takes them."""

import re
from pathlib import Path

from tools.errors import ToolError

VARIABLE = "ARTSHOP_ENV_FILE"

_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)")


def read_env_file(path: Path) -> dict[str, str]:
    """The settings in a file; blank lines and those that begin with # say nothing, quotes are taken off.

    ToolError for a file that cannot be read, or a line that is no setting.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ToolError(f"{path}, which {VARIABLE} names, cannot be read: {error}") from error
    settings: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        found = _LINE.fullmatch(text)
        if found is None:
            # Without the line itself: it may hold a secret.
            raise ToolError(f"{path}, line {number} is not NAME=value.")
        settings[found[1]] = _unquoted(found[2].strip())
    return settings


def _unquoted(text: str) -> str:
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if is_quoted else text
