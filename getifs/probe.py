"""Which kinds of sockets can be created on this system."""

from __future__ import annotations

import socket


def _can_create(family: int, *, dual: bool = False) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as created:
            if dual:
                created.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    except OSError:
        return False
    return True


def ipv4() -> bool:
    """True if an IPv4 socket can be created."""
    return _can_create(socket.AF_INET)


def ipv6() -> bool:
    """True if an IPv6 socket can be created."""
    return _can_create(socket.AF_INET6)


def ipv4_mapped_ipv6() -> bool:
    """True if an IPv6 socket can serve IPv4 too, through IPv4-mapped addresses (`IPV6_V6ONLY` off)."""
    return _can_create(socket.AF_INET6, dual=True)
