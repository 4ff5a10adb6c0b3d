"""`/mail` of the local shop: what it lists, what it shows of a mail, and what a mail may not do there."""

import os
from pathlib import Path

import pytest

from shop.mail.messages import message_of
from shop.mail.rendering import Rendered
from shop.mail.transports import Folder
from tests.shop.mail.builders import NOW
from tools.local.mail_page import mail_page

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MAIL_FROM", "shop@shop.test")
    monkeypatch.setenv("MAIL_FOLDER", str(tmp_path))
    return tmp_path


def write(folder: Path, name: str, subject: str, age: int = 0) -> None:
    html = f"<!doctype html><html><head></head><body>{subject}</body></html>"
    message = message_of(name, "ada@example.com", Rendered(subject, f"{subject}\n", html), NOW, None)
    Folder(folder).send(name, message)
    os.utime(folder / f"{name}.eml", (1_000_000 - age, 1_000_000 - age))


def shown(path: str) -> tuple[str, dict[str, str]]:
    found = mail_page(path)
    assert found is not None
    return found[0], dict(found[1])


def test_mails_are_listed_newest_first(folder: Path) -> None:
    write(folder, "one", "The older one", age=60)
    write(folder, "two", "The newer one")
    text, _ = shown("/mail")
    assert text.index("The newer one") < text.index("The older one")
    assert 'href="/mail/one"' in text
    assert "ada@example.com, 2026-12-01 09:30 UTC" in text
    assert shown("/mail/")[0] == text


def test_without_mails_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "No mail was written yet." in shown("/mail")[0]
    monkeypatch.delenv("MAIL_FOLDER")
    assert "No mail was written yet." in shown("/mail")[0]


def test_a_mail_is_shown_with_headers_text_and_its_html_in_a_frame_that_runs_nothing(folder: Path) -> None:
    write(folder, "one", f"Hello {HOSTILE}")
    text, headers = shown("/mail/one")
    assert HOSTILE not in text
    assert "&lt;script&gt;" in text
    assert "&lt;one@shop.test&gt;" in text
    assert 'src="/mail/one.html"' in text
    assert "allow-scripts" not in text
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    html, headers = shown("/mail/one.html")
    assert f'<base target="_blank"></head><body>Hello {HOSTILE}' in html
    policy = headers["Content-Security-Policy"]
    assert "sandbox allow-popups" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("path", ["/mail/nothing", "/mail/../secret", "/mail/one/two", "/mail/.eml"])
def test_what_is_no_mail_is_no_page(path: str) -> None:
    assert mail_page(path) is None
