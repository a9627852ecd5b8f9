"""Addresses and routes against pyroute2, which reads the kernel's messages by itself: B20–B22, B30–B37."""

from typing import Any

import pytest
from fields import fields
from netns import Namespace
from pyroute2 import IPRoute
from rtnetlink import add_addr

import getifs

FOREVER = 0xFFFFFFFF


def _addr(message: Any) -> tuple[object, ...]:
    attrs = dict(message["attrs"])
    lifetimes = attrs["IFA_CACHEINFO"]
    local = attrs.get("IFA_LOCAL", attrs["IFA_ADDRESS"])
    return (
        message["index"],
        local,
        message["prefixlen"],
        attrs["IFA_ADDRESS"] if attrs["IFA_ADDRESS"] != local else None,
        message["scope"],
        attrs["IFA_FLAGS"],
        attrs.get("IFA_LABEL"),
        attrs.get("IFA_BROADCAST"),
        attrs.get("IFA_RT_PRIORITY"),
        attrs.get("IFA_PROTO"),
        *(None if lifetimes[key] == FOREVER else lifetimes[key] for key in ("ifa_valid", "ifa_preferred")),
    )


def _hops(message: Any) -> list[tuple[object, ...]]:
    attrs = dict(message["attrs"])
    default = "0.0.0.0" if message["family"] == 2 else "::"
    route = (
        f"{attrs.get('RTA_DST', default)}/{message['dst_len']}",
        f"{attrs['RTA_SRC']}/{message['src_len']}" if "RTA_SRC" in attrs else None,
        *(message[key] for key in ("type", "proto", "scope", "tos")),
        attrs["RTA_TABLE"],
        attrs.get("RTA_PRIORITY", 0),
        attrs.get("RTA_PREFSRC"),
        attrs.get("RTA_PREF"),
    )
    result = []
    for hop in attrs.get("RTA_MULTIPATH", [None]):
        inner = dict(hop["attrs"]) if hop else attrs
        gateway = inner.get("RTA_GATEWAY") or inner.get("RTA_VIA", {}).get("addr")
        flags = message["flags"] | hop["flags"] if hop else message["flags"]
        index = hop["oif"] if hop else attrs.get("RTA_OIF", 0)
        result.append((*route, gateway, index, hop["hops"] + 1 if hop else 1, flags))
    return result


@pytest.fixture
def kernel(everything: Namespace) -> Any:
    with IPRoute(strict_check=True) as kernel:
        yield kernel


def test_addresses_equal_those_of_pyroute2(everything: Namespace, kernel: Any) -> None:
    """B22: IFA_PROTO among them, which iproute2 6.1 does not print."""
    add_addr(everything.index("v0"), "203.0.113.1", 24, proto=77)
    add_addr(everything.index("w0"), "2001:db8:77::1", 64, proto=78)
    names = "index addr prefix_len peer scope flags label broadcast metric proto valid_lft preferred_lft"
    for _ in range(50):  # lifetimes tick, DAD ends
        told = [_addr(message) for message in kernel.get_addr()]
        ours = fields(getifs.interface_addrs(), names)
        if told == [_addr(message) for message in kernel.get_addr()]:
            break
    assert ours == told
    assert {row[9] for row in ours} >= {None, 1, 2, 3, 77, 78}


def test_routes_equal_those_of_pyroute2(everything: Namespace, kernel: Any) -> None:
    names = "destination source type protocol scope tos table metric prefsrc pref gateway index weight flags"
    for _ in range(50):
        told = [hop for message in kernel.get_routes() for hop in _hops(message)]
        ours = fields(getifs.route_table(all=True), names)
        if told == [hop for message in kernel.get_routes() for hop in _hops(message)]:
            break
    assert ours == told
