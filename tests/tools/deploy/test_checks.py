"""What is named before anything is changed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from botocore.stub import Stubber

from tests.tools.deploy.test_package import STAGE, function, package
from tools.deploy.account import Account
from tools.deploy.checks import _placeholders, check_everything
from tools.deploy.secrets import needed_secrets
from tools.errors import ToolError

OWN = {**STAGE.environment, "CORS_ALLOWED_ORIGINS": "https://shop.test", "MEDIA_BASE_URL": ""}
READY = replace(STAGE, environment=OWN, deploy={**STAGE.deploy, "alarm_email": "me@shop.test"})


def store_all(account: Account) -> None:
    for secret in needed_secrets(STAGE):
        account.parameters.put_parameter(Name=secret.place, Value="v", Type="SecureString")


@pytest.fixture
def lambda_service(account: Account) -> Iterator[Stubber]:
    """Lambda, of which moto does not know what is asked here."""
    with Stubber(account.functions) as stubber:
        yield stubber


def test_a_region_without_the_runtime_is_named(
    account: Account, lambda_service: Stubber, tmp_path: Path
) -> None:
    store_all(account)
    lambda_service.add_client_error("list_layers", "ValidationException", "must satisfy enum value set")
    made = package(tmp_path, It=function(Runtime="python3.99"))
    with pytest.raises(ToolError, match=r"Lambda has no python3\.99 in eu-west-1: must satisfy enum"):
        check_everything(account, STAGE, made, print)


def test_everything_is_named_at_once(account: Account, lambda_service: Stubber, tmp_path: Path) -> None:
    lambda_service.add_response("list_layers", {"Layers": []})
    with pytest.raises(ToolError, match="nothing was changed") as refused:
        check_everything(account, STAGE, package(tmp_path), print)
    text = str(refused.value)
    assert text.count("Nothing is stored under") == len(needed_secrets(STAGE)) == 2


def test_what_the_project_came_with_is_named_but_in_a_rehearsal(
    account: Account, lambda_service: Stubber, tmp_path: Path
) -> None:
    lambda_service.add_response("list_layers", {"Layers": []})
    store_all(account)
    with pytest.raises(ToolError) as refused:
        check_everything(account, STAGE, package(tmp_path), print)
    for name in ("CORS_ALLOWED_ORIGINS", "alarm_email"):
        assert f"{name} of stage staging still says" in str(refused.value)
    rehearsed = replace(account, endpoint="http://127.0.0.1:1")
    assert not list(_placeholders(rehearsed, STAGE))


def test_a_bucket_without_its_stack_is_named(
    account: Account, lambda_service: Stubber, tmp_path: Path
) -> None:
    lambda_service.add_response("list_layers", {"Layers": []})
    store_all(account)
    bucket = STAGE.environment["S3_BUCKET_NAME"]
    place = {"LocationConstraint": "eu-west-1"}
    account.objects.create_bucket(Bucket=bucket, CreateBucketConfiguration=place)  # type: ignore[arg-type]
    with Stubber(account.formation) as formation:
        for _ in range(2):
            formation.add_client_error("describe_stacks", "ValidationError", "Stack does not exist")
        with pytest.raises(ToolError, match=f"The bucket {bucket} is there, and no stack"):
            check_everything(account, STAGE, package(tmp_path), print)


def test_a_stage_that_lacks_nothing_passes(account: Account, lambda_service: Stubber, tmp_path: Path) -> None:
    lambda_service.add_response("list_layers", {"Layers": []})
    store_all(account)
    check_everything(account, READY, package(tmp_path), print)
