"""`artshop mail`: what waits and what ended unsent, trying again, and looking at the templates."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from common.languages import LANGUAGES
from common.repositories.outbox import Mail
from tools.errors import ToolError, engine_errors
from tools.jobs import table, use_running_shop

MOST = 1000


@click.group()
@click.option("--aws", is_flag=True, help="Use the account even while a shop runs on this machine.")
def mail(aws: bool) -> None:
    """Look after the mails: which wait, which ended unsent, and how each kind of them looks.

    They are those of the shop that runs on this machine, if one does, else of what the environment names (AWS
    by default).
    """
    if not aws:
        use_running_shop()


@mail.command()
def waiting() -> None:
    """Show the mails that wait, those that are due first at the top.

    \b
    Example:
      artshop mail waiting
    """
    from common.clock import epoch, utc_now
    from common.repositories.outbox import waiting_mails

    with engine_errors():
        mails = waiting_mails(MOST, epoch(utc_now()))
    _show(mails, ("due", "attempts"), lambda each: (each.due_at, str(each.attempts)))


@mail.command()
def failed() -> None:
    """Show the mails that ended unsent, the newest first, each with its outcome and the reason.

    failed: refused for good, or through all attempts. suppressed: the address is not written to. held_back:
    it has had enough for a day. expired: too late. needless: there was nothing left to say. Each is kept for
    7 days.

    \b
    Example:
      artshop mail failed
    """
    from common.clock import epoch, utc_now
    from common.repositories.outbox import ended_mails

    with engine_errors():
        mails = ended_mails(MOST, epoch(utc_now()))
    _show(mails, ("outcome", "reason"), lambda each: (each.outcome or "", each.reason or ""))


@mail.command()
@click.argument("mail_id")
def retry(mail_id: str) -> None:
    """Let the mail MAIL_ID, which ended unsent, wait again; the job `mails` sends it.

    \b
    Examples:
      artshop mail retry 0e5d7a0e-2f0c-4b59-9a4e-6a0f2b7a6f10
      artshop mail failed
    """
    from common.clock import utc_now
    from common.errors import Conflict, NotFound, TooManyRequests
    from shop.mail.administration import try_again
    from tools.users.operator import OPERATOR

    with engine_errors():
        try:
            try_again(mail_id, OPERATOR, utc_now())
        except (Conflict, NotFound, TooManyRequests) as error:
            raise ToolError(error.message) from error
    click.echo(f"{mail_id} waits again.")


@mail.command()
@click.argument("kind")
@click.option("--language", default="it", show_default=True, type=click.Choice(LANGUAGES))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Where to write the HTML.")
def preview(kind: str, language: str, out: Path | None) -> None:
    """Show how a mail of this KIND looks, with made-up data: its subject and text, or its HTML in a file.

    MAIL_TEMPLATES names a folder with templates of your own.

    \b
    Examples:
      artshop mail preview order_placed
      artshop mail preview order_shipped --language en --out shipped.html
      MAIL_TEMPLATES=my-mails artshop mail preview order_placed
    """
    from shop.mail.examples import example_values
    from shop.mail.kinds import KINDS
    from shop.mail.rendering import BadTemplate, render

    if kind not in KINDS:
        raise click.BadParameter(f"there is no kind {kind!r}; there are {', '.join(KINDS)}")
    try:
        rendered = render(kind, language, example_values(kind))
    except BadTemplate as error:
        raise ToolError(str(error)) from error
    if out is None:
        click.echo(f"Subject: {rendered.subject}\n\n{rendered.text}", nl=False)
        return
    out.write_text(rendered.html, encoding="utf-8")
    click.echo(f"{out}: {rendered.subject}")


@mail.command()
def check() -> None:
    """Write every kind of mail in each language with made-up data; say which template cannot be used.

    Each is written with all that there may be and with as little as there may be. Ends with 1, and names file
    and line, when one asks for what there is not.

    \b
    Examples:
      artshop mail check
      MAIL_TEMPLATES=my-mails artshop mail check
    """
    from shop.mail.checking import check_templates

    checked, complaints = check_templates()
    for complaint in complaints:
        click.echo(complaint, err=True)
    if complaints:
        raise SystemExit(1)
    click.echo(f"{checked} mails were written.")


def _show(mails: Sequence[Mail], titles: tuple[str, str], cells: Callable[[Mail], tuple[str, str]]) -> None:
    rows = [
        (
            each.id,
            each.kind,
            "" if each.order_id is None else str(each.order_id),
            each.created_at,
            *cells(each),
        )
        for each in mails
    ]
    for line in table([("mail", "kind", "order", "since", *titles), *rows]):
        click.echo(line)
    click.echo(f"{len(mails)} mails.")
