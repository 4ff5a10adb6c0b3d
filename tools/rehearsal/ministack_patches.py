"""What MiniStack 1.5.33 does otherwise than AWS, where the shop would see it, put right."""

import sys
from pathlib import Path
from typing import Any

from tools.rehearsal.ministack_formation import BINARY_TYPES, patch_formation, put_gateway_responses
from tools.rehearsal.ministack_terraform_patches import describe_alarms_wholly, keep_parameters_open

# Lambda's runtime brings these with boto3; all else has to be in the zip.
RUNTIME_PACKAGES = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six.py", "urllib3")
# Runs before a function's code. What is installed on this machine, by folders or finders, goes.
ALONE = """
import sys
sys.path[:] = [path for path in sys.path if "-packages" not in path] + [{runtime!r}]
sys.meta_path[:] = [finder for finder in sys.meta_path if "editable" not in str(finder)]
"""


def apply_patches(folder: Path) -> None:
    """Put everything right in this process, before it serves; `folder` takes what functions share."""
    run_functions_alone(folder / "runtime")
    read_the_whole_api()
    know_all_buckets()
    patch_formation()
    count_this_machine_as_encrypted()
    let_functions_answer_preflights()
    send_answers_without_a_body()
    keep_parameters_open()
    describe_alarms_wholly()


def run_functions_alone(runtime: Path) -> None:
    """Keep from functions what this machine has installed, by which a zip that lacks a package would run."""
    from ministack.core import lambda_runtime

    runtime.mkdir(exist_ok=True)
    for name in RUNTIME_PACKAGES:
        place = next(Path(path) / name for path in sys.path if (Path(path) / name).exists())
        (runtime / name).symlink_to(place)
    script = ALONE.format(runtime=str(runtime)) + lambda_runtime._PYTHON_WORKER_SCRIPT

    def runtime_of(name: str) -> tuple[str, str]:
        return (sys.executable, script) if name.startswith("python") else ("", "")

    lambda_runtime._detect_runtime_binary = runtime_of


def read_the_whole_api() -> None:
    """Take from an API's document its binary types and its own errors, which MiniStack leaves out."""
    from ministack.services import apigateway_v1 as apis

    read = apis._import_rest_api

    def read_all(document: dict[str, Any], settings: dict[str, Any] | None = None) -> str:
        given = dict(settings or {})
        given["binaryMediaTypes"] = [*given.get("binaryMediaTypes", []), *document.get(BINARY_TYPES, [])]
        api = str(read(document, given))
        put_gateway_responses(api, document)
        return api

    apis._import_rest_api = read_all


def count_this_machine_as_encrypted() -> None:
    """Let policies that demand TLS, as the buckets' do, see it on calls that never leave this machine."""
    from ministack import app
    from ministack.core.iam_evaluator import pin_request_origin

    def pin(address: str, _: bool) -> None:
        pin_request_origin(address, True)

    app.pin_request_origin = pin


class _Preflight(str):
    """The method OPTIONS, which no comparison takes for it."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return False


def let_functions_answer_preflights() -> None:
    """Hand OPTIONS to the $default route of an HTTP API without settings for CORS; MiniStack answers 403.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
    """
    from ministack.services import apigateway

    handle = apigateway._handle_execute_in_scope

    async def handle_all(api: str, stage: str, path: str, method: str, *rest: Any) -> Any:
        known = apigateway._apis.get(api) or {}
        own = method == "OPTIONS" and not known.get("corsConfiguration")
        return await handle(api, stage, path, _Preflight(method) if own else method, *rest)

    apigateway._handle_execute_in_scope = handle_all


def know_all_buckets() -> None:
    """Keep one account's buckets from others, and their names, which are unique in the whole of AWS."""
    from ministack.core.responses import get_account_id
    from ministack.services import s3

    handle = s3.handle_request

    async def handle_own(method: str, path: str, headers: dict[str, str], *rest: Any, **more: Any) -> Any:
        bucket, key = s3._parse_bucket_key(path, headers)
        owners = {account for account, name in list(s3._buckets._data) if name == bucket}
        expected = headers.get("x-amz-expected-bucket-owner")
        if owners and get_account_id() not in owners and method == "PUT" and not key:
            return s3._error("BucketAlreadyExists", "The requested bucket name is not available", 409)
        if owners and not {get_account_id(), expected or get_account_id()} <= owners:
            return s3._error("AccessDenied", "Access Denied", 403, path)
        return await handle(method, path, headers, *rest, **more)

    s3.handle_request = handle_own


def send_answers_without_a_body() -> None:
    """Send what a function answers with the body null, as with 304, and not an error of the server."""
    from ministack import app

    send_response = app._send_response

    async def send(send: Any, status: int, headers: Any, body: Any, **more: Any) -> None:
        await send_response(send, status, headers, b"" if body is None else body, **more)

    app._send_response = send
