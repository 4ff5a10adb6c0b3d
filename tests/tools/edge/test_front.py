"""The host in front of all domains, made by the deployment of the last of them."""

import json
from collections.abc import Iterator
from typing import Any, cast

import pytest

from tests.support.emulated import account_of
from tools.deploy.account import Account
from tools.deploy.front import FRONT, front_settings, front_url, origins
from tools.deploy.plan import Deployment
from tools.deploy.run import deploy_front
from tools.deploy.secrets import needed_secrets
from tools.deploy.store import bucket_name
from tools.edge.table import DOMAINS, RULES
from tools.package.stages import read_stage
from tools.paths import ROOT
from tools.rehearsal.emulator import REGION, EmulatedAws, emulated_aws

STAGES = ("catalog-prod", "orders-prod", "content-prod", "shop-prod", "etsy-sync-prod")


@pytest.fixture
def aws() -> Iterator[EmulatedAws]:
    with emulated_aws() as emulated:
        yield emulated


def deployment(aws: EmulatedAws, stage: str) -> tuple[Deployment, list[str]]:
    """A run for a stage, and what it says."""
    said: list[str] = []
    return Deployment(account_of(aws), read_stage(ROOT, stage), ROOT, said.append), said


def deploy_in_name(aws: EmulatedAws, stage: str) -> str:
    """A stack with the name of a stage's, which says where the stage answers."""
    url = f"https://{stage}.execute-api.{REGION}.amazonaws.com/prod/"
    template: dict[str, Any] = {
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}},
        "Outputs": {"EndpointURL": {"Value": url}},
    }
    formation, name = aws.client("cloudformation"), str(read_stage(ROOT, stage).deploy["stack"])
    formation.create_stack(StackName=name, TemplateBody=json.dumps(template))
    waited = {"Delay": 0.1, "MaxAttempts": 100}
    formation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig=waited)
    return url


@pytest.mark.exhaustive
def test_the_host_in_front_waits_for_the_last_domain_and_leads_to_each(aws: EmulatedAws) -> None:
    made, _ = deployment(aws, "shop-prod")
    aws.client("s3").create_bucket(
        Bucket=bucket_name(made.account), CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    secret = next(each for each in needed_secrets(made.stage) if each.name == "EDGE_SECRET")
    stored = {"Name": secret.place, "Value": "s" * 48, "Type": "SecureString"}
    aws.client("ssm").put_parameter(**stored)
    for stage in STAGES[:-1]:
        deploy_in_name(aws, stage)
    early, said = deployment(aws, "shop-prod")
    deploy_front(early)
    assert said == ["  The host in front of all domains waits for etsy_sync."]
    assert front_url(early) == ""

    deploy_in_name(aws, STAGES[-1])
    deploy_front(made)
    assert front_url(made).startswith("https://")
    (distribution,) = aws.client("cloudfront").list_distributions()["DistributionList"]["Items"]
    config = aws.client("cloudfront").get_distribution(Id=distribution["Id"])["Distribution"]
    leads = {each["Id"]: each for each in config["DistributionConfig"]["Origins"]["Items"]}
    assert set(leads) == set(DOMAINS)
    for stage in STAGES:
        (domain,) = read_stage(ROOT, stage).domains
        assert leads[domain]["DomainName"] == f"{stage}.execute-api.{REGION}.amazonaws.com"
        assert leads[domain]["OriginPath"] == "/prod"
        (header,) = leads[domain]["CustomHeaders"]["Items"]
        assert header == {"HeaderName": "x-edge-secret", "HeaderValue": "s" * 48}
    patterns = [each["PathPattern"] for each in config["DistributionConfig"]["CacheBehaviors"]["Items"]]
    assert patterns == [rule.pattern for rule in RULES]


def test_the_stages_of_one_domain_share_one_host_in_front() -> None:
    assert {FRONT.stack(read_stage(ROOT, stage)) for stage in STAGES} == {"artshop-prod-edge"}


def test_no_host_stands_in_front_of_a_stage_that_answers_everything() -> None:
    stage = read_stage(ROOT, "prod")
    # AWS is not asked.
    run = Deployment(cast("Account", None), stage, ROOT, print)
    assert front_settings(run) is None
    assert front_url(run) == ""
    assert "EDGE_SECRET" not in {each.name for each in needed_secrets(stage)}


def test_an_origin_has_the_stages_path_and_no_slash() -> None:
    found = origins({"catalog": "https://a.example/prod/", "etsy_sync": "https://b.lambda-url.example/"})
    assert found == {
        "CatalogHost": "a.example",
        "CatalogPath": "/prod",
        "EtsySyncHost": "b.lambda-url.example",
        "EtsySyncPath": "",
    }
