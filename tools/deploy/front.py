"""The one host in front of domains that have stages of their own: made when all of them are deployed."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tools.deploy import formation
from tools.deploy.account import aws_errors
from tools.deploy.stacks import Piece
from tools.edge.table import DOMAINS
from tools.edge.template import name_of
from tools.package.stages import Stage, read_stage, stage_names

if TYPE_CHECKING:
    from tools.deploy.plan import Deployment

FRONT = Piece("edge", "edge.yaml")
SECRET = "EDGE_SECRET_PARAMETER"  # noqa: S105 - a variable's name
# What the stage may say of it, and the template's names for that.
SETTINGS = {"host_name": "HostName", "certificate_arn": "CertificateArn", "price_class": "PriceClass"}


def wants_front(stage: Stage) -> bool:
    """Whether the stage is one of those that stand behind one host: its `deploy.edge` is there."""
    return "edge" in stage.deploy


def front_settings(deployment: "Deployment") -> dict[str, str] | None:
    """The parameters of the host in front; None where none is wanted, or a domain is not deployed yet."""
    if not wants_front(deployment.stage):
        return None
    urls = _urls(deployment)
    missing = [domain for domain in DOMAINS if domain not in urls]
    if missing:
        deployment.say(f"  The host in front of all domains waits for {', '.join(missing)}.")
        return None
    said = deployment.stage.deploy["edge"]
    chosen = {SETTINGS[name]: str(value) for name, value in said.items()}
    return origins(urls) | chosen | {"EdgeSecret": _secret(deployment)}


def origins(urls: Mapping[str, str]) -> dict[str, str]:
    """The parameters that say where each domain answers, by its URL."""
    found = {}
    for domain, url in urls.items():
        parts = urlsplit(url)
        found[f"{name_of(domain)}Host"] = parts.netloc
        found[f"{name_of(domain)}Path"] = parts.path.rstrip("/")
    return found


def front_url(deployment: "Deployment") -> str:
    """Where all domains answer; empty where no host stands in front of them."""
    if not wants_front(deployment.stage):
        return ""
    return formation.state_of(deployment.account, FRONT.stack(deployment.stage)).outputs.get("EdgeURL", "")


def _urls(deployment: "Deployment") -> dict[str, str]:
    """Where the domains answer that share the stage's table and are deployed, each by a stage of its own."""
    shared, found = deployment.stage.deploy.get("shared"), {}
    for name in stage_names(deployment.root):
        stage = read_stage(deployment.root, name)
        if len(stage.domains) == 1 and stage.deploy.get("shared") == shared and wants_front(stage):
            url = deployment.state(str(stage.deploy["stack"])).outputs.get("EndpointURL")
            found.update({stage.domains[0]: url} if url else {})
    return found


def _secret(deployment: "Deployment") -> str:
    with aws_errors("read the secret of the host in front"):
        place = deployment.stage.environment[SECRET]
        answer = deployment.account.parameters.get_parameter(Name=place, WithDecryption=True)
    return answer["Parameter"]["Value"]
