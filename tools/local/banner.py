"""What `artshop run` says once the shop answers."""

from collections.abc import Mapping
from pathlib import Path

from tools.local.credentials import Credentials
from tools.local.settings import Engines


def banner(port: int, environ: Mapping[str, str], who: Credentials, engines: Engines, data: Path) -> str:
    """Address, credentials, place of the data and how to stop.

    A password that the environment gave is not shown.
    """
    lines = [
        "",
        f"  The shop answers at    http://localhost:{port}",
        f"  Look around            http://localhost:{port}/ (the API: http://localhost:{port}/docs/)",
        f"  The studio             http://localhost:{port}/studio",
        f"  Admin                  {who.username} / {_password(environ, who)}",
        f"  Data                   {_place(engines, data)}",
        "  Stop                   Ctrl-C",
        "",
    ]
    return "\n".join(lines)


def engine_banner(endpoint: str, environ: Mapping[str, str], who: Credentials, data: Path) -> str:
    """The engine's address, what serves the shop on it, credentials, place of the data and how to stop."""
    lines = [
        "",
        f"  The engine answers at  {endpoint}",
        "  Serve the shop         .venv/bin/chalice local (in another terminal)",
        f"  Admin                  {who.username} / {_password(environ, who)}",
        f"  Data                   {data} (make reset empties it)",
        "  Stop                   Ctrl-C",
        "",
    ]
    return "\n".join(lines)


def _password(environ: Mapping[str, str], who: Credentials) -> str:
    for name in ("ADMIN_PASSWORD", "ADMIN_PASSWORD_HASH"):
        if environ.get(name):
            return f"the password given by {name}"
    return who.password


def _place(engines: Engines, data: Path) -> str:
    if engines.embedded_tables:
        return f"{data} (make reset empties it)"
    return "the engine at your endpoint" + (f", images in {data}" if engines.embedded_objects else "")
