"""The routes of this host as a numpy array, without a copy: how many there are of each prefix length and gateway.

Needs numpy, which getifs itself does not.
"""

import numpy as np

import getifs

routes = getifs.route_table(family=4)
records = np.frombuffer(routes.buffer, dtype=np.dtype(routes.dtype))

for length, count in zip(*np.unique(records["dst_len"], return_counts=True), strict=True):
    print(f"/{length}: {count}")

# The first four bytes of an IPv4 address, in network order, as one number.
gateways = np.ascontiguousarray(records["gateway"][:, :4]).view(">u4")[:, 0]
print(f"{len(np.unique(gateways[records['gateway_family'] != 0]))} gateways")

# Positions lead back to rows.
for at in np.flatnonzero(records["dst_len"] == 0):
    print(routes[int(at)])
