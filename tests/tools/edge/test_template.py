"""The distribution in front of the domains, against the routing table."""

from typing import Any

import yaml

from common.http.cors import ALLOWED_METHODS
from tools.edge.table import DEFAULT, DOMAINS, RULES, Rule
from tools.edge.template import CACHING_DISABLED, PLACE, template, text
from tools.paths import ROOT

EDGE: dict[str, Any] = yaml.safe_load(PLACE.read_text())
CONFIG: dict[str, Any] = EDGE["Resources"]["Distribution"]["Properties"]["DistributionConfig"]


def behaviours() -> list[tuple[Rule, dict[str, Any]]]:
    """Each rule with what the distribution does by it."""
    return list(
        zip((*RULES, DEFAULT), (*CONFIG["CacheBehaviors"], CONFIG["DefaultCacheBehavior"]), strict=True)
    )


def test_the_file_is_what_the_table_says() -> None:
    assert PLACE.read_text() == text(), "write it again: python -m tools.edge.template"
    assert template() == EDGE


def test_the_distribution_reads_the_table_in_its_order() -> None:
    for rule, behaviour in behaviours():
        assert behaviour["TargetOriginId"] == rule.domain
        assert behaviour.get("PathPattern", "*") == rule.pattern
    assert {origin["Id"] for origin in CONFIG["Origins"]} == set(DOMAINS)


def test_every_path_is_forwarded_whole_over_https_with_every_method() -> None:
    for _, behaviour in behaviours():
        assert behaviour["ViewerProtocolPolicy"] == "https-only"
        assert set(behaviour["AllowedMethods"]) == set(ALLOWED_METHODS.split(", "))
        assert behaviour["OriginRequestPolicyId"] == {"Ref": "AllButHost"}
    policy = EDGE["Resources"]["AllButHost"]["Properties"]["OriginRequestPolicyConfig"]
    assert policy["HeadersConfig"] == {"HeaderBehavior": "allExcept", "Headers": ["host"]}
    assert policy["CookiesConfig"] == {"CookieBehavior": "all"}
    assert policy["QueryStringsConfig"] == {"QueryStringBehavior": "all"}
    for origin in CONFIG["Origins"]:
        assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"


def test_only_public_reads_are_kept_and_only_as_long_as_they_say() -> None:
    for rule, behaviour in behaviours():
        assert (behaviour["CachePolicyId"] != CACHING_DISABLED) is rule.kept
    policy = EDGE["Resources"]["AsTheAnswerSays"]["Properties"]["CachePolicyConfig"]
    assert (policy["MinTTL"], policy["DefaultTTL"]) == (0, 0)
    assert {each["ErrorCachingMinTTL"] for each in CONFIG["CustomErrorResponses"]} == {0}


def test_what_makes_an_answer_somebodys_own_parts_it_from_all_others() -> None:
    policy = EDGE["Resources"]["AsTheAnswerSays"]["Properties"]["CachePolicyConfig"]
    key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    assert key["CookiesConfig"] == {"CookieBehavior": "all"}
    assert {"Authorization", "Origin", "X-Cart-Session", "X-Session-Id"} <= set(
        key["HeadersConfig"]["Headers"]
    )
    assert key["QueryStringsConfig"] == {"QueryStringBehavior": "all"}


def test_the_callers_address_and_the_proof_of_it_are_written_over_what_was_sent() -> None:
    function = EDGE["Resources"]["ViewerAddress"]["Properties"]
    assert "request.headers['x-viewer-address'] = { value: event.viewer.ip };" in function["FunctionCode"]
    for _, behaviour in behaviours():
        (association,) = behaviour["FunctionAssociations"]
        assert association["EventType"] == "viewer-request"
    for origin in CONFIG["Origins"]:
        secret = {"HeaderName": "x-edge-secret", "HeaderValue": {"Ref": "EdgeSecret"}}
        assert origin["OriginCustomHeaders"] == [secret]
    assert EDGE["Parameters"]["EdgeSecret"]["NoEcho"] is True


def test_every_domain_of_the_app_has_an_origin() -> None:
    assert set(DOMAINS) == {path.name for path in (ROOT / "vendor").iterdir()} - {"common"}
