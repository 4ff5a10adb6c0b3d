"""What a mail says: its subject, text and HTML, made of a template and of values.

Templates lie in `templates/it` and `templates/en`, a file for each kind. `MAIL_TEMPLATES` names a folder with
the same two in it, whose files take the place of these.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common import config
from shop.mail.plain_text import text_of
from shop.mail.words import amount_text, date_text, rate_text, time_text

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail as it is read; the subject is one line."""

    subject: str
    text: str
    html: str


class BadTemplate(ValueError):
    """A template cannot be used; the text says what is wrong, `place` in which file and line."""

    def __init__(self, place: str, complaint: str) -> None:
        super().__init__(f"{place}: {complaint}")
        self.place = place


def render(kind: str, language: str, values: Mapping[str, Any]) -> Rendered:
    """What the template of a kind says in a language, `it` or `en`, with these values.

    All that it shows is escaped. Raises BadTemplate for one that is not written as it must be, or that
    asks for what there is not.
    """
    from jinja2 import TemplateError

    known = {**values, "language": language}
    try:
        template = _environment(config.setting("MAIL_TEMPLATES"), language).get_template(f"{kind}.html")
        subject = "".join(template.blocks["subject"](template.new_context(known)))
        html = template.render(known)
    except (TemplateError, LookupError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise BadTemplate(_place(error, f"{language}/{kind}.html"), _said(error)) from error
    return Rendered(" ".join(unescape(subject).split()), text_of(html), html)


@cache
def _environment(own: str, language: str) -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    places = [Path(own) / language, Path(own)] if own else []
    environment = Environment(
        loader=FileSystemLoader([*places, TEMPLATES / language, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        lstrip_blocks=True,
    )
    environment.filters["date"] = partial(date_text, language=language)
    environment.filters["time"] = partial(time_text, language=language)
    environment.filters["money"] = partial(amount_text, language=language)
    environment.filters["rate"] = partial(rate_text, language=language)
    return environment


def _place(error: Exception, name: str) -> str:
    """The file and line of a template where an error arose."""
    found = f"{getattr(error, 'filename', None) or name}:{getattr(error, 'lineno', None) or 1}"
    trace = error.__traceback__
    while trace is not None:
        # jinja2 rewrites the frames of a template so that they name its file and line.
        if trace.tb_frame.f_code.co_filename.endswith(".html"):
            found = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found


def _said(error: Exception) -> str:
    return f"there is no block {error}" if isinstance(error, KeyError) else str(error)
