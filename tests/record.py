"""Records the messages of tests/captures/: the answers of the kernel about a network made for the purpose.

    python tests/record.py tests/captures/NAME.json …        (as root, on the kernel to be recorded)

A capture is one JSON file. These keys are written by hand; `about`, `made_by` and `query` are required:

    about      the purpose of the capture and the rules that it tests
    made_by    the lines of a shell script that makes the network; it runs in a new namespace
    query      a function of getifs.replay: interfaces, addrs, neighbours, rules, routes, gateways or best_interfaces
    arguments  keyword arguments of that function
    keep       names of links or destinations of routes; messages about others are dropped
    requests   sent instead of the default requests of the query: [type, flags, payload in hex, socket options …];
               a string among them is a command that runs at that point
    edits      changes to the recorded bytes: [old, new] in hex; `old` must occur exactly once
    error      the expected exception: its type, and optionally errno and text; `rows` are those before the error
    malformed  the expected number of dropped rows; null if behaviour.md does not specify it
    nexthops   []: record the next-hop objects too

This program sets `kernel`, `data` and `nexthops`: the received bytes, where each message starts a new line. If the file
has no `rows`, it drafts them with draft_rows.py. Compare drafted rows with `ip -d` and behaviour.md before you commit
them. Existing `rows` are never changed. To draft them again, remove them.
A row lists the fields that its message has: fields that are None or empty are left out.

tests/captures/big_endian/ has captures of the same networks on s390x, which replace the others on big-endian machines:
`scripts/check_architectures.py --run COMMAND s390x` runs this program there.
"""

import ipaddress
import json
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from draft_rows import NTF_PROXY, draft
from netlink_messages import (
    NLM_F_ACK,
    NLM_F_DUMP,
    NLM_F_MULTI,
    NLM_F_REQUEST,
    NLMSG_DONE,
    NLMSG_ERROR,
    RTM_GETADDR,
    RTM_GETLINK,
    RTM_GETNEIGH,
    RTM_GETNEXTHOP,
    RTM_GETROUTE,
    RTM_GETRULE,
    RTM_NEWADDR,
    RTM_NEWLINK,
    RTM_NEWROUTE,
    attributes,
    messages,
    packed_message,
)

DUMP = NLM_F_REQUEST | NLM_F_DUMP
SOL_NETLINK, NETLINK_EXT_ACK = 270, 11
SKIP_STATS, ALL_STATS = 8, 4  # RTEXT_FILTER_SKIP_STATS; RTEXT_FILTER_BRVLAN_COMPRESSED, which has no effect here


def requests(capture: dict[str, Any]) -> list[Any]:
    if "requests" in capture:
        return list(capture["requests"])
    if capture["query"] == "interfaces":
        mask = ALL_STATS if capture.get("arguments", {}).get("stats") else SKIP_STATS
        return [(RTM_GETLINK, DUMP, struct.pack("=16xHHI", 8, 29, mask).hex())]  # ifinfomsg, IFLA_EXT_MASK
    if capture["query"] == "addrs":
        return [(RTM_GETADDR, DUMP, bytes(8).hex())]
    families = (socket.AF_INET, socket.AF_INET6)
    if capture["query"] == "neighbours":
        flags = (0, NTF_PROXY) if capture.get("arguments", {}).get("all") else (0,)
        return [
            (RTM_GETNEIGH, DUMP, struct.pack("=BxHiHBB", family, 0, 0, 0, flag, 0).hex())
            for flag in flags
            for family in families
        ]
    number = RTM_GETRULE if capture["query"] == "rules" else RTM_GETROUTE  # their headers have the same size
    return [(number, DUMP, (bytes([family]) + bytes(11)).hex()) for family in families]


def ask(number: int, flags: int, payload: str, *options: int) -> Iterator[tuple[int, bytes]]:
    """Sends a request and yields the type and the bytes of each message of the answer."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as sock:
        sock.settimeout(10)
        for option in (NETLINK_EXT_ACK, *options):
            sock.setsockopt(SOL_NETLINK, option, 1)
        sock.send(packed_message(number, bytes.fromhex(payload), flags=flags, sequence=1))
        while True:
            for answer, message in messages(sock.recv(1 << 20)):
                yield answer, message
                several = struct.unpack_from("=H", message, 6)[0] & NLM_F_MULTI or flags & NLM_F_ACK
                if answer in (NLMSG_DONE, NLMSG_ERROR) or not several:
                    return


def subject(number: int, message: bytes) -> str:
    """The name of the link or the destination of the route, to compare with `keep`."""
    if number == RTM_NEWLINK:
        return os.fsdecode(dict(attributes(message[32:]))[3].rstrip(b"\0"))
    if number == RTM_NEWADDR:
        return socket.if_indextoname(struct.unpack_from("=I", message, 20)[0])
    destination = dict(attributes(message[28:])).get(1)
    return f"{ipaddress.ip_address(destination)}/{message[17]}" if destination else "default"


def is_kept(number: int, message: bytes, keep: list[str] | None) -> bool:
    return keep is None or number not in (RTM_NEWLINK, RTM_NEWADDR, RTM_NEWROUTE) or subject(number, message) in keep


def record(wanted: list[Any], keep: list[str] | None = None) -> list[bytes]:
    recorded = []
    for request in wanted:
        if isinstance(request, str):
            subprocess.run(request, shell=True, check=True)
            continue
        recorded += [message for number, message in ask(*request) if is_kept(number, message, keep)]
    return recorded


def hex_lines(recorded: list[bytes]) -> list[str]:
    return [message[at : at + 32].hex() for message in recorded for at in range(0, len(message), 32)]


def edited(recorded: list[bytes], edits: list[list[str]]) -> list[bytes]:
    for old, new in edits:
        before, after = bytes.fromhex(old), bytes.fromhex(new)
        found = [at for at, message in enumerate(recorded) if before in message]
        if len(found) != 1 or recorded[found[0]].count(before) != 1:
            raise SystemExit(f"edit {old}: occurs in {len(found)} messages, or more than once in one")
        message = recorded[found[0]].replace(before, after)
        if len(before) != len(after):
            message = struct.pack("=I", len(message)) + message[4:]
        recorded[found[0]] = message
    return recorded


def sparse(row: Any) -> Any:
    """The row without fields that are None or empty. A pair of best_interfaces is returned unchanged."""
    if not isinstance(row, dict):
        return row
    return {name: value for name, value in row.items() if value is not None and value != []}


def fill(path: Path) -> None:
    capture = json.loads(path.read_text())
    script = "\n".join(["set -e", *capture["made_by"]])
    subprocess.run(["bash", "-c", script], check=True, stdout=subprocess.DEVNULL)
    capture["kernel"] = os.uname().release
    data = record(requests(capture), capture.get("keep"))
    objects = record([(RTM_GETNEXTHOP, DUMP, bytes(8).hex())]) if "nexthops" in capture else []
    changed = edited(data + objects, capture.get("edits", []))
    rows = capture.pop("rows", None)
    capture["data"] = hex_lines(changed[: len(data)])
    if capture.pop("nexthops", None) is not None:
        capture["nexthops"] = hex_lines(changed[len(data) :])
    capture["rows"] = [sparse(row) for row in draft(capture)] if rows is None else rows
    path.write_text(json.dumps(capture, indent=2) + "\n")


INSIDE = "mount --make-rprivate / && mount -t tmpfs netns /run && mkdir /run/netns && ip link set lo up"


def main(arguments: list[str]) -> None:
    if arguments[0] == "--inside":
        subprocess.run(INSIDE, shell=True, check=True)
        fill(Path(arguments[1]))
        return
    for path in arguments:
        print(path, flush=True)
        subprocess.run(["unshare", "--net", "--mount", sys.executable, __file__, "--inside", path], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
