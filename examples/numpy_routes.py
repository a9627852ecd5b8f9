"""The IPv4 routes of this machine as a numpy array, without a copy: routes by prefix length, gateways, default routes.

Needs numpy, which getifs itself does not use.
"""

import numpy as np

import getifs

routes = getifs.route_table(family=4)
records = np.asarray(routes)

for length, count in zip(*np.unique(records["dst_len"], return_counts=True), strict=True):
    print(f"/{length}: {count}")

# The first four bytes of an IPv4 address, in network byte order, as one number.
gateways = np.ascontiguousarray(records["gateway"][:, :4]).view(">u4")[:, 0]
print(f"{len(np.unique(gateways[records['gateway_family'] != 0]))} gateways")

# The position of a record is the position of its row.
for at in np.flatnonzero(records["dst_len"] == 0):
    print(routes[int(at)])
