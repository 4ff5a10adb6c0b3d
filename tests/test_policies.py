"""What each deployed stage may do in AWS, and nothing beyond."""

import json
from pathlib import Path
from typing import Any

import pytest

from catalog.index.snapshot_store import FOLDER
from common.media import PRIVATE
from orders.papers.files import FOLDER as PAPERS
from tools.local.local_stage import check_endpoints
from tools.package.stages import LOCAL_STAGE
from tools.paths import ROOT

READ_AND_WRITE = {"GetItem", "PutItem", "Query", "UpdateItem"}
ALLOWED = {
    "catalog": READ_AND_WRITE | {"BatchGetItem", "ConditionCheckItem", "DeleteItem"},
    "orders": READ_AND_WRITE | {"BatchGetItem", "DeleteItem"},
    "content": READ_AND_WRITE | {"BatchGetItem"},
    "shop": READ_AND_WRITE | {"BatchGetItem", "ConditionCheckItem", "DeleteItem"},
    "etsy_sync": READ_AND_WRITE | {"BatchGetItem", "ConditionCheckItem", "DeleteItem"},
}
FOLDERS = {"creators/*", "fumetti/*", "incoming/*", "personaggi/*", "products/*", "uploads/*"}
MEDIA = {
    "catalog": {"creators/*", "incoming/*", "products/*", "uploads/*"},
    "orders": set(),
    "content": {"fumetti/*", "incoming/*", "personaggi/*", "uploads/*"},
    "shop": set(),
    "etsy_sync": set(),
}
SECRETS = {
    "catalog": {"edge-secret", "jwt-secret", "token-key"},
    "orders": {"edge-secret", "jwt-secret", "stripe-api-key", "stripe-webhook-secret"},
    "content": {"edge-secret", "jwt-secret"},
    "shop": {"edge-secret", "jwt-secret", "admin-password-hash", "token-key"},
    "etsy_sync": {
        "edge-secret",
        "jwt-secret",
        "amazon-client-secret",
        "amazon-refresh-token",
        "etsy-client-secret",
        "etsy-webhook-secret",
        "shopify-client-secret",
        "token-key",
    },
}
QUEUE = {
    "catalog": {"SendMessage"},
    "orders": {"SendMessage"},
    "content": set(),
    "shop": set(),
    "etsy_sync": {
        "ChangeMessageVisibility",
        "DeleteMessage",
        "GetQueueAttributes",
        "ReceiveMessage",
        "SendMessage",
    },
}
# What Lambda needs to read a queue for a function.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
READING = {"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}
FILES = sorted(path.stem for path in (ROOT / ".chalice" / "policies").glob("*.json"))
CONFIG = json.loads((ROOT / ".chalice" / "config.json").read_text())
DEPLOYED = [stage for stage in CONFIG["stages"] if stage != LOCAL_STAGE]


def statements(name: str) -> dict[str, dict[str, Any]]:
    document = json.loads((ROOT / ".chalice" / "policies" / f"{name}.json").read_text())
    return {statement["Sid"]: statement for statement in document["Statement"]}


def granted(name: str) -> set[tuple[str, str]]:
    return {
        (action, resource)
        for statement in statements(name).values()
        for action in statement["Action"]
        for resource in statement["Resource"]
    }


@pytest.mark.parametrize("domain", ALLOWED)
def test_a_domain_may_do_with_the_table_what_it_does_and_no_more(domain: str) -> None:
    table = statements(domain)["Table"]
    assert set(table["Action"]) == {f"dynamodb:{action}" for action in ALLOWED[domain]}
    name = "arn:aws:dynamodb:*:*:table/ArtManagementTable"
    assert table["Resource"] == [name, f"{name}/index/*"]


@pytest.mark.parametrize("domain", ALLOWED)
def test_a_domain_writes_its_own_images_only(domain: str) -> None:
    media = statements(domain).get("Media", {"Action": [], "Resource": []})
    assert set(media["Action"]) <= {"s3:PutObject", "s3:DeleteObject"}
    assert set(media["Resource"]) == {f"arn:aws:s3:::artshop-media/{folder}" for folder in MEDIA[domain]}


@pytest.mark.parametrize("domain", ALLOWED)
def test_a_domain_with_images_copies_them_from_any_folder(domain: str) -> None:
    pictures = statements(domain).get("Pictures", {"Action": [], "Resource": []})
    assert set(pictures["Action"]) == ({"s3:GetObject"} if MEDIA[domain] else set())
    folders = FOLDERS if MEDIA[domain] else set()
    assert set(pictures["Resource"]) == {f"arn:aws:s3:::artshop-media/{folder}" for folder in folders}


@pytest.mark.parametrize("domain", ALLOWED)
def test_the_catalogue_alone_reads_and_writes_its_snapshots_and_no_domain_other_private_things(
    domain: str,
) -> None:
    snapshots = statements(domain).get("Snapshots", {"Action": [], "Resource": []})
    is_catalogue = domain == "catalog"
    assert set(snapshots["Action"]) == ({"s3:GetObject", "s3:PutObject"} if is_catalogue else set())
    place = f"arn:aws:s3:::artshop-media/{FOLDER}ArtManagementTable/*"
    assert snapshots["Resource"] == ([place] if is_catalogue else [])
    private = {resource for _, resource in granted(domain) if f"/{PRIVATE}" in resource}
    assert private == set(snapshots["Resource"]) | set(_papers(domain)["Resource"])


@pytest.mark.parametrize("domain", ALLOWED)
def test_the_orders_alone_read_and_write_papers(domain: str) -> None:
    papers = _papers(domain)
    is_orders = domain == "orders"
    assert set(papers["Action"]) == ({"s3:GetObject", "s3:PutObject"} if is_orders else set())
    place = f"arn:aws:s3:::artshop-media/{PRIVATE}{PAPERS}/ArtManagementTable/*"
    assert papers["Resource"] == ([place] if is_orders else [])


def _papers(domain: str) -> dict[str, Any]:
    return statements(domain).get("Papers", {"Action": [], "Resource": []})


@pytest.mark.parametrize("domain", ALLOWED)
def test_a_domain_says_which_stock_has_changed_if_it_changes_any(domain: str) -> None:
    queue = statements(domain).get("Queue", {"Action": [], "Resource": []})
    assert set(queue["Action"]) == {f"sqs:{action}" for action in QUEUE[domain]}
    assert set(queue["Resource"]) <= {"arn:aws:sqs:*:*:artshop-stock"}


@pytest.mark.parametrize("domain", ALLOWED)
def test_a_domain_that_writes_mails_announces_them_and_the_shop_alone_sends(domain: str) -> None:
    parts = statements(domain)
    assert ("MailQueue" in parts) == (domain != "content")
    for sid in ("Mail", "DeadMails"):
        assert (sid in parts) == (domain == "shop")
    if domain == "shop":
        assert set(parts["MailQueue"]["Action"]) == {*READING, "sqs:SendMessage"}
        assert set(parts["DeadMails"]["Action"]) == READING - {"sqs:GetQueueAttributes"}
        assert parts["Mail"]["Action"] == ["ses:SendEmail"]
        kinds = {resource.split(":", 5)[5].partition("/")[0] for resource in parts["Mail"]["Resource"]}
        assert kinds == {"identity", "configuration-set"}
    elif domain != "content":
        assert parts["MailQueue"]["Action"] == ["sqs:SendMessage"]


@pytest.mark.parametrize("domain", ALLOWED)
def test_only_the_sync_reads_the_queues_and_only_who_seals_has_the_key(domain: str) -> None:
    parts = statements(domain)
    assert ("DeadLetters" in parts) == (domain == "etsy_sync")
    assert ("Tokens" in parts) == (domain in {"catalog", "etsy_sync", "shop"})
    if domain == "etsy_sync":
        assert set(parts["Queue"]["Action"]) >= READING
        # A job reads them, and no event source.
        assert set(parts["DeadLetters"]["Action"]) == READING - {"sqs:GetQueueAttributes"}
        assert parts["DeadLetters"]["Resource"] == ["arn:aws:sqs:*:*:artshop-stock-dead"]


@pytest.mark.parametrize("name", ["all", "staging", "catalog", "etsy_sync", "shop"])
def test_tokens_are_opened_by_the_key_of_one_alias_only(name: str) -> None:
    tokens = statements(name)["Tokens"]
    assert set(tokens["Action"]) == {"kms:Decrypt", "kms:Encrypt"}
    alias = f"alias/artshop-tokens{'-staging' if name == 'staging' else ''}"
    assert tokens["Condition"] == {"ForAnyValue:StringEquals": {"kms:ResourceAliases": alias}}


@pytest.mark.parametrize("domain", ALLOWED)
def test_a_domain_reads_its_own_secrets_only(domain: str) -> None:
    secrets = statements(domain)["Secrets"]
    assert secrets["Action"] == ["ssm:GetParameter"]
    assert {resource.rpartition("/")[2] for resource in secrets["Resource"]} == SECRETS[domain]


@pytest.mark.parametrize("name", FILES)
def test_no_policy_grants_more_than_the_statements_known_here(name: str) -> None:
    pictures = {"Media", "Pictures", "Snapshots", "Papers", "Health"}
    mails = {"MailQueue", "DeadMails", "Mail"}
    known = {"Logs", "Table", *pictures, "Queue", "DeadLetters", *mails, "Tokens", "Secrets"}
    assert set(statements(name)) <= known
    assert all("Condition" in each for sid, each in statements(name).items() if sid == "Tokens")
    for action, resource in granted(name):
        assert "*" not in action
        assert action not in {"dynamodb:Scan", "iam:PassRole"}
        assert resource.count(":") >= 5
        assert resource.split(":", 5)[5] not in {"*", "table/*", "parameter/*"}
    assert all(statement["Effect"] == "Allow" for statement in statements(name).values())


def test_the_whole_shop_may_do_what_its_domains_may() -> None:
    assert granted("all") == {right for domain in ALLOWED for right in granted(domain)}


def test_development_has_the_same_rights_on_names_of_its_own() -> None:
    renamed = {
        (
            action,
            resource.replace("ArtManagementTable-staging", "ArtManagementTable")
            .replace("media-staging", "media")
            .replace("artshop-stock-staging", "artshop-stock")
            .replace("artshop-mail-staging", "artshop-mail"),
        )
        for action, resource in granted("staging")
    }
    assert {(a, r.replace("/artshop/staging/", "/artshop/prod/")) for a, r in renamed} == granted("all")
    assert all("-staging" in r for a, r in granted("staging") if a.startswith(("dynamodb:", "s3:", "sqs:")))


@pytest.mark.parametrize("stage", DEPLOYED)
def test_a_stage_names_what_its_policy_grants(stage: str) -> None:
    settings = CONFIG["stages"][stage]
    variables = settings["environment_variables"]
    resources = " ".join(resource for _, resource in granted(Path(settings["iam_policy_file"]).stem))
    assert f"table/{variables['DYNAMODB_TABLE_NAME']}/index/*" in resources
    assert (":::" in resources) == ("S3_BUCKET_NAME" in variables)
    assert f":::{variables.get('S3_BUCKET_NAME', '')}" in resources or ":::" not in resources
    for name, value in variables.items():
        if name.endswith("_PARAMETER"):
            assert f"parameter{value}" in resources
    for setting, queue in (("STOCK_QUEUE_NAME", "artshop-stock"), ("MAIL_QUEUE_NAME", "artshop-mail")):
        assert (setting in variables) == (f":{queue}" in resources)
        assert f":{variables.get(setting)}" in resources or setting not in variables
    assert ("MAIL_CONFIGURATION_SET" in variables) == (":ses:" in resources)
    assert (
        f"configuration-set/{variables.get('MAIL_CONFIGURATION_SET')}" in resources
        or ":ses:" not in resources
    )
    # What writes mails puts them where they are read.
    assert ("MAIL_FROM" in variables) == ("MAIL_QUEUE_NAME" in variables)
    # The right to a key of KMS is there for whom it seals, and left out of the package where none is named.
    assert ("TOKEN_ENCRYPTION_KEY_PARAMETER" in variables) == (":kms:" in resources)
    assert "TOKEN_KMS_KEY_ID" not in variables


@pytest.mark.parametrize("stage", DEPLOYED)
def test_no_stage_holds_a_secret(stage: str) -> None:
    variables = CONFIG["stages"][stage]["environment_variables"]
    assert not {"JWT_SECRET", "ADMIN_PASSWORD_HASH", "CURSOR_SECRET", "ADMIN_PASSWORD"} & set(variables)
    assert not [name for name in variables if name.endswith(("_SECRET", "_TOKEN", "_KEY"))]
    assert variables["ENVIRONMENT"] in {"production", "staging"}
    assert "*" not in variables["CORS_ALLOWED_ORIGINS"]


def test_the_stage_for_this_machine_reaches_no_account() -> None:
    settings = CONFIG["stages"][LOCAL_STAGE]
    assert "iam_policy_file" not in settings
    variables = settings["environment_variables"]
    assert variables["ENVIRONMENT"] == "development"
    assert {variables[name] for name in variables if name.startswith("AWS_") and "KEY" in name} == {"local"}
    check_endpoints(variables)
    for name in ("MEDIA_BASE_URL", "STOCK_QUEUE_URL"):
        assert variables[name].startswith(variables["AWS_ENDPOINT_URL"])
