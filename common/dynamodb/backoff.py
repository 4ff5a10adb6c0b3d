"""How long to wait before trying again: exponential with full jitter, so that rivals spread out."""

from collections.abc import Callable
from random import SystemRandom

Sleep = Callable[[float], None]

BASE_S = 0.05
CAP_S = 1.0

_uniform = SystemRandom().uniform


def delay(attempt: int) -> float:
    """Seconds to wait after an attempt, counted from 0: from 0 to 50 ms x 2^attempt, at most 1 s."""
    return _uniform(0, min(CAP_S, BASE_S * 2**attempt))
