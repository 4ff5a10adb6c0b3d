"""What was asked of the fake."""

from tools.fakes.etsy_server import EtsyServer


def calls(etsy: EtsyServer) -> list[str]:
    """Each request as its method and the end of its path, such as `PUT inventory`; then forgets them."""
    made = [f"{asked.method} {asked.path.rsplit('/', 1)[-1]}" for asked in etsy.asked]
    etsy.asked.clear()
    return made
