"""Random tables, addresses, names and patterns, and the check that C and Python select the same rows."""

import ipaddress
import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from recorded import whole

import getifs
from getifs import rfc
from getifs._predicates.compiler import program_for
from getifs._predicates.tree import Predicate
from getifs._table import _restore

INET, INET6 = 2, 10
OF_ADDRESSES: list[Any] = [getifs.IfNet, getifs.IfAddr, getifs.Neighbour, getifs.Route]
at_random = settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
often = settings(at_random, max_examples=200)

# Addresses: the first and last of all blocks, their neighbours, and those that differ from them in one bit.

BLOCKS = [network for value in vars(rfc).values() if isinstance(value, rfc.AddressSet) for network in value]
EDGES = sorted(
    {
        (len(address.packed), address.packed)
        for network in BLOCKS
        for first, last in [(int(network.network_address), int(network.broadcast_address))]
        for number in (first - 1, first, last, last + 1)
        if 0 <= number < 2**network.max_prefixlen
        for address in [type(network.network_address)(number)]
    }
)
LENGTHS = [0, 1, 7, 8, 9, 15, 16, 31, 32, 33, 63, 64, 65, 127, 128]


@st.composite
def addresses(draw: st.DrawFn) -> tuple[int, bytes]:
    """An address family and a packed address."""
    size, packed = draw(st.sampled_from(EDGES))
    flipped = draw(st.integers(-2 * size, 8 * size - 1))
    number = int.from_bytes(packed, "big") ^ (1 << flipped if flipped >= 0 else 0)
    return (INET if size == 4 else INET6), number.to_bytes(size, "big")


@st.composite
def networks(draw: st.DrawFn) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    _, packed = draw(addresses())
    bits = 8 * len(packed)
    length = draw(st.one_of(st.sampled_from([length for length in LENGTHS if length <= bits]), st.integers(0, bits)))
    kind = ipaddress.IPv4Network if bits == 32 else ipaddress.IPv6Network
    return kind((int.from_bytes(packed, "big") >> (bits - length) << (bits - length), length))


# Names, not all of them valid UTF-8, and shell patterns.

PIECES = [
    *(
        text.encode()
        for text in ("", "a", "b", "eth", "0", "-", "]", "[", "!", "^", "\\", "\n", "é", "€", "\ud7ff", "😀")
    ),
    *(bytes.fromhex(text) for text in ("00", "80", "bf", "c3", "c080", "c1bf", "e282", "e08080", "eda080", "edbfbf")),
    *(
        bytes.fromhex(text)
        for text in ("f09f98", "f0808080", "f48fbfbf", "f4908080", "f5808080", "f8888080", "ff", "efbfbd")
    ),
]
names = st.one_of(st.lists(st.sampled_from(PIECES), max_size=6).map(b"".join), st.binary(max_size=12))
LETTERS = "ab0-!^\\.é€😀\udc80\udcc3\udcff\ufffd"
SETS = [
    "[!a]",
    "[]]",
    "[]a]",
    "[!]]",
    "[!]-a]",
    "[a-]",
    "[-a]",
    "[b-a]",
    "[!b-a]",
    "[a-c0-9]",
    "[a-c-e]",
    "[--a]",
    "[!!]",
    "[^a]",
    "[\\]",
]
WIDE_SETS = [
    "[é-€]",
    "[!é-€]",
    "[\udc80-\udcff]",
    "[!\udc80-\udcff]",
    "[€-😀]",
    "[\x00-\uffff]",
    "[[]",
    "[]",
    "[!]",
    "[!",
    "[",
    "[a",
    "[a-",
]
patterns = st.one_of(
    st.lists(st.sampled_from([*LETTERS, "eth", "*", "*", "**", "?", *SETS, *WIDE_SETS]), max_size=6).map("".join),
    st.text(max_size=4),
    names.map(os.fsdecode),
)

# Records.

NUMBERS: dict[str, st.SearchStrategy[int]] = {
    "index": st.integers(0, 3),
    "link_netnsid": st.integers(-(2**31), 2**31 - 1),
    "table": st.sampled_from([0, 100, 253, 254, 255, 1000, 2**32 - 1]),
    "protocol": st.sampled_from([0, 2, 3, 4, 186, 255]),
    "flags": st.one_of(st.sampled_from([0, 1, 0x20, 0x40, 0x41, 0x61]), st.integers(0, 2**32 - 1)),
    "gateway_family": st.sampled_from([0, INET, INET6]),
}


def packed_record(kind: Any, fields: dict[str, Any]) -> bytes:
    layout = kind._layout
    values = list(layout.unpacker.unpack(bytes(layout.size)))
    for name, value in fields.items():
        at = layout.position[name]
        values[at : at + 1 if not isinstance(value, list) else at + len(value)] = (
            value if isinstance(value, list) else [value]
        )
    return layout.unpacker.pack(*values)  # type: ignore[no-any-return]


def address_fields(kind: Any, family: int, address: bytes, length: int, tail: bytes = b"\0") -> dict[str, Any]:
    """The fields of a row's address or destination. `tail` fills the bytes after an IPv4 address, which are ignored."""
    if kind not in OF_ADDRESSES:
        return {}
    field, length_field = kind._address_fields
    lengths = {length_field: min(length, 8 * len(address))} if length_field else {}
    return {"family": family, field: address.ljust(16, tail), **lengths}


def table_of(kind: Any, records: list[dict[str, Any]], text: bytes = b"") -> Any:
    return _restore(kind, b"".join(packed_record(kind, record) for record in records), len(records), text, 0)


@st.composite
def random_tables(draw: st.DrawFn, kind: Any) -> Any:
    """A table of records with any values that the core can write."""
    layout = kind._layout
    numbers = {
        name: NUMBERS.get(name, st.one_of(st.sampled_from([0, top]), st.integers(0, top)))
        for name, at in layout.position.items()
        if isinstance(layout.unpacker.unpack(bytes(layout.size))[at], int)
        and name not in ("part_len", "extra_len", "encap_len", "members_len", "extra_at")
        for top in [2 ** (8 * layout.width(name)) - 1]
    }
    records, text = [], b""
    for _ in range(draw(st.integers(0, 8))):
        record: dict[str, Any] = draw(st.fixed_dictionaries(numbers))
        record |= address_fields(
            kind, *draw(addresses()), draw(st.sampled_from(LENGTHS)), draw(st.sampled_from([b"\0", b"\xff"]))
        )
        if kind is getifs.Interface:
            parts = draw(st.lists(names, min_size=10, max_size=10))
            lengths = [len(part) for part in parts]
            record |= {"part_len": lengths, "extra_len": sum(lengths), "extra_at": len(text)}
            text += b"".join(parts)
        records.append(record)
    return table_of(kind, records, text)


def links_named(*texts: bytes) -> Any:
    records = [
        {
            "index": at + 1,
            "part_len": [len(text), *[0] * 10],
            "extra_len": len(text),
            "extra_at": sum(map(len, texts[:at])),
        }
        for at, text in enumerate(texts)
    ]
    return table_of(getifs.Interface, records, b"".join(texts))


# Predicates.


def accepted(table: Any, predicate: Callable[[Any], object]) -> list[Any]:
    """The rows that the predicate accepts when it is called in Python."""
    return [whole(row) for row in table if predicate(row)]


def agree(table: Any, predicate: Predicate) -> list[Any]:
    """The rows that the predicate selects in C. They must be those that it accepts in Python."""
    assert program_for(predicate, table._cls) is not None
    found = [whole(row) for row in table.where(predicate)]
    assert found == accepted(table, predicate), predicate
    return found
