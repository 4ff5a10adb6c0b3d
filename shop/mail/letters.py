"""A mail that waits, as what is to be written: to whom, in which language, with which values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from common import config
from common.clock import parse_iso
from common.languages import LANGUAGES, shop_language
from common.outbox import opened
from common.repositories.orders import order_with_details
from common.repositories.outbox import Mail, Outcome
from common.repositories.selling_terms import Seller, selling_terms
from common.repositories.withdrawals import WITHDRAWALS
from shop.mail.addresses import artist_address, sender_name
from shop.mail.digest import digest_values
from shop.mail.kinds import DIGEST, KINDS, Kind
from shop.mail.order_values import order_values, withdrawal_values


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it is to be written; `is_of_strangers` says who can cause it (see `Kind`)."""

    kind: Kind
    to: str
    language: str
    values: Mapping[str, Any]
    is_of_strangers: bool
    reply_to: str | None = None


class NotSent(Exception):
    """A mail that is not to be sent, with its `outcome` and the reason, a word without anybody's data."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason


def letter_of(mail: Mail, now: datetime) -> Letter:
    """What is to be written of a mail; raises NotSent, and what `outbox.opened` does.

    A mail about an order reads the order and its details by one consistent query, all others what they hold;
    the shop's terms are one read more.
    """
    kind = KINDS.get(mail.kind)
    if kind is None:
        raise NotSent("failed", "no_such_kind")
    if parse_iso(mail.created_at) + kind.good_for <= now:
        raise NotSent("expired", "too_old")
    seller = selling_terms().seller
    if kind.audience == "buyer":
        return _of_order(kind, mail, seller, now)
    if kind.audience == "artist":
        return _to_artist(kind, mail, seller)
    return _to_member(kind, mail, seller, now)


def shop_values(seller: Seller | None) -> dict[str, Any]:
    """What each template knows of the shop: `name`, and what the terms say of the seller."""
    known = seller or Seller(name=sender_name())
    return {
        "name": known.name or sender_name(),
        "lines": list(known.lines),
        "country": known.country,
        "vat_number": known.vat_number,
        "email": known.email,
        "phone": known.phone,
    }


def _of_order(kind: Kind, mail: Mail, seller: Seller | None, now: datetime) -> Letter:
    found = order_with_details(mail.order_id) if mail.order_id is not None else None
    if found is None:
        raise NotSent("needless", "no_order")
    order, details = found
    if not order.customer_email:
        raise NotSent("needless", "no_address")
    language = order.language if order.language in LANGUAGES else shop_language()
    facts = mail.facts or {}
    values = {"shop": shop_values(seller), **order_values(order, details, facts, now)}
    if "withdrawal" in facts:
        withdrawal = WITHDRAWALS.get(order.id, int(facts["withdrawal"]))
        if withdrawal is None:
            raise NotSent("needless", "no_withdrawal")
        values["withdrawal"] = withdrawal_values(withdrawal, details)
        language = withdrawal.language if withdrawal.language in LANGUAGES else language
    is_paid = order.paid_at is not None or order.payment_status not in {"pending", "failed"}
    return Letter(
        kind=kind,
        to=order.customer_email,
        language=language or shop_language(),
        values=values,
        is_of_strangers=kind.is_of_strangers or not is_paid,
        reply_to=seller.email if seller else None,
    )


def _to_member(kind: Kind, mail: Mail, seller: Seller | None, now: datetime) -> Letter:
    body = opened(mail)
    if body is None:
        raise NotSent("needless", "no_body")
    data = dict(body.data)
    ends = data.get("expires_at")
    if isinstance(ends, str) and parse_iso(ends) <= now:
        raise NotSent("expired", "token_over")
    values = {
        "shop": shop_values(seller),
        "data": data,
        "studio": f"{config.shop_url()}/studio",
        "password_page": _password_page(data.get("token")),
    }
    return Letter(kind, body.to, shop_language(), values, kind.is_of_strangers)


def _password_page(token: object) -> str | None:
    page = config.setting("PASSWORD_PAGE_URL")
    return page.replace("{token}", quote(str(token), safe="")) if page and token else None


def _to_artist(kind: Kind, mail: Mail, seller: Seller | None) -> Letter:
    to = artist_address(seller)
    if not to:
        raise NotSent("needless", "no_address")
    facts = mail.facts or {}
    entries = digest_values(facts)
    if kind.name == DIGEST and not entries:
        raise NotSent("needless", "nothing_left")
    values = {
        "shop": shop_values(seller),
        "entries": entries,
        "more": int(facts.get("more", 0)),
        "studio": f"{config.shop_url()}/studio",
    }
    return Letter(kind, to, shop_language(), values, kind.is_of_strangers)
