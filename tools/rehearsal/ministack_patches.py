"""What MiniStack 1.5.33 does otherwise than AWS, where the shop would see it, put right."""

import sys
from pathlib import Path
from typing import Any

# Lambda's runtime brings these with boto3; all else has to be in the zip.
RUNTIME_PACKAGES = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six.py", "urllib3")
# Runs before a function's code. What is installed on this machine, by folders or finders, goes.
ALONE = """
import sys
sys.path[:] = [path for path in sys.path if "-packages" not in path] + [{runtime!r}]
sys.meta_path[:] = [finder for finder in sys.meta_path if "editable" not in str(finder)]
"""
BINARY_TYPES = "x-amazon-apigateway-binary-media-types"
GATEWAY_RESPONSES = "x-amazon-apigateway-gateway-responses"


def apply_patches(folder: Path) -> None:
    """Put everything right in this process, before it serves; `folder` takes what functions share."""
    run_functions_alone(folder / "runtime")
    read_the_whole_api()
    update_an_api_in_its_place()
    take_alarms_of_several_metrics()
    count_this_machine_as_encrypted()
    let_functions_answer_preflights()


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
        _put_gateway_responses(api, document)
        return api

    apis._import_rest_api = read_all


def _put_gateway_responses(api: str, document: dict[str, Any]) -> None:
    from ministack.services import apigateway_v1 as apis

    for kind, response in document.get(GATEWAY_RESPONSES, {}).items():
        apis._put_gateway_response(api, kind, response)


def update_an_api_in_its_place() -> None:
    """Keep an API's id, and so its URL, when its document changes; MiniStack makes a new API of it."""
    from ministack.services.cloudformation import provisioners

    handlers = provisioners._RESOURCE_HANDLERS["AWS::ApiGateway::RestApi"]
    update = handlers["update"]

    def update_in_place(
        api: str, old: dict[str, Any], new: dict[str, Any], stack: str, logical_id: str | None = None
    ) -> Any:
        document = new.get("Body")
        if isinstance(document, dict) and document != old.get("Body"):
            _replace_document(api, document)
        return update(api, {**old, "Body": document}, new, stack, logical_id)

    handlers["update"] = update_in_place


def _replace_document(api: str, document: dict[str, Any]) -> None:
    from ministack.services import apigateway_v1 as apis

    resources = apis._resources[api]
    root = next(each for each in resources.values() if each["path"] == "/")
    resources.clear()
    resources[root["id"]] = root | {"resourceMethods": {}}
    schemes = apis._import_security_schemes(api, document)
    for path, methods in document.get("paths", {}).items():
        apis._import_path_item(api, path, methods, schemes, document.get("security"))
    if BINARY_TYPES in document:
        apis._rest_apis[api]["binaryMediaTypes"] = list(document[BINARY_TYPES])
    apis._gateway_responses[api] = {}
    _put_gateway_responses(api, document)


def take_alarms_of_several_metrics() -> None:
    """Keep alarms on an expression over metrics as they are written; MiniStack refuses to create them."""
    from ministack.services.cloudformation import provisioners

    record = provisioners._cw_metric_alarm_record

    def record_any(name: str, properties: dict[str, Any]) -> dict[str, Any]:
        metrics = properties.get("Metrics")
        if not metrics:
            return dict(record(name, properties))
        first = next(each["MetricStat"] for each in metrics if "MetricStat" in each)
        single = {key: value for key, value in properties.items() if key != "Metrics"}
        stand_in = {"Namespace": first["Metric"]["Namespace"], "MetricName": first["Metric"]["MetricName"]}
        return dict(record(name, single | stand_in)) | {"Metrics": metrics}

    provisioners._cw_metric_alarm_record = record_any


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
