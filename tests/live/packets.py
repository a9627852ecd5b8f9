"""Packets from other hosts: router advertisements, and ICMP errors that lower the path MTU."""

import socket
import struct

from netns import Namespace, wait_for
from rtnetlink import address

PREFERENCE = {"high": 1, "medium": 0, "low": 3}


def advertise(
    router: Namespace, link: str, source: str, preference: str = "medium", prefix: str = "", *, host: Namespace
) -> None:
    """Advertises the router `source`, a link-local address of `link` in `router`, until `host` has a default route.

    With `prefix`, the host also configures addresses in this /64, valid for an hour and preferred for half an hour.
    """
    flags = PREFERENCE[preference] << 3
    message = struct.pack("!BBHBBHII", 134, 0, 0, 64, flags, 1800, 0, 0)
    if prefix:
        message += struct.pack("!BBBBIII", 3, 4, 64, 0xC0, 3600, 1800, 0) + address(prefix)

    def send_and_look() -> bool:
        with router, socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6) as s:
            index = socket.if_nametoindex(link)
            s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
            s.bind((source, 0, 0, index))
            s.sendto(message, ("ff02::1", 0, 0, index))
        routes = host.ip_json("-6", "route", "show", "default", "proto", "ra")
        return source in [route.get("gateway") for route in routes]

    wait_for(send_and_look)  # a link that has just come up may still drop packets


def _checksum(data: bytes) -> int:
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def report_path_mtu(router: Namespace, host: str, destination: str, mtu: int) -> None:
    """Sends an ICMP error from `router`: a packet of `host` to `destination` was larger than `mtu`."""
    if ":" in host:
        inner = struct.pack("!IHBB", 0x60000000, 8, socket.IPPROTO_ICMPV6, 64) + address(host) + address(destination)
        message = struct.pack("!BBHI", 2, 0, 0, mtu) + inner + struct.pack("!BBHHH", 128, 0, 0, 1, 1)
        family, protocol = socket.AF_INET6, socket.IPPROTO_ICMPV6
    else:
        inner = struct.pack("!BBHHHBBH", 0x45, 0, 28, 1, 0x4000, 64, socket.IPPROTO_ICMP, 0)
        # An echo reply: the kernel ignores an error about an echo request unless it finds the socket that sent it.
        inner += address(host) + address(destination) + bytes(8)
        head, tail = struct.pack("!BB", 3, 4), struct.pack("!HH", 0, mtu) + inner
        message = head + struct.pack("!H", _checksum(head + b"\0\0" + tail)) + tail
        family, protocol = socket.AF_INET, socket.IPPROTO_ICMP
    with router, socket.socket(family, socket.SOCK_RAW, protocol) as s:
        s.sendto(message, (host, 0))
