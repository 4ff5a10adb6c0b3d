"""Parcels on their way: who carries one, under which number, and where its buyer can follow it."""

from dataclasses import replace
from urllib.parse import quote

from common.collation import folded
from common.errors import InvalidInput
from common.repositories.orders import Order, Parcel
from orders import states

# The pages of carriers on which anybody follows a parcel, as shops link to them; `{}` is its number.
_PAGES = {
    "poste italiane": "https://www.poste.it/cerca/index.html#/risultati-spedizioni/{}",
    "sda": "https://www.poste.it/cerca/index.html#/risultati-spedizioni/{}",
    "brt": "https://vas.brt.it/vas/sped_det_show.hsm?referer=sped_numspe_par.htm&Nspediz={}",
    "gls": "https://gls-group.com/track/{}",
    "dhl": "https://www.dhl.com/global-en/home/tracking.html?tracking-id={}",
    "ups": "https://www.ups.com/track?tracknum={}",
    "fedex": "https://www.fedex.com/fedextrack/?trknbr={}",
    "dpd": "https://www.dpd.com/tracking?parcelNumber={}",
    "osterreichische post": "https://www.post.at/sv/sendungsdetails?snr={}",
    "la poste": "https://www.laposte.fr/outils/suivre-vos-envois?code={}",
    "royal mail": "https://www.royalmail.com/track-your-item#/tracking-results/{}",
    "usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
}
_ALSO_CALLED = {
    "poste": "poste italiane",
    "bartolini": "brt",
    "dhl express": "dhl",
    "gls italy": "gls",
    "post.at": "osterreichische post",
    "colissimo": "la poste",
}


def tracking_page(carrier: str, number: str | None) -> str | None:
    """Where a parcel of a carrier that is known can be followed; None for others and without a number."""
    name = folded(carrier).strip()
    page = _PAGES.get(_ALSO_CALLED.get(name, name))
    return page.format(quote(number, safe="")) if page and number else None


def parcel_said(carrier: str | None, number: str | None, url: str | None) -> Parcel | None:
    """The parcel that an administrator tells of, None where nothing is told.

    The address of its page follows from carrier and number where no other is given. InvalidInput for a
    number or a page without a carrier.
    """
    if not (carrier or number or url):
        return None
    if not carrier:
        raise InvalidInput.of_field("carrier", "is required beside a number or an address of a parcel")
    return Parcel(carrier, number or None, url or tracking_page(carrier, number))


def with_parcel(order: Order, parcel: Parcel | None, now: str) -> Order:
    """The order with a parcel that is told of at `now` (ISO 8601 UTC), or as it is where none is.

    What is told later corrects what was told before, and keeps the time of the first. InvalidInput for an
    order that nothing of was sent.
    """
    if parcel is None:
        return order
    if order.fulfillment_status == states.UNFULFILLED:
        raise InvalidInput.of_field("carrier", "is only known of what is on its way")
    shipped_at = order.parcel.shipped_at if order.parcel else now
    told = replace(parcel, shipped_at=shipped_at)
    return order if told == order.parcel else replace(order, parcel=told, updated_at=now)
