"""What MiniStack's CloudFormation does otherwise than AWS's, put right."""

from typing import Any

BINARY_TYPES = "x-amazon-apigateway-binary-media-types"
GATEWAY_RESPONSES = "x-amazon-apigateway-gateway-responses"


def patch_formation() -> None:
    """Put everything right in this process."""
    update_an_api_in_its_place()
    take_alarms_of_several_metrics()
    make_budgets()
    leave_out_what_a_condition_rules_out()


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
    put_gateway_responses(api, document)


def put_gateway_responses(api: str, document: dict[str, Any]) -> None:
    """Give an API the errors of its own that its document has."""
    from ministack.services import apigateway_v1 as apis

    for kind, response in document.get(GATEWAY_RESPONSES, {}).items():
        apis._put_gateway_response(api, kind, response)


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


def make_budgets() -> None:
    """Make AWS::Budgets::Budget by the service that MiniStack has and its CloudFormation does not know."""
    from ministack.services import budgets
    from ministack.services.cloudformation import provisioners

    def create(logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, dict[str, Any]]:
        given = properties["Budget"]
        name = given.get("BudgetName") or f"{stack}-{logical_id}"
        limit = {"Amount": str(given["BudgetLimit"]["Amount"]), "Unit": given["BudgetLimit"]["Unit"]}
        data = properties | {"Budget": given | {"BudgetName": name, "BudgetLimit": limit}}
        status, _, body = budgets._create_budget(data)
        if status >= 400:
            raise ValueError(f"AWS::Budgets::Budget cannot be made: {body!r}")
        return name, {}

    def update(name: str, old: dict[str, Any], new: dict[str, Any], stack: str) -> tuple[str, dict[str, Any]]:
        delete(name, old)
        named = new | {"Budget": new["Budget"] | {"BudgetName": name}}
        return create(name, named, stack)

    def delete(name: str, _: dict[str, Any]) -> None:
        budgets._delete_budget({"BudgetName": name})

    handlers = {"create": create, "update": update, "delete": delete}
    provisioners._RESOURCE_HANDLERS["AWS::Budgets::Budget"] = handlers


def leave_out_what_a_condition_rules_out() -> None:
    """Keep a change set from naming resources whose condition is false, before the change or behind it."""
    from ministack.services.cloudformation import changesets

    resolve = changesets._resolve_props_for_diff

    def resolve_existing(template: dict[str, Any], parameters: Any, *names: str) -> dict[str, Any]:
        resolved = dict(resolve(template, parameters, *names))
        if not template:
            return resolved
        conditions = changesets._evaluate_conditions(template, parameters)
        resources = resolved["Resources"].items()
        kept = {name: each for name, each in resources if conditions.get(each.get("Condition"), True)}
        return resolved | {"Resources": kept}

    changesets._resolve_props_for_diff = resolve_existing
