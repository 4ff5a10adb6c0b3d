"""Links what the shop sells to the seller's listings on Amazon: the SKUs that are mapped to an ASIN."""

from collections import Counter
from datetime import datetime

from common.repositories.sku_stock import every_sku_row
from common.stock_levels import all_stock
from etsy_sync.adapters.amazon.client import AmazonClient
from etsy_sync.adapters.amazon.listings import listings
from etsy_sync.adapters.runs import Progress, RunResult
from etsy_sync.links.making import link_sku
from etsy_sync.repositories.channel_links import all_links
from etsy_sync.repositories.link_exclusions import excluded_from_linking

AMAZON = "amazon"


def link_amazon(client: AmazonClient, now: datetime, progress: Progress | None = None) -> RunResult:
    """Links each SKU that is mapped to an ASIN and that the seller lists under that SKU.

    One call for each twenty SKUs that are mapped and not linked. What Amazon keeps in its own stores is
    linked as such, and its quantity never written. Raises the client's errors.
    """
    linked = {link.sku for link in all_links(AMAZON)}
    linked |= {sku for target, sku in excluded_from_linking(AMAZON) if target == sku}
    mapped = [row.sku for row in every_sku_row() if row.asin and row.sku not in linked]
    stocks = all_stock()
    result = RunResult(Counter(mapped=len(mapped)))
    found = {shown.sku: shown for shown in listings(client, mapped)}
    for number, sku in enumerate(mapped):
        shown = found.get(sku)
        if shown is None:
            result.errors.append(f"SKU {sku} is mapped to an ASIN, but Amazon has no listing of it")
        else:
            extra = {"is_fba": True} if shown.is_fba else {}
            link_sku(AMAZON, sku, stocks[sku], extra, now, result)
        if progress is not None:
            progress(number + 1, len(mapped))
    return result
