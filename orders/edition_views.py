"""The JSON of editions for the administrator."""

from collections.abc import Iterator
from typing import Any

from common import config
from common.order_links import certificate_link
from common.repositories.editions import FREE, NUMBER, PROOF, EditionNumber, Owed, Owner, Step
from common.sparse import without_none
from orders.certificates import piece_name
from orders.editions import EditionView


def edition_json(edition: EditionView) -> dict[str, Any]:
    """An edition with each number up to the highest that was given out, and its proofs."""
    numbering, variant = edition.numbering, edition.variant
    proofs = sorted((it for it in edition.numbers if it.kind == PROOF), key=lambda it: it.number)
    return {
        "variant_id": variant.id,
        "product_id": edition.product.id,
        "product_title": edition.product.title,
        "variant_name": variant.name,
        "size": numbering.size,
        "proofs": numbering.proofs,
        "stock": 0 if variant.deleted_at else variant.stock,
        "left": numbering.left,
        "next": next(iter(numbering.first(1)), None) if numbering.left else None,
        "numbers": [_number_json(it) for it in _each_number(edition)],
        "given_proofs": [_number_json(it) for it in proofs],
        "owed": [_owed_json(it) for it in edition.owed],
        "updated_at": variant.updated_at,
    }


def _each_number(edition: EditionView) -> Iterator[EditionNumber]:
    """Every number below the next, also one that is free and that nobody ever had."""
    rows = {it.number: it for it in edition.numbers if it.kind == NUMBER}
    for number in range(1, edition.numbering.next):
        never = EditionNumber(edition.variant.id, number, FREE, edition.variant.created_at)
        yield rows.get(number, never)


def _number_json(row: EditionNumber) -> dict[str, Any]:
    link = certificate_link(piece_name(row)) if row.state != FREE and config.setting("SHOP_URL") else None
    return {
        "number": row.number,
        "kind": row.kind,
        "state": row.state,
        **without_none(
            {
                "reason": row.reason,
                **_owner_json(row.owner),
                "sold_at": row.sold_at,
                "first_sold_at": row.first_sold_at,
                "certificate": link,
            }
        ),
        "changed_at": row.changed_at,
        "history": [_step_json(step) for step in row.history],
    }


def _step_json(step: Step) -> dict[str, Any]:
    said = {"reason": step.reason, **_owner_json(step.owner), "sold_at": step.sold_at}
    return {"state": step.state, "at": step.at, **without_none(said)}


def _owner_json(owner: Owner | None) -> dict[str, Any]:
    if owner is None:
        return {}
    order_id = int(owner.event_id) if owner.source == "order" else None
    return {"source": owner.source, "event": owner.event_id, "order_id": order_id, "line": owner.line}


def _owed_json(owed: Owed) -> dict[str, Any]:
    return {
        "owed": owed.name,
        "source": owed.source,
        "event": owed.event_id,
        "pieces": owed.pieces,
        "created_at": owed.created_at,
    }
