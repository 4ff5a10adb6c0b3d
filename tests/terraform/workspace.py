"""A copy of the module that speaks to an emulator, and what it deploys, uploaded there."""

import json
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.paths import ROOT
from tools.rehearsal.emulator import ACCOUNT, SECRET, EmulatedAws
from tools.terraform.running import run_terraform

# What the module's resources are made by; each is told where the emulator is.
SERVICES = (
    "budgets",
    "cloudformation",
    "cloudwatch",
    "cloudwatchlogs",
    "dynamodb",
    "iam",
    "kms",
    "sns",
    "sqs",
    "sts",
)
# Asks for what the provider of 2021 does not know.
CURRENT = "current_override.tf"
VALUES = "stages.auto.tfvars.json"


@dataclass(frozen=True)
class Workspace:
    """A folder with the module, of which Terraform may be run."""

    folder: Path

    def run(self, *arguments: str) -> str:
        """What Terraform says; AssertionError with all of it when it fails."""
        code, text = self.code(*arguments)
        assert code == 0, text
        return text

    def code(self, *arguments: str) -> tuple[int, str]:
        """The exit code, and what Terraform says."""
        done = run_terraform(self.folder, *arguments, "-no-color")
        return done.returncode, done.stdout + done.stderr

    def outputs(self) -> dict[str, Any]:
        """The module's outputs."""
        done = run_terraform(self.folder, "output", "-json")
        return {name: each["value"] for name, each in json.loads(done.stdout).items()}

    def plan(self, *options: str) -> dict[str, dict[str, Any]]:
        """What would be there after an apply: the values of each resource, by its address."""
        self.run("plan", "-refresh=false", "-out=planned", *options)
        shown = json.loads(run_terraform(self.folder, "show", "-json", "planned").stdout)
        return {
            each["address"]: each["values"] for each in shown["planned_values"]["root_module"]["resources"]
        }


def make_workspace(folder: Path, endpoint: str, values: dict[str, Any] | None = None) -> Workspace:
    """The module and the templates that it reads in an empty folder, with its variables if given."""
    for template in (ROOT / "infra").glob("*.*"):
        shutil.copy(template, folder)
    module = folder / "terraform"
    shutil.copytree(
        ROOT / "infra" / "terraform",
        module,
        ignore=shutil.ignore_patterns(CURRENT, ".terraform*", VALUES, "*.tfstate*"),
    )
    (module / "emulator_override.tf").write_text(_provider(endpoint), encoding="utf-8")
    if values is not None:
        (module / VALUES).write_text(json.dumps(values), encoding="utf-8")
    workspace = Workspace(module)
    workspace.run("init")
    return workspace


def stage(stack: str, package: Path, url: str = "https://releases.example.com/sam.json") -> dict[str, str]:
    """One stage as the module takes it."""
    return {"stack": stack, "package": str(package), "template_url": url}


def store_secret(aws: EmulatedAws, name: str) -> None:
    """Store a random secret, as a person does before the first deployment."""
    aws.client("ssm").put_parameter(Name=name, Value=secrets.token_urlsafe(48), Type="SecureString")


def _provider(endpoint: str) -> str:
    endpoints = "".join(f'    {service} = "{endpoint}"\n' for service in SERVICES)
    return f"""
provider "aws" {{
  access_key                  = "{ACCOUNT}"
  secret_key                  = "{SECRET}"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  # Would ask EC2, on the network.
  skip_get_ec2_platforms      = true

  endpoints {{
{endpoints}  }}
}}
"""
