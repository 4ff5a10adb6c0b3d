"""Passwords that administrators give to accounts, and tokens by which others are chosen."""

from typing import Any

import pytest

from common import passwords
from common.dynamodb import get_item
from common.password_resets import account_named_by, is_good, reset_key
from common.repositories.accounts import ACCOUNTS
from shop.admin_users import generated_password
from tests.shop.admin_users_api import GOOD, PATH, mails, refused, reset, stored
from tests.support.accounts import added, token_of
from tests.support.http import Client
from tests.support.races import just_after

pytestmark = pytest.mark.usefixtures("quick_passwords")


# --- passwords


def test_a_given_password_ends_every_token_and_an_open_reset(admin: Client) -> None:
    made = added("anna@example.com", username="anna", role="admin")
    token = reset(admin).json["resetToken"]
    assert reset(admin, password=GOOD).json == {"message": "Password reset successfully"}
    assert passwords.matches(str(stored().password_hash), GOOD)
    assert Client(admin.app, token=token_of(made)).get(PATH).status == 401
    assert not is_good(token, get_item(reset_key(made.id), consistent=True))


def test_a_password_that_may_not_be_leaves_the_old_one(admin: Client) -> None:
    made = added("anna@example.com", username="anna")
    answer = reset(admin, password="12345678")
    assert (answer.status, answer.json["error"]["code"]) == (400, "VALIDATION_ERROR")
    assert ACCOUNTS.get(made.id) == made


@pytest.mark.parametrize("content", [{}, {"json": {}}, {"json": {"password": "", "temporary": False}}])
def test_without_a_password_a_token_is_shown_once_and_replaces_the_one_before(
    admin: Client, content: dict[str, Any]
) -> None:
    made = added("anna@example.com", username="anna")
    tokens = []
    for _ in range(2):
        answer = admin.post(f"{PATH}/anna/reset-password", **content)
        assert answer.json.keys() == {"message", "resetToken", "expiresAt"}
        tokens.append(answer.json["resetToken"])
    row = get_item(reset_key(made.id), consistent=True)
    assert [is_good(token, row) for token in tokens] == [False, True]
    assert account_named_by(tokens[1]) == made.id
    assert tokens[1] not in repr(row)
    assert ACCOUNTS.get(made.id) == made


@pytest.mark.usefixtures("token_key_at_hand")
def test_a_token_that_is_mailed_is_not_shown(admin: Client) -> None:
    made = added("anna@example.com", username="anna")
    assert reset(admin, sendEmail=True).json == {"message": "A mail with a token is on its way"}
    assert [mail.kind for mail in mails()] == ["password_reset"]
    assert get_item(reset_key(made.id), consistent=True) is not None


def test_a_disabled_account_is_offered_no_token(admin: Client) -> None:
    made = added("anna@example.com", username="anna")

    def disable() -> None:
        assert admin.put(f"{PATH}/anna", json={"enabled": False}).status == 200

    # The first was looked at while it could still sign in.
    with just_after("shop.user_changes.find_user", disable):
        refused(reset(admin), 409, "CONFLICT", "The account is disabled: enable it first")
    refused(reset(admin), 409, "CONFLICT", "The account is disabled: enable it first")
    assert get_item(reset_key(made.id), consistent=True) is None


def test_removing_an_account_ends_the_token_to_choose_its_password(admin: Client) -> None:
    made = added("anna@example.com", username="anna")
    reset(admin)
    admin.delete(f"{PATH}/anna")
    assert get_item(reset_key(made.id), consistent=True) is None


def test_generated_passwords_differ_and_have_every_kind_of_letter() -> None:
    drawn = {generated_password() for _ in range(200)}
    assert len(drawn) == 200
    for password in drawn:
        assert any(each.islower() for each in password)
        assert any(each.isupper() for each in password)
        assert any(each.isdigit() for each in password)
        passwords.refuse_unusable(password)
