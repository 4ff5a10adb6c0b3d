"""What the document shows as examples: answers that the demo shop gave, which tests ask it for again."""

import json
from functools import cache
from pathlib import Path
from typing import Any

ANSWERS = Path(__file__).parent / "examples.json"

# Things of the demo shop by the variable parts of paths that name them.
PARTS: dict[str, Any] = {
    "category": 1,
    "entity": "1",
    "entity_type": "Product",
    "fumetto": 1,
    "level": "high",
    "personaggio": 1,
    "product": 1,
    "sku": "BRA-LUNA-A4",
    "user": "1",
    "variant": 1,
}
# The same where everybody may name them by their slugs.
SLUGS = {"category": "prints", "product": "brace-sotto-la-luna-grande"}


@cache
def recorded_answers() -> dict[str, Any]:
    """Answers by the names of their operations, shortened: of each list the first entries are shown."""
    found: dict[str, Any] = json.loads(ANSWERS.read_text(encoding="utf-8"))
    return found
