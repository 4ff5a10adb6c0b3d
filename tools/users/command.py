"""`artshop users`: accounts, on the table that the environment names."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from tools.jobs import use_running_shop
from tools.users.showing import SHORT, say, say_json, told_plainly

if TYPE_CHECKING:
    from common.dynamodb import Query

Command = Callable[..., None]

_ROLES = "Admin, Editor, Creator or Member"


@click.group()
@click.option("--aws", is_flag=True, help="Use the account even while a shop runs on this machine.")
def users(aws: bool) -> None:
    """Accounts: list, make, allow and end them.

    They work on the shop that runs on this machine, if one does, else on the table that the environment names
    (AWS by default). NAME is the name that somebody signs in with, or the e-mail address, or the id. The
    administrator of the settings is changed in the settings.

    \b
    Examples:
      artshop users create helper@example.com --username helper --role Editor
      artshop users disable helper
      artshop users list --json
    """
    if not aws:
        use_running_shop()


def _as_json(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


@users.command("list")
@_as_json
@told_plainly
def list_command(as_json: bool) -> None:
    """Show every account, the oldest first.

    \b
    Examples:
      artshop users list
      artshop users list --json
    """
    from common.repositories.accounts import oldest_accounts

    _show_all(oldest_accounts(), as_json)


@users.command("created-after")
@click.argument("moment")
@_as_json
@told_plainly
def created_after_command(moment: str, as_json: bool) -> None:
    """Show the accounts made later than a MOMENT, or from the beginning of a day on, the oldest first.

    \b
    Examples:
      artshop users created-after 2026-03-01
      artshop users created-after 2026-03-01T12:00:00Z --json
    """
    from shop.users import created_after

    _show_all(created_after(moment), as_json)


@users.command()
@click.argument("name")
@_as_json
@told_plainly
def show(name: str, as_json: bool) -> None:
    """Show one account.

    \b
    Examples:
      artshop users show helper
      artshop users show helper@example.com --json
    """
    from shop.admin_users import admin_user_json, find_account

    shown = admin_user_json(find_account(name))
    say_json(shown) if as_json else say([(field, str(value)) for field, value in shown.items()])


@users.command()
@_as_json
@told_plainly
def count(as_json: bool) -> None:
    """Say how many accounts there are.

    \b
    Example:
      artshop users count
    """
    from common.repositories.accounts import number_of_accounts

    number = number_of_accounts()
    say_json({"count": number}) if as_json else click.echo(number)


@users.command()
@click.argument("name")
@_as_json
@told_plainly
def exists(name: str, as_json: bool) -> None:
    """Say whether there is such an account; ends with 1 where there is none.

    \b
    Example:
      artshop users exists helper@example.com
    """
    from common.errors import NotFound
    from shop.admin_users import find_account

    try:
        find_account(name)
        found = True
    except NotFound:
        found = False
    say_json({"exists": found}) if as_json else click.echo("yes" if found else "no")
    if not found:
        raise SystemExit(1)


@users.command()
@click.argument("email")
@click.option("--username", help="What to sign in with besides the address.")
@click.option("--given-name")
@click.option("--family-name")
@click.option("--role", default="Editor", show_default=True, help=f"{_ROLES}.")
@click.option("--ask-password", is_flag=True, help="Ask for the password; one is generated otherwise.")
@click.option("--mail", is_flag=True, help="Mail a token to choose the password, and print none.")
@_as_json
@told_plainly
def create(ask_password: bool, mail: bool, as_json: bool, **given: str | None) -> None:
    """Make an account for EMAIL. A generated password is printed this once.

    \b
    Examples:
      artshop users create helper@example.com --username helper
      artshop users create boss@example.com --role Admin --ask-password
      artshop users create anna@example.com --role Creator --given-name Anna --mail
    """
    from common.clock import utc_now
    from shop.admin_users import admin_user_json, create_account
    from tools.users.operator import OPERATOR

    password = _asked() if ask_password else None
    account, secret = create_account({**given, "password": password, "send_email": mail}, OPERATOR, utc_now())
    if as_json:
        temporary = {"temporaryPassword": secret.password} if secret.password else {}
        say_json({"user": admin_user_json(account), **temporary})
        return
    click.echo(f"{account.email} may sign in as {account.role}; id {account.id}")
    if secret.password:
        click.echo(f"Password, shown this once: {secret.password}")
    if mail:
        click.echo("A mail waits to be sent." if secret.is_mailed else "No mail: there is no key to seal it.")


@users.command("set-role")
@click.argument("name")
@click.argument("role")
@_as_json
@told_plainly
def set_role(name: str, role: str, as_json: bool) -> None:
    """Give an account another ROLE, which signs it out everywhere: Admin, Editor, Creator or Member.

    \b
    Example:
      artshop users set-role helper Admin
    """
    from shop.admin_users import role_of

    _allow(name, as_json, role=role_of(role))


@users.command()
@click.argument("name")
@_as_json
@told_plainly
def disable(name: str, as_json: bool) -> None:
    """Shut an account out, at once and everywhere.

    \b
    Example:
      artshop users disable helper
    """
    _allow(name, as_json, is_enabled=False)


@users.command()
@click.argument("name")
@_as_json
@told_plainly
def enable(name: str, as_json: bool) -> None:
    """Let an account sign in again.

    \b
    Example:
      artshop users enable helper
    """
    _allow(name, as_json, is_enabled=True)


@users.command("reset-password")
@click.argument("name")
@click.option("--ask-password", is_flag=True, help="Ask for the new password and set it.")
@click.option("--mail", is_flag=True, help="Mail the token instead of printing it.")
@_as_json
@told_plainly
def reset_password(name: str, ask_password: bool, mail: bool, as_json: bool) -> None:
    """Issue a token by which a password is chosen within an hour, once; it is printed this once.

    \b
    Examples:
      artshop users reset-password helper
      artshop users reset-password helper --ask-password
      artshop users reset-password helper --mail
    """
    from common.clock import utc_now
    from shop.admin_users import find_account, give_password, offer_reset
    from tools.users.operator import OPERATOR

    account, password = find_account(name), _asked() if ask_password else None
    if password:
        give_password(account, password, OPERATOR, utc_now())
        say_json({"changed": True}) if as_json else click.echo("Password changed; signed out everywhere.")
        return
    secret = offer_reset(account, OPERATOR, utc_now(), by_mail=mail)
    if as_json:
        say_json({"resetToken": secret.token, "expiresAt": secret.expires_at, "mailed": secret.is_mailed})
    elif secret.is_mailed:
        click.echo("A mail waits to be sent.")
    else:
        click.echo(f"Token, shown this once, good until {secret.expires_at}: {secret.token}")


@users.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Do not ask.")
@_as_json
@told_plainly
def delete(names: Sequence[str], yes: bool, as_json: bool) -> None:
    """Delete accounts for good; what is not there is done already. Ends with 1 where one could not be.

    The creator for whom a deleted account acts stays, with all works.

    \b
    Examples:
      artshop users delete helper
      artshop users delete helper old@example.com 4c1f0b9e-0000-4000-8000-000000000000 --yes
    """
    from tools.users.operator import delete_named

    if not yes:
        click.confirm(f"Delete {len(names)} account(s) for good: {', '.join(names)}?", abort=True, err=True)
    removal = delete_named(names)
    failed = [{"id": name, "error": reason} for name, reason in removal.failed]
    if as_json:
        say_json({"success": removal.success, "failed": failed})
    else:
        click.echo(f"{len(removal.success)} gone, {len(failed)} not")
        for name, reason in removal.failed:
            click.echo(f"  {name}: {reason}", err=True)
    if failed:
        raise SystemExit(1)


def _allow(name: str, as_json: bool, **allowed: Any) -> None:
    from common.clock import utc_now
    from shop.admin_users import admin_user_json, allow_account, find_account
    from tools.users.operator import OPERATOR

    shown = admin_user_json(allow_account(find_account(name), OPERATOR, utc_now(), **allowed))
    state = "may sign in" if shown["enabled"] else "is shut out"
    say_json(shown) if as_json else click.echo(f"{shown['username']} {state} as {shown['role']}")


def _show_all(query: "Query", as_json: bool) -> None:
    from common.repositories.accounts import ACCOUNTS
    from shop.admin_users import admin_user_json

    shown = [admin_user_json(account) for account in ACCOUNTS.all(query)]
    if as_json:
        say_json({"users": shown, "count": len(shown)})
        return
    say([SHORT, *(tuple(str(user[field]) for field in SHORT) for user in shown)])


def _asked() -> str:
    asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return asked
