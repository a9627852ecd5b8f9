"""Counters of an interface."""

from __future__ import annotations

from typing import NamedTuple

from .base import PACKAGE


class LinkStats(NamedTuple):
    """64-bit counters since the interface was created: `struct rtnl_link_stats64` (`IFLA_STATS64`).

    `rx_nohandler` needs Linux 4.6, `rx_otherhost_dropped` 5.19; they are `None` if the kernel does not send them.
    """

    rx_packets: int
    tx_packets: int
    rx_bytes: int
    tx_bytes: int
    rx_errors: int
    tx_errors: int
    rx_dropped: int
    tx_dropped: int
    multicast: int
    collisions: int
    rx_length_errors: int
    rx_over_errors: int
    rx_crc_errors: int
    rx_frame_errors: int
    rx_fifo_errors: int
    rx_missed_errors: int
    tx_aborted_errors: int
    tx_carrier_errors: int
    tx_fifo_errors: int
    tx_heartbeat_errors: int
    tx_window_errors: int
    rx_compressed: int
    tx_compressed: int
    rx_nohandler: int | None = None
    rx_otherhost_dropped: int | None = None

    def to_dict(self) -> dict[str, dict[str, int]]:
        """The counters that `ip -j -s link` prints, with its keys (`stats64`)."""
        return {
            "rx": {
                "bytes": self.rx_bytes,
                "packets": self.rx_packets,
                "errors": self.rx_errors,
                "dropped": self.rx_dropped,
                "over_errors": self.rx_over_errors,
                "multicast": self.multicast,
            },
            "tx": {
                "bytes": self.tx_bytes,
                "packets": self.tx_packets,
                "errors": self.tx_errors,
                "dropped": self.tx_dropped,
                "carrier_errors": self.tx_carrier_errors,
                "collisions": self.collisions,
            },
        }


LinkStats.__module__ = PACKAGE  # NamedTuple does not take it from the class body
