"""Writes infra/edge.yaml: a distribution of CloudFront in front of the domains' APIs, by the routing table.

python -m tools.edge.template
"""

from pathlib import Path
from typing import Any

import yaml

from common.http.edge import ADDRESS_HEADER, SECRET_HEADER
from tools.edge.table import DEFAULT, DOMAINS, RULES, Rule
from tools.paths import ROOT

PLACE = ROOT / "infra" / "edge.yaml"
HEAD = """\
# One host in front of the domains' own APIs, functions and roles. Written by `python -m tools.edge.template`
# from the routing table in tools/edge/table.py.
"""

# Managed by AWS: nothing is kept.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]
# What an answer may depend on besides its URL; cookies do too, all of them.
DECIDING = ["Authorization", "Origin", "X-Cart-Session", "X-Session-Id"]
DAY = 86400
# CloudFront keeps these errors for ten seconds, whatever they say, unless told otherwise.
ERRORS = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
# It overwrites whatever a caller has sent under this name.
VIEWER_FUNCTION = f"""\
function handler(event) {{
  var request = event.request;
  request.headers['{ADDRESS_HEADER}'] = {{ value: event.viewer.ip }};
  return request;
}}
"""


def template() -> dict[str, Any]:
    """The template as CloudFormation reads it."""
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "One host for all domains of the art shop",
        "Parameters": _parameters(),
        "Conditions": {"OwnHost": {"Fn::Not": [{"Fn::Equals": [{"Ref": "HostName"}, ""]}]}},
        "Resources": _resources(),
        "Outputs": {
            "EdgeURL": {"Value": {"Fn::If": ["OwnHost", _sub("https://${HostName}"), _sub(_OWN_ADDRESS)]}},
            "DistributionId": {"Value": {"Ref": "Distribution"}},
            "DistributionDomainName": {"Value": {"Fn::GetAtt": ["Distribution", "DomainName"]}},
        },
    }


def write(place: Path = PLACE) -> None:
    """Write the template where it is deployed from."""
    place.write_text(text(), encoding="utf-8")


def text() -> str:
    """The template's file."""
    return HEAD + yaml.dump(template(), Dumper=_Plain, sort_keys=False, width=110)


_OWN_ADDRESS = "https://${Distribution.DomainName}"


class _Plain(yaml.SafeDumper):
    """YAML without anchors, which CloudFormation does not read everywhere."""

    def ignore_aliases(self, _: Any) -> bool:
        return True


def _text_of_lines(dumper: yaml.SafeDumper, data: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style="|" if "\n" in data else None)


_Plain.add_representer(str, _text_of_lines)


def _parameters() -> dict[str, Any]:
    origins: dict[str, Any] = {}
    for domain in DOMAINS:
        origins[f"{name_of(domain)}Host"] = {
            "Type": "String",
            "AllowedPattern": "[A-Za-z0-9.-]+",
            "Description": f"Where {domain} answers: the host in EndpointURL of its stack",
        }
        origins[f"{name_of(domain)}Path"] = {
            "Type": "String",
            "Default": "",
            "AllowedPattern": "(/[A-Za-z0-9_-]+)?",
            "Description": "The path in it: the stage of a REST API; HTTP APIs and function URLs have none",
        }
    return origins | {
        "EdgeSecret": {
            "Type": "String",
            "NoEcho": True,
            "MinLength": 32,
            "Description": "What EDGE_SECRET of the stages is; by it they know that the host has asked",
        },
        "HostName": {
            "Type": "String",
            "Default": "",
            "Description": "A name of your own, such as api.example.com",
        },
        "CertificateArn": {
            "Type": "String",
            "Default": "",
            "Description": "The certificate of HostName, in us-east-1",
        },
        "PriceClass": {
            "Type": "String",
            "Default": "PriceClass_100",
            "AllowedValues": ["PriceClass_100", "PriceClass_200", "PriceClass_All"],
            "Description": "Where it answers from: Europe and North America; with Asia; everywhere",
        },
    }


def _resources() -> dict[str, Any]:
    return {
        "ViewerAddress": _resource(
            "Function",
            Name=_sub("${AWS::StackName}-viewer"),
            AutoPublish=True,
            FunctionConfig={"Comment": "Says who calls", "Runtime": "cloudfront-js-2.0"},
            FunctionCode=VIEWER_FUNCTION,
        ),
        "AllButHost": _resource(
            "OriginRequestPolicy",
            OriginRequestPolicyConfig={
                "Name": _sub("${AWS::StackName}-all-but-host"),
                "CookiesConfig": {"CookieBehavior": "all"},
                # An API and a function URL answer to their own names only.
                "HeadersConfig": {"HeaderBehavior": "allExcept", "Headers": ["host"]},
                "QueryStringsConfig": {"QueryStringBehavior": "all"},
            },
        ),
        "AsTheAnswerSays": _resource("CachePolicy", CachePolicyConfig=_cache_policy()),
        "Distribution": _resource("Distribution", DistributionConfig=_distribution()),
    }


def _cache_policy() -> dict[str, Any]:
    return {
        "Name": _sub("${AWS::StackName}-as-the-answer-says"),
        # Without a word of the answer nothing is kept.
        "MinTTL": 0,
        "DefaultTTL": 0,
        "MaxTTL": DAY,
        "ParametersInCacheKeyAndForwardedToOrigin": {
            "CookiesConfig": {"CookieBehavior": "all"},
            "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": DECIDING},
            "QueryStringsConfig": {"QueryStringBehavior": "all"},
            "EnableAcceptEncodingBrotli": True,
            "EnableAcceptEncodingGzip": True,
        },
    }


def _distribution() -> dict[str, Any]:
    own = {"AcmCertificateArn": {"Ref": "CertificateArn"}, "SslSupportMethod": "sni-only"}
    own["MinimumProtocolVersion"] = "TLSv1.2_2021"
    return {
        "Enabled": True,
        "Comment": _sub("${AWS::StackName}"),
        "HttpVersion": "http2and3",
        "IPV6Enabled": True,
        "PriceClass": {"Ref": "PriceClass"},
        "Aliases": {"Fn::If": ["OwnHost", [{"Ref": "HostName"}], {"Ref": "AWS::NoValue"}]},
        "ViewerCertificate": {"Fn::If": ["OwnHost", own, {"CloudFrontDefaultCertificate": True}]},
        "CustomErrorResponses": [{"ErrorCode": code, "ErrorCachingMinTTL": 0} for code in ERRORS],
        "Origins": [_origin(domain) for domain in DOMAINS],
        "DefaultCacheBehavior": _behaviour(DEFAULT),
        "CacheBehaviors": [{"PathPattern": rule.pattern, **_behaviour(rule)} for rule in RULES],
    }


def _origin(domain: str) -> dict[str, Any]:
    return {
        "Id": domain,
        "DomainName": {"Ref": f"{name_of(domain)}Host"},
        "OriginPath": {"Ref": f"{name_of(domain)}Path"},
        "CustomOriginConfig": {"OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"]},
        "OriginCustomHeaders": [{"HeaderName": SECRET_HEADER, "HeaderValue": {"Ref": "EdgeSecret"}}],
    }


def _behaviour(rule: Rule) -> dict[str, Any]:
    function = {"Fn::GetAtt": ["ViewerAddress", "FunctionARN"]}
    return {
        "TargetOriginId": rule.domain,
        "ViewerProtocolPolicy": "https-only",
        "AllowedMethods": METHODS,
        "Compress": True,
        "CachePolicyId": {"Ref": "AsTheAnswerSays"} if rule.kept else CACHING_DISABLED,
        "OriginRequestPolicyId": {"Ref": "AllButHost"},
        "FunctionAssociations": [{"EventType": "viewer-request", "FunctionARN": function}],
    }


def name_of(domain: str) -> str:
    """What the parameters of a domain begin with."""
    return domain.title().replace("_", "")


def _sub(text: str) -> dict[str, str]:
    return {"Fn::Sub": text}


def _resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::CloudFront::{kind}", "Properties": properties}


if __name__ == "__main__":
    write()
