"""The stages of .chalice/config.json."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from tools.errors import ToolError

# What `chalice local` serves where no stage is named.
LOCAL_STAGE = "local"


@dataclass(frozen=True)
class Stage:
    """One stage: what is deployed behind one URL."""

    name: str
    domains: tuple[str, ...]
    environment: dict[str, str]
    policy: str = ""
    """The file of its rights, below .chalice/."""
    deploy: Mapping[str, Any] = field(default_factory=dict)
    """How it is deployed, which Chalice does not read."""
    architecture: str = "x86_64"
    """The processor of its functions: x86_64 or arm64."""

    @property
    def first_origin(self) -> str:
        """The origin that API Gateway's own errors allow; it can name one only."""
        return self.environment.get("CORS_ALLOWED_ORIGINS", "").split(",")[0].strip()

    @property
    def queue(self) -> str:
        """The name of the queue of changed SKUs; empty for a stage that does not change any."""
        return self.environment.get("STOCK_QUEUE_NAME", "")

    @property
    def mail_queue(self) -> str:
        """The name of the queue of mails; empty for a stage that writes none."""
        return self.environment.get("MAIL_QUEUE_NAME", "")

    @property
    def mail_domain(self) -> str:
        """The domain from which the shop writes; empty while it writes to nobody."""
        _, address = parseaddr(self.environment.get("MAIL_FROM", ""))
        return address.rpartition("@")[2]


def read_deployed_stage(root: Path, name: str) -> Stage:
    """The stage called `name`; ToolError when there is none, and for the one that is for this machine."""
    if name == LOCAL_STAGE:
        raise ToolError(f"Stage {name} is for `chalice local` on this machine and is not deployed.")
    return read_stage(root, name)


def stage_names(root: Path) -> list[str]:
    """The names of all stages."""
    return list(json.loads((root / ".chalice" / "config.json").read_text(encoding="utf-8"))["stages"])


def read_stage(root: Path, name: str) -> Stage:
    """The stage called `name`; ToolError when there is none."""
    config = json.loads((root / ".chalice" / "config.json").read_text(encoding="utf-8"))
    stages = config["stages"]
    if name not in stages:
        raise ToolError(f"There is no stage {name!r}; there are {', '.join(sorted(stages))}.")
    environment = config.get("environment_variables", {}) | stages[name].get("environment_variables", {})
    domains = tuple(part.strip() for part in environment["SHOP_DOMAINS"].split(","))
    policy, deploy = stages[name].get("iam_policy_file", ""), stages[name].get("deploy", {})
    architecture = stages[name].get("lambda_architecture", config.get("lambda_architecture", "x86_64"))
    return Stage(name, domains, environment, policy, deploy, architecture)
