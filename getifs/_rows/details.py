"""The settings of an interface that belong to its kind (`IFLA_LINKINFO`). Imported when they are first read."""

from __future__ import annotations

import errno
import struct

from .._names import decode as decode_name
from ..errors import MalformedMessageError
from . import kinds, nested

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .nested import Attributes, Field

_KIND, _DATA, _PORT_KIND, _PORT_DATA = 1, 2, 4, 5  # IFLA_INFO_*
_HEADER_SIZE = 4  # of IFLA_LINKINFO itself


def _info(attribute: bytes) -> Attributes:
    try:
        return nested.attributes(attribute[_HEADER_SIZE:])
    except struct.error as error:
        raise MalformedMessageError(errno.EBADMSG, f"malformed IFLA_LINKINFO: {error}") from None


def _name(info: Attributes, number: int) -> str:
    return decode_name(info.get(number, b"").partition(b"\0")[0])


def _settings(kind: str, known: Mapping[str, tuple[Field, ...]], info: Attributes, number: int) -> dict[str, Any]:
    fields, data = known.get(kind), info.get(number)
    return {} if fields is None or data is None else nested.decode(fields, data, f"settings of {kind}")


def of_kind(attribute: bytes) -> dict[str, Any]:
    """The settings in `IFLA_INFO_DATA`, from the whole attribute `IFLA_LINKINFO`."""
    info = _info(attribute)
    return _settings(_name(info, _KIND), kinds.KINDS, info, _DATA)


def of_port(attribute: bytes) -> dict[str, Any]:
    """What is in `IFLA_INFO_SLAVE_DATA`."""
    info = _info(attribute)
    return _settings(_name(info, _PORT_KIND), kinds.PORTS, info, _PORT_DATA)


def linkinfo(attribute: bytes, names: Mapping[int, str]) -> dict[str, Any]:
    """The entries of `linkinfo` of `ip -j -d link`, with the names of interfaces."""
    info = _info(attribute)
    result: dict[str, Any] = {}
    for number, known, data, keys in (
        (_KIND, kinds.KINDS, _DATA, ("info_kind", "info_data")),
        (_PORT_KIND, kinds.PORTS, _PORT_DATA, ("info_slave_kind", "info_slave_data")),
    ):
        kind = _name(info, number)
        if kind:
            result[keys[0]] = kind
        if kind in known:
            settings = result[keys[1]] = _settings(kind, known, info, data)
            for key in kinds.INTERFACES & settings.keys():
                settings[key] = names.get(settings[key], f"if{settings[key]}")
    return result
