"""Chance that falls the same way every time."""

from random import Random


def seeded(seed: int | str) -> Random:
    """A source of chance that begins anew for each seed."""
    return Random(seed)  # noqa: S311  pictures, no secrets
