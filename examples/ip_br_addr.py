"""`ip -br addr`, in ten lines."""

import getifs

names = getifs.ifnames()
for link, addrs in getifs.addrs_by_interface().items():
    other = "" if link.link is None else f"@if{link.link}" if link.link_netnsid is not None else f"@{names[link.link]}"
    texts = []
    for addr in addrs:
        own = f"{addr.addr} peer {addr.peer}/{addr.prefix_len}" if addr.peer else str(addr.net)
        texts.append(f"{own} metric {addr.metric}" if addr.metric else own)
    print(f"{link.name + other:<16} {link.oper_state.name:<14}", *texts, "")
