"""`Snapshot` as a value, and differences of tables that no kernel at hand has."""

import copy
import pickle
import socket
import struct
from typing import Any

import pytest
from netlink_messages import RTM_NEWLINK, RTM_NEWROUTE, attr, packed_message

import getifs
from getifs import Event, Snapshot, replay
from getifs._events import difference

MANY = 70_000  # rows; more than the C core handles in one step


def links(*names: str) -> bytes:
    return b"".join(
        packed_message(RTM_NEWLINK, struct.pack("=BxHiII", 0, 1, index, 1, 0) + attr(3, name.encode() + b"\0"))
        for index, name in enumerate(names, 1)
    )


def routes(numbers: range, mtu: int = 0) -> bytes:
    head = struct.pack("=BBBBBBBBI", socket.AF_INET, 32, 0, 0, 254, 4, 0, 1, 0) + attr(4, struct.pack("=I", 1))
    metrics = attr(8, attr(2, struct.pack("=I", mtu))) if mtu else b""
    return b"".join(
        packed_message(RTM_NEWROUTE, head + attr(1, struct.pack("!I", number)) + metrics) for number in numbers
    )


def snapshot(link_data: bytes = b"", route_data: bytes = b"", **arguments: Any) -> Snapshot:
    tables: Any = (replay.addrs(b""), replay.routes(route_data), getifs.nexthops()[:0])
    return Snapshot(replay.interfaces(link_data), *tables, **arguments)


def test_it_is_a_value() -> None:
    one, same, other = (snapshot(links("lo", name), routes(range(9))) for name in ("eth0", "eth0", "eth1"))
    assert one == same != other
    assert one != 5
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)
    assert pickle.loads(pickle.dumps(one)) == copy.copy(one) == copy.deepcopy(one) == one
    assert other.difference(pickle.loads(pickle.dumps(one))) == [
        Event("changed", other.interfaces[1], one.interfaces[1])
    ]
    with_neighbours = snapshot(neighbours=replay.neighbours(b""))
    assert snapshot() != with_neighbours
    assert pickle.loads(pickle.dumps(with_neighbours)).neighbours == []


def test_it_is_immutable() -> None:
    for name in ("interfaces", "addrs", "routes", "nexthops", "neighbours", "another"):
        with pytest.raises(AttributeError):
            setattr(snapshot(), name, ())


def test_repr_is_short() -> None:
    text = repr(snapshot(links("lo"), routes(range(2000))))
    assert text == "Snapshot(1 interfaces, 0 addrs, 2000 routes, 0 nexthops)"


def test_snapshots_with_other_contents_have_no_difference() -> None:
    with pytest.raises(ValueError, match="earlier"):
        snapshot().difference(snapshot(neighbours=replay.neighbours(b"")))
    with pytest.raises(ValueError, match="earlier"):
        snapshot(all_routes=True).difference(snapshot())
    with pytest.raises(TypeError, match="earlier"):
        snapshot().difference(None)  # type: ignore[arg-type]


def test_without_neighbours() -> None:
    assert snapshot().neighbours is None
    with pytest.raises(ValueError, match="neighbours=True"):
        snapshot(links("lo")).neighbours_of(1)


METHODS = ["interface", "addrs_of", "routes_of", "neighbours_of", "controller_of", "ports_of"]


@pytest.mark.parametrize("method", METHODS)
def test_wrong_interfaces(method: str) -> None:
    call = getattr(snapshot(links("lo")), method)
    for wrong in (None, 1.0, b"lo", [1], True):
        with pytest.raises(TypeError, match="interface"):
            call(wrong)
    for wrong in (0, -1, 2**31, "", "a/b", "x" * 128):
        with pytest.raises(ValueError, match="interface"):
            call(wrong)
    if method != "interface":
        for missing in (2, "eth0"):
            with pytest.raises(OSError, match="No such device"):
                call(missing)


def test_other_wrong_arguments() -> None:
    with pytest.raises(ValueError, match="family"):
        snapshot().default_routes(family=5)
    with pytest.raises(TypeError, match="route"):
        snapshot().nexthop_of(5)  # type: ignore[arg-type]


def test_difference_of_many_rows() -> None:
    before, after = replay.routes(routes(range(MANY))), replay.routes(routes(range(5, MANY + 7), mtu=1300))
    events = difference(before, after)
    kinds = [event.kind for event in events]
    assert [kinds.count(kind) for kind in ("removed", "changed", "added")] == [5, MANY - 5, 7]
    changed = next(event for event in events if event.kind == "changed")
    assert isinstance(changed.row, getifs.Route) and isinstance(changed.old, getifs.Route)
    assert (changed.row.mtu, changed.old.mtu, changed.row.destination) == (1300, None, changed.old.destination)


def test_difference_of_selected_rows() -> None:
    before, after = replay.routes(routes(range(9), mtu=1300))[::2], replay.routes(routes(range(9), mtu=1300))[2:]
    found = [(event.kind, str(event.row.destination)) for event in difference(before, after)
             if isinstance(event.row, getifs.Route)]  # fmt: skip
    assert found == [("removed", "0.0.0.0/32"), *(("added", f"0.0.0.{number}/32") for number in (3, 5, 7))]


@pytest.mark.parametrize("field", ["extra_at", "extra_len", "encap_len"])
def test_malformed_tables_do_no_harm(field: str) -> None:
    """A pickle can contain any bytes."""
    table = replay.routes(routes(range(3), mtu=1300))
    restore, (cls, records, count, extra, malformed) = table.__reduce__()
    size, at = cls._layout.size, cls._layout.offset[field]
    broken = bytearray(records)
    broken[size + at : size + at + 2] = b"\xff\xff"
    bad = restore(cls, bytes(broken), count, extra, malformed)
    for old, now in ((table, bad), (bad, table)):
        with pytest.raises(getifs.MalformedMessageError, match="malformed"):
            difference(old, now)
    made = Snapshot(replay.interfaces(b""), replay.addrs(b""), bad, getifs.nexthops()[:0])
    with pytest.raises(getifs.MalformedMessageError, match="malformed"):
        made.default_routes()
    assert len(difference(table, restore(cls, records, count, extra, malformed))) == 0


def test_a_shorter_table_than_it_says() -> None:
    restore, (cls, records, _, extra, malformed) = replay.routes(routes(range(3))).__reduce__()
    short = restore(cls, records[: cls._layout.size + 5], 3, extra, malformed)
    assert len(difference(short, restore(cls, records, 3, extra, malformed))) == 2
