"""The network that an address belongs to."""

import ipaddress

_PREFIXES = {4: 24, 6: 56}


def network(address: str) -> str:
    """Return the network of an address, such as "192.0.2.0/24", or "" for what is no address.

    A provider hands out whole /56 blocks of IPv6 to one household, and neighbours share an IPv4
    block. An IPv4 address inside an IPv6 one counts as IPv4.
    """
    try:
        parsed = ipaddress.ip_address(address.strip().partition("%")[0])
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return str(ipaddress.ip_network((parsed, _PREFIXES[parsed.version]), strict=False))
