"""Where a caller comes from, as far as one person has it: an IPv4 address, or an IPv6 network of /64."""

# A provider gives each customer a /64 at least, whose addresses the customer chooses.
PREFIX = 64


def network_of(address: str) -> str:
    """What limits are counted by for an IP address: `192.0.2.1`, or `2001:db8::/64` of an IPv6 address.

    An IPv4 address that is written as IPv6 is itself; what is no address stays as it is.
    """
    import ipaddress

    try:
        parsed = ipaddress.ip_address(address.strip())
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(parsed), PREFIX), strict=False))
