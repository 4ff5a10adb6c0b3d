"""What may be said of a variant's edition: never what makes a number untrue that somebody has."""

from dataclasses import replace

from common.errors import Conflict
from common.repositories.numbering import Numbering, TooFewNumbers
from common.repositories.products import Edition, Variant


def numbered(variant: Variant) -> Variant:
    """A new variant with all numbers of its edition, if it is one; TooFewNumbers for more pieces."""
    if variant.edition is None:
        return variant
    numbering = Numbering(variant.edition.size, proofs=variant.edition.proofs or 0)
    if variant.stock > numbering.left:
        raise TooFewNumbers(numbering.left)
    return replace(variant, numbering=numbering)


def renumbered(before: Variant, after: Variant) -> Variant:
    """A changed variant with what is left of its edition, which is another size, begins, or is none any more.

    Once anybody has a number, the edition is what that piece says it is: it cannot grow, nor end below the
    highest number, nor be no edition. Conflict for such a change.
    """
    if before.edition == after.edition:
        return after
    left = before.numbering
    if left is None or not left.is_begun:
        return replace(after, numbering=_new(after.edition, left))
    if after.edition is None:
        raise Conflict("Pieces of this edition have their numbers already: it stays an edition")
    size, proofs = after.edition.size, after.edition.proofs or 0
    _refuse_lie("size", size, left.size, left.next - 1)
    _refuse_lie("number of artist's proofs", proofs, left.proofs, left.next_proof - 1)
    return replace(after, numbering=replace(left, size=size, proofs=proofs))


def _new(edition: Edition | None, left: Numbering | None) -> Numbering | None:
    if edition is None:
        return None
    return replace(left or Numbering(0), size=edition.size, proofs=edition.proofs or 0)


def _refuse_lie(what: str, wanted: int, known: int, given: int) -> None:
    if wanted > known:
        raise Conflict(
            f"The {what} of this edition was told as {known} with numbers given out: it cannot grow"
        )
    if wanted < given:
        raise Conflict(f"Number {given} of this edition was given out: its {what} cannot be {wanted}")
