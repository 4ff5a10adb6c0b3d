"""The pictures of an entry: which field each kind of picture belongs to, and how it comes and goes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from common.errors import Conflict, InvalidInput
from common.picture_files import PictureFiles
from common.repositories.ordered import OrderedEntity

E = TypeVar("E", bound=OrderedEntity)


@dataclass(frozen=True)
class PictureFields:
    """The kinds of picture (`type` of a request) and their fields; a field that is a tuple takes many.

    `folder` is where the files of all entries lie, each entry's in one of its own.
    `default` is the kind that a request without a type means, `maximum` how many a field takes.
    """

    folder: str
    kinds: Mapping[str, str]
    default: str
    maximum: int

    def folder_of(self, entry_id: int) -> str:
        """Where the files of one entry lie."""
        return f"{self.folder}/{entry_id}"

    def kind(self, asked: str) -> str:
        """The kind that was asked for; InvalidInput naming `type` when there is none of this name."""
        kind = asked or self.default
        if kind not in self.kinds:
            raise InvalidInput.of_field("type", f"must be one of {', '.join(self.kinds)}")
        return kind

    def keys(self, entry: OrderedEntity) -> set[str]:
        """Every picture that an entry names."""
        values = [getattr(entry, field) for field in self.kinds.values()]
        lists = [value if isinstance(value, tuple) else (value,) for value in values]
        return {key for keys in lists for key in keys if key}

    def taken(
        self, data: Mapping[str, Any], files: PictureFiles, named: Collection[str] = ()
    ) -> dict[str, Any]:
        """`data` with the pictures as an entry that names the keys `named` may name them.

        Raises InvalidInput naming the field of an upload that is gone or no picture, PayloadTooLarge.
        """
        own = dict(data)
        for field in self.kinds.values():
            value = data.get(field)
            if isinstance(value, tuple):
                own[field] = files.take_all(value, named, field=field)
            elif value:
                own[field] = files.take(value, named, field=field)
        return own

    def refuse_when_full(self, entry: OrderedEntity, kind: str) -> None:
        """Raises Conflict when the field of this kind takes no further picture."""
        value = getattr(entry, self.kinds[kind])
        if isinstance(value, tuple) and len(value) >= self.maximum:
            raise Conflict(f"{self.kinds[kind]} holds {self.maximum} pictures at the most")

    def added(self, entry: E, kind: str, key: str) -> E:
        """The entry with one more picture, last in its list, or in the place of the one before it."""
        self.refuse_when_full(entry, kind)
        value = getattr(entry, self.kinds[kind])
        return self._with(entry, kind, (*value, key) if isinstance(value, tuple) else key)

    def dropped(self, entry: E, kind: str, keys: Collection[str]) -> E:
        """The entry without a picture; the entry as it is when this field has none of these keys."""
        value = getattr(entry, self.kinds[kind])
        if isinstance(value, tuple):
            return self._with(entry, kind, tuple(kept for kept in value if kept not in keys))
        return self._with(entry, kind, None) if value in keys else entry

    def _with(self, entry: E, kind: str, value: Any) -> E:
        return replace(entry, **{self.kinds[kind]: value})
