"""Prints what pyroute2's NDB holds, as one line of JSON for each line that it reads.

A process of its own, because NDB leaves sockets and threads behind when it is closed.
"""

import json
import sys

from pyroute2 import NDB

ndb = NDB(log="off")
for _ in sys.stdin:
    routes = [[row[name] for name in ("table", "dst", "dst_len", "gateway", "ifname")] for row in ndb.routes.summary()]
    print(json.dumps({"links": [row["ifname"] for row in ndb.interfaces.dump()], "routes": routes}), flush=True)
ndb.close()
