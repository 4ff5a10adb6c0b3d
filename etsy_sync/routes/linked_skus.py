"""The lists of the SKUs that are linked to a channel, a page each."""

from collections.abc import Callable
from typing import Any

from common.http import Request, Response
from common.http.lists import list_response
from etsy_sync.repositories.channel_links import FAILED, PENDING, SYNCED, ChannelLink, all_links
from etsy_sync.routes.arguments import one_of, places_of


def linked_skus(
    request: Request, channel: str, name: str, link_json: Callable[[ChannelLink], dict[str, Any]]
) -> Response:
    """The links of a channel that have the `sync_status` of the query, under a name of the answer's.

    Raises InvalidInput for a status that there is not.
    """
    status = one_of(request, "sync_status", (SYNCED, PENDING, FAILED))
    places, page = places_of(request)
    found = [link for link in all_links(channel) if status in {None, link.sync_status}]
    entries = [link_json(link) for link in found[places.start : places.end]]
    about = {"total": len(found), **page}
    return list_response(places.stretch(entries, len(found)), lambda shown: {name: shown, **about})
