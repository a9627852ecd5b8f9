"""Applies random operations to a network, with pauses."""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from itertools import groupby

from netns import Namespace

from .commands import SETUP, Command, Commands
from .state import fresh

REMEMBERED = 400  # commands


class Storm:
    """Random operations on links, addresses, routes and next-hop objects of a namespace, as fast as `ip` can do them.

    Many operations are refused by the kernel, as those of a real network are: what they need is not there, or is there
    already. The same seed gives the same commands. `log` has the latest ones.

        for done in Storm(net, seed).run(10_000):
            compare a follower with a fresh dump
    """

    def __init__(
        self,
        net: Namespace,
        seed: int,
        *,
        pause_every: int = 200,
        quiet: float = 0.2,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> None:
        """Creates the network.

        Args:
            net: Where.
            seed: Chooses the commands.
            pause_every: Number of operations between two pauses.
            quiet: A pause has begun when nothing has changed for so many seconds.
            meanwhile: Called again and again while commands run.
        """
        self._net, self._elsewhere = net, net.other()
        self._commands = Commands(seed, self._elsewhere.path, net.path)
        self._pause_every, self._quiet = pause_every, quiet
        self._meanwhile = meanwhile
        self.log: deque[str] = deque([f"seed {seed}"], REMEMBERED)
        self.accepted = self.refused = 0
        net.ip(SETUP)

    def run(self, count: int) -> Iterator[int]:
        """Does `count` operations and yields their number so far at each pause."""
        done = 0
        while done < count:
            operations = min(self._pause_every, count - done)
            commands = [command for _ in range(operations) for command in self._commands.next()]
            for (is_away, options), group in groupby(commands, lambda command: (command.is_away, command.options)):
                self._apply(self._elsewhere if is_away else self._net, options, list(group))
            done += operations
            self._wait_until_quiet()
            yield done

    def _apply(self, where: Namespace, options: tuple[str, ...], commands: list[Command]) -> None:
        lines = [command.line for command in commands]
        self.log.extend(lines)
        with tempfile.TemporaryFile("w+") as batch, tempfile.TemporaryFile("w+") as errors:
            batch.write("\n".join(lines))
            batch.seek(0)
            with where:
                ran = subprocess.Popen(
                    ["ip", *options, "-force", "-batch", "-"], stdin=batch, stdout=subprocess.DEVNULL, stderr=errors
                )
            while ran.poll() is None:
                self._meanwhile()
                time.sleep(0.001)
            errors.seek(0)
            refused = len(re.findall(r"Command failed -:\d+", errors.read()))
        self.refused += refused
        self.accepted += len(lines) - refused

    def _wait_until_quiet(self) -> None:
        with self._net:
            state = fresh()
            since = time.monotonic()
            end = since + 10
            while time.monotonic() < min(since + self._quiet, end):
                time.sleep(0.02)
                if (now := fresh()) != state:
                    state, since = now, time.monotonic()
