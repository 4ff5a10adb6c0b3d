"""The connections to Etsy that a process keeps, whichever shop it calls for."""

import time
from functools import cache

from etsy_sync.channels.http import Caller


@cache
def process_caller() -> Caller:
    """How this process calls Etsy: one session, so that connections are kept from call to call."""
    import requests

    session = requests.Session()
    # What a machine has in .netrc would replace the Authorization header, so nothing of it is read.
    session.trust_env = False
    return Caller(session, time.sleep)
