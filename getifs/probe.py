"""What kinds of sockets can be made here."""

from __future__ import annotations

import socket


def _can_make(family: int, *, dual: bool = False) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as made:
            if dual:
                made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    except OSError:
        return False
    return True


def ipv4() -> bool:
    """Can an IPv4 socket be made?"""
    return _can_make(socket.AF_INET)


def ipv6() -> bool:
    """Can an IPv6 socket be made?"""
    return _can_make(socket.AF_INET6)


def ipv4_mapped_ipv6() -> bool:
    """Can an IPv6 socket be made that serves IPv4 as well, by IPv4-mapped addresses (`IPV6_V6ONLY` off)?"""
    return _can_make(socket.AF_INET6, dual=True)
