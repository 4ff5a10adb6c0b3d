"""What MiniStack 1.5.33 does otherwise than AWS, where Terraform would see it, put right."""

import json
from typing import Any
from xml.sax.saxutils import escape


def keep_parameters_open() -> None:
    """Leave parameters of a SAM template to CloudFormation; MiniStack puts in their defaults."""
    from samtranslator.translator import transform as sam

    translate = sam.transform

    def translate_open(template: dict[str, Any], values: dict[str, Any], loader: Any) -> dict[str, Any]:
        parameters = template.get("Parameters", {})
        without_defaults = {
            name: {key: value for key, value in each.items() if key != "Default"}
            for name, each in parameters.items()
        }
        translated: dict[str, Any] = translate({**template, "Parameters": without_defaults}, values, loader)
        return translated | {"Parameters": parameters}

    sam.transform = translate_open


def describe_alarms_wholly() -> None:
    """Describe alarms in XML with all that they have; MiniStack leaves out period, actions and dimensions."""
    from ministack.services import cloudwatch

    describe = cloudwatch._describe_alarms

    def describe_wholly(params: Any, data: dict[str, Any], is_cbor: bool, is_json: bool = False) -> Any:
        if is_cbor or is_json:
            return describe(params, data, is_cbor, is_json)
        _, _, body = describe(params, _asked(params), False, True)
        content = {name: value for name, value in json.loads(body).items() if name != "ResponseMetadata"}
        result = f"<DescribeAlarmsResult>{_members(content)}</DescribeAlarmsResult>"
        return cloudwatch._xml(200, "DescribeAlarmsResponse", result)

    cloudwatch._describe_alarms = describe_wholly


def _asked(params: Any) -> dict[str, Any]:
    """What a call of the query protocol asks for, as one in JSON would say it."""
    from ministack.services import cloudwatch

    numbered = (cloudwatch._p(params, f"AlarmNames.member.{number}") for number in range(1, 101))
    names = ("AlarmNamePrefix", "StateValue", "MaxRecords", "NextToken")
    single = {name: cloudwatch._p(params, name) for name in names}
    return {"AlarmNames": [name for name in numbered if name]} | {k: v for k, v in single.items() if v}


def _members(values: dict[str, Any]) -> str:
    """The XML of a structure, without times, which have another form in it, and without what is not set."""
    kept = {name: value for name, value in values.items() if value is not None and "Timestamp" not in name}
    return "".join(f"<{name}>{_element(value)}</{name}>" for name, value in kept.items())


def _element(value: Any) -> str:
    if isinstance(value, dict):
        return _members(value)
    if isinstance(value, list):
        return "".join(f"<member>{_element(each)}</member>" for each in value)
    return str(value).lower() if isinstance(value, bool) else escape(str(value))
