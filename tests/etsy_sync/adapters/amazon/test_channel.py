"""Amazon as a channel of the shop."""

from uuid import uuid4

import pytest

from etsy_sync.adapters.amazon.channel import AmazonChannel
from etsy_sync.adapters.amazon.listings import listing
from etsy_sync.adapters.interface import Channel, Observation, Rejected
from tools.fakes.amazon_server import AmazonServer

UNSEEN = Observation({})


def _write(channel: Channel, target: str, quantities: dict[str, int], seen: Observation = UNSEEN) -> None:
    channel.write(target, quantities, seen, str(uuid4()))


def _calls(amazon: AmazonServer) -> list[str]:
    return [asked.method for asked in amazon.asked if asked.path.startswith("/listings")]


def test_what_the_synchronisation_has_to_know(channel: AmazonChannel) -> None:
    assert (channel.name, channel.settles_after, channel.repeats_exactly) == ("amazon", 900, False)


def test_an_observed_sku_costs_one_read_and_one_write(channel: AmazonChannel, amazon: AmazonServer) -> None:
    amazon.create_listing("seller-1", 3)
    seen = channel.observe("seller-1", ["A"])
    assert (seen.quantities, seen.is_on_sale) == ({"A": 3}, True)
    _write(channel, "seller-1", {"A": 8}, seen)
    assert _calls(amazon) == ["GET", "PATCH"]
    amazon.settle()
    assert channel.observe("seller-1", ["A"]).quantities == {"A": 8}


def test_a_write_without_an_observation_looks_for_itself(
    channel: AmazonChannel, amazon: AmazonServer
) -> None:
    amazon.create_listing("seller-1", 3)
    _write(channel, "seller-1", {"A": 0})
    assert _calls(amazon) == ["GET", "PATCH"]
    amazon.settle()
    seen = channel.observe("seller-1", ["A"])
    assert (seen.quantities, seen.is_on_sale) == ({"A": 0}, True)
    _write(channel, "seller-1", {"A": 2}, seen)
    amazon.settle()
    assert channel.observe("seller-1", ["A"]).quantities == {"A": 2}


@pytest.mark.parametrize("is_observed", [True, False])
def test_amazons_stock_is_neither_shown_nor_written(
    is_observed: bool, channel: AmazonChannel, amazon: AmazonServer
) -> None:
    amazon.create_listing("seller-1", 3, is_fba=True)
    seen = channel.observe("seller-1", ["A"]) if is_observed else UNSEEN
    assert seen.quantities.get("A") is None
    with pytest.raises(Rejected) as refused:
        _write(channel, "seller-1", {"A": 2}, seen)
    assert refused.value.code == "fba"
    assert amazon.accidents == []
    assert amazon.account.listings["seller-1"].is_fba


def test_a_target_that_is_not_there(channel: AmazonChannel, amazon: AmazonServer) -> None:
    seen = channel.observe("seller-1", ["A"])
    assert (seen.quantities, seen.is_on_sale) == ({"A": None}, False)
    with pytest.raises(Rejected, match="no listing seller-1"):
        _write(channel, "seller-1", {"A": 2}, seen)


def test_pieces_that_nobody_can_buy_were_taken_off_sale(channel: AmazonChannel, amazon: AmazonServer) -> None:
    amazon.create_listing("seller-1", 3)
    amazon.close_listing("seller-1")
    seen = channel.observe("seller-1", ["A"])
    assert (seen.quantities, seen.is_on_sale) == ({"A": 0}, False)


def test_a_target_is_one_sku(channel: AmazonChannel, amazon: AmazonServer) -> None:
    amazon.create_listing("seller-1", 3)
    assert channel.observe("seller-1", ["A", "B"]).quantities == {"A": None, "B": None}
    with pytest.raises(Rejected, match="one SKU"):
        _write(channel, "seller-1", {"A": 2, "B": 1})
    assert "PATCH" not in _calls(amazon)


def test_a_lost_answer_is_written_again_without_harm(channel: AmazonChannel, amazon: AmazonServer) -> None:
    amazon.create_listing("seller-1", 3)
    seen = channel.observe("seller-1", ["A"])
    amazon.lose_next()
    _write(channel, "seller-1", {"A": 8}, seen)
    assert _calls(amazon) == ["GET", "PATCH", "PATCH"]
    amazon.settle()
    shown = listing(channel.client, "seller-1")
    assert shown is not None
    assert shown.quantity == 8


def test_many_targets_are_observed_twenty_at_a_time(channel: AmazonChannel, amazon: AmazonServer) -> None:
    skus = [f"seller-{number}" for number in range(45)]
    for number, sku in enumerate(skus):
        amazon.create_listing(sku, number)
    seen = dict(channel.observe_many({sku: [f"shop {sku}"] for sku in skus}))
    assert {target: dict(one.quantities) for target, one in seen.items()} == {
        sku: {f"shop {sku}": number} for number, sku in enumerate(skus)
    }
    assert _calls(amazon) == ["GET"] * 3
    assert all(one == channel.observe(sku, [f"shop {sku}"]) for sku, one in list(seen.items())[:5])


def test_what_a_search_does_not_find_is_asked_for_alone(channel: AmazonChannel, amazon: AmazonServer) -> None:
    for sku in ("plain", "with, comma", "with, another", "lost"):
        amazon.create_listing(sku, 4)
    amazon.create_listing("with", 9)
    amazon.unfindable.add("lost")
    targets = {sku: [sku] for sku in ("plain", "with, comma", "lost", "gone")}
    seen = {target: one.quantities[target] for target, one in channel.observe_many(targets)}
    assert seen == {"plain": 4, "with, comma": 4, "lost": 4}


def test_commas_do_not_make_a_search_too_long(channel: AmazonChannel, amazon: AmazonServer) -> None:
    skus = [f"{number}, large" for number in range(5)] + [f"{number}" for number in range(15)]
    for sku in skus:
        amazon.create_listing(sku, 1)
    assert {target for target, _ in channel.observe_many({sku: [sku] for sku in skus})} == set(skus)


def test_amazons_stock_is_not_shown_among_many_either(channel: AmazonChannel, amazon: AmazonServer) -> None:
    amazon.create_listing("seller-1", 3, is_fba=True)
    ((_, seen),) = channel.observe_many({"seller-1": ["A"]})
    assert (seen.quantities, seen.is_on_sale) == ({"A": None}, True)


def test_observing_nothing_asks_nothing(channel: AmazonChannel, amazon: AmazonServer) -> None:
    assert list(channel.observe_many({})) == []
    assert amazon.asked == []
