"""Which secrets a stage needs, which of them are not stored, and the command that stores each."""

from collections.abc import Iterable
from dataclasses import dataclass

from botocore.exceptions import ClientError

from tools.deploy.account import Account, aws_errors, error_code
from tools.package.stages import Stage

RANDOM = '"$(openssl rand -base64 48)"'
# What may be made up on the spot; all others come from somebody else.
MADE_UP = {
    "JWT_SECRET": RANDOM,
    "EDGE_SECRET": RANDOM,
    "TOKEN_ENCRYPTION_KEY": "\"$(openssl rand -base64 32 | tr '+/' '-_')\"",
    "ADMIN_PASSWORD_HASH": '"$(artshop password-hash)"',
}
# A channel is used where this is filled in.
USED_WHERE = {"ETSY": "ETSY_CLIENT_ID", "SHOPIFY": "SHOPIFY_CLIENT_ID", "AMAZON": "AMAZON_CLIENT_ID"}
# Without it webhooks are refused, and the channel is asked every few minutes all the same.
OPTIONAL = ("ETSY_WEBHOOK_SECRET",)


@dataclass(frozen=True)
class Secret:
    """A secret and where the stage says that it is: a parameter, or a secret of Secrets Manager."""

    name: str
    place: str
    in_secrets_manager: bool

    @property
    def command(self) -> str:
        """What stores it."""
        value = MADE_UP.get(self.name, '"..."')
        if self.in_secrets_manager:
            return f"aws secretsmanager create-secret --name {self.place} --secret-string {value}"
        return f"aws ssm put-parameter --type SecureString --name {self.place} --value {value}"


def needed_secrets(stage: Stage) -> list[Secret]:
    """What the stage names and cannot do without; not what only channels need that are not used."""
    found = []
    for variable, place in sorted(stage.environment.items()):
        for ending in ("_PARAMETER", "_SECRET_ID"):
            name = variable.removesuffix(ending)
            if place and variable.endswith(ending) and _is_needed(name, stage):
                found.append(Secret(name, place, ending == "_SECRET_ID"))
    return found


def _is_needed(name: str, stage: Stage) -> bool:
    if name in OPTIONAL:
        return False
    if name.startswith("STRIPE_"):
        return stage.environment.get("PAYMENT_PROVIDER") == "stripe"
    used = [channel for channel, variable in USED_WHERE.items() if stage.environment.get(variable)]
    if name == "EDGE_SECRET":
        return "edge" in stage.deploy
    if name == "TOKEN_ENCRYPTION_KEY":
        # Where a key of KMS is named, that seals.
        return bool(used) and not stage.environment.get("TOKEN_KMS_KEY_ID")
    channel = name.partition("_")[0]
    return channel not in USED_WHERE or channel in used


def missing_secrets(account: Account, secrets: Iterable[Secret]) -> list[Secret]:
    """Those of them under whose name nothing is stored; no value is read."""
    return [secret for secret in secrets if not _is_stored(account, secret)]


def _is_stored(account: Account, secret: Secret) -> bool:
    with aws_errors(f"look whether {secret.place} is stored"):
        try:
            if secret.in_secrets_manager:
                account.secrets.describe_secret(SecretId=secret.place)
            else:
                # It decrypts nothing, so a secret is not in this process.
                account.parameters.get_parameter(Name=secret.place, WithDecryption=False)
        except ClientError as error:
            if error_code(error) in {"ParameterNotFound", "ResourceNotFoundException"}:
                return False
            raise
    return True
