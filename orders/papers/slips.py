"""The packing slip: what is in a parcel and whom it goes to, without any price."""

from common.languages import shop_language
from common.repositories.orders import Order, OrderDetails, OrderLine
from orders.papers.parties import recipient_of
from orders.papers.pdf import BOLD, HEIGHT, MARGIN, REGULAR, WIDTH, Sheet, height_of, wrapped
from orders.papers.words import Words, words_of
from orders.refund_pieces import refunded_of

_END = WIDTH - MARGIN
_BOTTOM = HEIGHT - MARGIN
_TEXT = 380.0


def slip_pdf(order: Order, details: OrderDetails) -> bytes:
    """The packing slip of an order as it is: with the pieces that no refund was made for."""
    words = words_of(order.language or shop_language())
    sheet = Sheet(f"{words.packing_slip} {order.order_number}", "")
    _head(sheet, order, details, words)
    for line in details.lines:
        count = line.quantity - refunded_of(order, line)
        if count > 0:
            _line(sheet, line, count, words)
    return sheet.finish()


def _head(sheet: Sheet, order: Order, details: OrderDetails, words: Words) -> None:
    sheet.text(MARGIN, words.packing_slip, size=20, font=BOLD)
    sheet.y += 34
    sheet.text(MARGIN, f"{words.order} {order.order_number}", size=11)
    sheet.y += 28
    sheet.text(MARGIN, words.deliver_to, size=8, grey=0.35)
    sheet.y += 13
    recipient = recipient_of(order, details)
    for place, text in enumerate((recipient.name, *recipient.lines)):
        sheet.y += sheet.block(MARGIN, text, _TEXT, size=11, font=REGULAR if place else BOLD)
    sheet.y += 24
    sheet.text(MARGIN, words.description, size=8, grey=0.35)
    sheet.text(_END, words.quantity, size=8, grey=0.35, align="right")
    sheet.y += 13
    sheet.rule(MARGIN, _END)
    sheet.y += 6


def _line(sheet: Sheet, line: OrderLine, count: int, words: Words) -> None:
    name = ", ".join(part for part in (line.product_name, line.variant_name) if part)
    below = [f"{words.sku} {line.sku}"] if line.sku else []
    below += [f"{words.edition_number} {', '.join(map(str, line.numbers))}"] if line.numbers else []
    height = height_of(len(wrapped(name, _TEXT, REGULAR, 10)), 10) + height_of(1 if below else 0, 8) + 6
    if sheet.y + height > _BOTTOM:
        sheet.next_page()
    top = sheet.y
    sheet.text(_END, str(count), size=10, align="right")
    sheet.y += sheet.block(MARGIN, name, _TEXT, size=10)
    sheet.text(MARGIN, " · ".join(below), size=8, grey=0.35)
    sheet.y = top + height
