"""Finds the address to bind on an interface or in a network: `bind_address.py eth0`, `bind_address.py 192.0.2.0/24`.

Prints one address, or fails. Binds it too, to be sure.
"""

import ipaddress
import socket
import sys

import getifs
from getifs import IfNet, filters

USABLE = ~(filters.tentative | filters.deprecated | filters.temporary)


def find(where: str) -> IfNet | None:
    """The best usable address: IPv6 before IPv4, others before link-local ones. `None` if there is none."""
    try:
        found = getifs.interface_addrs(where=USABLE & filters.within(ipaddress.ip_network(where)))
    except ValueError:  # not a network
        found = getifs.interface_addrs(interface=where, where=USABLE)
    return min(found, key=lambda row: (filters.link_local(row), -row.addr.version), default=None)


def main(where: str) -> None:
    """Prints the address, with the scope id that a link-local one needs."""
    try:
        addr = find(where)
    except OSError as error:
        sys.exit(str(error))
    if addr is None:
        sys.exit(f"no usable address on {where}")
    with socket.socket(socket.AF_INET if addr.addr.version == 4 else socket.AF_INET6) as server:
        server.bind(addr.sockaddr())
    print(addr.scoped)


if __name__ == "__main__":
    main(sys.argv[1])
