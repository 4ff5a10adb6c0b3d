"""Change sets: what they do, and what must not be carried out."""

from typing import Any

import pytest

from tools.deploy.account import Account
from tools.deploy.changes import HOLDS_DATA, Change, read_changes, refusals, table_of


def described(action: str, replacement: str | None = None, kind: str = "AWS::Lambda::Function") -> Any:
    resource = {
        "Action": action,
        "ResourceType": kind,
        "LogicalResourceId": "It",
        "PhysicalResourceId": "its-id",
    }
    return {
        "Type": "Resource",
        "ResourceChange": resource | ({"Replacement": replacement} if replacement else {}),
    }


@pytest.mark.parametrize(
    ("action", "replacement", "wanted"),
    [
        ("Add", None, "add"),
        ("Modify", "False", "modify"),
        ("Modify", "True", "replace"),
        ("Modify", "Conditional", "replace"),
        ("Remove", None, "remove"),
    ],
)
def test_a_replacement_that_is_not_ruled_out_counts_as_one(
    action: str, replacement: str | None, wanted: str
) -> None:
    assert read_changes([described(action, replacement)]) == [
        Change(wanted, "AWS::Lambda::Function", "It", "its-id")
    ]


@pytest.mark.parametrize("kind", HOLDS_DATA)
@pytest.mark.parametrize("action", ["replace", "remove"])
def test_what_holds_data_is_neither_replaced_nor_removed(account: Account, action: str, kind: str) -> None:
    (text,) = refusals(account, [Change(action, kind, "Table", "shop")])
    assert text == f"Table (shop) would be {action}d, and it holds data"


def test_other_changes_are_allowed(account: Account) -> None:
    allowed = [Change(action, "AWS::DynamoDB::Table", "Table", "shop") for action in ("add", "modify")]
    allowed.append(Change("remove", "AWS::Lambda::Function", "It", "its-id"))
    assert refusals(account, allowed) == []


def test_a_queue_goes_only_when_it_is_empty(account: Account) -> None:
    address = account.queues.create_queue(QueueName="stock")["QueueUrl"]
    change = Change("remove", "AWS::SQS::Queue", "Stock", address)
    assert refusals(account, [change]) == []
    account.queues.send_message(QueueUrl=address, MessageBody="waits")
    (text,) = refusals(account, [change])
    assert text.endswith("and 1 messages wait in it")


def test_the_table_has_a_line_for_each_change() -> None:
    changes = [Change("add", "AWS::S3::Bucket", "Media"), Change("modify", "AWS::SQS::Queue", "Stock")]
    assert table_of(changes) == "    add      AWS::S3::Bucket  Media\n    modify   AWS::SQS::Queue  Stock"
