"""What artists, creators, buyers and channels do over HTTP that changes a product or its stock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from app import app
from common.clock import utc_now
from common.stock_ledger import apply_channel_sale, apply_count, apply_return
from tests.catalog.marketplace import ALL, OWN, Artist, new_artist, new_work, work_body
from tests.content.samples import PNG
from tests.support.http import Answer, Client
from tests.support.tokens import admin_token

BUYER = {"customer_email": "buyer@example.com", "customer_name": "Buyer", "payment_method": "mock"}


@dataclass
class ActingShop:
    """A shop with two categories, a product of two variants and a creator's work, and the ids it gave out."""

    admin: Client = field(default_factory=lambda: Client(app, token=admin_token()))
    artist: Artist = field(default_factory=new_artist)
    products: list[int] = field(default_factory=list)
    variants: list[int] = field(default_factory=list)
    images: list[tuple[int, int]] = field(default_factory=list)
    orders: list[int] = field(default_factory=list)
    works: list[int] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        for slug in ("prints", "cups"):
            self.admin.post("/api/categories", json={"name": slug.title(), "slug": slug})
        self.create(0)
        self.works.append(int(new_work(self.artist, "prints")["id"]))
        self.products += self.works
        self.add_image(0)
        self.buy(0)

    def create(self, number: int) -> Answer:
        name = f"work-{next(self.numbers)}"
        variants = [{"sku": f"{name}-{size}", "name": size, "stock": 9} for size in ("S", "L")]
        body = {"title": name, "slug": name, "base_price": 10, "status": "published", "variants": variants}
        answer = self.admin.post("/api/products", json={**body, "categories": [{"id": 1 + number % 2}]})
        self.products.append(answer.json["id"])
        self.variants += [variant["id"] for variant in answer.json["variants"]]
        return answer

    def rename(self, number: int) -> Answer:
        return self.admin.put(self._product(number), json={"title": f"New {next(self.numbers)}"})

    def link_elsewhere(self, number: int) -> Answer:
        link = f"https://www.etsy.com/listing/{next(self.numbers)}"
        return self.admin.put(self._product(number), json={"etsy_link": link})

    def hide_or_show(self, number: int) -> Answer:
        return self.admin.put(self._product(number), json={"status": ("draft", "published")[number % 2]})

    def sort_in(self, number: int) -> Answer:
        return self.admin.put(self._product(number), json={"category_ids": ([], [1], [1, 2])[number % 3]})

    def delete(self, number: int) -> Answer:
        return self.admin.delete(self._product(number))

    def restore(self, number: int) -> Answer:
        return self.admin.post(f"{self._product(number)}/restore")

    def add_image(self, number: int) -> Answer:
        product = self.products[number % len(self.products)]
        answer = self.admin.post(f"/api/products/{product}/images", files={"file": PNG})
        if answer.status == 201:
            self.images.append((product, answer.json["image"]["id"]))
        return answer

    def describe_image(self, number: int) -> Answer:
        return self.admin.patch(self._image(number), json={"alt_text": f"Text {next(self.numbers)}"})

    def remove_image(self, number: int) -> Answer:
        return self.admin.delete(self._image(number))

    def add_variant(self, number: int) -> Answer:
        body = {"sku": f"extra-{next(self.numbers)}", "name": "Extra", "stock": 2}
        answer = self.admin.post(f"{self._product(number)}/variants", json=body)
        if answer.status == 201:
            self.variants.append(answer.json["id"])
        return answer

    def change_variant(self, number: int) -> Answer:
        name = f"Name {next(self.numbers)}"
        return self.admin.put(self._variant(number), json={"name": name, "price_adjustment": number})

    def change_and_count_variant(self, number: int) -> Answer:
        shown = self.admin.get(self._product(0)).headers
        headers = {"If-Match": shown.get("ETag", "*")}
        name = f"Counted {next(self.numbers)}"
        return self.admin.put(self._variant(number), json={"name": name, "stock": number}, headers=headers)

    def save_row(self, number: int) -> Answer:
        row = {"name": f"Row {next(self.numbers)}", "price": number + 1}
        return self.admin.patch(f"/api/admin/shop/products/{self.products[0]}", json=row)

    def count_in_row(self, number: int) -> Answer:
        path = f"/api/admin/shop/products/{self.works[0]}"
        stock = next(self.numbers)
        self.admin.get("/api/admin/shop/products")
        return self.admin.patch(path, json={"stock": stock})

    def remove_variant(self, number: int) -> Answer:
        return self.admin.delete(self._variant(number))

    def count(self, number: int) -> Answer:
        body = {"quantity": number, "operation": ("set", "add", "subtract")[number % 3]}
        return self.admin.patch(f"{self._variant(number)}/stock", json=body)

    def adjust(self, number: int) -> Answer:
        first, second = (self.variants[(number + step) % len(self.variants)] for step in (0, 1))
        changes = [{"variantId": first, "quantity": 2}, {"variantId": second, "quantity": -1}]
        return self.admin.post("/api/admin/shop/inventory/adjust", json={"adjustments": changes})

    def buy(self, number: int) -> Answer:
        first = self.variants[number % len(self.variants)]
        product = self.products[number % len(self.products)]
        items = [{"product_id": product, "variant_id": first, "quantity": 1}]
        if product in self.works:
            del items[0]["variant_id"]
        answer = Client(app).post("/api/orders", json={**BUYER, "items": items})
        if answer.status == 201:
            self.orders.append(answer.json["order"]["id"])
        return answer

    def cancel(self, number: int) -> Answer:
        return self.admin.post(f"{self._order(number)}/cancel", json={"restock": True})

    def refund(self, number: int) -> Answer:
        Client(app, token=self.admin.token).post(
            f"/api/orders/{self.orders[-1 - number % len(self.orders)]}/payment", json={}
        )
        return self.admin.post(f"{self._order(number)}/refund", json={"restock": True})

    def rename_category(self, number: int) -> Answer:
        name = f"Shelf {next(self.numbers)}"
        return self.admin.put(self._category(number), json={"name": name})

    def delete_category(self, number: int) -> Answer:
        return self.admin.delete(self._category(number))

    def restore_category(self, number: int) -> Answer:
        return self.admin.post(f"{self._category(number)}/restore")

    def add_work(self, number: int) -> Answer:
        answer = self.artist.client.post(OWN, json=work_body("prints"))
        if answer.status == 201:
            self.works.append(int(answer.json["product"]["id"]))
            self.products.append(self.works[-1])
        return answer

    def edit_work(self, number: int) -> Answer:
        work = self.works[number % len(self.works)]
        return self.artist.client.put(f"{OWN}/{work}", json={"title": f"Mine {next(self.numbers)}"})

    def decide(self, number: int) -> Answer:
        work, verdict = self.works[number % len(self.works)], ("approve", "reject")[number % 2]
        return self.admin.put(f"{ALL}/{work}/{verdict}", json={"reason": "Too small"})

    def disable_or_enable(self, number: int) -> Answer:
        status = ("disabled", "active")[number % 2]
        path = f"/api/admin/creators/{self.artist.creator.id}/status"
        return self.admin.put(path, json={"status": status, "reason": "Copies"})

    def sell_elsewhere(self, number: int) -> None:
        event, sku = f"event-{next(self.numbers)}", f"work-1-{'SL'[number % 2]}"
        apply_channel_sale("etsy", event, sku, 1 + number, utc_now())

    def come_back(self, number: int) -> None:
        event, sku = f"event-{next(self.numbers)}", f"work-1-{'SL'[number % 2]}"
        apply_return("etsy", event, sku, 1, utc_now())
        apply_count("shopify", f"{event}-count", sku, 3 + number, utc_now())

    def _product(self, number: int) -> str:
        return f"/api/products/{self.products[number % len(self.products)]}"

    def _variant(self, number: int) -> str:
        return f"/api/variants/{self.variants[number % len(self.variants)]}"

    def _image(self, number: int) -> str:
        product, image = self.images[number % len(self.images)]
        return f"/api/products/{product}/images/{image}"

    def _order(self, number: int) -> str:
        return f"/api/admin/orders/{self.orders[-1 - number % len(self.orders)]}"

    def _category(self, number: int) -> str:
        return f"/api/categories/{1 + number % 2}"


Act = Callable[[ActingShop, int], Any]

# In an order in which each of them succeeds with number 0, the later ones on what the earlier ones left.
ACTS: tuple[Act, ...] = (
    ActingShop.create,
    ActingShop.refund,
    ActingShop.buy,
    ActingShop.cancel,
    ActingShop.rename,
    ActingShop.link_elsewhere,
    ActingShop.hide_or_show,
    ActingShop.sort_in,
    ActingShop.add_image,
    ActingShop.describe_image,
    ActingShop.remove_image,
    ActingShop.add_variant,
    ActingShop.change_variant,
    ActingShop.change_and_count_variant,
    ActingShop.save_row,
    ActingShop.count_in_row,
    ActingShop.count,
    ActingShop.adjust,
    ActingShop.sell_elsewhere,
    ActingShop.come_back,
    ActingShop.add_work,
    ActingShop.edit_work,
    ActingShop.decide,
    ActingShop.disable_or_enable,
    ActingShop.rename_category,
    ActingShop.delete_category,
    ActingShop.restore_category,
    ActingShop.remove_variant,
    ActingShop.delete,
    ActingShop.restore,
)
