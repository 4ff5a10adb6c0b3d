"""Ids as they are written in addresses: numbers that are counted up from 1."""

LONGEST_ID = 15


def numeric_id(text: str) -> int | None:
    """The id that a text spells, in at most 15 digits without a sign; None for what no thing can have."""
    is_number = text.isascii() and text.isdigit() and len(text) <= LONGEST_ID
    return (int(text) or None) if is_number else None
