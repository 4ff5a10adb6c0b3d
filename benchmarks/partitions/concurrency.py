"""How many Lambda functions answer at once: Little's law on the processor's time and the round trips."""

from dataclasses import dataclass
from math import exp

VCPU_MB = 1769
"""The memory at which Lambda gives one whole vCPU
(https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html)."""
TRIP_MS = 5.0
"""A round trip to DynamoDB within a region, in milliseconds: assumed; AWS promises single digits."""
HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class Need:
    """What visits need of Lambda: requests a second, milliseconds of each, and functions at once."""

    requests_a_second: float
    milliseconds: float

    @property
    def at_once(self) -> float:
        """On average: arrivals a second times seconds of each (Little's law)."""
        return self.requests_a_second * self.milliseconds / 1000

    @property
    def busiest(self) -> int:
        """How many at once are exceeded in one of 10,000 moments, when visitors come by chance (Poisson)."""
        count, probability = 0, exp(-self.at_once)
        reached = probability
        while reached < 0.9999:
            count += 1
            probability *= self.at_once / count
            reached += probability
        return count


def need(visits_an_hour: float, requests: float, processor: float, trips: float, memory: int) -> Need:
    """For visits of so many requests, each of so many milliseconds of processor and round trips.

    `memory` in MB gives the share of a vCPU; above VCPU_MB one request is no faster.
    """
    share = min(1.0, memory / VCPU_MB)
    return Need(visits_an_hour * requests / HOUR_S, processor / share + trips * TRIP_MS)
