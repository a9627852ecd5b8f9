"""`interfaces` of netifaces, in `ifaddr.netifaces` as in ifaddr."""

from __future__ import annotations

from . import get_adapters


def interfaces() -> list[str]:
    """The names of all interfaces, and the labels of IPv4 addresses that are no such name."""
    return [adapter.name for adapter in get_adapters(include_unconfigured=True)]
