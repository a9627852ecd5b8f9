"""The queries of getifs."""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable
from typing import Any

import numpy as np
from network import ADDRS, ADDRS_OF_V0, GROUPS, LINKS, OBJECTS, ROUTES, RULES, V0
from tally import Identities, Query

import getifs
from getifs import filters

# Which changes can disturb a query: the kinds of changes.KINDS.
FOCUS = {
    "links": "link flap",
    "IPv4 addresses": "addr4",
    "IPv6 addresses": "addr6",
    "addresses": "addr4 addr6",
    "addresses of a link": "addr4 addr6",
    "IPv4 addresses by filter": "addr4",
    "links with addresses": "link addr4 addr6",
    "IPv4 routes": "route4 addr4 flap",
    "IPv6 routes": "route6 flap",
    "routes": "route4 route6",
    "all routes": "route4 route6 addr4 addr6 object flap",
    "routes of a link": "route4 route6",
    "default routes by filter": "route4 route6",
    "default routes": "route4 route6",
    "best addresses": "route4 route6 addr4 addr6",
    "gateways": "route4 route6",
    "next-hop objects": "object route4",
    "multicast groups": "group4 group6",
    "IPv4 rules": "rule",
    "rules": "rule",
}
ADDR = ("index", "family", "prefix_len", "addr")
ROUTE = (
    *("index", "metric", "table", "nexthop_id", "family", "dst_len", "src_len"),
    *("tos", "type", "gateway_family", "dst", "gateway", "src"),
)
OBJECT = ("id", "index", "gateway_family", "gateway")
IFADDR = ("index", "family", "addr")
RULE = ("priority", "table", "family", "src_len", "src")


@functools.cache
def _packed_type(whole: np.dtype, fields: tuple[str, ...]) -> tuple[np.dtype, np.dtype]:
    """These fields as they are in the record, and the same without what is between them."""
    places = [whole.fields[name] for name in fields]
    formats = [f"V{place[0].itemsize}" for place in places]
    offsets = [place[1] for place in places]
    scattered = np.dtype({"names": fields, "formats": formats, "offsets": offsets, "itemsize": whole.itemsize})
    return scattered, np.dtype(list(zip(fields, formats, strict=True)))


def records(*fields: str) -> Callable[[Any], Identities]:
    """Identifies rows of a table by these fields of their records, as bytes: there are thousands in each answer."""

    def identities(table: Any) -> list[bytes]:
        array = np.asarray(table)
        if not len(array):
            return []
        scattered, packed = _packed_type(array.dtype, fields)
        return array.view(scattered).astype(packed).view(f"V{packed.itemsize}").tolist()

    return identities


def _links(table: Any) -> list[Hashable]:
    return [(row.index, row.name) for row in table]


def _by_interface(found: Any) -> list[Hashable]:
    rows: list[Hashable] = []
    for link, addrs in found.items():
        rows.append((link.index, link.name))
        rows += [(link.index, addr.index, addr.prefix_len, addr.addr) for addr in addrs]
    return rows


def queries(asked: Any) -> list[Query]:
    """Those of the module, or of a session."""
    both = 2 * ADDRS
    addrs = functools.partial(Query, identities=records(*ADDR))
    routes = functools.partial(Query, identities=records(*ROUTE))
    pairs = functools.partial(Query, identities=records(*IFADDR))
    return [
        Query("links", asked.interfaces, _links, LINKS),
        addrs("IPv4 addresses", lambda: asked.interface_addrs(family=4), least=ADDRS),
        addrs("IPv6 addresses", lambda: asked.interface_addrs(family=6), least=ADDRS),
        addrs("addresses", asked.interface_addrs, least=both),
        addrs("addresses of a link", lambda: asked.interface_addrs(interface=V0), least=2 * ADDRS_OF_V0),
        addrs(
            "IPv4 addresses by filter",
            lambda: asked.interface_addrs(family=4, where=filters.on(V0) & filters.within("10.0.0.0/8")),
            least=ADDRS_OF_V0,
        ),
        Query("links with addresses", asked.addrs_by_interface, _by_interface, LINKS + both),
        routes("IPv4 routes", lambda: asked.route_table(family=4), least=ROUTES * 9 // 10),
        routes("IPv6 routes", lambda: asked.route_table(family=6), least=ROUTES * 9 // 10),
        routes("routes", asked.route_table, least=2 * ROUTES * 9 // 10),
        routes("all routes", lambda: asked.route_table(all=True), least=2 * ROUTES),
        routes("routes of a link", lambda: asked.route_table(where=filters.on(V0)), least=2 * ROUTES * 9 // 10),
        routes("default routes by filter", lambda: asked.route_table(where=filters.default_route), least=4),
        routes("default routes", asked.default_routes, least=4),
        addrs("best addresses", asked.best_local_addrs, least=2 * ADDRS_OF_V0),
        pairs("gateways", asked.gateway_addrs, least=1000),
        Query("next-hop objects", asked.nexthops, records(*OBJECT), OBJECTS),
        pairs("multicast groups", asked.interface_multicast_addrs, least=2 * GROUPS),
        Query("IPv4 rules", lambda: asked.rules(family=4), records(*RULE), RULES),
        Query("rules", asked.rules, records(*RULE), 2 * RULES),
    ]


GAVE_UP = (getifs.DumpInterruptedError, TimeoutError)
