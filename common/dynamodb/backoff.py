"""How long to wait before trying again: exponential with full jitter, so that rivals spread out."""

from collections.abc import Callable
from random import SystemRandom

Sleep = Callable[[float], None]

BASE_S = 0.05
CAP_S = 1.0
# More would only be a larger number than any cap.
_MANY = 20

_uniform = SystemRandom().uniform


def delay(attempt: int, most_s: float = CAP_S) -> float:
    """Seconds to wait after an attempt, counted from 0: from 0 to 50 ms x 2^attempt, at most `most_s`."""
    return _uniform(0, min(most_s, BASE_S * 2 ** min(attempt, _MANY)))
