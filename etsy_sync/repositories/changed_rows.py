"""How a row becomes its next reading: an update of what differs, under the version that was read."""

from common.dynamodb import Item, UnitOfWork, Update, expected_version, key_of
from common.optimistic import StaleVersion


def difference(before: Item, after: Item) -> Update:
    """The update that makes `after` of `before`: what is new or another is set, what is gone is removed."""
    update = Update()
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            update.remove(name)
        elif name not in before or before[name] != after[name]:
            update.set(name, after[name])
    return update


def change_row(work: UnitOfWork, before: Item, after: Item, what: str) -> None:
    """Changes the row from `before`, as it was read, to `after`, whose version is the next one.

    The commit raises StaleVersion, naming `what`, when somebody else changed or deleted it since.
    """
    # Stops two writers who read the same row from each undoing what the other wrote.
    condition = expected_version(before["version"])
    work.update(key_of(before), difference(before, after), condition=condition, failed=StaleVersion(what))
