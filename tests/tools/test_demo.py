"""The demo shop: what is in it, that it is loaded once, and that a broken load is completed."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from catalog.categories import create_category
from catalog.routes import routes as catalog_routes
from common import config, media
from common.clock import parse_iso
from common.dynamodb import Item, batch_write, call, from_wire
from common.http import Identity, Role, create_app
from common.images import inspect_image
from content.routes import routes as content_routes
from tests.support.buckets import fresh_bucket
from tests.support.http import Client
from tests.support.tokens import admin_token
from tools import demo
from tools.demo import loading
from tools.demo.journal import COUNTERS
from tools.demo.loading import PICTURES, Entry, read_shop

NOW = parse_iso("2026-05-01T12:00:00Z")
LATER = parse_iso("2026-05-02T12:00:00Z")

ENTRIES = read_shop()
# The last products are the two drafts.
FEW = ENTRIES | {"products": ENTRIES["products"][-4:], "fumetti": ENTRIES["fumetti"][:2]}

# What is kept in the repository, in bytes.
MOST_TOGETHER = 4_000_000

# What one load left in the table and in the bucket.
LOADED: list[Any] = []

SHOP = create_app("demo", [catalog_routes, content_routes])

by_slug = pytest.mark.parametrize("product", ENTRIES["products"], ids=lambda product: product["slug"])


class BrokenOff(Exception):
    """Whatever ends a load half-way."""


@pytest.fixture
def shop(table: str) -> Iterator[Client]:
    """A visitor of a shop without data."""
    with fresh_bucket():
        yield Client(SHOP)


@pytest.fixture
def loaded(shop: Client) -> Client:
    """A visitor of the loaded shop; after the first use its rows and files are put back as they were."""
    if not LOADED:
        assert load()
        LOADED.extend((list(rows().values()), files()))
    else:
        items, objects = LOADED
        assert not batch_write(puts=items).failed
        for key, data in objects.items():
            media.store(key, data, "image/webp")
    return shop


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Less to load, where what is loaded is the same for each product."""
    monkeypatch.setattr(loading, "read_shop", lambda: FEW)


def load(**options: Any) -> bool:
    return demo.load(NOW, **options)


def breaking_at(step: int) -> Callable[[str], None]:
    said: list[str] = []

    def progress(text: str) -> None:
        said.append(text)
        if len(said) == step:
            raise BrokenOff(text)

    return progress


def rows() -> dict[tuple[str, str], Item]:
    found: dict[tuple[str, str], Item] = {}
    page: dict[str, Any] = {}
    while not found or "LastEvaluatedKey" in page:
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]} if page else {}
        page = call("scan", TableName=config.setting("DYNAMODB_TABLE_NAME"), **start)
        items = [from_wire(item) for item in page["Items"]]
        found |= {(item["PK"], item["SK"]): item for item in items}
    return found


def files() -> dict[str, bytes]:
    return {key: file(key) for key in stored_keys()}


def file(key: str) -> bytes:
    return media.get_client().get_object(Bucket=config.bucket_name(), Key=key)["Body"].read()


def stored_keys() -> set[str]:
    pages = media.get_client().get_paginator("list_objects_v2").paginate(Bucket=config.bucket_name())
    return {entry["Key"] for page in pages for entry in page.get("Contents", [])}


def products(client: Client, query: str = "") -> list[Any]:
    return list(client.get(f"/api/products?per_page=100{query}").json["products"])


def stock_of(product: Any) -> list[int]:
    return [variant["stock"] for variant in product["variants"]]


def picture_urls(client: Client) -> list[str]:
    urls = [image["url"] for product in products(client) for image in product["images"]]
    for personaggio in client.get("/api/personaggi").json:
        urls += [personaggio["icon"], *personaggio["images"]]
        if personaggio["backgroundImage"] is not None:
            urls.append(personaggio["backgroundImage"])
    for fumetto in client.get("/api/fumetti").json:
        urls += [fumetto["coverImage"], *fumetto["pages"]]
    return urls


def test_the_catalogue_has_24_published_products_of_four_characters_and_some_are_sold_out(
    loaded: Client,
) -> None:
    shown = products(loaded)
    assert len(shown) == loaded.get("/api/products").json["total"] == 24
    assert len({product["character_value"] for product in shown}) == 4
    ages = [product["created_at"] for product in shown]
    assert ages == sorted(ages, reverse=True)
    assert len(set(ages)) == 24
    sold_out = [product for product in shown if not any(stock_of(product))]
    assert 2 <= len(sold_out) <= 5
    assert any(0 in stock_of(product) for product in shown if product not in sold_out)


def test_drafts_are_there_for_admins_alone(loaded: Client) -> None:
    load()
    admin = Client(SHOP, token=admin_token())

    drafts = products(admin, "&status=draft")

    assert len(drafts) == 2
    for draft in drafts:
        assert loaded.get(f"/api/products/{draft['slug']}").status == 404
        assert draft["slug"] not in {product["slug"] for product in products(loaded)}


def test_six_categories_form_a_tree_and_none_is_without_products(loaded: Client) -> None:
    slugs = {category["slug"]: category for category in loaded.get("/api/categories").json["categories"]}

    assert len(slugs) == 6
    assert slugs["giclee"]["parent_id"] == slugs["riso"]["parent_id"] == slugs["prints"]["id"]
    assert slugs["shirts"]["parent_id"] == slugs["apparel"]["id"]
    for slug in slugs:
        assert products(loaded, f"&category={slug}")


def test_eight_personaggi_show_every_kind_of_background_and_own_their_products(loaded: Client) -> None:
    personaggi = loaded.get("/api/personaggi").json

    assert len(personaggi) == 8
    assert {entry["backgroundType"] for entry in personaggi} == {"solid", "gradient", "image"}
    names = {entry["id"]: entry["name"] for entry in personaggi}
    for product in products(loaded):
        assert product["character_value"] == names[product["character_id"]]


def test_three_fumetti_have_a_cover_and_five_to_eight_pages(loaded: Client) -> None:
    fumetti = loaded.get("/api/fumetti").json

    assert len(fumetti) == 3
    for fumetto in fumetti:
        assert fumetto["coverImage"]
        assert 5 <= len(fumetto["pages"]) <= 8


def test_every_picture_has_an_absolute_url_is_stored_and_is_shown_once(loaded: Client) -> None:
    urls = picture_urls(loaded)
    keys = [media.key_of(url) for url in urls]

    assert all(url.startswith(("http://", "https://")) for url in urls)
    assert len(set(keys)) == len(keys)
    assert set(keys) < stored_keys()
    for key in keys[::10]:
        assert inspect_image(file(key)).content_type == "image/webp"


def test_a_second_load_changes_nothing(loaded: Client) -> None:
    before, pictures = rows(), stored_keys()

    assert not demo.load(LATER)

    assert rows() == before
    assert stored_keys() == pictures


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("step", [5, 11])
def test_a_load_that_was_broken_off_is_completed_without_duplicates(shop: Client, step: int) -> None:
    with pytest.raises(BrokenOff):
        load(progress=breaking_at(step))

    assert demo.load(LATER)

    everything = products(Client(SHOP, token=admin_token()))
    assert sorted(product["slug"] for product in everything) == sorted(
        entry["slug"] for entry in FEW["products"]
    )
    assert len(shop.get("/api/categories").json["categories"]) == 6
    assert len(shop.get("/api/personaggi").json) == 8
    assert len(shop.get("/api/fumetti").json) == 2


@pytest.mark.usefixtures("few")
def test_a_completed_load_has_the_dates_and_pictures_of_an_unbroken_one(
    shop: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, stored = media.store, list[str]()

    def breaks(key: str, data: bytes, content_type: str) -> None:
        if len(stored) == 30:
            raise BrokenOff(key)
        stored.append(key)
        store(key, data, content_type)

    with monkeypatch.context() as patch, pytest.raises(BrokenOff):
        patch.setattr(media, "store", breaks)
        load()
    demo.load(LATER)

    assert products(shop)[0]["created_at"] < "2026-05-01"
    # The pictures of the two drafts are stored too, and nothing that no row names.
    drafts = products(Client(SHOP, token=admin_token()), "&status=draft")
    urls = [*picture_urls(shop), *(image["url"] for draft in drafts for image in draft["images"])]
    assert stored_keys() == {media.key_of(url) for url in urls}


def test_a_shop_with_data_of_its_own_is_left_alone(shop: Client) -> None:
    actor = Identity("1", "somebody", Role.ADMIN)
    create_category({"name": "Own", "slug": "own"}, actor, NOW)
    before = rows()

    assert not load()

    assert rows() == before
    assert not stored_keys()


@pytest.mark.usefixtures("loaded")
def test_every_row_that_gives_out_ids_is_looked_at_before_loading() -> None:
    drawn = {key[1] for key in rows() if key[0] == "COUNTER" and key[1].endswith("_ID")}

    assert set(COUNTERS) <= drawn
    assert drawn - set(COUNTERS) == {"IMAGE_ID", "VARIANT_ID"}


@by_slug
def test_a_product_reads_like_one(product: Entry) -> None:
    assert 60 <= len(product["short_description"]) <= 95
    assert 300 <= len(product["long_description"]) <= 450
    assert Decimal(8) <= Decimal(product["base_price"]) <= Decimal(480)
    assert 1 <= len(product["categories"]) <= 2
    assert product["variants"]


@by_slug
def test_a_product_has_two_or_three_pictures_that_are_described_and_differ(product: Entry) -> None:
    images = product["images"]

    assert 2 <= len(images) <= 3
    assert all(product["title"] in image["alt_text"] for image in images)
    assert len({(PICTURES / image["url"]).read_bytes() for image in images}) == len(images)


def test_skus_slugs_and_ages_are_unique() -> None:
    entries = ENTRIES["products"]
    skus = [variant["sku"] for entry in entries for variant in entry["variants"]]

    assert len(set(skus)) == len(skus)
    assert len({entry["slug"] for entry in entries}) == len({entry["age_days"] for entry in entries}) == 26


def test_every_picture_is_shown_and_of_a_size_for_the_web() -> None:
    files_there = sorted(PICTURES.iterdir())

    assert {path.name for path in files_there} == set(picture_names(ENTRIES))
    assert sum(path.stat().st_size for path in files_there) <= MOST_TOGETHER
    for path in files_there:
        data = path.read_bytes()
        assert 5_000 < len(data) < 120_000
        assert inspect_image(data).content_type == "image/webp"


def picture_names(value: Any) -> Iterator[str]:
    """Every name of a picture's file in the data."""
    if isinstance(value, str) and value.endswith(".webp"):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from picture_names(each)
