"""The names that `ip` gives to the flags, the state and the hardware type of an interface, by number.

Those of `enums` are not used, since its import takes longer than most queries.
"""

from __future__ import annotations

_UP, _RUNNING = 0x1, 0x40  # IFF_*
# In the order in which `ip` prints them. IFF_RUNNING has no name: NO-CARRIER tells its absence.
FLAGS = {
    0x8: "LOOPBACK",
    0x2: "BROADCAST",
    0x10: "POINTOPOINT",
    0x1000: "MULTICAST",
    0x80: "NOARP",
    0x200: "ALLMULTI",
    0x100: "PROMISC",
    0x400: "MASTER",
    0x800: "SLAVE",
    0x4: "DEBUG",
    0x8000: "DYNAMIC",
    0x4000: "AUTOMEDIA",
    0x2000: "PORTSEL",
    0x20: "NOTRAILERS",
    _UP: "UP",
    0x10000: "LOWER_UP",
    0x20000: "DORMANT",
    0x40000: "ECHO",
}
_KNOWN = sum(FLAGS, _RUNNING)
_STATES = ("UNKNOWN", "NOTPRESENT", "DOWN", "LOWERLAYERDOWN", "TESTING", "DORMANT", "UP")  # IF_OPER_*
_TYPES = {  # ARPHRD_*
    0: "netrom",
    1: "ether",
    2: "eether",
    3: "ax25",
    6: "ieee802",
    7: "arcnet",
    8: "atalk",
    15: "dlci",
    19: "atm",
    24: "ieee1394",
    32: "infiniband",
    256: "slip",
    257: "cslip",
    258: "slip6",
    259: "cslip6",
    270: "rose",
    271: "x25",
    272: "hwx25",
    280: "can",
    512: "ppp",
    513: "hdlc",
    516: "lapb",
    518: "rawhdlc",
    768: "ipip",
    769: "tunnel6",
    770: "frad",
    772: "loopback",
    773: "ltalk",
    774: "fddi",
    776: "sit",
    778: "gre",
    779: "pimreg",
    780: "hippi",
    783: "irda",
    801: "ieee802.11",
    802: "ieee802.11/prism",
    803: "ieee802.11/radiotap",
    804: "ieee802.15.4",
    805: "ieee802.15.4/monitor",
    820: "phonet",
    821: "phonet_pipe",
    822: "caif",
    823: "gre6",
    824: "netlink",
    825: "6lowpan",
    0xFFFE: "none",
    0xFFFF: "void",
}


def link_flags(bits: int) -> list[str]:
    """The names of the flags, and the bits without a name in hexadecimal."""
    names = ["NO-CARRIER"] if bits & _UP and not bits & _RUNNING else []
    names += [name for bit, name in FLAGS.items() if bits & bit]
    unknown = bits & ~_KNOWN
    return [*names, f"{unknown:x}"] if unknown else names


def link_state(number: int) -> str:
    return _STATES[number] if number < len(_STATES) else str(number)


def hardware_type(number: int) -> str:
    return _TYPES.get(number) or f"[{number}]"
