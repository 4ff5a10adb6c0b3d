"""The queue, the identity and the reports of mail fit what the code and the stages expect."""

import json
from typing import Any

import yaml

from shop import lambdas
from tools import queues
from tools.deploy.stacks import BEFORE, pieces_of, settings_for_templates
from tools.package.rights import narrow
from tools.package.stages import Stage, read_stage
from tools.paths import ROOT

MAIL: dict[str, Any] = yaml.safe_load((ROOT / "infra" / "mail.yaml").read_text())
RESOURCES: dict[str, Any] = MAIL["Resources"]
CONFIG: dict[str, Any] = json.loads((ROOT / ".chalice" / "config.json").read_text())
WRITES = {"MAIL_QUEUE_NAME": "q", "MAIL_FROM": "Shop <shop@shop.test>", "MAIL_CONFIGURATION_SET": "set"}


def test_a_message_stays_hidden_for_six_times_what_its_reader_may_take() -> None:
    limits = CONFIG["lambda_functions"]
    mails, dead = RESOURCES["Mails"]["Properties"], RESOURCES["DeadMails"]["Properties"]
    assert mails["VisibilityTimeout"] == 6 * limits["send_mails"]["lambda_timeout"]
    assert dead["VisibilityTimeout"] == 6 * limits["send_waiting_mails"]["lambda_timeout"]
    assert mails["RedrivePolicy"]["maxReceiveCount"] == queues.RECEIVES
    assert dead["QueueName"] == {"Fn::Sub": "${MailQueueName}-dead"}


def test_the_names_are_those_of_the_stage_that_sends() -> None:
    variables = CONFIG["stages"]["shop-prod"]["environment_variables"]
    names = {
        "MailQueueName": "MAIL_QUEUE_NAME",
        "MailConfigurationSet": "MAIL_CONFIGURATION_SET",
        "MailTopicName": "MAIL_TOPIC_NAME",
    }
    for parameter, setting in names.items():
        assert MAIL["Parameters"][parameter]["Default"] == variables[setting]
    assert lambdas.QUEUE == queues.mail_queue_name() == variables["MAIL_QUEUE_NAME"]


def test_a_shop_that_writes_to_nobody_has_a_queue_and_nothing_of_ses() -> None:
    unconditional = {name for name, each in RESOURCES.items() if each.get("Condition") != "Writes"}
    assert unconditional == {"Mails", "DeadMails"}


def test_the_queue_takes_reports_of_the_shop_s_topic_alone_and_ses_of_this_account_publishes() -> None:
    (allowed,) = RESOURCES["MailsPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert allowed["Principal"] == {"Service": "sns.amazonaws.com"}
    assert allowed["Condition"] == {"ArnEquals": {"aws:SourceArn": {"Ref": "Events"}}}
    (published,) = RESOURCES["EventsPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert published["Principal"] == {"Service": "ses.amazonaws.com"}
    assert published["Condition"] == {"StringEquals": {"AWS:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_the_identity_outlives_its_stack_because_dns_names_it() -> None:
    identity = RESOURCES["Identity"]
    assert (identity["DeletionPolicy"], identity["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_every_stage_that_writes_has_the_stack() -> None:
    for name in ("prod", "catalog-prod", "orders-prod", "shop-prod", "etsy-sync-prod", "content-prod"):
        stage = read_stage(ROOT, name)
        assert ("mail" in {piece.name for piece in pieces_of(stage, BEFORE)}) == (name != "content-prod")


def test_the_domain_of_mail_from_is_the_identity() -> None:
    given = settings_for_templates(Stage("s", ("shop",), WRITES), {})
    assert (given["MailIdentity"], given["MailQueueName"]) == ("shop.test", "q")
    assert "MailIdentity" not in settings_for_templates(Stage("s", ("shop",), {"MAIL_FROM": ""}), {})


def test_the_right_to_send_is_for_the_identity_and_nobody_has_it_who_writes_to_nobody() -> None:
    def rights(environment: dict[str, str]) -> list[str]:
        arns = ["arn:aws:ses:*:*:configuration-set/artshop-mail", "arn:aws:ses:*:*:identity/example.com"]
        document: dict[str, Any] = {"Statement": [{"Action": ["ses:SendEmail"], "Resource": arns}]}
        narrow(document, Stage("s", ("shop",), {"TOKEN_ENCRYPTION_KEY_PARAMETER": "/k", **environment}))
        return [each["Fn::Sub"] for part in document["Statement"] for each in part["Resource"]]

    account = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}"
    assert rights(WRITES) == [f"{account}:configuration-set/set", f"{account}:identity/shop.test"]
    assert rights(WRITES | {"MAIL_FROM": ""}) == []
