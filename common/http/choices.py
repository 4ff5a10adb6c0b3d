"""The empty choice of a drop-down, as the storefronts' pages send it.

Their drop-down takes an option without a value for the value: choosing "All" or "None" hands the page the
option itself, `{"label": "All", "value": null}`. In a JSON body it arrives like that; a query string or a
form gets what JavaScript makes of any object, the text `[object Object]`. The back ends that these pages
were written for showed everything then, and took no parent.
"""

from collections.abc import Mapping
from typing import Any

_OBJECT_AS_TEXT = "[object Object]"
_OPTION = {"label", "value"}


def chosen(value: Any) -> Any:
    """What was chosen: an option's value, None for an empty choice, and anything else as it is.

    For filters and for ids that may be null. A title or a search may well be the text `[object Object]`.
    """
    if value == _OBJECT_AS_TEXT:
        return None
    is_option = isinstance(value, Mapping) and value.keys() == _OPTION
    return value["value"] if is_option else value
