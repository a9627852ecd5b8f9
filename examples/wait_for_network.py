"""Waits until packets can leave: a default route, and an address on its interface that can be bound.

For start scripts: `wait_for_network.py [SECONDS]` prints the address and ends, or fails after that time (60 s).
"""

import sys

import getifs
from getifs import IfNet, Watcher, filters

USABLE = filters.local & ~filters.tentative


def usable(watcher: Watcher) -> list[IfNet]:
    """The addresses that can be bound on the interfaces of the best default routes, from the watcher's state."""
    routes = {(route.index, route.destination.version) for route in watcher.default_routes()}
    return [row for row in watcher.interface_addrs(where=USABLE) if (row.index, row.addr.version) in routes]


def main(seconds: float) -> None:
    """Prints the first address that can be used."""
    with getifs.watch(routes=True) as watcher:
        try:
            (addr, *_) = watcher.wait_for(usable, timeout=seconds)
        except TimeoutError:
            sys.exit(f"no network after {seconds:g} s")
        print(addr.addr)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60)
