"""Tests of schemas: what is wrong is named, field by field, in the words that clients know."""

from decimal import Decimal
from typing import Any

import pytest
from marshmallow import ValidationError, fields, validate, validates_schema

from common.errors import InvalidInput
from common.http import PUBLIC, Body, Request, Routes, create_app
from common.http.declared_bodies import changes, optional
from common.http.fields import Choice, Flag, Money, Text, WholeNumber
from common.http.validation import Schema, load
from tests.support.http import Client


class Address(Schema):
    city = Text(50, required=True, shortest=1)


class Product(Schema):
    title = Text(10, shortest=1, required=True)
    base_price = Money(required=True)
    position = WholeNumber(minimum=0)
    status = Choice("draft", "published")
    featured = Flag()
    nickname = Text(10, allow_none=True)
    address = fields.Nested(Address)
    sizes = fields.List(WholeNumber())
    email = fields.String(validate=validate.Length(max=5))

    @validates_schema
    def _check_together(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("title") == "free" and data.get("base_price"):
            raise ValidationError("What is free has no price")


GOOD = {"title": "Sea", "base_price": Decimal("19.9")}


def refusal(data: Any) -> InvalidInput:
    """The error that `data` gives."""
    with pytest.raises(InvalidInput) as refused:
        load(Product, data)
    return refused.value


def test_good_data_is_answered_in_its_types() -> None:
    sent = GOOD | {
        "position": 2,
        "nickname": None,
        "address": {"city": "Bari"},
        "sizes": [1],
        "featured": "true",
    }
    loaded = load(Product, sent)
    assert loaded == sent | {"base_price": Decimal("19.90"), "featured": True}
    assert str(loaded["base_price"]) == "19.90"


def test_unknown_keys_are_ignored() -> None:
    assert load(Product, GOOD | {"id": 7, "variants": [], "__proto__": {}}) == GOOD


@pytest.mark.parametrize("key", ["PK", "SK", "GSI2PK", "created_at", "deletedAt"])
def test_keys_that_only_the_shop_sets_are_refused_by_name(key: str) -> None:
    assert refusal(GOOD | {key: "x"}).fields == {key: ["must not be set"]}


def test_a_change_may_bring_the_dates_back_and_no_keys_of_the_table() -> None:
    assert load(Product, GOOD | {"created_at": "x"}, partial=True) == GOOD
    with pytest.raises(InvalidInput, match="PK must not be set"):
        load(Product, GOOD | {"PK": "x"}, partial=True)


@pytest.mark.parametrize("field", ["title", "base_price"])
def test_a_missing_field_is_required(field: str) -> None:
    error = refusal({name: value for name, value in GOOD.items() if name != field})
    assert (error.message, error.fields) == (f"{field} is required", {field: ["is required"]})


def test_an_empty_required_text_is_required() -> None:
    assert refusal(GOOD | {"title": "  "}).message == "title is required"


@pytest.mark.parametrize("price", [-1, "x", True, Decimal("NaN"), Decimal("Infinity"), [], {}, "", "1e5"])
def test_a_price_is_a_non_negative_number(price: object) -> None:
    assert refusal(GOOD | {"base_price": price}).message == "base_price must be a non-negative number"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"title": None}, "title must not be null"),
        ({"title": 7}, "title must be text"),
        ({"title": "x" * 11}, "title must be at most 10 characters"),
        ({"position": -1}, "position must be at least 0"),
        ({"status": "gone"}, "status must be one of draft, published"),
        ({"featured": 1}, "featured must be true or false"),
        ({"address": {}}, "address.city is required"),
        ({"address": []}, "address must be an object"),
        ({"sizes": [1, "x"]}, "sizes.1 must be a whole number"),
        ({"sizes": {}}, "sizes must be a list"),
        ({"email": 1}, "email must be text"),
        ({"email": "x" * 6}, "email: Longer than maximum length 5."),
        ({"title": "free"}, "What is free has no price"),
    ],
)
def test_what_is_wrong_is_said_with_the_fields_name(data: dict[str, Any], message: str) -> None:
    assert refusal(GOOD | data).message == message


def test_several_wrong_fields_are_all_named() -> None:
    error = refusal({"position": "x"})
    assert error.message == "title is required; base_price is required; position must be a whole number"
    assert set(error.fields) == {"title", "base_price", "position"}


def test_a_long_list_of_wrong_values_is_not_repeated_whole() -> None:
    error = refusal(GOOD | {"sizes": ["x"] * 5000})
    assert len(error.fields) == 20


@pytest.mark.parametrize("data", [None, [], "x", 1])
def test_what_is_no_object_is_refused(data: object) -> None:
    assert refusal(data).message == "Request body must be a JSON object"


def test_a_partial_update_requires_nothing_and_checks_the_rest() -> None:
    assert load(Product, {}, partial=True) == {}
    with pytest.raises(InvalidInput, match="base_price"):
        load(Product, {"base_price": -1}, partial=True)


def test_a_request_loads_the_schema_that_its_route_names() -> None:
    routes = Routes("catalog")

    @routes.post("/variants", role=PUBLIC, body=Body("schemas.VariantSchema"))
    def create(request: Request) -> dict[str, Any]:
        return request.load()

    @routes.patch("/variants", role=PUBLIC, body=optional("schemas.StockChange"))
    def change(request: Request) -> dict[str, Any]:
        return request.load(request.payload() | {"quantity": 1})

    @routes.put("/variants", role=PUBLIC, body=changes("schemas.VariantSchema"))
    def save(request: Request) -> dict[str, Any]:
        return request.changes({"sku": "S", "stock": 5}, always=("stock",))

    client = Client(create_app("catalog", [routes]))
    sent = b'{"sku":"S","name":"Sea","price_adjustment":19.9}'
    assert client.post("/variants", data=sent).json["price_adjustment"] == Decimal("19.90")
    refused = client.post("/variants", data={"sku": "S"})
    assert (refused.status, refused.json["fields"]) == (400, {"name": ["is required"]})
    assert client.patch("/variants").json == {"quantity": 1, "operation": "set"}
    assert client.put("/variants", json={"sku": "S", "stock": 5}).json == {"stock": 5}
    assert client.put("/variants", json={"id": 5}).error == "At least one field is required for update"
