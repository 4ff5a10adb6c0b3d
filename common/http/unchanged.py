"""Of a whole thing that is sent back, the fields that are a change.

Pages send back all that they were shown with one field changed. What they leave as it was is no change: it
must neither undo the field's other name, nor be held to rules that are younger than it, as what was moved
in from another shop's database is.
"""

from collections.abc import Mapping
from typing import Any

NOTHING_NAMED = "At least one field is required for update"


def not_in(shown: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """What a body says that the caller was not shown."""
    return {name: it for name, it in sent.items() if name not in shown or not _is_same(shown[name], it)}


def _is_same(shown: Any, sent: Any) -> bool:
    """Whether two values are the same JSON: `true` is no 1, which it is in Python."""
    if isinstance(shown, dict) and isinstance(sent, dict):
        return shown.keys() == sent.keys() and all(_is_same(shown[name], sent[name]) for name in shown)
    if isinstance(shown, list) and isinstance(sent, list):
        return len(shown) == len(sent) and all(map(_is_same, shown, sent))
    return isinstance(shown, bool) is isinstance(sent, bool) and bool(shown == sent)
