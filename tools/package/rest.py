"""The REST API of API Gateway: what Chalice's template lacks of its own errors."""

from collections.abc import Mapping
from typing import Any

from tools.package.stages import Stage

API = "RestAPI"
# API Gateway says 403 for a path that it does not know.
RESPONSES: Mapping[str, int | None] = {
    "DEFAULT_4XX": None,
    "DEFAULT_5XX": None,
    "MISSING_AUTHENTICATION_TOKEN": 404,
    "RESOURCE_NOT_FOUND": 404,
    "REQUEST_TOO_LARGE": 413,
    "THROTTLED": 429,
}
TEXTS = {
    "MISSING_AUTHENTICATION_TOKEN": '{"error":"Not found"}',
    "RESOURCE_NOT_FOUND": '{"error":"Not found"}',
}
# messageString is a JSON string with its quotes.
ANY_TEXT = '{"error":$context.error.messageString}'

BINARY = "x-amazon-apigateway-binary-media-types"
ERRORS = "x-amazon-apigateway-gateway-responses"


def complete_rest(template: dict[str, Any], stage: Stage) -> None:
    """Add API Gateway's own errors as JSON with CORS, and say beside the body too what is binary.

    The errors stay in the body. As resources of their own they would be gone after the next change of the
    body, which CloudFormation imports over them (aws/serverless-application-model#623, aws/aws-cdk#28652).
    """
    properties = template["Resources"][API]["Properties"]
    body = properties["DefinitionBody"]
    body[ERRORS] = {kind: _response(kind, status, stage.first_origin) for kind, status in RESPONSES.items()}
    properties["BinaryMediaTypes"] = list(body.get(BINARY, []))


def _response(kind: str, status: int | None, origin: str) -> dict[str, Any]:
    headers = {"Cache-Control": "no-store", "Vary": "Origin", "X-Content-Type-Options": "nosniff"}
    if origin:
        headers |= {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}
    if kind == "THROTTLED":
        headers["Retry-After"] = "1"
    response: dict[str, Any] = {
        "responseParameters": {
            f"gatewayresponse.header.{name}": f"'{text}'" for name, text in headers.items()
        },
        "responseTemplates": {"application/json": TEXTS.get(kind, ANY_TEXT)},
    }
    return response | ({"statusCode": str(status)} if status else {})
