"""What is done to accounts by whoever has the table's own rights, and as whom the audit log knows them."""

from collections.abc import Sequence

from common.clock import utc_now
from common.errors import Conflict, NotFound
from common.standing import SETTINGS_ADMIN
from shop.account_log import Person
from shop.admin_users import find_account
from shop.user_removal import MOST_AT_ONCE, Removal, remove_users

OPERATOR = Person("artshop")


def delete_named(names: Sequence[str]) -> Removal:
    """Removes the accounts with these names, addresses or ids; those that are not there are gone already."""
    ids = {name: _id_of(name) for name in names}
    removed = Removal([], [])
    wanted = list(dict.fromkeys(ids.values()))
    for start in range(0, len(wanted), MOST_AT_ONCE):
        part = remove_users(wanted[start : start + MOST_AT_ONCE], OPERATOR, utc_now())
        removed.success.extend(part.success)
        removed.failed.extend(part.failed)
    reasons = dict(removed.failed)
    failed = [(name, reasons[ids[name]]) for name in names if ids[name] in reasons]
    return Removal([name for name in names if ids[name] not in reasons], failed)


def _id_of(name: str) -> str:
    """The id that a name or an address leads to; whatever leads nowhere is taken for an id."""
    try:
        return find_account(name).id
    except NotFound:
        return name
    except Conflict:
        # The id of the administrator of the settings, whose removal is refused by a sentence of its own.
        return SETTINGS_ADMIN
