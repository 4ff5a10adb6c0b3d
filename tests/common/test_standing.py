"""Whether a token still counts, and at what cost that is known."""

from datetime import timedelta

import pytest

from common.clock import epoch, utc_now
from common.dynamodb import UnitOfWork, delete_item, get_item, meter
from common.http import Request, Role, Routes, create_app, issue_token
from common.optimistic import StaleVersion
from common.standing import (
    SETTINGS_ADMIN,
    Standing,
    end_all_tokens,
    end_token,
    mark_of,
    set_standing,
    standing_key,
    standing_of,
)
from tests.support.http import Client
from tests.support.races import just_before
from tests.support.tokens import admin_token

pytestmark = pytest.mark.usefixtures("table")

ROUTES = Routes("things")


@ROUTES.get("/open", role=None)
def _open(request: Request) -> dict[str, bool]:
    return {"signed_in": False}


@ROUTES.get("/whoever", role=None)
def _whoever(request: Request) -> dict[str, bool]:
    return {"signed_in": request.identity is not None}


@ROUTES.get("/edit", role=Role.EDITOR)
def _edit(request: Request) -> dict[str, str]:
    return {"caller": request.actor.id}


def _client(token: str) -> Client:
    return Client(create_app("things", [ROUTES]), token=token)


def _token(role: Role, version: int = 0) -> str:
    return issue_token("a-1", "ada", role, utc_now(), version=version)


def _store(role: Role, version: int = 0, *, is_disabled: bool = False) -> None:
    with UnitOfWork() as work:
        set_standing(work, Standing("a-1", role.value, version, is_disabled))


def test_the_administrator_of_the_settings_needs_no_row() -> None:
    assert _client(admin_token()).get("/edit").json == {"caller": "1"}
    assert get_item(standing_key(SETTINGS_ADMIN)) is None


def test_nobody_else_gets_in_without_one() -> None:
    assert _client(_token(Role.EDITOR)).get("/edit").status == 401


@pytest.mark.parametrize(
    ("role", "version", "is_disabled", "status"),
    [
        (Role.EDITOR, 0, False, 200),
        (Role.EDITOR, 0, True, 401),
        (Role.EDITOR, 1, False, 401),
        (Role.ADMIN, 0, False, 401),
        (Role.MEMBER, 0, False, 401),
    ],
    ids=["as it was", "disabled", "all tokens ended", "another role", "a lost role"],
)
def test_a_token_counts_while_its_account_is_what_it_was(
    role: Role, version: int, is_disabled: bool, status: int
) -> None:
    _store(role, version, is_disabled=is_disabled)
    client = _client(_token(Role.EDITOR))
    assert client.get("/edit").status == status
    assert client.get("/whoever").json == {"signed_in": status == 200}


@pytest.mark.parametrize("role", [Role.MEMBER, Role.CREATOR])
def test_who_may_less_is_refused_without_a_read(role: Role) -> None:
    _store(role)
    with meter() as usage:
        assert _client(_token(role)).get("/edit").status == 403
    assert usage.calls == 0


def test_whose_token_counts_costs_one_read_and_strangers_none() -> None:
    _store(Role.EDITOR)
    for token, path, calls in (
        (_token(Role.EDITOR), "/edit", 1),
        (_token(Role.EDITOR), "/whoever", 1),
        (_token(Role.EDITOR), "/open", 0),
        ("", "/whoever", 0),
        ("", "/edit", 0),
    ):
        with meter() as usage:
            _client(token).get(path)
        assert usage.calls == calls


def _sign_out(token: str) -> None:
    standing, now = standing_of("a-1"), utc_now()
    assert standing is not None
    end_token(standing, mark_of(token), epoch(now) + 60, now)


def test_signing_out_ends_the_one_token() -> None:
    _store(Role.EDITOR)
    mine, other = _token(Role.EDITOR), _token(Role.EDITOR)
    _sign_out(mine)
    _sign_out(mine)
    assert [_client(token).get("/edit").status for token in (mine, other)] == [401, 200]


def test_signing_out_beside_the_removal_of_an_account_leaves_no_row() -> None:
    _store(Role.EDITOR)
    with just_before("common.standing.update_item", lambda: delete_item(standing_key("a-1"))):
        _sign_out(_token(Role.EDITOR))
    assert get_item(standing_key("a-1")) is None


def _end_all(standing: Standing) -> None:
    with UnitOfWork() as work:
        end_all_tokens(work, standing)


def test_all_tokens_end_at_once_however_many_say_so() -> None:
    _store(Role.EDITOR)
    standing = standing_of("a-1")
    assert standing is not None
    _end_all(standing)
    with pytest.raises(StaleVersion):
        _end_all(standing)
    assert _client(_token(Role.EDITOR)).get("/edit").status == 401
    assert _client(_token(Role.EDITOR, version=1)).get("/edit").status == 200


def test_marks_of_tokens_that_have_ended_by_themselves_go() -> None:
    _store(Role.EDITOR)
    now = utc_now()
    for number in range(3):
        standing = standing_of("a-1")
        assert standing is not None
        end_token(standing, f"mark-{number}", epoch(now) + 60, now + timedelta(minutes=number))
    standing = standing_of("a-1")
    assert standing is not None
    assert {mark for mark, _ in standing.ended} == {"mark-2"}
