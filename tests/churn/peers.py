"""Other libraries, asked the same questions where they offer them."""

from __future__ import annotations

import ctypes
import importlib
import json
import shutil
import socket
import subprocess
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from network import ADDRS, ADDRS_OF_V0, GROUPS, LINKS, OBJECTS, ROUTES, RULES
from tally import GaveUp, Query

BOTH = LINKS + 2 * ADDRS


class Missing(Exception):
    """The library is not installed here."""


def _import(name: str, package: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise Missing(f"{package}: {error}") from None


# iproute2


def _ip(*words: str) -> Callable[[], Any]:
    def ask() -> Any:
        done = subprocess.run(["ip", "-j", *words], capture_output=True, check=False)
        if b"interrupted" in done.stderr:  # it prints what it has, with this warning and status 0 or 1
            raise GaveUp
        if done.returncode:
            raise RuntimeError(f"exit status {done.returncode}: {done.stderr.decode()}")
        return done.stdout

    return ask


def _ip_links(text: bytes) -> list[Hashable]:
    return [(row["ifindex"], row["ifname"]) for row in json.loads(text)]


def _ip_addrs(text: bytes) -> list[Hashable]:
    # With a family, `ip` prints {} for a link that has no address of it.
    return [
        (row["ifindex"], addr["local"], addr["prefixlen"])
        for row in json.loads(text)
        if row
        for addr in row["addr_info"]
    ]


def _ip_links_addrs(text: bytes) -> list[Hashable]:
    return _ip_links(text) + _ip_addrs(text)


def _routes(rows: Iterable[Any], *keys: str) -> list[Hashable]:
    """The last key is the link, which identifies a route only if it has no gateway.

    The hops of an IPv6 route are added and removed one by one: a route of two hops can be seen with one.
    """
    *names, link = keys
    return [
        (*(row.get(name) for name in names), None if row.get("gateway") or row.get("via") else row.get(link))
        for row in rows
    ]


def _ip_routes(text: bytes) -> list[Hashable]:
    return _routes(json.loads(text), "dst", "metric", "table", "type", "tos", "dev")


def _ip_groups(text: bytes) -> list[Hashable]:
    return [
        (row["ifname"], group["address"]) for row in json.loads(text) for group in row["maddr"] if "address" in group
    ]


def _ip_rules(text: bytes) -> list[Hashable]:
    return [(row["priority"], row["src"], row["table"]) for row in json.loads(text)]


def ip() -> tuple[list[Query], tuple[type[BaseException], ...]]:
    if not shutil.which("ip"):
        raise Missing("ip: not found")
    return [
        Query("links", _ip("link"), _ip_links, LINKS),
        Query("IPv4 addresses", _ip("-4", "addr"), _ip_addrs, ADDRS),
        Query("IPv6 addresses", _ip("-6", "addr"), _ip_addrs, ADDRS),
        Query("addresses of a link", _ip("addr", "show", "dev", "v0"), _ip_addrs, 2 * ADDRS_OF_V0),
        Query("links with addresses", _ip("addr"), _ip_links_addrs, BOTH),
        Query("IPv4 routes", _ip("-4", "route", "show", "table", "all"), _ip_routes, ROUTES),
        Query("IPv6 routes", _ip("-6", "route", "show", "table", "all"), _ip_routes, ROUTES),
        Query("next-hop objects", _ip("nexthop"), lambda text: [row["id"] for row in json.loads(text)], OBJECTS),
        Query("multicast groups", _ip("maddr"), _ip_groups, 2 * GROUPS),
        Query("IPv4 rules", _ip("-4", "rule"), _ip_rules, RULES),
    ], ()


# pyroute2


def _pyroute2_rows(*names: str) -> Callable[[Any], list[Hashable]]:
    def identities(rows: Any) -> list[Hashable]:
        return [tuple(row.get(name) for name in names) for row in rows]

    return identities


def _pyroute2_routes(rows: Any) -> list[Hashable]:
    return _routes(rows, "dst", "dst_len", "priority", "table", "type", "tos", "oif")


def pyroute2() -> tuple[list[Query], tuple[type[BaseException], ...]]:
    module = _import("pyroute2", "pyroute2")
    interrupted = importlib.import_module("pyroute2.netlink.exceptions").NetlinkDumpInterrupted
    ipr = module.IPRoute()
    rule = _pyroute2_rows("FRA_PRIORITY", "FRA_SRC", "src_len", "FRA_TABLE")
    link, addr = _pyroute2_rows("index", "ifname"), _pyroute2_rows("index", "address", "prefixlen")
    return [
        Query("links", lambda: list(ipr.get_links()), link, LINKS),
        Query("IPv4 addresses", lambda: list(ipr.get_addr(family=socket.AF_INET)), addr, ADDRS),
        Query("IPv6 addresses", lambda: list(ipr.get_addr(family=socket.AF_INET6)), addr, ADDRS),
        Query("addresses", lambda: list(ipr.get_addr()), addr, 2 * ADDRS),
        Query("IPv4 routes", lambda: list(ipr.get_routes(family=socket.AF_INET)), _pyroute2_routes, ROUTES),
        Query("IPv6 routes", lambda: list(ipr.get_routes(family=socket.AF_INET6)), _pyroute2_routes, ROUTES),
        Query("IPv4 rules", lambda: list(ipr.get_rules(family=socket.AF_INET)), rule, RULES),
    ], (interrupted,)


# getifaddrs(3), and the libraries that call it


class _Ifaddrs(ctypes.Structure):
    pass


_Ifaddrs._fields_ = [
    ("next", ctypes.POINTER(_Ifaddrs)),
    ("name", ctypes.c_char_p),
    ("flags", ctypes.c_uint),
    ("addr", ctypes.c_void_p),
]
# Where the address is in struct sockaddr_in and struct sockaddr_in6.
_PLACES = {socket.AF_INET: (4, 4), socket.AF_INET6: (8, 16)}


def _getifaddrs(libc: Any) -> list[Hashable]:
    first = ctypes.POINTER(_Ifaddrs)()
    if libc.getifaddrs(ctypes.byref(first)):
        raise OSError(ctypes.get_errno(), "getifaddrs")
    found: list[Hashable] = []
    at = first
    while at:
        entry = at.contents
        if entry.addr:
            family = ctypes.c_uint16.from_address(entry.addr).value
            offset, size = _PLACES.get(family, (0, 0))
            found.append((entry.name, family, ctypes.string_at(entry.addr + offset, size)))
        at = entry.next
    libc.freeifaddrs(first)
    return found


def glibc() -> tuple[list[Query], tuple[type[BaseException], ...]]:
    libc = ctypes.CDLL(None, use_errno=True)
    return [Query("links with addresses", lambda: _getifaddrs(libc), list, 2 * ADDRS)], ()


def _psutil_addrs(found: Any) -> list[Hashable]:
    return [
        (name, addr.family, addr.address if addr.family in _PLACES else None)  # a new link has a random MAC address
        for name, addrs in found.items()
        for addr in addrs
    ]


def psutil() -> tuple[list[Query], tuple[type[BaseException], ...]]:
    module = _import("psutil", "psutil")
    return [
        Query("links", module.net_if_stats, list, LINKS),
        Query("links with addresses", module.net_if_addrs, _psutil_addrs, 2 * ADDRS),
    ], ()


def _ifaddr_rows(adapters: Any) -> list[Hashable]:
    return [(adapter.name, str(ip.ip)) for adapter in adapters for ip in adapter.ips]


def ifaddr() -> tuple[list[Query], tuple[type[BaseException], ...]]:
    module = _import("ifaddr", "ifaddr")
    return [Query("addresses", lambda: list(module.get_adapters()), _ifaddr_rows, 2 * ADDRS)], ()


def _netifaces_addrs(found: Any) -> list[Hashable]:
    return [(family, addr["addr"]) for family, addrs in found.items() for addr in addrs]


def netifaces() -> tuple[list[Query], tuple[type[BaseException], ...]]:
    module = _import("netifaces", "netifaces")
    return [
        Query("links", module.interfaces, list, LINKS),
        Query("addresses of a link", lambda: module.ifaddresses("v0"), _netifaces_addrs, 2 * ADDRS_OF_V0),
    ], ()


PEERS = {
    "ip": ip,
    "pyroute2": pyroute2,
    "glibc": glibc,
    "psutil": psutil,
    "ifaddr": ifaddr,
    "netifaces": netifaces,
}
