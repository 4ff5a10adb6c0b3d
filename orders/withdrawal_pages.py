"""The pages by which a buyer withdraws: what each shows of an order, in its language."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from common import config
from common.clock import parse_iso
from common.http import Response
from common.http.pages import environment, page
from common.languages import preferred
from common.outbox import sends_mail
from common.repositories.orders import Order, OrderLine, Pieces
from common.repositories.withdrawals import Withdrawal
from common.written_dates import day_text, moment_text
from orders.withdrawals import Offer

TEMPLATES = Path(__file__).parent / "withdrawal_templates"
_COUNT = re.compile(r"([0-9]{1,9}):([0-9]{1,6})")


def language_of(order: Order, accept_language: str | None) -> str:
    """The language that an order's buyer reads; of an older order that of who asks."""
    return order.language or preferred(accept_language)


def find_page(language: str, number: str = "", *, is_wrong: bool = False) -> Response:
    """The page that asks which order is meant; with what was wrong about it, a 404."""
    values = {"language": language, "number": number, "is_wrong": is_wrong}
    return page(TEMPLATES, "find.html", values, status=404 if is_wrong else 200)


def order_page(
    offer: Offer,
    language: str,
    *,
    name: str | None = None,
    chosen: Pieces | None = None,
    wrong: str = "",
    action: str = "",
) -> Response:
    """The first step: what can be withdrawn from, what not and why, and what was stated before.

    `name` and `chosen` are what was written already, `wrong` what is not right about it (`pieces`, `name`, or
    `changed` for what is so no longer), `action` where its form goes to if not to the page itself.
    """
    order = offer.order
    values = {
        "language": language,
        "number": order.order_number,
        "day": _day_of(order, language),
        "wrong": wrong,
        "made": [_made(offer, it, language) for it in offer.withdrawals],
        "obstacle": offer.obstacle,
        "last": day_text(offer.last, language) if offer.last else "",
        "action": action,
        "next_number": offer.next_number,
        "offered": _offered(offer, chosen),
        "exempt": [_name_of(line) for line in offer.lines if line.cannot_be_withdrawn],
        "name": order.customer_name if name is None else name,
        "address": receipt_address(order),
    }
    status = 409 if wrong == "changed" else 400 if wrong else 200
    return page(TEMPLATES, "order.html", values, status=status)


def confirm_page(offer: Offer, language: str, name: str, pieces: Pieces, link: str) -> Response:
    """The second step: the statement once more, to be confirmed."""
    values = {
        "language": language,
        "statement": statement_text(offer, language, name, pieces),
        "address": receipt_address(offer.order),
        "next_number": offer.next_number,
        "pieces": " ".join(f"{line}:{count}" for line, count in pieces.items()),
        "name": name,
        "link": link,
    }
    return page(TEMPLATES, "confirm.html", values)


def done_page(order: Order, withdrawal: Withdrawal, language: str, link: str, *, is_other: bool) -> Response:
    """The acknowledgement of receipt; `is_other` where it holds other pieces than were confirmed just now."""
    address = receipt_address(order)
    values = {
        "language": language,
        "moment": moment_text(parse_iso(withdrawal.requested_at), language),
        "statement": withdrawal.statement,
        "is_other": is_other,
        "is_sent": bool(address),
        "address": address,
        "link": link,
    }
    return page(TEMPLATES, "done.html", values)


def statement_text(offer: Offer, language: str, name: str, pieces: Pieces) -> str:
    """What the buyer declares, after the model of Directive 2011/83/EU, annex I(B)."""
    values = {
        "number": offer.order.order_number,
        "day": _day_of(offer.order, language),
        "pieces": _named(offer, pieces),
        "name": name,
    }
    return environment(TEMPLATES).get_template(f"statement.{language}.txt").render(**values).strip()


def pieces_in(text: str) -> Pieces | None:
    """The pieces that a form names as `1:2 3:1`, without those of which there are none; None for nonsense."""
    found = [_COUNT.fullmatch(part) for part in text.split()]
    if not all(found) or len({it[1] for it in found if it}) < len(found):
        return None
    return {str(int(it[1])): int(it[2]) for it in found if it and int(it[2])}


def receipt_address(order: Order) -> str:
    """Where the acknowledgement goes to, as its owner knows it again; empty where the shop sends no mail."""
    name, _, domain = order.customer_email.partition("@")
    return f"{name[:1]}•••@{domain}" if sends_mail() and domain else ""


def _made(offer: Offer, withdrawal: Withdrawal, language: str) -> Mapping[str, Any]:
    return {
        "moment": moment_text(parse_iso(withdrawal.requested_at), language),
        "pieces": _named(offer, withdrawal.pieces),
        "status": withdrawal.status,
        "reason": withdrawal.refusal_reason,
    }


def _offered(offer: Offer, chosen: Pieces | None) -> list[Mapping[str, Any]]:
    wanted = offer.pieces if chosen is None else chosen
    return [
        {
            "line": line.id,
            "name": _name_of(line),
            "most": most,
            "count": min(most, wanted.get(str(line.id), 0)),
        }
        for line in offer.lines
        if (most := offer.pieces.get(str(line.id), 0))
    ]


def _named(offer: Offer, pieces: Pieces) -> list[Mapping[str, Any]]:
    names: Iterable[tuple[str, str]] = ((str(line.id), _name_of(line)) for line in offer.lines)
    return [{"name": name, "count": pieces[line]} for line, name in names if line in pieces]


def _name_of(line: OrderLine) -> str:
    return ", ".join(part for part in (line.product_name, line.variant_name) if part)


def _day_of(order: Order, language: str) -> str:
    day: date = parse_iso(order.created_at).astimezone(config.shop_time_zone()).date()
    return day_text(day, language)
