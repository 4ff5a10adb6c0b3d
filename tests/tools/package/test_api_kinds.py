"""A stage deployed behind each kind of API on emulated AWS: the same requests get the same answers."""

import http.client
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tools.package import build as building
from tools.package.apis import KINDS
from tools.package.stages import read_deployed_stage
from tools.paths import ROOT
from tools.rehearsal.emulator import REGION, EmulatedAws, emulated_aws

# A package is built and deployed for each kind.
pytestmark = pytest.mark.exhaustive

STAGE, BUCKET = "shop-prod", "releases"
ORIGIN = "https://www.example.com"
Reply = tuple[int, dict[str, str], bytes]
# What the services add, each its own.
THEIRS = {"x-request-id", "date", "server", "content-length", "connection", "apigw-requestid"}
# How the emulator knows an API by its name.
ON_AWS, EMULATED = f".execute-api.{REGION}.amazonaws.com", ".execute-api.localhost"


@pytest.fixture(scope="module")
def aws() -> Iterator[EmulatedAws]:
    with emulated_aws() as emulated:
        place = {"LocationConstraint": REGION}
        emulated.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
        for name in ("jwt-secret", "admin-password-hash"):
            stored = {"Name": f"/artshop/prod/{name}", "Value": "k" * 40, "Type": "SecureString"}
            emulated.client("ssm").put_parameter(**stored)
        yield emulated


@pytest.fixture(scope="module")
def addresses(aws: EmulatedAws, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Where the stage answers behind each kind."""
    return {kind: deploy(aws, kind, tmp_path_factory.mktemp(kind)) for kind in KINDS}


def deploy(aws: EmulatedAws, kind: str, out: Path) -> str:
    """Build and deploy the stage behind one kind of API; its address, as the stack says it."""
    stage = replace(read_deployed_stage(ROOT, STAGE), deploy={"api": kind})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(building, "read_deployed_stage", lambda *_: stage)
        building.build(STAGE, out)
    template = json.loads((out / "sam.json").read_text())
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = f"s3://{BUCKET}/{kind}.zip"
    store = aws.client("s3")
    store.put_object(Bucket=BUCKET, Key=f"{kind}.zip", Body=(out / "deployment.zip").read_bytes())
    store.put_object(Bucket=BUCKET, Key=f"{kind}.json", Body=json.dumps(template).encode())
    formation = aws.client("cloudformation")
    formation.create_stack(
        StackName=f"shop-{kind}",
        TemplateURL=f"{aws.endpoint}/{BUCKET}/{kind}.json",
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    waited = {"Delay": 0.2, "MaxAttempts": 100}
    formation.get_waiter("stack_create_complete").wait(StackName=f"shop-{kind}", WaiterConfig=waited)
    (made,) = formation.describe_stacks(StackName=f"shop-{kind}")["Stacks"]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in made["Outputs"]}
    return str(outputs["EndpointURL"])


def ask(aws: EmulatedAws, address: str, method: str, path: str, body: str = "", **headers: str) -> Reply:
    """The reply of what answers at an address of AWS, which the emulator finds by its name."""
    at, port = urlsplit(address), urlsplit(aws.endpoint).port
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        host = at.netloc.replace(ON_AWS, f"{EMULATED}:{port}")
        sent = {"Host": host, "Origin": ORIGIN, "Content-Type": "application/json", **headers}
        connection.request(method, f"{at.path.rstrip('/')}{path}", body or None, sent)
        answer = connection.getresponse()
        seen = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, seen, answer.read()
    finally:
        connection.close()


def is_theirs(name: str) -> bool:
    return name in THEIRS or name.startswith("x-amz")


CALLS: list[tuple[str, str, str, dict[str, str]]] = [
    ("POST", "/api/auth/login", "{}", {}),
    ("POST", "/api/auth/login", "{", {}),
    ("OPTIONS", "/api/auth/login", "", {}),
    ("GET", "/api/admin/notifications?unread=true&page=2", "", {}),
    ("GET", "/api/admin/audit/entity/product/a%20b%2520", "", {"Authorization": "Bearer nothing"}),
    ("POST", "/api/auth/logout", "", {"Cookie": "auth_token=nothing"}),
]


@pytest.mark.parametrize(("method", "path", "body", "headers"), CALLS)
def test_every_kind_answers_alike(
    aws: EmulatedAws, addresses: dict[str, str], method: str, path: str, body: str, headers: dict[str, str]
) -> None:
    seen = {}
    for kind, address in addresses.items():
        status, said, answer = ask(aws, address, method, path, body, **headers)
        ours = {name: value for name, value in said.items() if not is_theirs(name)}
        seen[kind] = (status, ours, answer)
    assert seen["http"] == seen["url"] == seen["rest"]
    assert seen["rest"][1]["access-control-allow-origin"] == ORIGIN


def test_what_no_route_has_is_404_and_json_everywhere(aws: EmulatedAws, addresses: dict[str, str]) -> None:
    for kind, address in addresses.items():
        status, headers, answer = ask(aws, address, "GET", "/api/nowhere")
        assert (status, json.loads(answer)) == (404, {"error": "Not found"}), kind
        assert headers["access-control-allow-origin"] == ORIGIN, kind


def test_functions_are_invoked_by_their_urls_and_by_nothing_else(aws: EmulatedAws, addresses: Any) -> None:
    assert addresses
    policy = json.loads(aws.client("lambda").get_policy(FunctionName="shop-url-APIHandler")["Policy"])
    conditions = {each["Action"]: each.get("Condition") for each in policy["Statement"]}
    assert conditions["lambda:InvokeFunctionUrl"] == {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}
    assert conditions["lambda:InvokeFunction"] == {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}
