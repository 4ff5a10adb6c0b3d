"""`artshop fakes`: three channels, and what a shop needs to talk to them."""

import json
import re
import signal
import stat
import urllib.request
from pathlib import Path

import pytest

from etsy_sync.adapters.amazon.settings import AmazonSettings
from etsy_sync.adapters.etsy.settings import EtsySettings
from etsy_sync.adapters.shopify.settings import ShopifySettings
from tests.support.programs import program
from tools.fakes.channels import Fakes, examples, exports, running
from tools.local.env_file import read_env_file

SHOP = "http://localhost:8123"


def control(url: str, name: str, body: str) -> dict[str, object]:
    request = urllib.request.Request(f"{url}/_control/{name}", body.encode(), method="POST")  # noqa: S310
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
        return dict(json.load(answer))


def settings(fakes: Fakes) -> dict[str, str]:
    return fakes.environment(SHOP)


def test_a_shop_with_these_settings_has_every_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    with running(SHOP) as fakes:
        given = settings(fakes)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert EtsySettings.from_environment().is_configured
    assert ShopifySettings.from_environment().is_configured
    assert AmazonSettings.from_environment().is_configured
    assert EtsySettings.from_environment().redirect_uri == f"{SHOP}/api/integrations/etsy/callback"


def test_every_example_can_be_played() -> None:
    call = re.compile(r"curl -s (\S+)/_control/(\w+) -d (?:'(.*)'|(\S+))")
    with running(SHOP, with_webhooks=False) as fakes:
        for line in examples(fakes).splitlines():
            found = call.fullmatch(line)
            assert found is not None, line
            assert "result" in control(found[1], found[2], found[3] or found[4]), line


def test_the_file_of_settings_is_read_back_as_it_was(tmp_path: Path) -> None:
    with running(SHOP) as fakes:
        given = settings(fakes)
    (tmp_path / "fakes.env").write_text(exports(given))
    assert read_env_file(tmp_path / "fakes.env") == given


def test_the_command_says_what_to_do_and_stops_on_ctrl_c(tmp_path: Path) -> None:
    path = tmp_path / "data" / "fakes.env"
    with program(
        ["-m", "tools.cli", "fakes", "--env-file", str(path), "--shop", f"{SHOP}/", "--port", "0"], {}
    ) as fakes:
        printed = fakes.read_until("Stop: ")
        assert f"ARTSHOP_ENV_FILE={path} make run" in printed
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert read_env_file(path)["ETSY_REDIRECT_URI"].startswith(f"{SHOP}/api/")
        fakes.send(signal.SIGINT)
        assert fakes.wait() == 0
