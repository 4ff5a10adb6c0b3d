"""Secrets of a stage: which it cannot do without, and the commands that store them."""

from dataclasses import replace

from tools.deploy.account import Account
from tools.deploy.secrets import Secret, missing_secrets, needed_secrets
from tools.package.stages import Stage, read_stage
from tools.paths import ROOT

ALWAYS = {"JWT_SECRET", "ADMIN_PASSWORD_HASH"}


def needed(name: str, **environment: str) -> set[str]:
    stage = read_stage(ROOT, name)
    return {each.name for each in needed_secrets(with_environment(stage, environment))}


def with_environment(stage: Stage, changes: dict[str, str]) -> Stage:
    return replace(stage, environment=stage.environment | changes)


def test_channels_and_providers_that_are_not_used_need_nothing() -> None:
    assert needed("staging") == ALWAYS
    assert needed("prod") == ALWAYS | {"STRIPE_API_KEY", "STRIPE_WEBHOOK_SECRET"}
    assert needed("catalog-prod") == {"JWT_SECRET", "EDGE_SECRET"}


def test_a_channel_in_use_needs_its_own_and_the_key_that_seals_tokens() -> None:
    etsy = needed("staging", ETSY_CLIENT_ID="a-key")
    assert etsy == ALWAYS | {"ETSY_CLIENT_SECRET", "TOKEN_ENCRYPTION_KEY"}
    assert needed("staging", ETSY_CLIENT_ID="a-key", TOKEN_KMS_KEY_ID="alias/tokens") == etsy - {
        "TOKEN_ENCRYPTION_KEY"
    }
    amazon = needed("staging", AMAZON_CLIENT_ID="an-application")
    assert amazon >= {"AMAZON_CLIENT_SECRET", "AMAZON_REFRESH_TOKEN"}


def test_only_a_stage_behind_the_one_host_needs_its_secret() -> None:
    assert "EDGE_SECRET" in needed("orders-prod")
    assert "EDGE_SECRET" not in needed("prod")


def test_what_is_not_stored_is_found_without_reading_what_is(account: Account) -> None:
    stored, missing = Secret("JWT_SECRET", "/a/jwt", False), Secret("X", "/a/x", False)
    managed = Secret("Y", "y", True)
    account.parameters.put_parameter(Name="/a/jwt", Value="v", Type="SecureString")
    assert missing_secrets(account, [stored, missing, managed]) == [missing, managed]


def test_each_has_the_command_that_stores_it() -> None:
    assert Secret("JWT_SECRET", "/a/jwt", False).command == (
        'aws ssm put-parameter --type SecureString --name /a/jwt --value "$(openssl rand -base64 48)"'
    )
    assert "artshop password-hash" in Secret("ADMIN_PASSWORD_HASH", "/a/p", False).command
    assert Secret("STRIPE_API_KEY", "s", True).command.startswith(
        "aws secretsmanager create-secret --name s "
    )
