"""`artshop upload`: packages in the deployment bucket, and the values with which Terraform deploys them."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tools.deploy import run
from tools.deploy.formation import Say
from tools.errors import ToolError
from tools.paths import ROOT

VALUES = ROOT / "infra" / "terraform" / "stages.auto.tfvars.json"
# What one shop has once, by the names of the module's variables.
OF_THE_SHOP = ("alarm_email", "monthly_budget_usd", "table_mode")


def upload_stages(
    names: Iterable[str], say: Say, *, values: Path = VALUES, folder: Path | None = None
) -> None:
    """Package stages, upload them, and write the module's variables into `values`; first the main one.

    `folder` is a package that is there already. ToolError where a stage cannot be packaged or uploaded, and
    for stages that do not say the same of their shop.
    """
    written: dict[str, Any] = {"stages": {}}
    for name in names:
        deployment = run.open_deployment(name, ROOT, say)
        package = run.packaged(deployment, folder)
        run.prepare_store(deployment)
        _, digest = run.upload(deployment, package)
        stage, kept = deployment.stage, deployment.store
        written["stages"][stage.name] = {
            "stack": deployment.stack,
            "package": str(package.archive.parent),
            # Under its digest, so that Terraform sees that there is something new.
            "template_url": kept.url(kept.key("templates", f"{digest}.json")),
        }
        _add(written, {"region": deployment.account.region})
        _add(written, {each: stage.deploy[each] for each in OF_THE_SHOP if each in stage.deploy})
    written["main_stage"] = next(iter(written["stages"]))
    values.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    say(f"{values} is written; `terraform apply` in {values.parent} deploys it.")


def _add(written: dict[str, Any], more: dict[str, Any]) -> None:
    for name, value in more.items():
        if written.setdefault(name, value) != value:
            raise ToolError(f"The stages are not of one shop: {name} is {written[name]} and {value}.")
