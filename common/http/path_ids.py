"""An id in the path: one reading of it, and one outcome for what no thing can have as its id."""

from common.errors import InvalidInput, NotFound
from common.http.request import Request
from common.numeric_ids import numeric_id

# Nothing can have such an id, so nothing is found: 404. Both storefronts know a 400 for these, with its text.
_REFUSED_WITH_400 = frozenset({"product", "category", "personaggio", "fumetto"})


def path_id(request: Request, name: str, noun: str) -> int:
    """The id in the variable part `name` of the path.

    NotFound in the words `{noun} not found` for what is none, or InvalidInput where clients expect that.
    """
    number = numeric_id(request.params[name])
    if number is not None:
        return number
    if name in _REFUSED_WITH_400:
        raise InvalidInput.of_field("id", "must be a positive integer")
    raise NotFound(f"{noun} not found")
