"""The networks of the measurements, in fresh namespaces."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass


@dataclass(frozen=True)
class Network:
    """Links come in pairs, beside lo; each has one IPv4 and one IPv6 address, lo included."""

    pairs: int
    routes4: int
    routes6: int
    neighbours: int = 0  # of IPv4, as are the rules
    rules: int = 0

    def commands(self) -> list[str]:
        names = [f"{side}{pair}" for pair in range(self.pairs) for side in "ab"]
        lines = ["link set lo up"]
        lines += [f"link add a{pair} type veth peer name b{pair}" for pair in range(self.pairs)]
        for number, name in enumerate(names):
            lines.append(f"link set {name} addrgenmode none up")
            lines.append(f"addr add 10.{number >> 8}.{number & 255}.1/24 brd + dev {name}")
            lines.append(f"addr add fd00:0:0:{number:x}::1/64 dev {name} nodad")
        lines += ["route add default via 10.0.0.2", "route add default via fd00::2"]
        for number in range(self.routes4):
            destination = f"100.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
            lines.append(f"route add {destination}/32 via 10.0.0.{3 + number % 200} metric {number % 7}")
        lines += [f"route add fd02::{number:x}/128 via fd00::2" for number in range(self.routes6)]
        for number in range(self.neighbours):
            address = f"10.0.{number >> 8}.{number & 255}"
            lines.append(f"neigh add {address} lladdr 02:00:00:00:{number >> 8:02x}:{number & 255:02x} dev a0")
        # Behind that of table main, so that no lookup gets there.
        lines += [
            f"rule add from 10.{number >> 8}.{number & 255}.0/24 pref {40_000 + number}" for number in range(self.rules)
        ]
        return lines


NETWORKS = {
    "small": Network(pairs=2, routes4=0, routes6=0),
    "medium": Network(pairs=100, routes4=1000, routes6=0),
    "large": Network(pairs=1000, routes4=100_000, routes6=10_000),
    "entries": Network(pairs=2, routes4=0, routes6=0, neighbours=10_000, rules=5000),
    "million": Network(pairs=1, routes4=1_000_000, routes6=0),
}


class Namespace:
    """A network namespace that is there until it is closed."""

    def __init__(self, name: str, network: Network) -> None:
        self.name = name
        self.path = f"/run/netns/{name}"
        self.close()
        subprocess.run(["ip", "netns", "add", name], check=True)
        self.ip(*network.commands())

    def ip(self, *commands: str) -> None:
        batch = "\n".join(commands) + "\n"
        subprocess.run(["ip", "-n", self.name, "-batch", "-"], input=batch, text=True, check=True)

    def close(self) -> None:
        subprocess.run(["ip", "netns", "del", self.name], check=False, stderr=subprocess.DEVNULL)
