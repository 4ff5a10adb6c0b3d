"""Whether a token still counts: what its account may do at this moment, in one small row that is read alone.

A token says what its account was when it was issued: its role, and the number that all its tokens carry
(`token_version`). Whatever ends every token at once, as disabling, another role or a new password, counts it
on.
Signing out ends one token: its mark stands in the row until the token would have ended by itself.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from common import prefixes
from common.clock import epoch
from common.dynamodb import (
    Condition,
    ConditionFailed,
    Item,
    Key,
    UnitOfWork,
    Update,
    attr,
    get_item,
    update_item,
)
from common.optimistic import StaleVersion

# The administrator whose name and password hash are settings. There is no row of its account, and none of
# its standing before it has signed out for the first time.
SETTINGS_ADMIN = "1"
SETTINGS_ADMIN_ROLE = "admin"

_ENDED = "ended_"


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account may do: its role, the number that its tokens carry, and which of them were signed out.

    `ended` maps the marks of such tokens to when they would have ended by themselves (epoch seconds).
    `password_mark` says of the settings' administrator by which hash of a password somebody signed in last.
    """

    account_id: str
    role: str
    token_version: int = 0
    is_disabled: bool = False
    ended: tuple[tuple[str, int], ...] = ()
    password_mark: str = ""

    def accepts(self, role: str, token_version: int, mark: str) -> bool:
        """Whether a token that says this, and has this mark, still counts."""
        is_same = (self.role, self.token_version) == (role, token_version)
        return is_same and not self.is_disabled and mark not in dict(self.ended)


def standing_key(account_id: str) -> Key:
    """The key of an account's standing."""
    return f"{prefixes.ACCOUNT}#{account_id}", "STANDING"


def standing_of(account_id: str) -> Standing | None:
    """The standing of an account, by one consistent read; None where there is no such account."""
    row = get_item(standing_key(account_id), consistent=True)
    if row is None and account_id != SETTINGS_ADMIN:
        return None
    return standing_from(account_id, row or {})


def standing_row(standing: Standing) -> Item:
    """The row of a standing under which no token has been signed out yet."""
    pk, sk = standing_key(standing.account_id)
    return {
        "PK": pk,
        "SK": sk,
        "role": standing.role,
        "token_version": standing.token_version,
        "is_disabled": standing.is_disabled,
        **({"password_mark": standing.password_mark} if standing.password_mark else {}),
    }


def set_standing(work: UnitOfWork, standing: Standing) -> None:
    """Adds to `work` what the account may do from now on; its version refuses who decided on an older one."""
    work.put(standing_row(standing))


def change_standing(work: UnitOfWork, before: Standing, after: Standing) -> None:
    """Adds to `work` what is changed of the settings' administrator, of whom there is no other row.

    StaleVersion at the commit where the standing is not as it was read.
    """
    changed = standing_row(after)
    key = changed.pop("PK"), changed.pop("SK")
    update = Update()
    for name, value in changed.items():
        update.set(name, value)
    # Stops who decided on an older reading from bringing tokens back that have been ended meanwhile, and two
    # who meet a new hash from both ending the tokens that are issued under it.
    same = _as_read("token_version", before.token_version) & _as_read("password_mark", before.password_mark)
    work.update(key, update, condition=same, failed=StaleVersion("Account"))


def end_all_tokens(work: UnitOfWork, standing: Standing) -> None:
    """Adds to `work` the end of every token of the settings' administrator; see `change_standing`."""
    change_standing(work, standing, replace(standing, token_version=standing.token_version + 1))


def end_token(standing: Standing, mark: str, expires_at: int, now: datetime) -> None:
    """Ends one token, which would end by itself at `expires_at` (epoch seconds).

    Repeating it changes nothing, and nothing is done where the account is gone. Marks of tokens that have
    ended by themselves by `now` go.
    """
    update = Update().set(_ENDED + mark, expires_at)
    over = [f"{_ENDED}{each}" for each, until in standing.ended if until <= epoch(now) and each != mark]
    # Stops a sign-out beside the removal of its account from leaving a row of nobody's.
    there = None if standing.account_id == SETTINGS_ADMIN else attr("PK").exists()
    try:
        update_item(standing_key(standing.account_id), update.remove(*over), condition=there)
    except ConditionFailed:
        return


def mark_of(token: str) -> str:
    """What a token is known by where it must not be readable."""
    return sha256(token.encode()).hexdigest()[:32]


def standing_from(account_id: str, row: Item) -> Standing:
    """The standing that a row holds; an empty one is that of the settings' administrator."""
    ended = [
        (name.removeprefix(_ENDED), int(until)) for name, until in row.items() if name.startswith(_ENDED)
    ]
    return Standing(
        account_id=account_id,
        role=row.get("role", SETTINGS_ADMIN_ROLE if account_id == SETTINGS_ADMIN else ""),
        token_version=int(row.get("token_version", 0)),
        is_disabled=bool(row.get("is_disabled", False)),
        ended=tuple(ended),
        password_mark=row.get("password_mark", ""),
    )


def _as_read(name: str, value: int | str) -> Condition:
    return attr(name).eq(value) if value else attr(name).missing() | attr(name).eq(value)
