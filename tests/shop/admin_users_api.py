"""What administrators ask about accounts, and how it is refused."""

from typing import Any

from common.clock import epoch, utc_now
from common.repositories.accounts import Account, account_by_name
from common.repositories.outbox import Mail, waiting_mails
from tests.support.http import Answer, Client

PATH = "/api/admin/users"
ANNA = {"email": "anna@example.com", "username": "anna"}
GOOD = "a long enough passphrase"


def refused(answer: Answer, status: int, code: str, message: str) -> None:
    """The answer is this refusal, in the marketplace's envelope."""
    error = answer.json["error"]
    assert (answer.status, error["code"], error["message"]) == (status, code, message)
    assert error["timestamp"]
    assert error["requestId"]


def stored(username: str = "anna") -> Account:
    """The account with this name, as it is."""
    found = account_by_name(username)
    assert found is not None
    return found


def reset(admin: Client, name: str = "anna", **body: Any) -> Answer:
    """The answer to asking for another password."""
    return admin.post(f"{PATH}/{name}/reset-password", json=body)


def mails() -> list[Mail]:
    """The mails that wait."""
    return waiting_mails(10, epoch(utc_now()))
