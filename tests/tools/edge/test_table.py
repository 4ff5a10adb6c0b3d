"""Every route of every domain is found under one host."""

import re
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from app import DOMAINS, load_routes
from common.http import Caching, Role, Route
from tools.edge.table import DEFAULT, MOST_BEHAVIOURS, RULES, Rule, rule_for

ROUTES = [route for domain in DOMAINS for route in load_routes(domain)]
PATHS = sorted({(route.path, route.domain) for route in ROUTES})
VARIABLE = re.compile(r"\{[a-z_]+\}")
# Anything may stand in a path as a slug, a SKU or a code; a word of another path is the worst of it.
WORDS = sorted({part for path, _ in PATHS for part in path.split("/") if part and "{" not in part})
parts = st.one_of(st.sampled_from(WORDS), st.text(st.characters(exclude_characters="/"), min_size=1))


def test_every_path_leads_to_its_own_domain() -> None:
    for path, domain in PATHS:
        for word in WORDS:
            assert rule_for(VARIABLE.sub(word, path)).domain == domain, (path, word)


@settings(deadline=None)
@given(place=st.sampled_from(PATHS), word=parts)
def test_nothing_that_stands_in_a_path_leads_it_elsewhere(place: tuple[str, str], word: str) -> None:
    path, domain = place
    assert rule_for(VARIABLE.sub(lambda _: word, path)).domain == domain


def _kept(route: Route) -> bool:
    """Whether an answer of the route may be kept by whoever stands between."""
    kinds = {Caching.REVALIDATED, Caching.MINUTES, Caching.HOUR}
    return route.method == "GET" and route.role is None and route.caching in kinds


def test_what_may_be_kept_is_asked_for_behind_a_rule_that_keeps() -> None:
    kept = {rule_for(route.path).pattern for route in ROUTES if _kept(route)}
    assert kept == {rule.pattern for rule in RULES if rule.kept}


def test_what_is_for_one_caller_alone_is_never_behind_such_a_rule() -> None:
    # Only what is read is kept there.
    for route in (route for route in ROUTES if route.method == "GET"):
        if route.role is None and route.caching in {Caching.PRIVATE, Caching.UNKEPT}:
            assert not rule_for(route.path).kept, route.path
        if route.path.startswith("/api/admin/") or route.role is Role.ADMIN:
            assert route.caching is not Caching.HOUR


def test_every_rule_leads_somewhere() -> None:
    used = {rule_for(path).pattern for path, _ in PATHS}
    assert used == {rule.pattern for rule in (*RULES, DEFAULT)}


def test_a_distribution_takes_the_table_without_a_higher_quota() -> None:
    assert len(RULES) + 1 <= MOST_BEHAVIOURS


def _stars() -> Iterator[str]:
    return (rule.pattern for rule in RULES if "*" in rule.pattern or "?" in rule.pattern)


def test_a_star_stands_at_the_end_only() -> None:
    assert all(pattern.index("*") == len(pattern) - 1 and "?" not in pattern for pattern in _stars())


def test_a_rule_without_a_star_is_for_one_path() -> None:
    assert Rule("/health", "shop").fits("/health")
    assert not Rule("/health", "shop").fits("/healthy")
