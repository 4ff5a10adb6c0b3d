"""The fake's webhooks: signed, and sent as often and in the order that somebody asks for."""

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import count
from threading import Thread
from typing import Any

WEBHOOK_SECRET = "whsec_" + b64encode(b"secret-of-the-fake-etsy-webhooks").decode()


@dataclass(frozen=True)
class Event:
    """Something that happened; each sending has its id."""

    id: str
    body: bytes

    def headers(self, now: datetime) -> dict[str, str]:
        """The headers of a webhook of it that is sent now."""
        timestamp = str(int(now.timestamp()))
        return {
            "content-type": "application/json",
            "webhook-id": self.id,
            "webhook-timestamp": timestamp,
            "webhook-signature": f"v1,{signature(self.id, timestamp, self.body)}",
        }


@dataclass
class Webhooks:
    """All events, oldest first, and what came of sending them: pairs of id and status (0: no answer)."""

    events: list[Event] = field(default_factory=list)
    deliveries: list[tuple[str, int]] = field(default_factory=list)
    url: str = ""

    def __post_init__(self) -> None:
        self._numbers = count(1)

    def happened(self, kind: str, resource_url: str, shop_id: int, now: datetime) -> Event:
        """Keeps an event, and sends it where a URL was given."""
        body = {"event_type": kind, "resource_url": resource_url, "shop_id": shop_id}
        event = Event(f"msg_{next(self._numbers)}", json.dumps(body).encode())
        self.events.append(event)
        if self.url:
            self.send_later([event], self.url, now)
        return event

    def chosen(self, ids: Sequence[str] | None) -> list[Event]:
        """The events of these ids in this order, repetitions included; by default the latest."""
        if ids is None:
            return self.events[-1:]
        known = {event.id: event for event in self.events}
        return [known[event_id] for event_id in ids]

    def send(self, events: Sequence[Event], url: str, now: datetime) -> list[int]:
        """Sends events one after the other; the statuses that were answered."""
        import requests

        statuses = []
        for event in events:
            try:
                status = requests.post(url, event.body, headers=event.headers(now), timeout=10).status_code
            except requests.RequestException:
                status = 0
            statuses.append(status)
            self.deliveries.append((event.id, status))
        return statuses

    def send_later(self, events: Sequence[Event], url: str, now: datetime) -> None:
        """The same in a thread, because the receiver may ask the fake before it answers."""
        options: dict[str, Any] = {"args": (events, url, now), "daemon": True}
        Thread(target=self.send, **options).start()


def signature(event_id: str, timestamp: str, body: bytes, secret: str = WEBHOOK_SECRET) -> str:
    """The signature of a webhook, in base64."""
    key = b64decode(secret.removeprefix("whsec_"))
    return b64encode(hmac.new(key, f"{event_id}.{timestamp}.".encode() + body, sha256).digest()).decode()
