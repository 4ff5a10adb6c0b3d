"""How a mail leaves: by Amazon SES, or into a folder of files on this machine."""

from email.message import EmailMessage
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any, Protocol

from common import config
from common.ses import get_client

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

SES, FOLDER = "ses", "folder"
# What no repetition changes: the message, or an address that SES takes for none.
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors
_FOR_GOOD = frozenset(
    {"MessageRejected", "BadRequestException", "InvalidParameterValue", "ValidationException"}
)
# What is true of every mail of this moment.
_FOR_ALL = frozenset(
    {
        "AccountSuspendedException",
        "LimitExceededException",
        "SendingPausedException",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)


class Refused(Exception):
    """A mail was not taken; `reason` is a word of the transport without anybody's data.

    `is_final` says that trying again is in vain, `is_of_all` that no other mail would be taken now either.
    """

    def __init__(self, reason: str, *, is_final: bool = False, is_of_all: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final
        self.is_of_all = is_of_all


class Transport(Protocol):
    """Whoever hands a mail over."""

    def send(self, mail_id: str, message: EmailMessage) -> None:
        """Hands a message over; Refused when it was not taken, or nobody knows whether it was."""


def transport() -> Transport:
    """What `MAIL_TRANSPORT` names: `ses` (the default) or `folder`. ConfigurationError for another."""
    name = config.setting("MAIL_TRANSPORT", SES)
    if name == SES:
        return Ses(config.setting("MAIL_CONFIGURATION_SET"))
    if name == FOLDER:
        folder = config.setting("MAIL_FOLDER")
        if not folder:
            raise config.ConfigurationError("MAIL_TRANSPORT is folder, and MAIL_FOLDER names none")
        return Folder(Path(folder))
    raise config.ConfigurationError(f"MAIL_TRANSPORT must be {SES} or {FOLDER}, not {name!r}")


class Folder:
    """Writes each mail into a folder as a file that mail programs open, named by its id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, mail_id: str, message: EmailMessage) -> None:
        """Writes the file, whole or not at all; a repetition takes the place of what was there."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with NamedTemporaryFile(dir=self._folder, prefix=".", delete=False) as file:
                file.write(message.as_bytes())
            Path(file.name).replace(self._folder / f"{mail_id}.eml")
        except OSError as error:
            raise Refused(type(error).__name__, is_of_all=True) from error


class Ses:
    """Sends by Amazon SES; `configuration_set` says where SES reports what becomes of a mail, if anywhere."""

    def __init__(self, configuration_set: str) -> None:
        self._set = configuration_set

    def send(self, mail_id: str, message: EmailMessage) -> None:
        """Sends a message once; the mail's id is a tag, by which SES names it in its reports."""
        from botocore.exceptions import BotoCoreError, ClientError

        named: dict[str, Any] = {"ConfigurationSetName": self._set} if self._set else {}
        try:
            get_client().send_email(
                FromEmailAddress=str(message["From"]),
                Destination={"ToAddresses": [str(message["To"])]},
                Content={"Raw": {"Data": message.as_bytes()}},
                EmailTags=[{"Name": "mail", "Value": mail_id}],
                **named,
            )
        except ClientError as error:
            raise _refusal(error) from error
        except BotoCoreError as error:
            raise Refused(type(error).__name__) from error


def _refusal(error: "ClientError") -> Refused:
    code = str(error.response.get("Error", {}).get("Code", "unknown"))
    return Refused(code, is_final=code in _FOR_GOOD, is_of_all=code in _FOR_ALL)
