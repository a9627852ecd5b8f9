"""Followers that a storm defeats: they show that it can."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from netlink_messages import HEADER, messages

import getifs

from .state import State, fresh

# RTNLGRP_IPV4_IFADDR, _IPV4_ROUTE, _IPV6_IFADDR, _IPV6_ROUTE
GROUPS = (5, 7, 9, 11)
NEW = {
    20: ("addrs", getifs.replay.addrs),
    24: ("routes", lambda data: getifs.replay.routes(data, all=True)),
}


class EventsOnly:
    """Applies each notification about addresses and routes to a first dump, and asks nothing else."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
        self._socket.bind((0, 0))
        for group in GROUPS:
            self._socket.setsockopt(270, 1, group)  # SOL_NETLINK, NETLINK_ADD_MEMBERSHIP
        self._rows = {kind: {self._identity(row): row for row in rows} for kind, rows in self.expected().items()}

    def close(self) -> None:
        self._socket.close()

    @staticmethod
    def expected() -> State:
        """The addresses and routes of a fresh dump."""
        return {kind: rows for kind, rows in fresh().items() if kind in {"addrs", "routes"}}

    @staticmethod
    def _identity(row: Any) -> tuple[object, ...]:
        names = {
            getifs.IfNet: ("index", "addr", "prefix_len", "peer"),
            getifs.Route: ("table", "destination", "metric", "tos", "type", "gateway", "index", "nexthop_id"),
        }[type(row)]
        return tuple(getattr(row, name) for name in names)

    def _apply(self, number: int, message: bytes) -> None:
        is_new = not number & 1  # each RTM_DEL… is one more than its RTM_NEW…
        if (number & ~1) not in NEW:
            return
        kind, parse = NEW[number & ~1]
        length, _, flags, *rest = HEADER.unpack_from(message)
        as_new = HEADER.pack(length, number & ~1, flags, *rest) + message[HEADER.size :]
        for row in parse(as_new):
            if is_new:
                self._rows[kind][self._identity(row)] = row
            else:
                self._rows[kind].pop(self._identity(row), None)

    def state(self) -> State:
        while True:
            try:
                data = self._socket.recv(1 << 17, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return {kind: Counter(rows.values()) for kind, rows in self._rows.items()}
            for number, message in messages(data):
                self._apply(number, message)


class FollowerNdb:
    """pyroute2's NDB, which keeps a database by notifications. Only what its summary of routes says is compared."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", Path(__file__).with_name("ndb.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        self._process.communicate()

    def state(self) -> State:
        """Links by name; routes by table, destination, gateway and link."""
        assert self._process.stdin and self._process.stdout
        print(file=self._process.stdin, flush=True)
        found = json.loads(self._process.stdout.readline())
        return {"links": Counter(found["links"]), "routes": Counter({tuple(row) for row in found["routes"]})}

    @staticmethod
    def expected() -> State:
        """The same of a fresh dump: routes to a link, each once."""
        names = getifs.ifnames()
        routes = {
            (
                int(row.table),
                "" if row.is_default else str(row.destination.network_address),
                row.destination.prefixlen,
                None if row.gateway is None else str(row.gateway),
                names[row.index],
            )
            for row in getifs.route_table(all=True)
            if row.index
        }
        return {"links": Counter(names.values()), "routes": Counter(routes)}
