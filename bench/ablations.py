"""The optimizations that tricks.py measures: how to remove each one, and where its gain should show."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Edit(NamedTuple):
    """A replacement of a text that occurs once in a file."""

    path: str
    old: str
    new: str

    def text(self, root: Path) -> str:
        """The changed file.

        Raises:
            ValueError: The file does not have the old text exactly once: this list is out of date.
        """
        text = (root / self.path).read_text()
        if text.count(self.old) != 1:
            raise ValueError(f"{self.path} has {text.count(self.old)} times {self.old!r}")
        return text.replace(self.old, self.new)


class Ablation(NamedTuple):
    """One optimization, and the edits without which the code works as well, but for its gain.

    `where` maps networks of tricks.py to operations of worker.py. An operation of a session has the prefix `session/`.
    """

    title: str
    edits: tuple[Edit, ...]
    where: dict[str, str]

    @property
    def is_native(self) -> bool:
        """Whether the extension has to be built again."""
        return any(edit.path.startswith("csrc/") for edit in self.edits)

    def apply(self, root: Path) -> None:
        for edit in self.edits:
            (root / edit.path).write_text(edit.text(root))


CORE = {
    "inline": Ablation(
        "small answers in the client (`client->few`)",
        (Edit("csrc/table.c", "bool fits = size <=", "bool fits = !size && size <="),),
        {"small": "one_link addrs routes4 session/one_link session/addrs", "medium": "one_link"},
    ),
    "populate": Ablation(
        "large blocks populated in steps of 1 MiB (`MADV_POPULATE_WRITE`)",
        (Edit("csrc/table.c", "madvise((void *)from, STEP - 2 * PAGE, MADV_POPULATE_WRITE);", ""),),
        {"million": "routes4"},
    ),
    "growth": Ablation(
        "tables grow fourfold at first",
        (Edit("csrc/table.c", "< 1 << 20 ? 4 : 2;", "< 1 << 20 ? 2 : 2;"),),
        {"small": "addrs", "medium": "links addrs routes4 multicast", "large": "addrs routes4"},
    ),
    "layout": Ablation(
        "layout of the message before is kept (`attr_set_same_layout`)",
        (Edit("csrc/attr.h", "bool same = attr_set_same_layout(set, data, len);", "bool same = false;"),),
        {"small": "links addrs routes4", "medium": "links addrs routes4", "large": "links addrs routes4"},
    ),
    "order": Ablation(
        "distinct rows known by the order of the dump",
        (Edit("csrc/table.c", "!u->seen && are_distinct(table, identity) ? 0 : table_unique", "table_unique"),),
        {"small": "one_link addrs multicast", "medium": "links addrs multicast", "large": "links addrs"},
    ),
    "ipv4-routes": Ablation(
        "repeated rows are not looked for among IPv4 routes",
        (
            Edit(
                "csrc/route.c",
                "first && ((const struct getifs_route *)table_row(routes, first - 1))->family == AF_INET6",
                "first",
            ),
        ),
        {"small": "routes4", "medium": "routes4", "large": "routes4"},
    ),
    "first-receive": Ablation(
        "first receive of 8 KiB for short rows (`SOCKET_FIRST`)",
        (
            Edit(
                "csrc/exchange.c",
                "s->limit = x->short_rows && s->largest <= SOCKET_FIRST ? SOCKET_FIRST : 0;",
                "s->limit = 0;",
            ),
        ),
        {"small": "addrs multicast session/addrs session/multicast", "medium": "addrs"},
    ),
    "second-receive": Ablation(
        "second receive of 8 KiB after a short first one",
        (Edit("csrc/exchange.c", "if (size > SOCKET_FIRST / 4)", "if (size)"),),
        {"small": "session/addrs"},  # the kernel allocates for a later dump as much as was received at once
    ),
    "header": Ablation(
        "routes that a filter rejects by their header are not parsed",
        (
            Edit(
                "csrc/route.c",
                " || (dump->table->filter && filter_rejects_header(dump->table->filter, &header)))",
                ")",
            ),
        ),
        {"small": "routes4_default", "medium": "routes4_default", "large": "routes4_default"},
    ),
    "explanation": Ablation(
        "the kernel's text about an error is requested after an error only (`NETLINK_EXT_ACK`)",
        (
            Edit(
                "csrc/socket.c",
                "s->explains = false;\n",
                "s->explains = false;\n    socket_explain(s);\n",
            ),
        ),
        {"small": "one_link addrs"},
    ),
    "port": Ablation(
        "the port is learned from the answer, not from `getsockname`",
        (
            Edit(
                "csrc/socket.c",
                "s->port = 0;\n",
                "struct sockaddr_nl own;\n    socklen_t own_len = sizeof own;\n"
                "    getsockname(s->fd, (struct sockaddr *)&own, &own_len);\n    s->port = own.nl_pid;\n",
            ),
        ),
        {"small": "one_link addrs"},
    ),
    "one-dump": Ablation(
        "gateways of both families from one dump",
        (
            Edit(
                "csrc/plan.c",
                "{{OBJECT_ROUTE, 0, NULL, NULL}, NEXTHOPS_IF_PENDING(resolve_gateways)}",
                "{{OBJECT_ROUTE, STEP_PER_FAMILY, NULL, NULL}, NEXTHOPS_IF_PENDING(resolve_gateways)}",
            ),
        ),
        {"small": "gateways session/gateways", "medium": "gateways"},
    ),
    "same-gateway": Ablation(
        "a gateway equal to that of the route before is not added",
        (
            Edit(
                "csrc/route_set.c",
                "if (!gateways->count || memcmp(row, table_row(gateways, gateways->count - 1), sizeof *row) != 0)",
                "",
            ),
        ),
        {"medium": "gateways", "large": "gateways", "one-gateway": "gateways"},
    ),
    "best-of-one": Ablation(
        "best addresses: only those of the one interface of the best routes are dumped",
        (Edit("csrc/plan.c", "return routes->count > 0;", "q->index = 0;\n    return routes->count > 0;"),),
        {"small": "best", "medium": "best", "large": "best"},
    ),
    "skip-stats": Ablation(
        "counters that nobody reads are not requested (`RTEXT_FILTER_SKIP_STATS`)",
        (Edit("csrc/link.c", ": RTEXT_FILTER_SKIP_STATS;", ": RTEXT_FILTER_BRVLAN_COMPRESSED;"),),
        {"small": "links", "medium": "links", "large": "links"},
    ),
}

QUERIES = {
    "clients": Ablation(
        "idle clients are used again (`Pool`)",
        (Edit("getifs/_core.py", "    _MOST = 8\n", "    _MOST = 0\n"),),
        {"small": "one_link addrs routes4"},
    ),
    "view": Ablation(
        "answers read from a view of the client, not through cffi",
        (
            Edit(
                "getifs/_core.py",
                "    count, extra_len, malformed, rows = _HEAD(view)\n",
                "    inner = struct.blocks.block\n"
                "    count, extra_len, malformed, rows = inner.count, inner.extra_len, inner.malformed, inner.rows\n",
            ),
        ),
        {"small": "one_link addrs session/one_link"},
    ),
    "unchecked": Ablation(
        "arguments that are not given are not checked",
        (
            Edit("getifs/session.py", "options = 0 if stats is False else ", "options = "),
            Edit("getifs/_query.py", "0 if family is None else _arguments", "_arguments"),
            Edit("getifs/_query.py", '(0, b"") if interface is None else _arguments', "_arguments"),
        ),
        {"small": "links addrs session/addrs"},
    ),
    "single-row": Ablation(
        "the row of a single link made without a generator",
        (
            Edit(
                "getifs/_lookups.py",
                "return Interface._row(block._records[:_LINK_VALUE], block._extra[:])",
                "return next(Interface._rows(LINK.divider.iter_unpack(block._records), block))",
            ),
        ),
        {"small": "one_link session/one_link"},
    ),
}

ROWS = {
    "rows": Ablation(
        "rows made without `__init__`",
        (
            Edit("getifs/_rows/base.py", "def __init__(self) -> None", "def __init__(self, record: bytes) -> None"),
            Edit(
                "getifs/_rows/base.py",
                'raise TypeError(f"{type(self).__name__} rows are created by queries")',
                "self._record = record",
            ),
            Edit(
                "getifs/_rows/base.py",
                "            row = new(cls)\n            row._record = record\n            yield row\n",
                "            yield cls(record)\n",
            ),
        ),
        {"small": "addrs_addr", "medium": "addrs_addr", "large": "addrs_addr"},
    ),
    "new": Ablation(
        "`object.__new__` bound to a variable (rows)",
        (
            Edit(
                "getifs/_rows/base.py",
                "            row = new(cls)\n            row._record = record\n            yield row\n",
                "            row = object.__new__(cls)\n            row._record = record\n            yield row\n",
            ),
        ),
        {"small": "addrs_addr"},
    ),
    "empty-extra": Ablation(
        "no slice of side bytes for routes without any",
        (Edit("getifs/_rows/route.py", 'extra[start : start + size] if size else b""', "extra[start : start + size]"),),
        {"small": "routes4_read", "medium": "routes4_read", "large": "routes4_read"},
    ),
    "members": Ablation(
        "members of enumerations looked up by number",
        (Edit("getifs/_rows/members.py", "member = self[value] = getattr", "member = getattr"),),
        {"small": "links_read", "medium": "links_read", "large": "links_read"},
    ),
    "lazy": Ablation(
        "names of lazy modules bound when they were used once",
        (Edit("getifs/_lazy.py", "value = self.__dict__[name] = getattr", "value = getattr"),),
        {"small": "addrs_addr", "medium": "addrs_addr routes4_addr"},
    ),
    "numbers": Ablation(
        "`IPv4Address` made from a number, not from bytes",
        (
            Edit(
                "getifs/_rows/addresses.py",
                "return IPv4Address(_word(record, at)[0])",
                "return IPv4Address(record[at : at + 4])",
            ),
        ),
        {"small": "addrs_addr", "medium": "addrs_addr", "large": "addrs_addr"},
    ),
    "numbers6": Ablation(
        "`IPv6Address` made from a number, not from bytes",
        (
            Edit(
                "getifs/_rows/addresses.py",
                'return IPv6Address(int.from_bytes(record[at : at + 16], "big"))',
                "return IPv6Address(record[at : at + 16])",
            ),
        ),
        {"small": "addrs_addr", "medium": "addrs_addr", "large": "addrs_addr"},
    ),
    "shared-gateways": Ablation(
        "the rows of an iteration share gateways",
        (
            Edit(
                "getifs/_rows/route.py",
                "return self._gateways[self._record[_GATEWAY_FAMILY:_GATEWAY_END]]",
                "family = self._record[_GATEWAY_FAMILY]\n"
                "        return addresses.make_address(family, self._record, _GATEWAY_FAMILY + 1) if family else None",
            ),
        ),
        {"small": "routes4_addr", "medium": "routes4_addr", "large": "routes4_addr"},
    ),
    "shapes": Ablation(
        "networks made from the shape of one (`make_network`)",
        (Edit("getifs/_rows/addresses.py", "self.known = all(", "self.known = False and all("),),
        {"small": "routes4_addr", "medium": "routes4_addr routes4_column", "large": "routes4_addr routes4_column"},
    ),
    "hosts": Ablation(
        "`hosts` of a network of one host is one object",
        (
            Edit(
                "getifs/_rows/addresses.py",
                "network.hosts = MethodType(_only, address)",
                "network.hosts = lambda: [address]",
            ),
        ),
        {"medium": "routes4_addr routes4_column", "large": "routes4_addr routes4_column"},
    ),
}

CONTROL = {
    "control": Ablation(
        "*control: nothing removed*",
        (),
        {"small": "one_link addrs session/addrs", "medium": "links addrs routes4", "large": "addrs routes4"},
    )
}
ABLATIONS: dict[str, Ablation] = CONTROL | CORE | QUERIES | ROWS
