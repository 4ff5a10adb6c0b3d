"""What the callers of the catalogue's writes have seen, as checks of what is there when they are done."""

from collections.abc import Callable, Collection, Iterator, Mapping
from hashlib import sha256
from typing import Any

from catalog.admin_products import Form, admin_row
from catalog.categories import read_tree
from catalog.products import Check
from catalog.row_stock import refuse_blind_count
from catalog.shop_views import related_category_json, shop_category_json, shop_product_json
from catalog.variants import variant_of
from catalog.views import category_json
from common.http import Request
from common.http.auth import COOKIE
from common.http.basis import basis_of, seen_by
from common.product_json import latest, product_json, variant_json
from common.repositories.categories import Category
from common.repositories.products import Product


def sign_in_of(request: Request) -> str:
    """What tells one sign-in from another, without telling its token."""
    token = request.headers.get("authorization") or request.cookies.get(COOKIE, "")
    return sha256(token.encode()).hexdigest()[:32]


def product_check(request: Request, names: Collection[str] = ()) -> Check:
    """Refuses a change of the fields `names` of a product whose caller has seen an older one."""
    return seen_by(request, lambda product: _changed_at(product, names), _bodies)


def row_form(request: Request, names: Collection[str]) -> Form:
    """What a row is saved with; `names` are the fields that it changes."""
    is_given = basis_of(request).is_given
    return Form(sign_in_of(request), is_given, product_check(request, names))


def variant_check(request: Request, variant_id: int, data: Mapping[str, Any]) -> Check:
    """Refuses a change of a variant whose caller has seen an older one.

    A number that is set as its stock by a caller who does not say what it saw is refused where it may
    bring back a piece that was sold.
    """
    basis = basis_of(request)

    def check(product: Product) -> None:
        variant = variant_of(product, variant_id)
        moved_at = variant.stock_moved_at if "stock" in data else None
        basis.hold(latest(variant.updated_at, moved_at), lambda: _bodies(product))
        if not basis.is_given and data.get("stock", variant.stock) != variant.stock:
            refuse_blind_count(product, request.now)

    return check


def stock_check(request: Request, variant_id: int) -> Check:
    """Refuses a count of a variant whose caller has seen an older one."""

    def moved_at(product: Product) -> str:
        variant = variant_of(product, variant_id)
        return latest(variant.created_at, variant.stock_moved_at)

    return seen_by(request, moved_at, _bodies)


def category_check(request: Request) -> Callable[[Category], None]:
    """Refuses a change of a category whose caller has seen an older one."""
    return seen_by(request, lambda category: category.updated_at, _category_bodies)


def _category_bodies(category: Category) -> Iterator[Any]:
    yield category_json(category)
    yield shop_category_json(category)
    yield related_category_json(category, read_tree())


def _changed_at(product: Product, names: Collection[str]) -> str:
    """When what these fields write was last changed; pictures and variants are written on their own."""
    moved_at = product.stock_moved_at if "stock" in names else None
    return latest(product.created_at, product.edited_at if names else None, moved_at)


def _bodies(product: Product) -> Iterator[Any]:
    """The body of every GET that shows a product."""
    yield product_json(product)
    yield admin_row(product)
    yield shop_product_json(product)
    yield {"variants": [variant_json(variant) for variant in product.live_variants]}
