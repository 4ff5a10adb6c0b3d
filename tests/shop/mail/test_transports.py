"""How a mail leaves: what SES is told and answers, what lies in a folder, and that nobody adds a header."""

from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from common import ses
from common.config import ConfigurationError
from shop.mail.messages import BadAddress, message_of
from shop.mail.rendering import Rendered
from shop.mail.transports import Folder, Refused, Ses, transport
from tests.shop.mail.builders import NOW

READ = Rendered("Größe & Co.", "text\n", "<p>html</p>")


def message(to: str = "ada@example.com", subject: str = READ.subject) -> Any:
    return message_of("mail-1", to, Rendered(subject, READ.text, READ.html), NOW, "artist@shop.test")


def test_a_message_has_what_readers_and_programs_need() -> None:
    read = message_from_bytes(message().as_bytes(), policy=default)
    assert read["From"] == "The shop <shop@shop.test>"
    assert (read["To"], read["Reply-To"]) == ("ada@example.com", "artist@shop.test")
    assert read["Subject"] == "Größe & Co."
    assert read["Message-ID"] == "<mail-1@shop.test>"
    assert read["Date"] == "Tue, 01 Dec 2026 09:30:00 +0000"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    "to",
    [
        "ada@example.com\r\nBcc: all@example.com",
        "ada@example.com, all@example.com",
        "Ada <ada@example.com>",
        "ada",
        "",
        "é@example.com",
        "ada@example.com\x00",
    ],
)
def test_an_address_that_is_more_or_less_than_one_is_refused(to: str) -> None:
    with pytest.raises(BadAddress) as refused:
        message(to)
    assert "example" not in str(refused.value)


def test_a_domain_of_other_letters_is_written_in_ascii() -> None:
    assert message("info@münchen.de")["To"] == "info@xn--mnchen-3ya.de"


def test_no_subject_makes_another_header() -> None:
    with pytest.raises(ValueError, match=r"linefeed|header"):
        message(subject="Hi\r\nBcc: all@example.com")


def test_a_sender_that_is_none_is_the_operator_s_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_FROM", "the shop")
    with pytest.raises(ConfigurationError, match="MAIL_FROM"):
        message()


def test_a_folder_holds_each_mail_once_however_often_it_is_sent(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "mail")
    for subject in ("one", "two"):
        folder.send("mail-1", message(subject=subject))
    (file,) = (tmp_path / "mail").iterdir()
    assert file.name == "mail-1.eml"
    assert message_from_bytes(file.read_bytes(), policy=default)["Subject"] == "two"


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("in the way")
    with pytest.raises(Refused) as refused:
        Folder(tmp_path / "mail").send("mail-1", message())
    assert (refused.value.is_final, refused.value.is_of_all) == (False, True)


def test_which_transport_is_used_is_a_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert isinstance(transport(), Ses)
    monkeypatch.setenv("MAIL_TRANSPORT", "folder")
    with pytest.raises(ConfigurationError, match="MAIL_FOLDER"):
        transport()
    monkeypatch.setenv("MAIL_FOLDER", str(tmp_path))
    assert isinstance(transport(), Folder)
    monkeypatch.setenv("MAIL_TRANSPORT", "pigeon")
    with pytest.raises(ConfigurationError, match="ses or folder"):
        transport()


def test_ses_sends_the_message_as_it_is(aws: str) -> None:
    ses.reset_client()
    account = ses_backends[DEFAULT_ACCOUNT_ID]["eu-west-1"]
    account.verify_domain("shop.test")
    Ses("").send("mail-1", message())
    (sent,) = account.sent_messages
    assert "Message-ID: <mail-1@shop.test>" in sent.raw_data
    assert set(sent.destinations) == {"ada@example.com"}
    ses.reset_client()


class Client:
    """Stands for SES: keeps what it is asked, and raises what it is told to."""

    def __init__(self, fails: Exception | None = None) -> None:
        self.asked: dict[str, Any] = {}
        self._fails = fails

    def send_email(self, **asked: Any) -> None:
        """Takes a mail."""
        self.asked = asked
        if self._fails:
            raise self._fails


def test_ses_is_told_the_configuration_set_and_the_mail_s_id(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    monkeypatch.setattr("shop.mail.transports.get_client", lambda: client)
    Ses("artshop-mail").send("mail-1", message())
    assert client.asked["ConfigurationSetName"] == "artshop-mail"
    assert client.asked["EmailTags"] == [{"Name": "mail", "Value": "mail-1"}]
    assert client.asked["Destination"] == {"ToAddresses": ["ada@example.com"]}


@pytest.mark.parametrize(
    ("code", "is_final", "is_of_all"),
    [
        ("MessageRejected", True, False),
        ("BadRequestException", True, False),
        ("TooManyRequestsException", False, True),
        ("LimitExceededException", False, True),
        ("SendingPausedException", False, True),
        ("MailFromDomainNotVerifiedException", False, False),
        ("InternalFailure", False, False),
    ],
)
def test_what_ses_refuses_is_given_up_tried_again_or_ends_the_run(
    monkeypatch: pytest.MonkeyPatch, code: str, is_final: bool, is_of_all: bool
) -> None:
    said = {"Error": {"Code": code, "Message": "Address is not verified: ada@example.com"}}
    client = Client(ClientError(said, "SendEmail"))  # type: ignore[arg-type]
    monkeypatch.setattr("shop.mail.transports.get_client", lambda: client)
    with pytest.raises(Refused) as refused:
        Ses("").send("mail-1", message())
    assert (refused.value.reason, refused.value.is_final, refused.value.is_of_all) == (
        code,
        is_final,
        is_of_all,
    )


def test_an_answer_that_is_lost_is_tried_again_later_and_not_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    configured: Any = ses.get_client().meta.config
    assert configured.retries["total_max_attempts"] == 1
    client = Client(ReadTimeoutError(endpoint_url="https://email.test"))
    monkeypatch.setattr("shop.mail.transports.get_client", lambda: client)
    with pytest.raises(Refused) as refused:
        Ses("").send("mail-1", message())
    assert (refused.value.reason, refused.value.is_final) == ("ReadTimeoutError", False)
