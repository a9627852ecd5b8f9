"""Checks of arguments, before any system call. Each error names the argument."""

from __future__ import annotations

from ._names import ENCODING, ERRORS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_FAMILIES = {None: 0, 4: 2, 2: 2, 6: 10, 10: 10}  # AF_INET, AF_INET6; the same on every architecture of Linux
_NAME_MOST = 127  # ALTIFNAMSIZ - 1


def integer_argument(argument: str, value: object, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{argument} must be an int, not {type(value).__name__}")
    if not least <= value <= most:
        raise ValueError(f"{argument} must be from {least} to {most}, not {value}")
    return int(value)


def option_argument(argument: str, value: object, option: int) -> int:
    """The option, or 0."""
    if not isinstance(value, bool):
        raise TypeError(f"{argument} must be a bool, not {type(value).__name__}")
    return option if value else 0


def text_argument(argument: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{argument} must be a str, not {type(value).__name__}")
    return value


def family_argument(value: object) -> int:
    """The kernel's number of a family; 0 is both."""
    if type(value) is int and value in _FAMILIES:  # the usual case
        return _FAMILIES[value]
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise TypeError(f"family must be 4, 6, socket.AF_INET, socket.AF_INET6 or None, not {type(value).__name__}")
    if value not in _FAMILIES:
        raise ValueError(f"family must be 4, 6, socket.AF_INET, socket.AF_INET6 or None, not {value}")
    return _FAMILIES[value]


def index_argument(value: object, argument: str = "index") -> int:
    if type(value) is int and 0 < value < 2**31:  # the usual case
        return value
    return integer_argument(argument, value, 1, 2**31 - 1)


def name_argument(value: object, argument: str = "name") -> bytes:
    """A name in the kernel's encoding."""
    text = value if type(value) is str else text_argument(argument, value)
    try:
        name = text.encode(ENCODING, ERRORS)
    except UnicodeEncodeError as error:
        raise ValueError(f"{argument}: {error}") from None
    if not 1 <= len(name) <= _NAME_MOST:
        raise ValueError(f"{argument} must have 1 to {_NAME_MOST} bytes, not {len(name)}")
    if "\0" in text or "/" in text:
        raise ValueError(f"{argument} must not contain NUL or '/': {text!r}")
    return name


def interface_argument(value: object, argument: str = "interface") -> tuple[int, bytes]:
    """An index, or 0 and a name; 0 and an empty name mean every interface."""
    if value is None:
        return 0, b""
    if isinstance(value, str):
        return 0, name_argument(value, argument)
    if getattr(value, "_kind", None) == "Interface":
        return value.index, b""  # type: ignore[attr-defined]  # known by its kind: its class need not be imported
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{argument} must be an index, a name or an Interface, not {type(value).__name__}")
    return index_argument(value, argument), b""


TABLES = {"default": 253, "main": 254, "local": 255}


def table_argument(value: object, argument: str = "table") -> int:
    """The number of a routing table. Names that are not built in are looked up in the files of iproute2."""
    if isinstance(value, str):
        if value in TABLES:
            return TABLES[value]
        from ._rows import name_files

        number = name_files.TABLES.number(value)
        if number is None:
            raise ValueError(
                f"{argument}: no table is called {value!r}; there are {', '.join(TABLES)}, numbers, and the names in "
                f"{name_files.DIRECTORIES[0]}/rt_tables"
            )
        value = number
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{argument} must be an int, a RouteTable or a name, not {type(value).__name__}")
    return integer_argument(argument, value, 1, 2**32 - 1)


def timeout_argument(value: object) -> int:
    """Milliseconds, at least one, at most the limit of poll(2)."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise TypeError(f"timeout must be a number of seconds, not {type(value).__name__}")
    if not value > 0:
        raise ValueError(f"timeout must be more than 0 seconds, not {value}")
    return max(1, int(min(value * 1000, 2**31 - 1)))


def seconds_argument(argument: str, value: object) -> float:
    """Seconds, at least 0."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise TypeError(f"{argument} must be a number of seconds, not {type(value).__name__}")
    if not value >= 0:
        raise ValueError(f"{argument} must be at least 0 seconds, not {value}")
    return float(min(value, 2**31))  # which are 68 years; a float cannot hold every int


_inet_pton: Callable[[int, str], bytes] | None = None  # socket.inet_pton, imported at the first use


def _packed(family: int, text: str) -> bytes:
    global _inet_pton  # noqa: PLW0603
    if _inet_pton is None:
        from _socket import inet_pton

        _inet_pton = inet_pton
    return _inet_pton(family, text)


def address_argument(value: object, argument: str = "address") -> tuple[int, bytes, str | None]:
    """The kernel's number of the family, the address in network order, and the scope id."""
    if isinstance(value, str) and "\0" not in value:  # PyPy's inet_pton stops at a NUL
        family = 10 if ":" in value else 2
        try:
            return family, _packed(family, value), None
        except (OSError, ValueError):
            pass  # it has a scope id, or is not an address
    from ipaddress import IPv4Address, IPv6Address, ip_address

    if isinstance(value, str):
        try:
            value = ip_address(value)
        except ValueError:
            raise ValueError(f"{argument}: {value!r} is not an IPv4 or IPv6 address") from None
    if not isinstance(value, (IPv4Address, IPv6Address)):
        raise TypeError(f"{argument} must be a str, IPv4Address or IPv6Address, not {type(value).__name__}")
    return _FAMILIES[value.version], value.packed, getattr(value, "scope_id", None)


def scope_argument(scope: str, argument: str) -> tuple[int, bytes]:
    """The interface that a scope id means: an index, or 0 and a name. An index has no more than ten digits."""
    if scope.isascii() and scope.isdecimal() and len(scope) <= 10:
        return index_argument(int(scope), argument), b""
    return 0, name_argument(scope, argument)


def source_argument(value: object, family: int) -> bytes:
    """A source address for a destination of that family, in network order."""
    found, packed, scope = address_argument(value, "source")
    if found != family:
        raise ValueError(f"source must be of the family of the destination: {value}")
    if scope is not None:
        raise ValueError(f"source must not have a scope id: {value}")
    return packed


def check_scope(family: int, packed: bytes, destination: object) -> None:
    """A link-local address of IPv6, unicast or multicast, means nothing without an interface."""
    is_link_local = packed[0] == 0xFE and packed[1] & 0xC0 == 0x80
    is_on_link = packed[0] == 0xFF and packed[1] & 0xF in (1, 2)
    if family == 10 and (is_link_local or is_on_link):
        raise ValueError(f"destination {destination} needs an interface, or a scope id such as {destination}%eth0")
