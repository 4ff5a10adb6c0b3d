"""Who may call what: a table of every route and every kind of caller, made of what the routes declare."""

from collections.abc import Iterable

from common.http import Role, Route
from common.http.auth import INCLUDES

STRANGER = None
CALLERS: tuple[Role | None, ...] = (STRANGER, Role.MEMBER, Role.CREATOR, Role.EDITOR, Role.ADMIN)

YES, OWN, NO, SIGN_IN = "yes", "own", "no", "sign in"

# What their routes show and change is the caller's own: the account, the profile, the works.
_OF_ONES_OWN = frozenset({Role.MEMBER, Role.CREATOR})

_HEAD = """# Who may call what

Made of the routes by `artshop api-document --authorisation`, and compared with them by a test: a route that
is not in it, or is in it otherwise, does not pass.

| cell | what it means |
|---|---|
| yes | the call is let in; what it then finds is for the route to say |
| own | let in, and sees and changes what is its own only |
| no | refused with 403 |
| sign in | refused with 401 |

A member has an account and nothing else. A creator has a profile and works of their own besides, which are
shown once an administrator has approved them. An editor changes catalogue and content: no money, no channels,
no accounts. An administrator may do everything.

A route whose calls are signed, or which shows more to who knows more, is `yes` for a stranger: it looks at
the signature, the order's token or the e-mail address itself.
"""


def decision(route: Route, caller: Role | None) -> str:
    """What becomes of a call, by what the route declares: one of the four words."""
    if route.role is None:
        return YES
    if caller is None:
        return SIGN_IN
    if route.role not in INCLUDES[caller]:
        return NO
    return OWN if route.role in _OF_ONES_OWN and caller is not Role.ADMIN else YES


def authorisation_table(routes: Iterable[Route]) -> str:
    """The document: a table for each domain, its routes by path and method."""
    by_domain: dict[str, list[Route]] = {}
    for route in routes:
        by_domain.setdefault(route.domain, []).append(route)
    return "\n".join([_HEAD, *(_domain(name, found) for name, found in by_domain.items())])


def _domain(name: str, routes: Iterable[Route]) -> str:
    titles = ["route", *("stranger" if role is None else role.value for role in CALLERS)]
    rows = [
        [f"`{route.method} {route.path}`", *(decision(route, caller) for caller in CALLERS)]
        for route in sorted(routes, key=lambda route: (route.path, route.method))
    ]
    lines = [titles, ["---"] * len(titles), *rows]
    return f"## {name}\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
