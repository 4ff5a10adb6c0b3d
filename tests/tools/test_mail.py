"""`artshop mail`: what it lists, trying again, and looking at templates."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from common.clock import epoch, utc_now
from common.repositories.outbox import waiting_mails
from shop.mail.transports import Refused
from tests.shop.mail.builders import Carrier, an_order, queued, send
from tools.cli import cli


@pytest.fixture(autouse=True)
def _no_shop_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARTSHOP_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MAIL_FROM", "shop@shop.test")
    monkeypatch.setenv("SHOP_URL", "https://api.shop.test")


def artshop(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["mail", *arguments])


def test_mails_that_wait_and_that_failed_are_listed_and_tried_again(
    table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    carrier = Carrier()
    monkeypatch.setattr("shop.mail.sending.transport", lambda: carrier)
    now = utc_now()
    mail = queued(an_order(), now=now)
    assert f"{mail.id}  order_placed  1" in artshop("waiting").output
    carrier.fails = Refused("MessageRejected", is_final=True)
    send(mail, now=now)
    listed = artshop("failed").output
    assert "failed   MessageRejected\n1 mails.\n" in listed
    assert "example.com" not in listed
    assert artshop("waiting").output.endswith("0 mails.\n")
    assert artshop("retry", mail.id).output == f"{mail.id} waits again.\n"
    assert [each.id for each in waiting_mails(9, epoch(now))] == [mail.id]
    refused = artshop("retry", "nothing")
    assert (refused.exit_code, refused.output) == (1, "Error: Mail not found\n")


def test_a_kind_is_looked_at_without_a_shop(tmp_path: Path) -> None:
    said = artshop("preview", "order_shipped", "--language", "en").output
    assert said.startswith("Subject: Order ORD-00000042 is on its way\n\nYour parcel is on its way\n")
    out = tmp_path / "shipped.html"
    assert artshop("preview", "order_shipped", "--out", str(out)).output.startswith(f"{out}: ")
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "there is no kind 'nothing'" in artshop("preview", "nothing").output


def test_templates_are_checked_by_file_and_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert artshop("check").output.endswith(" mails were written.\n")
    (tmp_path / "it").mkdir()
    (tmp_path / "it" / "test.html").write_text("{% block subject %}S{% endblock %}\n{{ order.nothing }}")
    monkeypatch.setenv("MAIL_TEMPLATES", str(tmp_path))
    found = artshop("check")
    assert found.exit_code == 1
    assert f"{tmp_path}/it/test.html:2: 'order' is undefined" in found.output
    shown = artshop("preview", "test")
    assert (shown.exit_code, f"{tmp_path}/it/test.html:2" in shown.output) == (1, True)
