"""Tests of declaring routes."""

import pytest

from common.http import PUBLIC, Role, Route, Routes


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_a_route_is_declared_with_its_role_and_stays_callable(method: str) -> None:
    routes = Routes("catalog")

    @getattr(routes, method)("/products/{product}", role=Role.ADMIN)  # type: ignore[untyped-decorator]
    def handler(request: object) -> str:
        return f"asked with {request}"

    assert list(routes) == [Route(method.upper(), "/products/{product}", handler, Role.ADMIN, "catalog")]
    assert handler("nothing") == "asked with nothing"


@pytest.mark.parametrize(
    "path", ["", "products", "/products/", "/products//x", "/{Product}", "/a{b}", "/a b", "/x?y=1", "/{a}{b}"]
)
def test_what_api_gateway_cannot_route_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="not a path"):
        Routes("catalog").get(path, role=PUBLIC)


@pytest.mark.parametrize("path", ["/", "/health", "/api/products/{product}/images/{image}", "/.well-known/x"])
def test_ordinary_paths_are_accepted(path: str) -> None:
    routes = Routes("catalog")
    routes.get(path, role=PUBLIC)(lambda _: {})
    assert [route.path for route in routes] == [path]
