"""Announces a service by multicast DNS on every address of this machine, and on those that appear later.

A getifs watcher tells python-zeroconf which addresses to use, as soon as the kernel announces a change. Nothing polls.
Needs python-zeroconf 0.152 or newer, which getifs itself does not use.
"""

import asyncio
import contextlib
import sys

from zeroconf import IPVersion
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

import getifs
from getifs import IfNet, Watcher, filters

LINKS = filters.running & filters.has_flags("MULTICAST")
# A socket cannot be bound to a tentative address. An event follows when it is tentative no more.
ADDRS = (filters.ipv4 | filters.link_local) & ~filters.tentative


def usable(watcher: Watcher) -> set[IfNet]:
    """The addresses to announce on, as the watcher knows them: this needs no system call."""
    links = {link.index for link in watcher.interfaces(where=LINKS)}
    return {row for row in watcher.interface_addrs(where=ADDRS) if row.index in links}


async def use(zeroconf: AsyncZeroconf, addrs: set[IfNet]) -> None:
    """Closes the sockets of other addresses. If it opens one, announces all services, which takes half a second."""
    with contextlib.suppress(OSError):  # an address is gone already, of which an event will tell
        await zeroconf.async_update_interfaces(sorted({str(row.addr) for row in addrs}))


async def follow(watcher: Watcher, zeroconf: AsyncZeroconf, info: AsyncServiceInfo) -> None:
    """Keeps the sockets and the announced addresses equal to `usable(watcher)`."""
    used: set[IfNet] = set()
    announcing: set[asyncio.Task[None]] = set()
    async for _ in watcher:
        watcher.poll(0)  # the other events at hand: the state is already that of the last one
        now = usable(watcher)
        info.addresses = [row.addr.packed for row in now]
        info.async_clear_cache()
        await use(zeroconf, used & now)  # first, since an address may now belong to another interface
        task = asyncio.create_task(use(zeroconf, now))
        announcing.add(task)
        task.add_done_callback(announcing.discard)
        if now != used:
            await zeroconf.async_update_service(info)  # announces on the sockets that stay
        used = now


async def main(name: str) -> None:
    """Announces the service `name` until it is cancelled."""
    with getifs.watch(initial=True) as watcher:
        async with AsyncZeroconf(interfaces=[], ip_version=IPVersion.All) as zeroconf:
            info = AsyncServiceInfo("_http._tcp.local.", f"{name}._http._tcp.local.", port=80, server=f"{name}.local.")
            await zeroconf.async_register_service(info)
            print("registered", name, flush=True)
            await follow(watcher, zeroconf, info)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "getifs"))
