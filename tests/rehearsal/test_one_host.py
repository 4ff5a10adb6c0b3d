"""Five stages of one domain behind one host: deployed as they are, and visited through the distribution."""

import http.client
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.emulated import account_of
from tests.support.visit import all_calls
from tools.deploy.front import front_url
from tools.deploy.plan import Deployment
from tools.deploy.run import deploy
from tools.edge.table import DOMAINS, rule_for
from tools.package import build as building
from tools.package.stages import Stage, read_deployed_stage
from tools.paths import ROOT
from tools.rehearsal.emulator import EmulatedAws, emulated_aws
from tools.rehearsal.rehearse import PASSWORD_HERE, store_secrets

STAGES = ("catalog-prod", "orders-prod", "content-prod", "shop-prod", "etsy-sync-prod")


def behind_urls(_: Path, name: str) -> Stage:
    """A stage behind its function's URL: the one origin that the emulated distribution reaches."""
    stage = read_deployed_stage(ROOT, name)
    return replace(stage, deploy={**stage.deploy, "api": "url"})


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EmulatedAws, str]]:
    """An account with the five stages deployed, and the name of the host in front of them."""
    with emulated_aws() as aws, pytest.MonkeyPatch.context() as patched:
        patched.setattr(building, "read_deployed_stage", behind_urls)
        last = [deployed(aws, name, tmp_path_factory.mktemp(name)) for name in STAGES][-1]
        yield aws, urlsplit(front_url(last)).netloc


def deployed(aws: EmulatedAws, name: str, folder: Path) -> Deployment:
    """A stage's deployment, carried out."""
    building.build(name, folder)
    deployment = Deployment(account_of(aws), behind_urls(ROOT, name), ROOT, lambda _: None)
    store_secrets(deployment.account, deployment.stage)
    deploy(deployment, folder, lambda _: True)
    return deployment


def test_the_whole_visit_goes_through_one_host(front: tuple[EmulatedAws, str]) -> None:
    aws, host = front

    def send(
        method: str, path: str, body: str, headers: Mapping[str, str]
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", urlsplit(aws.endpoint).port, timeout=60)
        # The emulator has no certificate for the name.
        https = {"Host": host, "X-Forwarded-Proto": "https", "Content-Type": "application/json"}
        connection.request(method, path, body or None, {**https, **headers})
        answer = connection.getresponse()
        said = {name.lower(): value for name, value in answer.getheaders()}
        content = answer.read()
        connection.close()
        return answer.status, said, content

    artist = {"username": "artist", "password": PASSWORD_HERE}
    visit = all_calls(send, artist)
    refused = [(call, status) for call, status, _ in visit.seen if status >= 400]
    assert refused == [("GET /api/nowhere", 404)]
    asked = {rule_for(call.partition(" ")[2].partition("?")[0]).domain for call, _, _ in visit.seen}
    assert asked == set(DOMAINS)
