"""Amazon's listings: what they show, and how a quantity is written.

https://developer-docs.amazon.com/sp-api/docs/listings-items-api-v2021-08-01-reference
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from etsy_sync.adapters.amazon.client import AmazonClient, Missing
from etsy_sync.adapters.amazon.limits import Operation
from etsy_sync.adapters.interface import Rejected

# Amazon's code for what the seller keeps and sends; every other code is one of Amazon's own networks.
MERCHANT = "DEFAULT"
# Serves attributes that are common to all product types.
ANY_PRODUCT = "PRODUCT"
FBA = "fba"
INCLUDED = "summaries,fulfillmentAvailability,issues"
# How many SKUs Amazon takes, and how many listings it gives, in one search.
PAGE = 20


@dataclass(frozen=True, slots=True)
class Issue:
    """What Amazon finds wrong with a listing or with what was sent; `severity` ERROR, WARNING or INFO."""

    code: str
    message: str
    severity: str


@dataclass(frozen=True, slots=True)
class AmazonListing:
    """One seller's SKU in one marketplace.

    `quantity` is what the seller offers from own stock; None where Amazon keeps the stock (`is_fba`) or
    says nothing about it. `is_active` when it can be bought, which a sold-out listing cannot.
    """

    sku: str
    product_type: str
    quantity: int | None
    is_fba: bool
    is_active: bool
    issues: tuple[Issue, ...] = ()


def listing(client: AmazonClient, sku: str) -> AmazonListing | None:
    """The listing of a seller's SKU; None when there is none. Raises a ChannelError."""
    params = {**_marketplace(client), "includedData": INCLUDED}
    try:
        body = client.call(Operation.GET_LISTING, "GET", _path(client, sku), params=params)
    except Missing:
        return None
    return _listing(client, sku, body)


def listings(client: AmazonClient, skus: Iterable[str]) -> Iterator[AmazonListing]:
    """The listings of many SKUs, twenty in a call; those that there are none of are left out.

    What a search does not find is asked for alone. Raises a ChannelError.
    """
    wanted = set(skus)
    # Amazon takes a comma for the end of a SKU, also when it is percent-encoded.
    alone = {sku for sku in wanted if "," in sku}
    ordered = sorted(wanted - alone)
    for start in range(0, len(ordered), PAGE):
        group = ordered[start : start + PAGE]
        found = {one.sku: one for one in _search(client, group) if one.sku in group}
        yield from found.values()
        alone.update(set(group) - found.keys())
    for sku in sorted(alone):
        shown = listing(client, sku)
        if shown is not None:
            yield shown


def write_quantity(client: AmazonClient, shown: AmazonListing, quantity: int) -> None:
    """Makes Amazon offer `quantity` pieces of a listing; it shows them minutes later.

    Merging keeps the handling time, which replacing drops. Raises Rejected, `fba` for stock that Amazon
    keeps: a quantity of the seller's would make the seller send what Amazon holds.
    """
    if shown.is_fba:
        raise Rejected(FBA, f"Amazon keeps the stock of {shown.sku}")
    if shown.quantity is None:
        raise Rejected("no_availability", f"Amazon does not say who keeps the stock of {shown.sku}")
    offer = {"fulfillment_channel_code": MERCHANT, "quantity": quantity}
    patch = {"op": "merge", "path": "/attributes/fulfillment_availability", "value": [offer]}
    body = client.call(
        Operation.PATCH_LISTING,
        "PATCH",
        _path(client, shown.sku),
        params=_marketplace(client),
        json={"productType": shown.product_type, "patches": [patch]},
    )
    if body.get("status") != "ACCEPTED":
        raise Rejected(str(body.get("status")), _told(_issues(body)))


def _search(client: AmazonClient, skus: Sequence[str]) -> Iterator[AmazonListing]:
    params = {
        **_marketplace(client),
        "includedData": INCLUDED,
        "identifiersType": "SKU",
        "identifiers": ",".join(skus),
        "pageSize": str(PAGE),
    }
    body = client.call(Operation.SEARCH_LISTINGS, "GET", _seller(client), params=params)
    return (_listing(client, str(item.get("sku")), item) for item in _dicts(body.get("items")))


def _listing(client: AmazonClient, sku: str, body: Mapping[str, Any]) -> AmazonListing:
    summary = _summary(body, client.settings.marketplace_id)
    offers = _dicts(body.get("fulfillmentAvailability"))
    own = [offer for offer in offers if offer.get("fulfillmentChannelCode") == MERCHANT]
    # An FBA listing that has no stock yet may name no network, but it has Amazon's own number.
    is_fba = len(own) < len(offers) or (not offers and bool(summary.get("fnSku")))
    return AmazonListing(
        sku=sku,
        product_type=str(summary.get("productType") or ANY_PRODUCT),
        quantity=int(own[0].get("quantity") or 0) if own and not is_fba else None,
        is_fba=is_fba,
        is_active="BUYABLE" in (summary.get("status") or ()),
        issues=_issues(body),
    )


def _seller(client: AmazonClient) -> str:
    return f"/listings/2021-08-01/items/{quote(client.settings.seller_id, safe='')}"


def _path(client: AmazonClient, sku: str) -> str:
    return f"{_seller(client)}/{quote(sku, safe='')}"


def _marketplace(client: AmazonClient) -> dict[str, str]:
    return {"marketplaceIds": client.settings.marketplace_id}


def _summary(body: Mapping[str, Any], marketplace_id: str) -> dict[str, Any]:
    summaries = _dicts(body.get("summaries"))
    return next((one for one in summaries if one.get("marketplaceId") == marketplace_id), {})


def _issues(body: Mapping[str, Any]) -> tuple[Issue, ...]:
    found = _dicts(body.get("issues"))
    return tuple(Issue(*(str(one.get(name, "")) for name in Issue.__slots__)) for one in found)


def _told(issues: Sequence[Issue]) -> str:
    errors = [issue for issue in issues if issue.severity == "ERROR"] or issues
    return "; ".join(f"{issue.code} {issue.message}" for issue in errors) or "no reason given"


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
