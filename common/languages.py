"""The languages that the shop writes to its buyers in, and which of them a buyer reads."""

from common import config

ITALIAN, ENGLISH = "it", "en"
LANGUAGES = (ITALIAN, ENGLISH)

# What a browser sends is short; a longer header is read as far as this.
_MOST = 20


def shop_language() -> str:
    """`SHOP_LANGUAGE`: in which language whoever names none is written to, `it` (the default) or `en`.

    ConfigurationError for another.
    """
    name = config.setting("SHOP_LANGUAGE", ITALIAN)
    if name not in LANGUAGES:
        raise config.ConfigurationError(f"SHOP_LANGUAGE must be one of {', '.join(LANGUAGES)}, not {name!r}")
    return name


def preferred(accept_language: str | None) -> str:
    """Which of LANGUAGES suits an Accept-Language header best (RFC 9110, section 12.5.4).

    Whoever names others only reads English; whoever names none, or any (`*`), the shop's own.
    """
    wanted = [_weighed(part) for part in (accept_language or "").split(",")[:_MOST] if part.strip()]
    accepted = [(name, weight) for name, weight in wanted if weight > 0]
    if not accepted or accepted[0][0] == "*":
        return shop_language()
    best = max(accepted, key=lambda each: each[1] if each[0] in LANGUAGES else -1)
    return best[0] if best[0] in LANGUAGES else ENGLISH


def _weighed(part: str) -> tuple[str, float]:
    tag, _, parameter = part.partition(";")
    name = tag.strip().lower().partition("-")[0]
    _, _, weight = parameter.partition("=")
    try:
        return name, float(weight) if weight.strip() else 1.0
    except ValueError:
        return name, 0.0
