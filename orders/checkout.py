"""Checking out: one transaction makes the order and takes all that belongs to it, or nothing happens.

Two reads gather what the order is made of; every decision on them is a condition of the transaction.
When one of them no longer holds, everything is read and decided again, so that the buyer is told what
is true now. With nobody in the way that is three trips.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from common import prefixes
from common.clock import epoch, iso
from common.dynamodb import Item, Key, UnitOfWork, batch_get
from common.dynamodb.unique import marker_key
from common.errors import InvalidInput, NotFound, ShopError
from common.metrics import count
from common.once import found
from common.optimistic import retry_when_stale
from common.outbox import queue_order_mail
from common.repositories.order_counter import (
    COUNTER_KEY,
    count_next_order,
    count_order,
    last_id_in,
    reserve_id,
)
from common.repositories.orders import (
    Delivery,
    Order,
    OrderDetails,
    OrderLine,
    add_order,
    number_of,
    order_with_details,
)
from common.repositories.selling_terms import TERMS_KEY, SellingTerms, terms_in
from common.stock_ledger import Event
from common.stock_queue import announce
from orders import states
from orders.access import session_mark
from orders.allocation import (
    OutOfStock,
    RequestedItem,
    lines_of,
    notify_low_lines,
    refuse_shortages,
    refuse_too_many_numbers,
    skus_of,
    take,
)
from orders.idempotency import Token, order_behind, remember
from orders.limits import Caller, count_checkout, too_many
from orders.papers.issuing import PAID, PLACED, Desk, desk_in, invoice_at
from orders.payment_methods import free_reference, refuse_unpayable
from orders.placing import ATTEMPTS, RETRIES, IdTaken, notify_new_order
from orders.pricing import Line, Totals, refusal
from orders.providers import Sale
from orders.repositories.carts import Cart, cart_from_item, empty
from orders.repositories.discounts import use_discount
from orders.repositories.offers import Offers, read_offers
from orders.repositories.paper_numbers import in_line, numbers_key
from orders.repositories.vat_numbers import VatNumber, vat_number_in, vat_number_key
from orders.shipping import Destination, delivery_of, price_of, sent_to
from orders.taxes import taxed_totals, with_rates
from orders.unpaid import free_overdue, payment_due_at

if TYPE_CHECKING:
    from orders.taxation import Taxation

# Each takes a count and a record of it; a transaction has 100 actions, and one notification and one alert
# tell of all that becomes low.
MAX_ITEMS = 40


@dataclass(frozen=True, slots=True)
class Purchase:
    """What a buyer asks for; prices are the shop's.

    `wanted` names the items; None means what is in the first of the carts that is not empty.
    `discount_code` is the code as typed; None means the cart's. `caller` is whose orders are counted,
    `token` makes a repetition harmless, `language` is what the buyer reads, `vat_number` a business's
    in the form that is stored. `shipping_method` names how it is sent, None being the cheapest way; only of
    an address that is `is_address_whole` everything is asked.
    """

    customer_email: str
    customer_name: str
    payment_method: str
    cart_keys: tuple[Key, ...] = ()
    wanted: tuple[RequestedItem, ...] | None = None
    discount_code: str | None = None
    shipping_address: Mapping[str, str] | None = None
    shipping_method: str | None = None
    is_address_whole: bool = True
    billing_address: Mapping[str, str] | None = None
    notes: str | None = None
    vat_number: str | None = None
    language: str | None = None
    caller: Caller | None = None
    token: Token | None = None


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """An order that is there, made now or by the same request before."""

    order: Order
    details: OrderDetails


@dataclass(frozen=True, slots=True)
class _Basis:
    """What the first read found: the shop's terms, the last order id, what is wanted, and by which code.

    `vat` is what is known of the buyer's VAT number, `desk` by what invoices are issued.
    """

    terms: SellingTerms
    desk: Desk
    vat: VatNumber | None
    last_id: int
    wanted: tuple[RequestedItem, ...]
    cart: Cart | None
    discount_id: int | None


@dataclass(frozen=True, slots=True)
class Draft:
    """An order that is decided upon but for its id."""

    purchase: Purchase
    basis: _Basis
    offers: Offers
    lines: tuple[Line, ...]
    amounts: Totals
    taxation: "Taxation | None"
    delivery: Delivery | None
    now: datetime


def place_order(purchase: Purchase, now: datetime) -> PlacedOrder:
    """Makes the order, or finds the one that the same request has made before.

    Raises OutOfStock naming the lines that are short, NotFound for what is not on sale, InvalidInput for
    an empty cart, a code that cannot be used, too many items, what cannot be paid in this way and an address
    that parcels cannot be sent to, Conflict for a code whose last use has just gone, KeyReused,
    TooManyRequests for a caller who has placed too many, and StaleVersion when others were faster through all
    attempts.
    """
    try:
        with too_many("orders"):
            return _place(purchase, now)
    except ShopError:
        # Stops a repetition from being refused for want of what its own first sending has just taken: the
        # last piece, the cart, the last use of a code. Its mark was looked for before any of these was read.
        made = found(purchase.token.mark, now) if purchase.token else None
        if made is None or purchase.token is None:
            raise
        return _placed_before(order_behind(purchase.token, made))


def draft_order(purchase: Purchase, now: datetime) -> Draft:
    """What `place_order` would make of a purchase now, by two trips and no write; raises what it does."""
    return _draft(purchase, _basis(purchase, _first_read(purchase, now), now), now)


def _place(purchase: Purchase, now: datetime) -> PlacedOrder:
    try:
        return in_line(lambda: retry_when_stale(lambda: _attempt(purchase, now), ATTEMPTS))
    except OutOfStock as short:
        if not free_overdue({each.product_id for each in short.shortages}, now):
            raise
        return in_line(lambda: retry_when_stale(lambda: _attempt(purchase, now), ATTEMPTS))


def _attempt(purchase: Purchase, now: datetime) -> PlacedOrder:
    rows = _first_read(purchase, now)
    token = purchase.token
    if token is not None and token.mark.key in rows:
        return _placed_before(order_behind(token, rows[token.mark.key]))
    draft = _draft(purchase, _basis(purchase, rows, now), now)
    try:
        return _commit(draft, draft.basis.last_id + 1, is_reserved=False)
    except IdTaken:
        return _commit(draft, reserve_id(), is_reserved=True)


def _first_read(purchase: Purchase, now: datetime) -> dict[Key, Item]:
    keys = [COUNTER_KEY, TERMS_KEY, numbers_key(now)]
    if purchase.token is not None:
        keys.append(purchase.token.mark.key)
    if purchase.wanted is None:
        keys += purchase.cart_keys
    if purchase.discount_code:
        keys.append(_code_key(purchase.discount_code))
    if purchase.vat_number is not None:
        keys.append(vat_number_key(purchase.vat_number))
    return batch_get(keys, consistent=True, now=epoch(now))


def _code_key(code: str) -> Key:
    return marker_key("DISCOUNT_CODE", code.upper())


def _placed_before(order_id: int) -> PlacedOrder:
    order = order_with_details(order_id)
    if order is None:
        raise NotFound("Order not found")
    return PlacedOrder(*order)


def _basis(purchase: Purchase, rows: Mapping[Key, Item], now: datetime) -> _Basis:
    cart = None
    wanted = purchase.wanted
    if wanted is None:
        cart = _filled_cart(purchase, rows)
        wanted = tuple(RequestedItem(it.product_id, it.variant_id, it.quantity) for it in cart.items)
    if len({(each.product_id, each.variant_id) for each in wanted}) > MAX_ITEMS:
        raise InvalidInput(f"An order holds at most {MAX_ITEMS} different items")
    discount_id = cart.discount_id if cart else None
    if purchase.discount_code:
        discount_id = _discount_id(rows.get(_code_key(purchase.discount_code)))
    terms = terms_in(rows.get(TERMS_KEY))
    vat = vat_number_in(rows.get(vat_number_key(purchase.vat_number))) if purchase.vat_number else None
    desk = desk_in(terms, rows, now)
    return _Basis(terms, desk, vat, last_id_in(rows.get(COUNTER_KEY)), wanted, cart, discount_id)


def _filled_cart(purchase: Purchase, rows: Mapping[Key, Item]) -> Cart:
    carts = [cart_from_item(rows[key]) for key in purchase.cart_keys if key in rows]
    filled = [cart for cart in carts if cart.items]
    if not filled:
        raise InvalidInput("Cart is empty")
    return filled[0]


def _discount_id(marker: Item | None) -> int:
    if marker is None:
        raise InvalidInput.of_field("discount_code", "is not a valid discount code")
    return int(str(marker["owner"]).removeprefix(f"{prefixes.DISCOUNT}#"))


def _draft(purchase: Purchase, basis: _Basis, now: datetime) -> Draft:
    wanted = [each.product_id for each in basis.wanted]
    offers = read_offers(wanted, now, basis.discount_id, consistent=True)
    lines = lines_of(_on_sale(basis, offers), offers)
    if not lines:
        raise InvalidInput("Cart is empty")
    refuse_shortages(lines, offers)
    refuse_too_many_numbers(lines)
    delivery = delivery_of(basis.terms.shipping, _destination(purchase), lines, offers)
    taxation = _taxation(purchase, basis, delivery, now)
    amounts = taxed_totals(lines, offers.code, taxation, now, price_of(delivery))
    _refuse_unusable_code(basis, offers, amounts, now)
    refuse_unpayable(purchase.payment_method, _sale(lines, offers, amounts))
    return Draft(purchase, basis, offers, lines, amounts, taxation, delivery, now)


def _destination(purchase: Purchase) -> Destination:
    return Destination(purchase.shipping_address, purchase.shipping_method, purchase.is_address_whole)


def _taxation(
    purchase: Purchase, basis: _Basis, delivery: Delivery | None, now: datetime
) -> "Taxation | None":
    if basis.terms.taxes is None:
        return None
    # Shops that have no terms of taxes start without the rules of them.
    from orders.taxation import Buyer, taxation_of

    address = sent_to(delivery, purchase.shipping_address)
    buyer = Buyer(address, purchase.vat_number, basis.vat, purchase.language)
    return taxation_of(basis.terms.taxes, buyer, now)


def _sale(lines: Sequence[Line], offers: Offers, amounts: Totals) -> Sale:
    products = [offers.products[line.product_id] for line in lines]
    links = tuple(product.etsy_link for product in products)
    return Sale(amounts.total, amounts.currency, links)


def _on_sale(basis: _Basis, offers: Offers) -> tuple[RequestedItem, ...]:
    """All that is wanted; of a cart only what is still on sale, as the cart itself is shown."""
    if basis.cart is None:
        return basis.wanted
    return tuple(each for each in basis.wanted if offers.variant(each.product_id, each.variant_id))


def _refuse_unusable_code(basis: _Basis, offers: Offers, amounts: Totals, now: datetime) -> None:
    if basis.discount_id is None:
        return
    reason = "Discount code is not active"
    if offers.code is not None:
        reason = refusal(offers.code, amounts.subtotal, amounts.currency, now) or ""
    if reason:
        raise InvalidInput(reason, fields={"discount_code": [reason]})


def _commit(draft: Draft, order_id: int, *, is_reserved: bool) -> PlacedOrder:
    order, details = _order(draft, order_id), _details(draft)
    purchase, now = draft.purchase, draft.now
    with UnitOfWork(retries=RETRIES) as work:
        if purchase.token is not None:
            remember(work, purchase.token, order_id, now)
        if draft.basis.cart is not None:
            empty(work, draft.basis.cart, now)
        sale = Event("order", str(order_id), "sale", now)
        take(work, draft.lines, draft.offers, sale, repeated=IdTaken())
        if draft.offers.code is not None:
            use_discount(work, draft.offers.code, iso(now))
        order = _with_invoice(work, draft, order, details)
        add_order(work, order, details, taken=IdTaken())
        if is_reserved:
            count_order(work, order)
        else:
            count_next_order(work, order, taken=IdTaken())
        notify_new_order(work, order, draft.now)
        queue_order_mail(work, order, "order_placed", now)
        notify_low_lines(work, draft.lines, draft.offers, now)
        if purchase.caller is not None:
            count_checkout(work, purchase.caller, now)
    count("orders_placed")
    announce(skus_of(draft.lines, draft.offers))
    return PlacedOrder(order, details)


def _with_invoice(work: UnitOfWork, draft: Draft, order: Order, details: OrderDetails) -> Order:
    moment = PAID if order.paid_at else PLACED
    return invoice_at(moment, work, draft.basis.desk, order, details)


def _order(draft: Draft, order_id: int) -> Order:
    purchase, amounts, code = draft.purchase, draft.amounts, draft.offers.code
    is_free = amounts.total == 0
    session = purchase.caller.session if purchase.caller else ""
    return Order(
        id=order_id,
        order_number=number_of(order_id),
        customer_email=purchase.customer_email,
        customer_name=purchase.customer_name,
        subtotal=amounts.subtotal,
        tax=amounts.tax,
        discount=amounts.discount,
        shipping=amounts.shipping,
        shipping_discount=amounts.shipping_discount,
        total=amounts.total,
        currency=amounts.currency,
        prices_include_tax=amounts.prices_include_tax,
        payment_method=purchase.payment_method,
        payment_status=states.PAID if is_free else states.PENDING,
        payment_intent_id=free_reference(number_of(order_id)) if is_free else None,
        discount_code=code.code if code else None,
        discount_id=code.id if code else None,
        paid_at=iso(draft.now) if is_free else None,
        numbered=any(line.numbers for line in draft.lines),
        language=purchase.language,
        session_mark=session_mark(session) if session else None,
        payment_due_at=None if is_free else payment_due_at(purchase.payment_method, draft.now),
        created_at=iso(draft.now),
        updated_at=iso(draft.now),
    )


def _details(draft: Draft) -> OrderDetails:
    purchase, taxation = draft.purchase, draft.taxation
    lines = tuple(_order_line(number, line) for number, line in enumerate(draft.lines, start=1))
    return OrderDetails(
        lines=with_rates(lines, draft.lines, taxation),
        shipping_address=purchase.shipping_address,
        billing_address=purchase.billing_address or purchase.shipping_address,
        notes=purchase.notes,
        taxes=draft.amounts.taxes,
        tax_treatment=taxation.treatment if taxation else None,
        tax_note=taxation.note if taxation else None,
        vat_number=purchase.vat_number,
        delivery=draft.delivery,
    )


def _order_line(number: int, line: Line) -> OrderLine:
    return OrderLine(
        id=number,
        product_id=line.product_id,
        variant_id=line.variant_id,
        product_name=line.title,
        variant_name=line.variant_name,
        sku=line.sku,
        quantity=line.quantity,
        unit_price=line.unit_price,
        total_price=line.total,
        numbers=line.numbers,
        # Most can be, and what is not there is not stored.
        cannot_be_withdrawn=line.cannot_be_withdrawn or None,
    )
