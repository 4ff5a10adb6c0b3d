"""Names that nobody chose: the first free one of `moon`, `moon-2`, `moon-3` and so on."""

from collections.abc import Callable
from typing import TypeVar
from uuid import uuid4

from common.dynamodb import batch_get
from common.dynamodb.unique import marker_key
from common.errors import Conflict
from common.slugs import LONGEST_SLUG, numbered

T = TypeVar("T")

# Numbers that are tried before the name gets random digits: one batch read of their markers.
HIGHEST = 50
# How often somebody else may take the number that was free a moment ago.
ROUNDS = 3


class NameTaken(Conflict):
    """Another owner has this name; `kind` is the kind of its marker."""

    def __init__(self, kind: str, message: str, field: str) -> None:
        said = "already used" if field == "sku" else "already exists"
        super().__init__(message, details={"fields": {field: [said]}})
        self.kind = kind


def under_free_name(kind: str, name: str, use: Callable[[str], T], *, longest: int = LONGEST_SLUG) -> T:
    """What `use` makes under `name`, or under the first free name after it.

    `use` claims the name it is given, in its transaction, and raises NameTaken of `kind` where it has an
    owner; so two who want one name at once both get one. In the usual case nothing is read for it.
    """
    try:
        return use(numbered(name, 1, longest))
    except NameTaken as taken:
        _pass_on_others(taken, kind)
    for _ in range(ROUNDS):
        free = _first_free(kind, name, longest)
        if free is None:
            break
        try:
            return use(free)
        except NameTaken as taken:
            _pass_on_others(taken, kind)
    # So many have the name, or want it at this moment, that counting on finds no end.
    return use(f"{numbered(name, 1, longest - 9)}-{uuid4().hex[:8]}")


def _pass_on_others(taken: NameTaken, kind: str) -> None:
    if taken.kind != kind:
        raise taken


def _first_free(kind: str, name: str, longest: int) -> str | None:
    names = [numbered(name, number, longest) for number in range(2, HIGHEST + 1)]
    found = batch_get([marker_key(kind, each) for each in names], consistent=True)
    return next((each for each in names if marker_key(kind, each) not in found), None)
