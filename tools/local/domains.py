"""The processes of `artshop run --split`, one for each domain, as each has a function of its own on AWS."""

import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Self

from common.http.edge import SECRET
from tools.edge.table import DOMAINS
from tools.errors import ToolError
from tools.paths import ROOT

ENDED_WITHIN_S = 5.0


class Domains:
    """The domains' processes; threads may share it."""

    def __init__(self) -> None:
        self.secret = secrets.token_urlsafe(32)
        """What tells a domain's process that the router asks it."""
        self._running: dict[str, tuple[subprocess.Popen[bytes], int]] = {}
        self._starting = threading.Lock()

    def __enter__(self) -> Self:
        """Start every domain with this process's environment; ToolError when one does not answer."""
        begun = {domain: self._begin(domain) for domain in DOMAINS}
        self._running = {domain: (process, 0) for domain, (process, _) in begun.items()}
        try:
            for domain, (process, told) in begun.items():
                self._running[domain] = process, _port(told, domain)
        except ToolError:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End all of them."""
        self.stop()

    def port(self, domain: str) -> int:
        """Where a domain answers; one whose process has ended is started anew."""
        with self._starting:
            process, port = self._running[domain]
            if process.poll() is not None:
                process, told = self._begin(domain)
                port = _port(told, domain)
                self._running[domain] = process, port
            return port

    def processes(self) -> Mapping[str, int]:
        """The process id of each domain."""
        return {domain: process.pid for domain, (process, _) in self._running.items()}

    def stop(self) -> None:
        """End all of them."""
        for process, _ in self._running.values():
            if process.stdin:
                process.stdin.close()
        for process, _ in self._running.values():
            try:
                process.wait(ENDED_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _begin(self, domain: str) -> tuple[subprocess.Popen[bytes], int]:
        heard, told = os.pipe()
        process = subprocess.Popen(
            [sys.executable, "-m", "tools.local.domain", str(told)],
            cwd=ROOT,
            env={**os.environ, "SHOP_DOMAINS": domain, SECRET: self.secret},
            stdin=subprocess.PIPE,
            pass_fds=(told,),
            # Ctrl-C is for the starter, which ends the others in order.
            start_new_session=True,
        )
        os.close(told)
        return process, heard


def _port(heard: int, domain: str) -> int:
    with os.fdopen(heard) as told:
        line = told.readline().strip()
    if not line:
        raise ToolError(f"The process of {domain} ended before it answered.")
    return int(line)
