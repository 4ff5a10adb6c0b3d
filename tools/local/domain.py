"""One domain's server for `artshop run --split`: a process that ends with whoever started it.

    SHOP_DOMAINS=catalog python -m tools.local.domain 7

writes its port to the open file descriptor 7 and answers until its standard input ends.
"""

import os
import sys

from tools.local.gateway import Gateway
from tools.local.server import LocalServer
from tools.local.supervisor import load_app


def main(descriptor: int) -> None:
    """Answer on any port of this machine until standard input ends."""
    server = LocalServer(Gateway(load_app()), 0)
    server.start()
    with os.fdopen(descriptor, "w") as told:
        told.write(f"{server.port}\n")
    # The starter never writes. It closes the pipe, or the system does when it is gone.
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]))
