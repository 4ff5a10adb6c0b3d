"""A marketplace to test with: creators who are signed in, and works made through the API."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import Any
from uuid import uuid4

from common.clock import iso, utc_now
from common.dynamodb import AT_ONCE, UnitOfWork
from common.http import Role, issue_token
from common.repositories.accounts import Account, add_account
from common.repositories.creators import CREATORS, DISABLED, Creator
from common.repositories.product_writes import decide_product
from common.repositories.products import Product, product_by_id
from tests.catalog.builders import catalog_app, created, new_category
from tests.support.http import Answer, Client

PICTURE = "https://pictures.example/moon.jpg"
OWN, ALL = "/api/creator/products", "/api/admin/products"

_numbers = count(1)


@dataclass(frozen=True)
class Artist:
    """A creator, and a client that is signed in with the creator's account."""

    creator: Creator
    client: Client

    @property
    def page(self) -> str:
        """The address of the creator's public works."""
        return f"/api/creators/{self.creator.slug}/products"


def signed_in(role: Role) -> tuple[Account, Client]:
    """A new account of this role, and a client that is signed in with it."""
    now = utc_now()
    moment, name = iso(now), f"someone-{next(_numbers)}"
    account = Account(
        id=str(uuid4()),
        email=f"{name}@example.com",
        name=name,
        created_at=moment,
        updated_at=moment,
        role=role.value,
    )
    with UnitOfWork() as work:
        add_account(work, account)
    return account, Client(catalog_app(), token=issue_token(account.id, name, role, now))


def new_artist(*, role: Role = Role.CREATOR, **fields: Any) -> Artist:
    """A creator with an account, who is signed in."""
    account, client = signed_in(role)
    moment, number = iso(utc_now()), next(_numbers)
    own = {"slug": f"studio-{number}", "display_name": f"Studio {number}"} | fields
    creator = Creator(id=str(uuid4()), user_id=account.id, created_at=moment, updated_at=moment, **own)
    with UnitOfWork() as work:
        CREATORS.add(work, creator)
    return Artist(creator, client)


def shelved(admin: Client) -> str:
    """The slug of a category that there is."""
    return str(new_category(admin, f"shelf-{next(_numbers)}")["slug"])


def work_body(category: str, **fields: Any) -> dict[str, Any]:
    """What a client sends for a new work, with `fields`."""
    body = {
        "title": f"Moon {next(_numbers)}",
        "description": "An ink drawing",
        "category": category,
        "imageUrl": PICTURE,
        "amazonLink": "https://www.amazon.com/dp/B00TEST123",
        "price": "$29.99",
        "tags": ["ink", "moon"],
        "published": True,
    }
    return body | fields


def new_work(artist: Artist, category: str, **fields: Any) -> dict[str, Any]:
    """A work made through the API, as it was answered."""
    return one(created(artist.client.post(OWN, json=work_body(category, **fields))))


def one(body: Mapping[str, Any]) -> dict[str, Any]:
    """The product of an answer."""
    return dict(body["product"])


def stored(work: Mapping[str, Any]) -> Product:
    """A work as it is in the table."""
    product = product_by_id(int(work["id"]))
    assert product is not None
    return product


def error_of(answer: Answer, status: int, code: str) -> dict[str, Any]:
    """The error of an answer with this status and code, whose envelope is whole."""
    assert answer.status == status, answer.text
    error = dict(answer.json["error"])
    assert error["code"] == code, answer.text
    assert error["message"]
    assert error["timestamp"]
    assert error["requestId"]
    return error


def disable(artist: Artist) -> None:
    """The creator as one who was disabled."""
    creator = CREATORS.get(artist.creator.id)
    assert creator is not None
    CREATORS.change(AT_ONCE, creator, replace(creator, status=DISABLED))


def decide(work: dict[str, Any], status: str, reason: str | None = None) -> None:
    """What the shop says of a work, as its row has it."""
    before = stored(work)
    after = replace(before, moderation_status=status, rejection_reason=reason, version=before.version + 1)
    with UnitOfWork() as unit:
        decide_product(unit, before, after)
