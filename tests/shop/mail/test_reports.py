"""What SES reports by SNS, and other messages of the mail queue, as they come and as they must not."""

import json
from typing import Any

import boto3
import pytest

from common import sqs
from common.clock import epoch
from common.repositories.notifications import all_notifications
from common.repositories.outbox import Mail
from shop.mail.job import report_dead_letters, send_mails
from shop.mail.reading import Message, Read, read_messages
from shop.mail.suppression import suppression_of
from tests.shop.mail.builders import BUYER, NOW, Carrier, an_order, queued

TOPIC = "arn:aws:sns:eu-west-1:123456789012:artshop-mail-events"


@pytest.fixture(autouse=True)
def _topic(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_TOPIC_NAME", "artshop-mail-events")


def notification(event: Any, topic: str = TOPIC) -> str:
    """A message as SNS puts it into a queue.

    https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html
    """
    return json.dumps(
        {
            "Type": "Notification",
            "MessageId": "5cc2ba4d-b0ae-5d5a-a9bb-e4e5f0e3ba5e",
            "TopicArn": topic,
            "Subject": "Amazon SES Email Event Notification",
            "Message": event if isinstance(event, str) else json.dumps(event),
            "Timestamp": "2026-12-01T09:31:00.000Z",
        }
    )


def event(kind: str, mail_id: str = "", **about: Any) -> dict[str, Any]:
    """An event as a configuration set publishes it.

    https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html
    """
    mail = {
        "timestamp": "2026-12-01T09:30:00.000Z",
        "source": "The shop <shop@shop.test>",
        "messageId": "EXAMPLE7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a-000000",
        "destination": [BUYER],
        "tags": {"ses:configuration-set": ["artshop-mail"], **({"mail": [mail_id]} if mail_id else {})},
    }
    return {"eventType": kind, "mail": mail, kind.lower(): about}


def bounce(kind: str = "Permanent", mail_id: str = "", address: str = BUYER) -> dict[str, Any]:
    recipients = [{"emailAddress": address, "action": "failed", "status": "5.1.1", "diagnosticCode": "smtp"}]
    return event("Bounce", mail_id, bounceType=kind, bounceSubType="General", bouncedRecipients=recipients)


def complaint() -> dict[str, Any]:
    return event("Complaint", complainedRecipients=[{"emailAddress": BUYER}], complaintFeedbackType="abuse")


def read(*bodies: str) -> Read:
    messages = [Message(str(number), body) for number, body in enumerate(bodies)]
    return read_messages(messages, lambda: NOW, lambda: 100.0)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (bounce(), "bounce"),
        (bounce(address=f"Ada Example <{BUYER}>"), "bounce"),
        (complaint(), "complaint"),
        ({"notificationType": "Bounce", "bounce": bounce()["bounce"], "mail": {}}, "bounce"),
    ],
)
def test_hard_bounces_and_complaints_stop_further_mail(told: dict[str, Any], reason: str) -> None:
    # Events come twice.
    assert read(notification(told), notification(told)).failed == []
    found = suppression_of(BUYER)
    assert found is not None
    assert found.reason == reason


@pytest.mark.parametrize(
    "told",
    [bounce("Transient"), bounce("Undetermined"), event("Delivery", recipients=[BUYER]), event("Send")],
)
def test_no_other_report_stops_any(told: dict[str, Any]) -> None:
    assert read(notification(told)).failed == []
    assert suppression_of(BUYER) is None


def test_the_artist_hears_which_order_s_buyer_is_not_reached(carrier: Carrier) -> None:
    mail = queued(an_order())
    read(notification(bounce(mail_id=mail.id)))
    (told,) = all_notifications(epoch(NOW))
    assert (told.title, told.severity) == ("Mail about ORD-00000001 came back", "warning")
    assert BUYER not in repr(told)


@pytest.mark.parametrize(
    "body",
    [
        notification(bounce(), topic="arn:aws:sns:eu-west-1:123456789012:another"),
        notification(bounce(), topic="arn:aws:sns:eu-west-1:123456789012:x-artshop-mail-events"),
        json.dumps(bounce()),
        notification("not JSON"),
        notification([]),
        notification({"eventType": "Bounce"}),
        notification(event("Bounce", bounceType="Permanent", bouncedRecipients=[{}])),
        json.dumps({"Type": "Notification", "TopicArn": TOPIC}),
        "not JSON",
        "[]",
        "null",
    ],
)
def test_what_is_no_report_of_the_shop_s_topic_comes_back_and_changes_nothing(
    body: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert read(body).failed == ["0"]
    assert suppression_of(BUYER) is None
    assert BUYER not in repr([record.__dict__ for record in caplog.records])


def test_a_message_that_names_a_mail_sends_it_and_a_repetition_does_not(carrier: Carrier) -> None:
    mail = queued(an_order())
    body = json.dumps({"mail": mail.id})
    done = read(body, body, json.dumps({"mail": "of-nobody"}))
    assert done.failed == []
    assert done.counts == {"messages": 3, "sent": 1, "done_before": 2}


def test_a_message_that_fails_holds_up_no_other(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = queued(an_order())
    assert read("rubbish", json.dumps({"mail": mail.id})).counts["sent"] == 1


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a mail queue with its dead letters."""
    sqs.reset_client()
    client = boto3.client("sqs", region_name="eu-west-1")
    client.create_queue(QueueName="artshop-mail-dead")
    url: str = client.create_queue(QueueName="artshop-mail")["QueueUrl"]
    monkeypatch.setenv("MAIL_QUEUE_URL", url)
    return url


def test_dead_letters_are_told_and_taken_out(carrier: Carrier, queue: str) -> None:
    client = boto3.client("sqs", region_name="eu-west-1")
    for body in ("rubbish", json.dumps({"mail": "sent-by-the-job"})):
        client.send_message(QueueUrl=f"{queue}-dead", MessageBody=body)
    assert report_dead_letters(NOW) == 2
    (told,) = all_notifications(epoch(NOW))
    assert (told.title, told.severity) == ("1 reports about mails could not be read", "error")
    assert report_dead_letters(NOW) == 0


def test_an_order_s_mail_is_announced_with_its_commit_and_found_without(carrier: Carrier, queue: str) -> None:
    mail: Mail = queued(an_order())
    client = boto3.client("sqs", region_name="eu-west-1")
    (message,) = client.receive_message(QueueUrl=queue)["Messages"]
    assert json.loads(message["Body"]) == {"mail": mail.id}
    report = send_mails(NOW, None)
    assert (report.outcome, report.counts["sent"]) == ("completed", 1)
