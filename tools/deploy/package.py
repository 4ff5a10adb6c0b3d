"""What is deployed of a stage: its zip, and its template made ready for CloudFormation."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.errors import ToolError
from tools.package.build import TEMPLATE, ZIP
from tools.package.stages import Stage

FUNCTION, API = "AWS::Serverless::Function", "AWS::Serverless::Api"
MOST_RESOURCES = 500
LARGEST_TEMPLATE = 1_000_000
LARGEST_ZIP = 250 * 1024 * 1024
# What the SAM transform makes beside an API, of an event, and of a function's own setting.
BESIDE_AN_API, OF_AN_EVENT, OF_INVOCATION = 2, 2, 1


@dataclass(frozen=True)
class Package:
    """A built package; the template as `artshop package` wrote it."""

    archive: Path
    template: dict[str, Any]

    @property
    def zip_sha256(self) -> str:
        """The zip's digest in hex."""
        return hashlib.sha256(self.archive.read_bytes()).hexdigest()

    @property
    def functions(self) -> list[dict[str, Any]]:
        """The properties of the functions."""
        return [
            each["Properties"] for each in self.template["Resources"].values() if each["Type"] == FUNCTION
        ]

    def problems(self) -> list[str]:
        """Limits of AWS that the package exceeds."""
        resources, size = resources_of(self.template), len(encoded(self.template))
        unpacked = self.archive.stat().st_size
        found = []
        if resources > MOST_RESOURCES:
            found.append(f"The template makes {resources} resources; CloudFormation takes {MOST_RESOURCES}.")
        if size > LARGEST_TEMPLATE:
            found.append(f"The template has {size:,} bytes; CloudFormation takes {LARGEST_TEMPLATE:,}.")
        if unpacked > LARGEST_ZIP:
            found.append(f"The zip has {unpacked:,} bytes; Lambda takes {LARGEST_ZIP:,} unpacked.")
        return found

    def finished(self, stage: Stage, code: Mapping[str, str], outputs: Mapping[str, str]) -> bytes:
        """The template with the zip's place (Bucket, Key) and what other stacks have made, in few bytes.

        A stage without a MEDIA_BASE_URL gets that of the storage's CDN.
        """
        template: dict[str, Any] = json.loads(json.dumps(self.template))
        media = stage.environment.get("MEDIA_BASE_URL") or outputs.get("MediaBaseUrl", "")
        for resource in template["Resources"].values():
            if resource["Type"] == FUNCTION:
                resource["Properties"]["CodeUri"] = dict(code)
                variables = resource["Properties"].get("Environment", {}).get("Variables", {})
                if variables.get("MEDIA_BASE_URL") == "":
                    variables["MEDIA_BASE_URL"] = media
        return encoded(template)


def read_package(folder: Path) -> Package:
    """What `artshop package` wrote into a folder; ToolError when it is not there."""
    archive, template = folder / ZIP, folder / TEMPLATE
    if not archive.is_file() or not template.is_file():
        raise ToolError(f"There is no package in {folder}; `artshop package --out {folder}` builds one.")
    return Package(archive, json.loads(template.read_text(encoding="utf-8")))


def encoded(template: Mapping[str, Any]) -> bytes:
    """A template as it is uploaded, and as its digest is taken."""
    return json.dumps(template, separators=(",", ":"), sort_keys=True).encode()


def resources_of(template: Mapping[str, Any]) -> int:
    """How many resources a template makes at most, once SAM has transformed it."""
    total = 0
    for resource in template["Resources"].values():
        total += 1
        properties = resource.get("Properties", {})
        if resource["Type"] == API:
            total += BESIDE_AN_API
        if resource["Type"] == FUNCTION:
            total += OF_AN_EVENT * len(properties.get("Events", {}))
            total += OF_INVOCATION if "EventInvokeConfig" in properties else 0
    return total
