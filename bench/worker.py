"""One library, measured: reads lines "operation count", does it that often, answers with the nanoseconds.

Started by run.py, once for each library, in the namespace to be measured. An operation that the library has not is
answered with "-".
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

Operations = dict[str, Callable[[], object]]
CORE = ("one_link", "links", "addrs", "routes4", "routes4_default", "gateways", "best4", "multicast")


def enter(namespace: str) -> None:
    fd = os.open(namespace, os.O_RDONLY)
    if ctypes.CDLL(None, use_errno=True).setns(fd, 0x40000000) != 0:  # CLONE_NEWNET
        raise OSError(ctypes.get_errno(), "setns")
    os.close(fd)


def of_getifs(getifs, asked) -> Operations:
    from getifs import filters

    interfaces = list(asked.interfaces())
    address = str(asked.interface_addrs()[0].addr)

    def each_addrs() -> None:
        for interface in interfaces:
            if asked is getifs:
                interface.addrs()
            else:
                asked.interface_addrs(interface=interface)

    return {
        "one_link": lambda: asked.interface_by_index(1),
        "one_link_by_name": lambda: asked.interface_by_name("lo"),
        "links": asked.interfaces,
        "links_read": lambda: [(row.name, row.mtu, row.flags) for row in asked.interfaces()],
        "addrs": asked.interface_addrs,
        "addrs_addr": lambda: [(row.addr, row.prefix_len) for row in asked.interface_addrs()],
        "links_addrs": asked.addrs_by_interface,
        "addrs_of_each": each_addrs,
        "routes4": lambda: asked.route_table(family=4),
        "routes4_read": lambda: [(row.index, row.metric, row.is_default) for row in asked.route_table(family=4)],
        "routes4_addr": lambda: [(row.destination, row.gateway) for row in asked.route_table(family=4)],
        "routes4_column": lambda: asked.route_table(family=4).column("destination"),
        "routes4_default": lambda: asked.route_table(family=4, where=filters.default_route),
        "routes4_dicts": lambda: asked.route_table(family=4).to_dicts(),
        "gateways": asked.gateway_addrs,
        "best": asked.best_local_addrs,
        "best4": lambda: asked.best_local_addrs(family=4),
        "defaults": asked.default_routes,
        "multicast": asked.interface_multicast_addrs,
        "ip_mtu": lambda: asked.ip_mtu(address),
        "neighbours": asked.neighbours,
        "rules": asked.rules,
        "route_to": lambda: asked.route_to("198.51.100.1"),
    }


def load_getifs() -> Operations:
    """With the shims, for the operations that have the names of functions of other libraries."""
    import getifs
    from getifs.compat import ifaddr, netifaces, psutil

    return of_getifs(getifs, getifs) | {
        "net_if_addrs": psutil.net_if_addrs,
        "net_if_stats": psutil.net_if_stats,
        "net_io_counters": lambda: psutil.net_io_counters(pernic=True),
        "get_adapters": ifaddr.get_adapters,
        "ifaddresses": netifaces.allifaddresses,
    }


def load_session() -> Operations:
    import getifs

    def opened() -> None:
        with getifs.Session() as session:
            session.interface_by_index(1)

    return {**of_getifs(getifs, getifs.Session()), "one_link_opened": opened}


def load_netns() -> Operations:
    """From another network namespace."""
    import getifs

    def opened() -> None:
        with getifs.Session(netns=sys.argv[2]) as session:
            session.interface_by_index(1)

    return {**of_getifs(getifs, getifs.Session(netns=sys.argv[2])), "one_link_opened": opened}


def load_core() -> Operations:
    """The call of the C core that a query of the module makes, with the same arguments, and nothing around it.

    Only of small answers, which stay in the client, and without pauses: there Python code counts.
    """
    import getifs
    from getifs import _core

    lib = _core.lib
    calls: list[Callable[[], object]] = []

    class Recorder:
        def __getattr__(self, name: str) -> object:
            return getattr(lib, name)

        def getifs_query(self, *arguments: object) -> int:
            calls.append(partial(lib.getifs_query, *arguments))
            return lib.getifs_query(*arguments)

    found: Operations = {}
    for name, operation in of_getifs(getifs, getifs).items():
        if name in CORE:
            calls.clear()
            _core.lib = Recorder()
            answer = operation()
            _core.lib = lib
            if len(calls) == 1 and getattr(answer, "_keeps", None) is None:
                found[name] = calls[0]
    return found


def load_psutil() -> Operations:
    import psutil

    return {
        "links_read": psutil.net_if_stats,
        "links_addrs": psutil.net_if_addrs,
        "net_if_addrs": psutil.net_if_addrs,
        "net_if_stats": psutil.net_if_stats,
        "net_io_counters": lambda: psutil.net_io_counters(pernic=True),
    }


def load_ifaddr() -> Operations:
    import ifaddr

    return {"links_addrs": lambda: list(ifaddr.get_adapters()), "get_adapters": ifaddr.get_adapters}


def load_netifaces() -> Operations:
    import netifaces

    return {
        "links": netifaces.interfaces,
        "links_addrs": lambda: {name: netifaces.ifaddresses(name) for name in netifaces.interfaces()},
        "gateways": netifaces.gateways,
        "ifaddresses": netifaces.allifaddresses,
    }


def load_pyroute2() -> Operations:
    from pyroute2 import IPRoute

    ipr = IPRoute()
    return {
        "links": lambda: list(ipr.get_links()),
        "addrs": lambda: list(ipr.get_addr()),
        "links_addrs": lambda: (list(ipr.get_links()), list(ipr.get_addr())),
        "routes4": lambda: list(ipr.get_routes(family=2)),
        "neighbours": lambda: list(ipr.get_neighbours()),
        "rules": lambda: (list(ipr.get_rules(family=2)), list(ipr.get_rules(family=10))),
        "route_to": lambda: list(ipr.route("get", dst="198.51.100.1")),
    }


def load_ip() -> Operations:
    import json

    def ip(*words: str) -> Callable[[], object]:
        return lambda: json.loads(subprocess.run(["ip", "-j", *words], check=True, capture_output=True).stdout or "[]")

    return {
        "one_link": ip("link", "show", "lo"),
        "links": ip("link"),
        "addrs": ip("addr"),
        "routes4": ip("-4", "route", "show", "table", "all"),
        "routes4_dicts": ip("-4", "route", "show", "table", "all"),
        "multicast": ip("maddr"),
        "neighbours": ip("neigh"),
        "rules": ip("rule"),
        "route_to": ip("route", "get", "198.51.100.1"),
    }


LIBRARIES: dict[str, Callable[[], Operations]] = {
    "getifs": load_getifs,
    "session": load_session,
    "netns": load_netns,
    "core": load_core,
    "psutil": load_psutil,
    "ifaddr": load_ifaddr,
    "netifaces": load_netifaces,
    "pyroute2": load_pyroute2,
    "ip": load_ip,
}


def peak_kb() -> int:
    """This program's own: what getrusage(2) says begins with its parent's."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


def main() -> None:
    library, namespace = sys.argv[1:]
    if library != "netns":
        enter(namespace)
    operations = LIBRARIES[library]()
    start_kb = peak_kb()
    for line in sys.stdin:
        name, count = line.split()
        if name == "peak_memory":
            print((peak_kb() - start_kb) * 1024, flush=True)
            continue
        operation = operations.get(name)
        if operation is None:
            print("-", flush=True)
            continue
        start = time.perf_counter_ns()
        for _ in range(int(count)):
            operation()
        print(time.perf_counter_ns() - start, flush=True)


if __name__ == "__main__":
    main()
