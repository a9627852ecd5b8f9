"""Tells when a VPN takes over the default route, and when it gives it back; until it is interrupted.

A VPN is a tunnel interface: a point-to-point interface, or one of a kind such as WireGuard. Many VPNs leave the default
route alone and add two more specific ones, 0.0.0.0/1 and 128.0.0.0/1; those count too.
"""

import getifs
from getifs import Watcher, filters

TUNNELS = filters.has_flags("POINTOPOINT") | filters.kind("wireguard", "tun", "ppp", "xfrm", "vti")
EVERYTHING = {"0.0.0.0/0", "0.0.0.0/1", "::/0", "::/1", "2000::/3"}


def vpn(watcher: Watcher) -> str | None:
    """The name of the tunnel that the default route uses, from the watcher's state; `None` if there is none."""
    tunnels = {link.index: link.name for link in watcher.interfaces(where=TUNNELS & filters.up)}
    for family in (4, 6):
        routes = watcher.route_table(family=family, where=lambda row: str(row.destination) in EVERYTHING)
        best = min(routes, key=lambda row: (-row.destination.prefixlen, row.metric), default=None)
        if best and best.index in tunnels:
            return tunnels[best.index]
    return None


def main() -> None:
    """Prints a line at the start, and for each change."""
    with getifs.watch(routes=True, settle=0.1) as watcher:
        last = vpn(watcher)
        print(f"VPN: {last}", flush=True)
        while watcher.poll():
            now = vpn(watcher)
            if now != last:
                print(f"VPN: {now}", flush=True)
            last = now


if __name__ == "__main__":
    main()
