"""Addresses of the network: where a name leads, and whether that is the internet or a network of one's own."""

import ipaddress
import socket
from collections.abc import Callable

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
Resolve = Callable[[str, int | None], list[str]]


def resolve(host: str, port: int | None = None) -> list[str]:
    """All addresses of a name; raises OSError."""
    try:
        return [found[4][0] for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except UnicodeError as error:  # a part of it has more than 63 letters
        raise OSError("no name of a host") from error


def is_ip(host: str) -> bool:
    """Whether a host is written as an address, not as a name."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """Whether an address belongs to the internet, also where it hides another in itself."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if inner is None and found in NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
        if inner is not None and not is_public(str(inner)):
            return False
    return found.is_global and not found.is_multicast
