"""The stage for this machine wants its engines there."""

import pytest

from tools.errors import ToolError
from tools.local.local_stage import check_endpoints

ENGINE = "http://127.0.0.1:4566"


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "AWS_ENDPOINT_URL is not set"),
        ({"AWS_ENDPOINT_URL": "https://dynamodb.eu-west-1.amazonaws.com"}, "AWS_ENDPOINT_URL is https"),
        ({"AWS_ENDPOINT_URL": ENGINE, "AWS_ENDPOINT_URL_S3": "https://s3.test"}, "URL_S3 is https://s3.test"),
        (
            {"AWS_ENDPOINT_URL": ENGINE, "DYNAMODB_ENDPOINT": "http://10.0.0.1:8000"},
            "DYNAMODB_ENDPOINT is http",
        ),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1.test"}, "AWS_ENDPOINT_URL is http://127.0.0.1.test"),
    ],
)
def test_the_stage_for_this_machine_wants_an_engine_on_it(environ: dict[str, str], said: str) -> None:
    with pytest.raises(ToolError, match=said):
        check_endpoints(environ)
