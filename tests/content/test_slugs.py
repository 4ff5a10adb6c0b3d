"""Slugs of fumetti: the storefront finds a fumetto in the list by its slug."""

import pytest

from tests.content.samples import FUMETTO
from tests.support.http import Client


@pytest.mark.parametrize(("title", "slug"), [("Luna", "luna"), ("月", None)])
def test_fumetti_of_one_title_have_slugs_of_their_own(admin: Client, title: str, slug: str | None) -> None:
    first = FUMETTO.create(admin, title, order=9)
    second = FUMETTO.create(admin, title, order=1)
    taken = FUMETTO.create(admin, f"{first['slug']} 2", order=5)
    slugs = {each["id"]: each["slug"] for each in admin.get("/api/fumetti").json}
    assert slug in (None, first["slug"])
    plain = first["slug"]
    assert slugs == {first["id"]: plain, second["id"]: f"{plain}-2", taken["id"]: f"{plain}-2-2"}
