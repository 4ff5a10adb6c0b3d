"""Whether all templates can be used: each is written with made-up data."""

from common.languages import LANGUAGES
from shop.mail.examples import bare_values, example_values
from shop.mail.kinds import KINDS
from shop.mail.rendering import BadTemplate, render


def check_templates() -> tuple[int, list[str]]:
    """How many mails were written, and what is wrong with those that could not be, by file and line.

    Each kind is written in each language with all that there may be, and with as little.
    """
    written, complaints = 0, []
    for language in LANGUAGES:
        for kind in KINDS:
            for values in (example_values(kind), bare_values(kind)):
                try:
                    if not render(kind, language, values).subject:
                        complaints.append(f"{language}/{kind}.html:1: the subject is empty")
                except BadTemplate as error:
                    complaints.append(str(error))
                written += 1
    return written, list(dict.fromkeys(complaints))
