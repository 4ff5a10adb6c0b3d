"""Ids with and without the prefix of their entity: `USER#42` and `42`."""


def has_prefix(name: str, identifier: object) -> bool:
    """Whether the id starts with `<name>#`; `USERNAME` does not start with the prefix of `USER`."""
    return str(identifier).startswith(f"{name}#")


def with_prefix(name: str, identifier: object) -> str:
    """The id with its prefix, added only when it is not there."""
    return str(identifier) if has_prefix(name, identifier) else f"{name}#{identifier}"


def without_prefix(name: str, identifier: object) -> str:
    """The id without its prefix, taken away only when it is there."""
    return str(identifier).removeprefix(f"{name}#")
