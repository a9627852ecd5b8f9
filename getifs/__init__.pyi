# The names that __init__.py imports when they are first used.
from . import filters as filters
from . import probe as probe
from . import replay as replay
from . import rfc as rfc
from ._events import Event as Event
from ._predicates.tree import Predicate as Predicate
from ._rows.addr import IfAddr as IfAddr
from ._rows.addr import IfNet as IfNet
from ._rows.interface import Interface as Interface
from ._rows.macaddr import MacAddr as MacAddr
from ._rows.neighbour import Neighbour as Neighbour
from ._rows.nexthop import NextHop as NextHop
from ._rows.route import Route as Route
from ._rows.rule import Rule as Rule
from ._rows.stats import LinkStats as LinkStats
from ._snapshot import Snapshot as Snapshot
from ._table import Table as Table
from .enums import AddrFlags as AddrFlags
from .enums import AddrProto as AddrProto
from .enums import Duplex as Duplex
from .enums import EncapType as EncapType
from .enums import Flags as Flags
from .enums import HwType as HwType
from .enums import NeighbourFlags as NeighbourFlags
from .enums import NeighbourState as NeighbourState
from .enums import OperState as OperState
from .enums import RouteFlags as RouteFlags
from .enums import RouteProtocol as RouteProtocol
from .enums import RouterPref as RouterPref
from .enums import RouteTable as RouteTable
from .enums import RouteType as RouteType
from .enums import RuleAction as RuleAction
from .enums import RuleFlags as RuleFlags
from .enums import Scope as Scope
from .errors import DumpInterruptedError as DumpInterruptedError
from .errors import MalformedMessageError as MalformedMessageError
from .errors import NetlinkError as NetlinkError
from .errors import NetlinkPermissionError as NetlinkPermissionError
from .session import MODULE as _MODULE
from .session import Session as Session
from .watcher import Watcher as Watcher
from .watcher import watch as watch

__version__: str

addrs_by_interface = _MODULE.addrs_by_interface
best_local_addrs = _MODULE.best_local_addrs
default_routes = _MODULE.default_routes
gateway_addrs = _MODULE.gateway_addrs
ifindex_to_name = _MODULE.ifindex_to_name
ifname_to_iface = _MODULE.ifname_to_iface
ifname_to_index = _MODULE.ifname_to_index
ifnames = _MODULE.ifnames
interface_addrs = _MODULE.interface_addrs
interface_by_index = _MODULE.interface_by_index
interface_by_name = _MODULE.interface_by_name
interface_multicast_addrs = _MODULE.interface_multicast_addrs
interfaces = _MODULE.interfaces
ip_mtu = _MODULE.ip_mtu
local_addrs = _MODULE.local_addrs
neighbours = _MODULE.neighbours
nexthops = _MODULE.nexthops
private_addrs = _MODULE.private_addrs
public_addrs = _MODULE.public_addrs
route_table = _MODULE.route_table
route_to = _MODULE.route_to
rules = _MODULE.rules
snapshot = _MODULE.snapshot
