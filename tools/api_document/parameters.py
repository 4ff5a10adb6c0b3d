"""What a request says beside its body: parts of the path, parameters of the query, headers."""

import re
from collections.abc import Iterator
from typing import Any

from common.http import Route
from common.http.fields import LARGEST_ID
from common.http.lists import CURSOR
from common.http.paging import CURSORS, Paging, Reading, leading_page, leading_size, refusing, refusing_more
from tools.api_document.examples import PARTS, SLUGS
from tools.api_document.statuses import is_kept

Json = dict[str, Any]

_ID: Json = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID - 1}
_TEXT: Json = {"type": "string", "minLength": 1}

# Variable parts of paths that are no plain ids.
_PARTS: dict[str, tuple[Json, str]] = {
    "alert": (_TEXT, "The id of an alert"),
    "asset": (_TEXT, "The name of a file of the studio's page"),
    "asin": (_TEXT, "An ASIN of Amazon's"),
    "enterprise": (_TEXT, "The id of an enterprise"),
    "creator": (_TEXT, "The id of a creator"),
    "entity": (_TEXT, "The id of what was changed"),
    "entity_type": (_TEXT, "What kind of thing was changed, such as Product"),
    "file": (_TEXT, "The third part of a picture's old address"),
    "import": (_TEXT, "The id of an import"),
    "item": (_TEXT, "The id of an item of the cart"),
    "kind": (_TEXT, "The first part of a picture's old address"),
    "last": (_TEXT, "The last part of a picture's old address"),
    "level": ({"type": "string", "enum": ["low", "medium", "high", "critical"]}, "A severity"),
    "name": (_TEXT, "The second part of a picture's old address"),
    "notification": (_TEXT, "The id of a notification"),
    "order": (_TEXT, "An order's id or number"),
    "paper": (_TEXT, "The number of a paper, such as FT-2026-17"),
    "sitemap": (_TEXT, "The name of one of several sitemaps, such as 1.xml"),
    "sku": ({"type": "string", "minLength": 1, "maxLength": 200}, "A SKU"),
    "slug": (_TEXT, "The slug of a creator"),
    "user": (_TEXT, "The id of a user"),
    "vat_number": (_TEXT, "A VAT number with the letters of its country before it, such as ATU12345678"),
    "username": (_TEXT, "The name that somebody signs in with, or the e-mail address, or the id"),
}

_WORDS: dict[str, str] = {
    "access_token": "The secret of an order, as its buyer was given it",
    "active": "The same as is_active",
    "after": "What is behind this id or number, as many as an answer holds; 0 for the first part",
    "category": "Products of this category, by slug or id",
    "character": "The same as character_value",
    "character_value": "Products that show this character",
    "code": "What Etsy gave the browser; in a list of codes, the same as search",
    "content_type": "The type of the picture: image/jpeg, image/png, image/webp, image/gif or image/avif",
    "createdAfter": "Those created later than this moment, or from the beginning of this day on, in ISO 8601",
    "creatorId": "The creator that is meant, or whose works are asked for, by id",
    "customer_email": "Orders of this e-mail address",
    "direction": "push or local_to_etsy, pull or etsy_to_local, bidirectional",
    "discount_type": "percentage or fixed",
    "email": "The e-mail address that an order was placed with, or that a user has",
    "endDate": "The last day or moment, in ISO 8601",
    "end_date": "The last day or moment, in ISO 8601",
    "entity": "What the picture is for: fumetti, or else personaggi",
    "error": "Why Etsy refused",
    "facets": "1 or true adds how many products there are by category, character, price and stock",
    "format": "json, or csv for a table",
    "fulfillment_status": "unfulfilled, partially_fulfilled or fulfilled",
    "in_stock": "true for what can be bought, false for what cannot",
    "include_children": "true to see the children of each category",
    "include_parent": "true to see the parent of each category",
    "inventory_item_id": "The inventory item that is meant, where a SKU has several",
    "is_active": "true or false",
    "limit": "How many, 20 unless it is said, at most 100; of suggestions 10 of each kind, at most 20",
    "linked": "true for listings that sell something of the shop, false for the others",
    "listing_id": "Attempts for this listing",
    "max_price": "The highest price",
    "min_price": "The lowest price",
    "name": "Those that are called exactly so",
    "offset": "How many to pass over",
    "part": "Which part of the feed, from 1, where one answer does not hold all of it",
    "payment_status": "pending, paid, failed, partially_refunded or refunded",
    "price_max": "The same as max_price",
    "price_min": "The same as min_price",
    "quarter": "A quarter of a year of the shop, such as 2026-Q4",
    "year": "A year of the shop, such as 2026; this one where none is given",
    "series": "The series of papers, such as FT",
    "q": "What was typed, of which 100 characters are used",
    "search": "Words to look for",
    "seller_sku": "The seller's own SKU that is meant, where there are several",
    "severity": "Those of this severity",
    "shop_id": "The shop on Etsy that is meant, where there are several",
    "sku": "The SKU that is meant",
    "sort": "newest, price-asc or price-desc; what is featured comes first unless it is said",
    "sort_by": "created_at, base_price or title; what matches a search best comes first unless it is said",
    "sort_order": "ASC or DESC",
    "startDate": "The first day or moment, in ISO 8601",
    "start_date": "The first day or moment, in ISO 8601",
    "state": "What the connection began with",
    "status": "Those with this status",
    "sync_status": "Those with this state of the synchronisation",
    "tree": "true for roots with all that is below each",
    "type": "Those of this type",
    "unread": "true for unread ones only",
    "unreadOnly": "The same as unread",
    "valid": "true for codes that can be used now, false for the others",
    "variant_id": "The variant that is meant, where several have the SKU",
}

_HEADERS: dict[str, tuple[Json, str]] = {
    "Accept-Language": ({"type": "string"}, "Which languages the buyer reads, the preferred one first"),
    "Idempotency-Key": (
        {"type": "string"},
        "1 to 255 printable characters that make a repetition harmless: what was done is answered again",
    ),
    "If-Match": ({"type": "string"}, "The ETag of what the caller saw; 412 when it is something else now"),
    "If-None-Match": ({"type": "string"}, "The ETag of an answer that is held; 304 while it is still true"),
    "Referer": ({"type": "string"}, "The page that led here, where `metadata` does not say it"),
    "User-Agent": ({"type": "string"}, "Which browser asks, where `metadata` does not say it"),
    "X-Cart-Session": ({"type": "string"}, "Whose cart it is: the session of an earlier answer"),
    "X-Order-Token": ({"type": "string"}, "The secret of an order, as its buyer was given it"),
    "X-Session-Id": ({"type": "string"}, "The same as X-Cart-Session, which goes before it"),
}

# Beyond this a list is given whole.
_WORTH_SAYING = 1_000
_BEHIND = "Goes on behind the part of a list that ended with this cursor"


def parameters_of(route: Route) -> list[Json]:
    """Everything that is read of a request beside its body; KeyError for what has no meaning here yet."""
    parts = re.findall(r"\{([a-z_]+)\}", route.path)
    paging = _places(route.paging) if route.paging else ()
    return [
        *(_in_path(route, name) for name in parts),
        *(_parameter(name, "query", {"type": "string"}, _WORDS[name]) for name in route.query),
        *paging,
        *(_parameter(name, "header", *_HEADERS[name]) for name in _headers(route)),
    ]


def _in_path(route: Route, name: str) -> Json:
    by_slug = name in SLUGS and route.method == "GET" and route.role is None
    if by_slug:
        stated: tuple[Json, str] = (_TEXT, f"The slug or the id of the {name}")
    else:
        stated = _PARTS.get(name) or (_ID, f"The id of the {name}")
    shown = SLUGS[name] if by_slug else PARTS.get(name)
    example = {} if shown is None else {"example": shown}
    return _parameter(name, "path", *stated) | {"required": True} | example


def _places(paging: Paging) -> Iterator[Json]:
    if paging.page:
        yield _parameter("page", "query", {**_number(paging.page, None), "default": 1}, "Which page, from 1")
    for name, read in dict(reversed(paging.sizes)).items():
        most = f", at most {paging.most}" if paging.most <= _WORTH_SAYING else ""
        # Where everything is shown that an answer holds, the number means nothing to anybody.
        usual = {"default": paging.default} if paging.default <= _WORTH_SAYING else {}
        size = {**_number(read, paging.most), **usual}
        yield _parameter(name, "query", size, f"How many a page{most}")
    for name in CURSORS:
        meaning = _BEHIND if name == CURSOR else f"The same as {CURSOR}"
        yield _parameter(name, "query", {"type": "string"}, meaning)


def _number(read: Reading, most: int | None) -> Json:
    """What a number of a list's part may be; most lists take nonsense for not said."""
    if read is refusing_more:
        return {"type": "integer", "minimum": 1, "maximum": most}
    if read is refusing:
        return {"type": "integer", "minimum": 1}
    if read in {leading_page, leading_size}:
        smallest = 0 if read is leading_size else 1
        return {"type": ["integer", "string"], "minimum": smallest, "pattern": r"^([+-]?[0-9]|\s*$)"}
    return {"type": ["integer", "string"]}


def _headers(route: Route) -> Iterator[str]:
    yield from route.headers
    if route.if_match:
        yield "If-Match"
    if is_kept(route):
        yield "If-None-Match"


def _parameter(name: str, place: str, schema: Json, description: str) -> Json:
    return {"name": name, "in": place, "schema": dict(schema), "description": description}
