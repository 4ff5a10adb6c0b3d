"""What is asked of the users' API, and how it refuses."""

from typing import Any

from tests.support.http import Answer, Client

PATH = "/api/users"
NOBODY = "5d022b85-3911-4eb9-8c15-0c9af29d4db0"
MARIA = {"email": "Maria.Rossi@Example.com", "name": "Maria Rossi"}


def refused(answer: Answer, status: int, code: str, message: str, errors: list[str] | None = None) -> None:
    """The answer is this refusal, in the users' envelope."""
    error: dict[str, Any] = {"code": code, "message": message}
    if errors is not None:
        error["details"] = {"errors": errors}
    assert (answer.status, answer.json) == (status, {"success": False, "error": error})


def invalid(answer: Answer, *errors: str) -> None:
    """The answer is a 400 with these errors."""
    refused(answer, 400, "VALIDATION_ERROR", ", ".join(errors), list(errors))


def create(admin: Client, **fields: Any) -> dict[str, Any]:
    """A user that is created over HTTP."""
    answer = admin.post(PATH, json={**MARIA, **fields})
    assert answer.status == 201
    created: dict[str, Any] = answer.json["data"]
    return created
