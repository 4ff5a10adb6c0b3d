"""The names of categories by slug, as this process read them a moment ago."""

from datetime import datetime, timedelta

from common.config import table_name
from common.repositories.categories import all_categories

# A category that was renamed is suggested by its old name for as long.
GOOD_FOR = timedelta(minutes=1)

_read: dict[str, tuple[datetime, dict[str, str]]] = {}


def category_names(now: datetime) -> dict[str, str]:
    """The names, by one query where they were not read within the last minute."""
    held = _read.get(table_name())
    if held is not None and held[0] <= now < held[0] + GOOD_FOR:
        return held[1]
    names = {category.slug: category.name for category in all_categories()}
    _read[table_name()] = (now, names)
    return names


def reset() -> None:
    """Forgets what was read."""
    _read.clear()
